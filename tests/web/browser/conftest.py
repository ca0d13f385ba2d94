"""The real app in a real Chromium: its servers, the windows that show it, and a watch on both."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlsplit

import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from PIL import Image
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    Request,
    async_playwright,
    expect,
)

from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.photo import (
    Comment,
    Coordinates,
    DuplicateGroup,
    DuplicateKind,
    License,
    Owner,
    Photo,
    PhotoId,
    Place,
    SearchHit,
    Stage,
    StoredFile,
    TakenDate,
)
from smart_image_scraper.pipeline import adopt_keys
from smart_image_scraper.store import Store

SIZES = {"wide": (1440, 900), "phone": (390, 844)}
PATIENCE_MS = 45_000
"""For what is waited for: the machine may be busy with something else."""

VIOLATIONS = """
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  console.error(`policy violated: ${violatedDirective} by ${blockedURI}`));
"""

NOTES_STAY = """() => {
  const later = window.setTimeout;
  window.setTimeout = (job, wait, ...given) => later(job, wait > 3000 ? 1e9 : wait, ...given);
}"""

expect.set_options(timeout=PATIENCE_MS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Where an app is served, and what it shows."""

    address: str
    workspace: Path

    def read(self, path: str) -> Any:
        """Return what the API answers to whoever sits at this machine."""
        address = self.address + quote(path, safe="/:?&=,%")
        with urllib.request.urlopen(address, timeout=60) as reply:
            return json.load(reply)

    def with_photos(self) -> Self:
        """Wait until the photos are read: where it is served is said before."""
        while (state := self.read("/api/state"))["loading"] or not state["photos"]:
            time.sleep(0.05)
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A workspace with photos, and the settings by which they are reached."""

    workspace: Path
    settings: dict[str, str]


@dataclass
class Watch:
    """What a window has to say against the page that it shows."""

    host: str
    forgiven: tuple[str, ...] = ()
    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._spoken)
        context.on("weberror", lambda raised: self.complaints.append(str(raised.error)))
        context.on("request", self._asked)

    def _spoken(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._complain(f"{message.type}: {message.text} ({message.location['url']})")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != self.host:
            self._complain(f"asked another host: {request.url}")

    def _complain(self, what: str) -> None:
        if not any(words in what for words in self.forgiven):
            self.complaints.append(what)


@dataclass(frozen=True, slots=True)
class Window:
    """A page of the app, and what a person does with it."""

    page: Page
    place: Served
    watch: Watch

    @property
    def is_wide(self) -> bool:
        size = self.page.viewport_size
        return size is not None and size["width"] >= 960

    @property
    def photos(self) -> Locator:
        """The photos of the gallery."""
        return self.page.locator("[data-photo]")

    def __getattr__(self, name: str) -> Any:
        """Do what a page does."""
        return getattr(self.page, name)

    async def go(self, words: str) -> None:
        """Follow a link to a view, and wait for what it shows."""
        await self.page.goto(f"{self.place.address}/?{words}")
        await expect(self.page.locator("[data-count]")).to_be_visible()

    async def shows(self, matching: int) -> None:
        """Wait until the page says that so many photos match."""
        await expect(self.page.locator("[data-count]")).to_have_attribute(
            "data-count", str(matching)
        )

    async def shows_photos(self, ids: list[str]) -> None:
        """Wait until the gallery shows just these photos."""
        await self.page.wait_for_function(
            "(ids) => [...document.querySelectorAll('[data-photo]')]"
            ".map((card) => card.dataset.photo).join() === ids.join()",
            arg=ids,
        )

    async def says(self, name: str, value: str) -> None:
        """Wait until the address has this word."""
        await self.page.wait_for_function(
            "([name, value]) => new URLSearchParams(location.search).getAll(name).includes(value)",
            arg=[name, value],
        )

    async def words(self) -> list[tuple[str, str]]:
        """Return the address's words, where nothing is under way that changes them."""
        pairs = await self.page.evaluate("[...new URLSearchParams(location.search)]")
        return [(name, value) for name, value in pairs]

    async def keep_notes(self) -> None:
        """Let notes stay, which pass after seconds: a busy machine may not look in time."""
        await self.page.evaluate(NOTES_STAY)

    async def open_filters(self, *sections: str) -> Locator:
        """Return the filters, with these sections unfolded: beside the view, or over it."""
        if self.is_wide:
            filters = self.page.locator(".sidebar")
        else:
            filters = self.page.get_by_role("dialog", name="Filters")
            if not await filters.is_visible():
                await self.page.locator(".filters-button").click()
        for name in sections:
            section = filters.locator("details.section").filter(
                has=self.page.get_by_role("heading", name=name, exact=True)
            )
            await section.wait_for()
            if await section.get_attribute("open") is None:
                await section.locator("summary").click()
        return filters

    async def close_filters(self) -> None:
        """Leave the filters, where they lie over the view."""
        if not self.is_wide:
            await self.page.locator(".sheet-foot button").click()

    async def chosen(self, name: str) -> Locator:
        """Open a view by its tab, and return the tab."""
        tab = self.page.get_by_role("navigation", name="Views").get_by_role("button", name=name)
        await tab.click()
        return tab


@contextmanager
def serving(
    *arguments: str, workspace: Path, settings: dict[str, str], patience_s: float = 120
) -> Iterator[Served]:
    """Run a command that serves, until what stands in the block is done."""
    process = subprocess.Popen(
        [sys.executable, "-m", "smart_image_scraper", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=workspace.parent,
        env=os.environ | settings,
    )
    assert process.stdout is not None
    try:
        lines = iter(process.stdout.readline, "")
        said = next((line for line in lines if line.startswith("serve: ")), "")
        assert said, f"{arguments} ended without a word of where it serves"
        yield Served(address=said.removeprefix("serve: ").strip(), workspace=workspace)
        process.send_signal(signal.SIGTERM)
        assert process.wait(patience_s) == 0
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def settings(
    tmp_path_factory: pytest.TempPathFactory, models: Path
) -> Callable[..., dict[str, str]]:
    """Return the settings of a command that serves."""
    state = tmp_path_factory.mktemp("state")

    def make(**more: str) -> dict[str, str]:
        return {"SIS_STATE_DIR": str(state), "SIS_MODELS_DIR": str(models), **more}

    return make


@pytest.fixture(scope="session")
def start(
    server: str,
    tmp_path_factory: pytest.TempPathFactory,
    settings: Callable[..., dict[str, str]],
) -> Iterator[Callable[..., Served]]:
    """Serve workspaces until the last test is done; the common database is there still then."""
    with ExitStack() as servers:

        def begin(*arguments: str, workspace: Path | None = None, **more: str) -> Served:
            place = workspace or tmp_path_factory.mktemp("served") / "workspace"
            command = (*arguments, "--workspace", str(place), "--port", "0")
            return servers.enter_context(
                serving(*command, workspace=place, settings=settings(**more))
            )

        yield begin


@pytest.fixture(scope="session")
def demo(start: Callable[..., Served]) -> Served:
    """What the demo ends in."""
    return start("demo", "--photos", "80", "--serve").with_photos()


@pytest.fixture(scope="session")
def seed(
    start: Callable[..., Served],
    settings: Callable[..., dict[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
    shared: Path,
) -> Served:
    """The records and the photos of the older scripts."""
    workspace = tmp_path_factory.mktemp("seed") / "workspace"
    frame = shared / "seed" / "df_100_per_search_encrypted.json"
    steps = (
        ("import", "seed", str(frame), "--photos", str(shared / "seed" / "photos")),
        ("inspect",),
        ("geocode",),
    )
    for arguments in steps:
        subprocess.run(
            [sys.executable, "-m", "smart_image_scraper", *arguments],
            check=True,
            capture_output=True,
            env=os.environ | settings(SIS_WORKSPACE=str(workspace)),
        )
    return start("serve", workspace=workspace).with_photos()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def player() -> AsyncIterator[Playwright]:
    async with async_playwright() as player:
        yield player


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(player: Playwright) -> AsyncIterator[Browser]:
    """The browser, which may record its own tab without asking."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("needs Chromium, the package `chromium`, to look at the pages")
    browser = await player.chromium.launch(
        executable_path=program,
        # Containers forbid Chromium its sandbox; the pages are ours.
        args=["--no-sandbox", "--auto-accept-this-tab-capture"],
        timeout=4 * PATIENCE_MS,
    )
    yield browser
    await browser.close()


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    """The kind of screen."""
    return str(request.param)


Visit = Callable[..., Awaitable[Window]]


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, size: str) -> AsyncIterator[Visit]:
    """Open windows on places; afterwards none of them may have had anything to complain of."""
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    async def open_window(
        place: Served, words: str = "", *, forgiving: tuple[str, ...] = (), **more: Any
    ) -> Window:
        width, height = more.pop("viewport", SIZES[size])
        context = await chromium.new_context(
            viewport={"width": width, "height": height}, has_touch=size == "phone", **more
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        await context.add_init_script(VIOLATIONS)
        watch = Watch(urlsplit(place.address).netloc, forgiving)
        watch.over(context)
        watches.append(watch)
        window = Window(await context.new_page(), place, watch)
        await window.page.goto(f"{place.address}/?{words}")
        return window

    yield open_window
    for context in contexts:
        # What a test's route has under way would end with an error that its page is gone.
        await context.unroute_all(behavior="ignoreErrors")
        await context.close()
    assert [complaint for watch in watches for complaint in watch.complaints] == []


CURATOR, VIEWER = "the curators' password", "the viewers' password"
SECRET = "Secret-of-Jane"
"""Stands in every personal field, and nowhere else."""

TRAP = "<script>window.caught = 1</script><img src=x onerror='window.caught = 1'>"
"""What must be read as the text that it is, wherever it stands."""


def kept(workspace: Path, colour: str) -> StoredFile:
    """Put a picture into a workspace."""
    content = BytesIO()
    Image.new("RGB", (1200, 800), colour).save(content, "JPEG")
    sha256 = hashlib.sha256(content.getvalue()).hexdigest()
    relative = f"{sha256[:2]}/{sha256[2:4]}/{sha256}.jpg"
    path = workspace / "files" / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.getvalue())
    return StoredFile(
        path=relative,
        sha256=sha256,
        media_type="image/jpeg",
        bytes=len(content.getvalue()),
        width=1200,
        height=800,
        url=None,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def written(workspace: Path) -> list[Photo]:
    """Return photos that people wrote bad things about; the last one's file is gone."""
    exif = json.dumps({"reader": "made", "groups": {"IFD0": {"Artist": {"value": SECRET}}}})
    trapped = Photo(
        id=PhotoId("flickr:1"),
        title=f"{TRAP} 野生の猿",
        description=f'<a href="javascript:window.caught=1">here</a> {TRAP} \u202egpj.exe',
        tags=("monkey", TRAP, "taxonomy:binomial=Macaca fuscata"),
        license=License("cc-by-2.0"),
        taken=TakenDate(local=datetime(2016, 12, 19, 8, 31, 6)),
        coordinates=Coordinates(latitude=5.84, longitude=118.12),
        views=817,
        searches=(SearchHit(term=f"monkey {TRAP}", run="one"),),
        place=Place(country_code="MY", country="Malaysia", city=TRAP, gazetteer="made"),
        file=kept(workspace, "red"),
        owner=Owner(id=SECRET, name=SECRET, path_alias=SECRET, real_name=SECRET, credit=SECRET),
        exif=exif,
        duplicates=(DuplicateGroup(kind=DuplicateKind.COPY, group="flickr:1", best=True),),
        comments=(Comment(author_id=SECRET, author_name=SECRET, text=f"{SECRET} {TRAP}"),),
    )
    plain = replace(trapped, id=PhotoId("flickr:2"), title="Plain", file=kept(workspace, "green"))
    lost = replace(plain, id=PhotoId("flickr:3"), title="Lost", file=kept(workspace, "blue"))
    lost = replace(lost, duplicates=())
    assert lost.file is not None
    (workspace / "files" / lost.file.path).unlink()
    return [trapped, plain, lost]


@pytest.fixture(scope="session")
def fill(server: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Filled]:
    """Make a workspace with photos of which much is written, and a database of that name."""
    common = server

    def make(name: str, *, server: str = common) -> Filled:
        workspace = tmp_path_factory.mktemp(name) / "workspace"
        workspace.mkdir()
        vault = Vault(KeyRing.new())
        with Store.connect(server, database=f"test-browser-{name}") as store:
            photos = written(workspace)
            store.put(map(vault.seal, photos), stages=tuple(Stage))
            store.save_duplicates({each.id: each.duplicates for each in photos if each.duplicates})
            adopt_keys(store, vault.ring)
        return Filled(
            workspace=workspace,
            settings={
                "SIS_DB": server.replace("/?", f"/test-browser-{name}?"),
                "SIS_KEYS": vault.ring.to_text(),
            },
        )

    return make


@pytest.fixture(scope="session")
def guarded(start: Callable[..., Served], fill: Callable[..., Filled]) -> Served:
    """An app with passwords."""
    filled = fill("guarded")
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return start(
        "serve",
        workspace=filled.workspace,
        SIS_WEB_PASSWORD=hasher.hash(CURATOR),
        SIS_WEB_VIEWER_PASSWORD=hasher.hash(VIEWER),
        **filled.settings,
    )


@pytest.fixture(scope="session")
def keyless(start: Callable[..., Served], fill: Callable[..., Filled]) -> Served:
    """An app whose keys are not there."""
    filled = fill("keyless")
    return start("serve", workspace=filled.workspace, **filled.settings | {"SIS_KEYS": ""})
