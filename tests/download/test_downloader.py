import asyncio
import hashlib
import json
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from aiohttp import web

from smart_image_scraper.download import Downloader
from smart_image_scraper.errors import DownloadError, UsageError, WorkspaceError
from smart_image_scraper.net import HttpClient, Reply
from smart_image_scraper.photo import Photo, PhotoId, Size, StoredFile

MakeImage = Callable[..., bytes]
Answer = bytes | Callable[[web.Request], Awaitable[web.StreamResponse]]
Download = Callable[[bytes], Awaitable[StoredFile]]

SHARED = Path(__file__).parents[2] / "../shared"
RECORDED = SHARED / "fixtures/flickr/http"
REAL_PHOTOS = SHARED / "seed/photos"


class Host(Protocol):
    """The image host of conftest.py."""

    address: str
    answers: dict[str, Answer]
    asked: list[str]

    def reply(
        self, path: str, *, status: int = 200, body: bytes = b"", headers: object = None
    ) -> None: ...

    def photo(self, *labels: str, name: str = "1489") -> Photo: ...


def kept_files(files: Path) -> list[str]:
    """Everything in the folder, without the notes on files that no record names yet."""
    return sorted(
        str(path.relative_to(files))
        for path in files.rglob("*")
        if path.is_file() and not path.match("incoming/*/*.*")
    )


async def failure_of(downloader: Downloader, photo: Photo) -> DownloadError:
    with pytest.raises(DownloadError, match=r"^flickr:1489: ") as failure:
        await downloader.download(photo)
    return failure.value


async def test_a_photo_becomes_a_file(
    downloader: Downloader, host: Host, make_image: MakeImage, files: Path
) -> None:
    content = host.answers["/1024.jpg"] = make_image("JPEG", size=(64, 48))

    file = await downloader.download(host.photo("1024"))

    sha256 = hashlib.sha256(content).hexdigest()
    assert file == StoredFile(
        path=f"{sha256[:2]}/{sha256[2:4]}/{sha256}.jpg",
        sha256=sha256,
        media_type="image/jpeg",
        bytes=len(content),
        width=64,
        height=48,
        url=f"{host.address}/1024.jpg",
        fetched_at=file.fetched_at,
    )
    assert datetime.now(UTC) - file.fetched_at < timedelta(minutes=1)
    assert (files / file.path).read_bytes() == content
    assert kept_files(files) == [file.path]


@pytest.mark.parametrize(
    ("kind", "ending"),
    [("JPEG", "jpg"), ("PNG", "png"), ("GIF", "gif"), ("WEBP", "webp"), ("TIFF", "tif")],
)
async def test_the_ending_tells_what_the_bytes_are_whatever_the_server_says(
    kind: str, ending: str, download: Download, make_image: MakeImage
) -> None:
    file = await download(make_image(kind))

    assert file.path.endswith(f".{ending}")


async def test_the_same_content_is_one_file(
    downloader: Downloader, host: Host, make_image: MakeImage, files: Path
) -> None:
    host.answers["/1024.jpg"] = host.answers["/640.jpg"] = make_image()

    first = await downloader.download(host.photo("1024", name="1"))
    second = await downloader.download(host.photo("640", name="2"))

    assert first.path == second.path
    assert kept_files(files) == [first.path]


async def test_the_wanted_size_is_fetched(
    client: HttpClient, host: Host, make_image: MakeImage, files: Path
) -> None:
    host.answers["/640.jpg"] = make_image()

    await Downloader(client, files=files, size="640").download(
        host.photo("original", "1024", "640", "150")
    )

    assert host.asked == ["/640.jpg"]


def test_a_size_that_is_none_is_refused(client: HttpClient, files: Path) -> None:
    with pytest.raises(UsageError, match="a size is 'original' or the longer edge"):
        Downloader(client, files=files, size="big")


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_the_next_best_size_is_fetched_where_one_is_missing_or_forbidden(
    status: int, client: HttpClient, host: Host, make_image: MakeImage, files: Path
) -> None:
    host.reply("/original.jpg", status=status)
    host.answers["/2048.jpg"] = make_image()

    file = await Downloader(client, files=files, size="original").download(
        host.photo("original", "2048", "1024")
    )

    assert file.url == f"{host.address}/2048.jpg"


async def test_a_photo_that_is_no_more_costs_two_requests(
    downloader: Downloader, host: Host
) -> None:
    failure = await failure_of(downloader, host.photo("2048", "1024", "800", "640"))

    assert (failure.reason, failure.retryable) == ("not-found", False)
    assert "404" in str(failure)
    assert host.asked == ["/1024.jpg", "/2048.jpg"]


async def test_a_photo_whose_sizes_are_all_forbidden_is_forbidden(
    downloader: Downloader, host: Host
) -> None:
    for label in ("2048", "1024", "640"):
        host.reply(f"/{label}.jpg", status=403)

    failure = await failure_of(downloader, host.photo("2048", "1024", "640"))

    assert (failure.reason, failure.retryable) == ("forbidden", False)
    assert len(host.asked) == 3


@pytest.mark.parametrize(
    ("status", "reason", "retryable"),
    [
        (410, "not-found", False),
        (429, "throttled", True),
        (500, "server-error", True),
        (503, "throttled", True),
        (400, "refused", False),
    ],
)
async def test_each_answer_has_its_reason(
    *, status: int, reason: str, retryable: bool, downloader: Downloader, host: Host
) -> None:
    host.reply("/1024.jpg", status=status)

    failure = await failure_of(downloader, host.photo("1024"))

    assert (failure.reason, failure.retryable) == (reason, retryable)


async def test_a_refusal_that_may_pass_does_not_lead_to_another_size(
    downloader: Downloader, host: Host, make_image: MakeImage
) -> None:
    host.reply("/1024.jpg", status=502)
    host.answers["/640.jpg"] = make_image()

    await failure_of(downloader, host.photo("1024", "640"))

    assert set(host.asked) == {"/1024.jpg"}


@pytest.mark.parametrize("labels", [(), ("75", "150")])
async def test_a_photo_without_sizes_is_not_offered(
    labels: tuple[str, ...], downloader: Downloader, host: Host
) -> None:
    failure = await failure_of(downloader, host.photo(*labels))

    assert failure.reason == "not-offered"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/a.jpg",
        "https://staticflickr.com.evil.test/a.jpg",
        "https://evilstaticflickr.com/a.jpg",
        "https://www.flickr.com/a.jpg",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "http://[half",
    ],
)
async def test_a_photo_elsewhere_than_on_its_sites_hosts_is_not_asked_for(
    url: str, downloader: Downloader
) -> None:
    photo = Photo(id=PhotoId("flickr:1489"), sizes=(Size(label="1024", url=url),))

    failure = await failure_of(downloader, photo)

    assert (failure.reason, failure.retryable) == ("address", False)


@pytest.mark.parametrize("host_name", ["live.staticflickr.com", "farm4.static.flickr.com"])
def test_hosts_of_former_years_are_flickrs_too(host_name: str, downloader: Downloader) -> None:
    photo = Photo(id=PhotoId("flickr:1489"))

    assert downloader._is_image_host(f"http://{host_name}/3070/1489_e54d838cd1_b.jpg", photo=photo)


async def test_a_photo_of_a_site_without_known_hosts_may_be_anywhere_public(
    downloader: Downloader, host: Host, make_image: MakeImage
) -> None:
    host.answers["/1024.jpg"] = make_image()
    photo = replace(host.photo("1024"), id=PhotoId("museum:7"))
    inside = Photo(
        id=PhotoId("museum:8"), sizes=(Size(label="1024", url="http://127.0.0.1:1/a.jpg"),)
    )

    assert await downloader.download(photo)
    with pytest.raises(DownloadError, match="not a public address") as failure:
        await downloader.download(inside)
    assert failure.value.reason == "address"


@pytest.mark.parametrize(
    "location", ["/images/photo_unavailable.gif", "/pw/images/en-us/video-failure/k.png"]
)
async def test_the_placeholder_of_a_photo_that_is_not_to_be_had_is_not_taken_for_it(
    location: str, downloader: Downloader, host: Host, make_image: MakeImage, files: Path
) -> None:
    host.reply("/1024.jpg", status=302, headers={"Location": location})
    host.answers[location] = make_image("GIF")

    failure = await failure_of(downloader, host.photo("1024"))

    assert (failure.reason, failure.retryable) == ("unavailable", False)
    assert kept_files(files) == []


async def test_a_reply_from_elsewhere_than_the_sites_hosts_is_a_placeholder(
    downloader: Downloader,
) -> None:
    # Every address that a test may connect to counts as an image host, so none can play this.
    reply = Reply(status=200, url="https://s.yimg.com/g/images/spaceball.gif", headers={})

    with pytest.raises(DownloadError, match="a placeholder instead of the photo") as failure:
        downloader._check(Photo(id=PhotoId("flickr:1489")), reply)

    assert failure.value.reason == "unavailable"


async def test_a_redirect_inside_is_not_followed(downloader: Downloader, host: Host) -> None:
    host.reply("/1024.jpg", status=302, headers={"Location": "http://127.0.0.1:1/a.jpg"})

    failure = await failure_of(downloader, host.photo("1024"))

    assert (failure.reason, failure.retryable) == ("address", False)


@pytest.mark.parametrize("rule", ["noai", "noimageai", "noindex", "noimageindex", "noml"])
async def test_a_photo_whose_site_asks_not_to_use_it_is_left_alone(
    rule: str, downloader: Downloader, host: Host, make_image: MakeImage, files: Path
) -> None:
    host.reply("/1024.jpg", body=make_image(), headers={"X-Robots-Tag": rule})

    failure = await failure_of(downloader, host.photo("1024", "640"))

    assert (failure.reason, failure.retryable) == ("opted-out", False)
    assert f"(X-Robots-Tag: {rule})" in str(failure)
    assert host.asked == ["/1024.jpg"]
    assert kept_files(files) == []


async def test_every_header_of_the_wish_is_read(
    downloader: Downloader, host: Host, make_image: MakeImage
) -> None:
    headers = [("X-Robots-Tag", "otherbot: noai"), ("x-robots-tag", "nofollow, noai")]
    host.reply("/1024.jpg", body=make_image(), headers=headers)

    failure = await failure_of(downloader, host.photo("1024"))

    assert failure.reason == "opted-out"


async def test_the_wish_can_be_set_aside(
    client: HttpClient, host: Host, make_image: MakeImage, files: Path
) -> None:
    host.reply("/1024.jpg", body=make_image(), headers={"X-Robots-Tag": "noai"})

    file = await Downloader(client, files=files, honour_opt_out=False).download(host.photo("1024"))

    assert kept_files(files) == [file.path]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not-an-image"),
        (b"<html>Too Many Requests</html>", "not-an-image"),
        (b"\xff\xd8\xff\xe0 and no more", "damaged"),
    ],
)
async def test_what_is_no_whole_image_is_not_kept(
    body: bytes, reason: str, downloader: Downloader, host: Host, files: Path
) -> None:
    host.answers["/1024.jpg"] = body

    failure = await failure_of(downloader, host.photo("1024"))

    assert failure.reason == reason
    assert kept_files(files) == []


async def test_a_cut_photo_is_not_kept(
    downloader: Downloader, host: Host, make_image: MakeImage, files: Path
) -> None:
    host.answers["/1024.jpg"] = make_image()[:-300]

    failure = await failure_of(downloader, host.photo("1024"))

    assert (failure.reason, failure.retryable) == ("damaged", True)
    assert kept_files(files) == []


async def test_a_transfer_that_ends_early_is_not_kept(
    downloader: Downloader, host: Host, make_image: MakeImage, files: Path
) -> None:
    whole = make_image()

    async def hang_up(request: web.Request) -> web.StreamResponse:
        reply = web.StreamResponse(headers={"Content-Length": str(len(whole))})
        await reply.prepare(request)
        await reply.write(whole[:500])
        assert request.transport is not None
        request.transport.abort()
        return reply

    host.answers["/1024.jpg"] = hang_up

    failure = await failure_of(downloader, host.photo("1024"))

    assert (failure.reason, failure.retryable) == ("network", True)
    assert host.asked == ["/1024.jpg"] * 2
    assert kept_files(files) == []


async def test_a_transfer_that_drips_is_not_kept(host: Host, files: Path) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        reply = web.StreamResponse()
        await reply.prepare(request)
        with suppress(ConnectionError):
            for _ in range(50):
                await reply.write(b"\xff")
                await asyncio.sleep(0.1)
        return reply

    host.answers["/1024.jpg"] = drip
    hasty = {"attempts": 2, "backoff_s": 0.01, "transfer_timeout_s": 1}

    async with HttpClient(
        user_agent="sis/1", allow=[host.address.removeprefix("http://")], **hasty
    ) as client:
        failure = await failure_of(Downloader(client, files=files), host.photo("1024"))

    assert failure.reason == "network"
    assert kept_files(files) == []


async def test_a_file_over_the_limit_is_not_kept(
    client: HttpClient, host: Host, make_image: MakeImage, files: Path
) -> None:
    content = host.answers["/1024.jpg"] = make_image()

    failure = await failure_of(
        Downloader(client, files=files, max_bytes=len(content) - 1), host.photo("1024")
    )

    assert (failure.reason, failure.retryable) == ("too-large", False)
    assert kept_files(files) == []


async def test_an_image_of_too_many_pixels_is_not_kept(
    client: HttpClient, host: Host, make_image: MakeImage, files: Path
) -> None:
    host.answers["/1024.jpg"] = make_image("JPEG", size=(64, 48))

    failure = await failure_of(
        Downloader(client, files=files, max_pixels=64 * 48 - 1), host.photo("1024")
    )

    assert failure.reason == "too-many-pixels"
    assert kept_files(files) == []


async def test_a_download_that_is_cancelled_leaves_nothing(
    downloader: Downloader, host: Host, files: Path
) -> None:
    started = asyncio.Event()

    async def wait(request: web.Request) -> web.StreamResponse:
        reply = web.StreamResponse()
        await reply.prepare(request)
        await reply.write(b"\xff\xd8\xff")
        started.set()
        with suppress(ConnectionError):
            await asyncio.sleep(0.5)
        return reply

    host.answers["/1024.jpg"] = wait
    downloading = asyncio.create_task(downloader.download(host.photo("1024")))
    await started.wait()

    downloading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await downloading

    assert kept_files(files) == []


async def test_many_photos_come_at_once(
    downloader: Downloader, host: Host, make_image: MakeImage, files: Path
) -> None:
    for width in range(60, 100):
        host.answers[f"/{width}.jpg"] = make_image("JPEG", size=(width, 40))

    kept = await asyncio.gather(
        *(downloader.download(host.photo(str(width))) for width in range(60, 100) if width != 75)
    )

    assert kept_files(files) == sorted(file.path for file in kept)
    assert [file.width for file in kept] == [width for width in range(60, 100) if width != 75]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_may_not_be_written_ends_the_run(
    downloader: Downloader, host: Host, make_image: MakeImage, files: Path
) -> None:
    host.answers["/1024.jpg"] = make_image()
    files.chmod(0o500)  # noqa: ASYNC240 — nothing else runs

    with pytest.raises(WorkspaceError, match="cannot be written"):
        await downloader.download(host.photo("1024"))

    files.chmod(0o700)  # noqa: ASYNC240 — nothing else runs


async def test_a_workspace_that_vanishes_ends_the_run(
    downloader: Downloader, host: Host, make_image: MakeImage, files: Path
) -> None:
    host.answers["/1024.jpg"] = make_image()
    files.rename(files.with_name("elsewhere"))  # noqa: ASYNC240 — nothing else runs

    with pytest.raises(WorkspaceError, match=r"/files cannot be written \(No such file"):
        await downloader.download(host.photo("1024"))


def test_a_local_file_is_adopted(
    client: HttpClient, make_image: MakeImage, files: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.png").write_bytes(make_image("JPEG"))

    file = Downloader(client, files=files).adopt(tmp_path / "mine.png")

    assert file.url is None
    assert file.path.endswith(".jpg")
    assert (files / file.path).read_bytes() == (tmp_path / "mine.png").read_bytes()


@pytest.mark.parametrize(
    ("content", "reason"), [(b"text", "not-an-image"), (b"\xff\xd8\xff cut", "damaged")]
)
def test_a_local_file_is_checked_like_a_downloaded_one(
    content: bytes, reason: str, client: HttpClient, files: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.jpg").write_bytes(content)

    with pytest.raises(DownloadError, match=r"/mine\.jpg: ") as failure:
        Downloader(client, files=files).adopt(tmp_path / "mine.jpg")

    assert failure.value.reason == reason
    assert kept_files(files) == []


def test_a_local_file_over_the_limit_is_not_read(
    client: HttpClient, make_image: MakeImage, files: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.jpg").write_bytes(make_image())

    with pytest.raises(DownloadError, match="over the limit of 100 bytes") as failure:
        Downloader(client, files=files, max_bytes=100).adopt(tmp_path / "mine.jpg")

    assert failure.value.reason == "too-large"


@pytest.mark.parametrize("name", ["missing.jpg", "."])
def test_what_is_no_readable_file_is_not_adopted(
    name: str, client: HttpClient, files: Path, tmp_path: Path
) -> None:
    with pytest.raises(DownloadError, match="cannot be read") as failure:
        Downloader(client, files=files).adopt(tmp_path / name)

    assert (failure.value.reason, failure.value.retryable) == ("unreadable", True)


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded replies are not here")
async def test_a_recorded_reply_of_flickrs_image_host_is_a_photo(
    downloader: Downloader, host: Host, files: Path
) -> None:
    recorded = json.loads((RECORDED / "53574198477_c.jpg.headers.json").read_text())
    body = (RECORDED / "53574198477_c.jpg").read_bytes()
    of_the_connection = {"connection", "transfer-encoding", "content-length", "date", "server"}
    headers = [
        (name, value)
        for name, values in recorded["headers"].items()
        for value in values
        if name.lower() not in of_the_connection
    ]
    host.reply("/800.jpg", status=recorded["status"], body=body, headers=headers)

    file = await downloader.download(host.photo("800"))

    assert file.sha256 == hashlib.sha256(body).hexdigest()
    assert (files / file.path).read_bytes() == body


@pytest.mark.skipif(not REAL_PHOTOS.is_dir(), reason="the real photos are not here")
async def test_every_real_photo_arrives_unchanged(
    downloader: Downloader, host: Host, files: Path
) -> None:
    photos = sorted(path for path in REAL_PHOTOS.iterdir() if path.is_file())
    for number, path in enumerate(photos, start=1000):
        host.answers[f"/{number}.jpg"] = path.read_bytes()

    kept = await asyncio.gather(
        *(
            downloader.download(host.photo(str(number)))
            for number, _ in enumerate(photos, start=1000)
        )
    )

    arrived = [hashlib.sha256((files / file.path).read_bytes()).hexdigest() for file in kept]
    assert arrived == [hashlib.sha256(path.read_bytes()).hexdigest() for path in photos]
    assert arrived == [file.sha256 for file in kept]
