"""What only some photos have: tiles under them, neighbours, species, flags, words that find them.

At one size: what is laid out differently on a phone is tested with the demo's photos.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import expect

from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.photo import (
    Coordinates,
    Inspection,
    License,
    Photo,
    PhotoId,
    Stage,
)
from smart_image_scraper.pipeline import adopt_keys
from smart_image_scraper.score import Embeddings, SigLip, model_name
from smart_image_scraper.store import Store
from tests.web.browser.conftest import kept

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("size", ["wide"]),
]

Visit = Callable[..., Awaitable[Any]]

COLOURS = ("red", "green", "blue", "red", "yellow")
AROUND = ((0.0, 0.0), (0.4, 0.4), (0.4, -0.4), (-0.4, 0.4), (-0.4, -0.4))
MIDDLE = (14.5, 121.0)

LOADED = """(address) => new Promise((done) => {
  const picture = new Image();
  picture.onload = () => done(true);
  picture.onerror = () => done(false);
  picture.src = address;
})"""


class TileServer:
    """Gives every tile the same colour, and remembers which were asked for."""

    def __init__(self) -> None:
        content = BytesIO()
        Image.new("RGB", (256, 256), "khaki").save(content, "PNG")
        asked = self.asked = list[str]()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "image/png")
                self.end_headers()
                self.wfile.write(content.getvalue())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]

    @contextmanager
    def running(self) -> Iterator[None]:
        thread = Thread(target=self._server.serve_forever)
        thread.start()
        yield
        self._server.shutdown()
        thread.join()
        self._server.server_close()


@pytest.fixture(scope="module")
def tiles() -> Iterator[TileServer]:
    server = TileServer()
    with server.running():
        yield server


def photo_of(place: int, *, workspace: Path) -> Photo:
    """Return a photo of one colour, somewhere near the others."""
    file = kept(workspace, COLOURS[place])
    north, east = AROUND[place]
    return Photo(
        id=PhotoId(f"flickr:{place + 1}"),
        title=f"The {COLOURS[place]} one, no. {place + 1}",
        machine_tags=("taxonomy:binomial=Macaca fuscata",) if place < 2 else (),
        license=License("cc-by-2.0"),
        coordinates=Coordinates(latitude=MIDDLE[0] + north, longitude=MIDDLE[1] + east),
        file=file,
        inspection=Inspection(
            reader="made",
            tag_count=3,
            stripped=True,
            fetched_sha256=file.sha256,
            sharpness=0.1,
            brightness=0.5,
            contrast=0.2,
            colourfulness=40.0,
            size_class="medium",
            date_difference_s=9e7 if place == 2 else None,
        ),
    )


@pytest.fixture(scope="module")
def few(
    start: Callable[..., Any],
    server: str,
    tiles: TileServer,
    made_model: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Any:
    """Five photos that lie close to each other, seen by a model that knows words."""
    workspace = tmp_path_factory.mktemp("few") / "workspace"
    vault = Vault(KeyRing.new())
    photos = [photo_of(place, workspace=workspace) for place in range(len(COLOURS))]
    with Store.connect(server, database="test-browser-few") as store:
        store.put(map(vault.seal, photos), stages=tuple(Stage))
        adopt_keys(store, vault.ring)
    backbone = SigLip("siglip2-b16-224", folder=made_model)
    vectors = backbone.embed([Image.new("RGB", (32, 32), colour) for colour in COLOURS])
    folder = workspace / "embeddings" / model_name(backbone)
    with Embeddings.open(folder, dimension=backbone.dimension) as embeddings:
        embeddings.append({each.id: str(each.id) for each in photos}, vectors)
    return start(
        "serve",
        workspace=workspace,
        SIS_DB=server.replace("/?", "/test-browser-few?"),
        SIS_KEYS=vault.ring.to_text(),
        SIS_MODEL_PATH=str(made_model),
        SIS_WEB_TILES=f"http://127.0.0.1:{tiles.port}/{{z}}/{{x}}/{{y}}.png",
        SIS_WEB_TILES_ATTRIBUTION="Tiles of a test",
    )


async def on_map(visit: Visit, few: Any, tiles: TileServer, words: str = "", **more: Any) -> Any:
    """Open the map, on which tiles come from another host for as long as it is there."""
    asked = f"asked another host: http://127.0.0.1:{tiles.port}/"
    forgiving = (asked, *more.pop("forgiving", ()))
    return await visit(few, f"view=map{words and '&'}{words}", forgiving=forgiving, **more)


async def test_tiles_come_from_the_host_of_the_setting_and_no_picture_from_another(
    visit: Visit, few: Any, tiles: TileServer
) -> None:
    other = f"http://localhost:{tiles.port}/"
    window = await on_map(visit, few, tiles, forgiving=(other,))

    await expect(window.locator(".leaflet-tile-loaded").first).to_be_attached()
    allowed = await window.evaluate(LOADED, f"http://127.0.0.1:{tiles.port}/0/0/0.png")
    violated = f"policy violated: img-src by {other}"
    async with window.page.expect_console_message(lambda said: violated in said.text):
        refused = await window.evaluate(LOADED, f"{other}0/0/9.png")

    await expect(window.locator(".map-source")).to_have_text("Tiles of a test")
    assert (allowed, refused) == (True, False)
    assert "/0/0/9.png" not in tiles.asked


async def test_a_circle_of_several_opens_into_its_photos(
    visit: Visit, few: Any, tiles: TileServer
) -> None:
    at = f"at={MIDDLE[0]},{MIDDLE[1]},2"
    window = await on_map(visit, few, tiles, at, reduced_motion="reduce")
    await expect(window.locator(".map-count")).to_contain_text("5 photos")
    board = window.locator(".map-board")

    await board.click()
    await window.wait_for_function(
        "() => Number(new URLSearchParams(location.search).get('at').split(',')[2]) > 6"
    )
    await board.click()

    chosen = window.get_by_role("region", name="The photo at this place")
    await expect(chosen).to_contain_text("The red one, no. 1")
    await expect(chosen).not_to_contain_text("of 5")


async def test_a_species_is_searched_for_by_its_bar(visit: Visit, few: Any) -> None:
    window = await visit(few, "view=charts")
    chart = window.get_by_role("region", name="Species", exact=True)
    bar = chart.get_by_role("button", name="macaca fuscata")
    await expect(bar).to_contain_text("2")

    await bar.click()

    await window.shows(2)
    await expect(bar).to_have_attribute("aria-pressed", "true")
    await window.says("text", '"macaca fuscata"')
    await bar.click()
    await window.shows(5)


async def test_photos_whose_site_and_file_disagree_are_judged_apart(visit: Visit, few: Any) -> None:
    window = await visit(few, "view=review&concept=")
    filters = await window.open_filters("Quality and files")

    await filters.get_by_role("checkbox", name="date").check()
    await window.shows(1)
    await expect(window.locator(".judging h2")).to_have_text("The blue one, no. 3")
    await window.keyboard.press("a")

    async with asyncio.timeout(30):
        while few.read("/api/photos/flickr:3")["card"]["verdict"] != "accept":  # noqa: ASYNC110 — the server tells when asked
            await asyncio.sleep(0.05)
    assert few.read("/api/photos?review=accept&disagrees=date")["matching"] == 1
    assert few.read("/api/photos?review=accept")["matching"] == 1


async def test_photos_are_ordered_by_how_well_words_fit_them(visit: Visit, few: Any) -> None:
    window = await visit(few)
    search = window.get_by_role("search")

    await search.get_by_role("button", name="Picture").click()
    await search.get_by_role("textbox").fill("blue")
    await window.keyboard.press("Enter")

    await expect(window.photos.first).to_have_attribute("data-photo", "flickr:3")
    found = few.read("/api/photos?order=words:blue")["photos"]
    await window.shows_photos([each["id"] for each in found])
    await window.says("order", "words:blue")
    await window.shows(5)
