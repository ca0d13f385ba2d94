from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import web
from PIL import Image

from smart_image_scraper.download import Downloader
from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import Photo, PhotoId, Size

MakeImage = Callable[..., bytes]


def image_bytes(
    kind: str = "JPEG", *, size: tuple[int, int] = (64, 48), **options: object
) -> bytes:
    picture = Image.effect_mandelbrot(size, (-2, -1.2, 0.8, 1.2), 60)
    if kind in {"JPEG", "WEBP"}:
        picture = picture.convert("RGB")
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def make_image() -> MakeImage:
    """Make a small image of one of Pillow's formats."""
    return image_bytes


class ImageHost:
    """A site's image host on loopback: answers by path, and remembers what was asked.

    ``answers`` holds, by path, a body or a whole way to answer.
    """

    def __init__(self) -> None:
        self.address = ""
        self.answers: dict[str, bytes | Callable[[web.Request], Awaitable[web.StreamResponse]]] = {}
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        answer = self.answers.get(request.path)
        if answer is None:
            # As the real one does: no body, and text/html.
            return web.Response(status=404, body=b"", content_type="text/html")
        if isinstance(answer, bytes):
            return web.Response(body=answer, content_type="image/jpeg")
        return await answer(request)

    def reply(
        self, path: str, *, status: int = 200, body: bytes = b"", headers: object = None
    ) -> None:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(status=status, body=body, headers=headers)

        self.answers[path] = answer

    def photo(self, *labels: str, name: str = "1489") -> Photo:
        sizes = (Size(label=label, url=f"{self.address}/{label}.jpg") for label in labels)
        return Photo(id=PhotoId(f"flickr:{name}"), sizes=tuple(sizes))


@pytest.fixture
async def host() -> AsyncIterator[ImageHost]:
    """Run an image host."""
    images = ImageHost()
    application = web.Application()
    application.router.add_get("/{path:.*}", images.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    images.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield images
    await runner.cleanup()


@pytest.fixture
async def client(host: ImageHost) -> AsyncIterator[HttpClient]:
    """Open a client that is let in to the image host, and soon asks again."""
    async with HttpClient(
        user_agent="sis/1",
        allow=[host.address.removeprefix("http://")],
        attempts=2,
        backoff_s=0.01,
        pause_s=0.05,
    ) as opened:
        yield opened


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Name the folder of files."""
    return tmp_path / "files"


@pytest.fixture
def downloader(client: HttpClient, files: Path) -> Downloader:
    """Make a downloader with the usual settings."""
    return Downloader(client, files=files)


@pytest.fixture
def download(downloader: Downloader, host: ImageHost) -> Callable[[bytes], Awaitable[object]]:
    """Serve bytes as a photo's only file, and download it."""

    async def serve_and_download(body: bytes) -> object:
        host.answers["/1024.jpg"] = body
        return await downloader.download(host.photo("1024"))

    return serve_and_download
