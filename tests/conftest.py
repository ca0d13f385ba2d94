"""What many tests stand on: the imitation of Flickr, a database server, the command line."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from smart_image_scraper.cli import run
from smart_image_scraper.demo import DEMO_KEY, Catalogue, FlickrSite
from smart_image_scraper.store.mongod import ManagedMongod

# How long an example takes says nothing on a machine that others use, too.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

_numbers = count(1)

SHARED = Path(__file__).parents[1] / ".." / "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command did: its exit code and what it said."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real photos and recorded answers, which are not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, whose photos and recordings are not ours to pass on")
    return SHARED.resolve()


@pytest.fixture
def flickr_of() -> Iterator[Callable[[Catalogue], FlickrSite]]:
    """Imitations of Flickr in a thread of their own, so that blocking code can talk to them."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    with ExitStack() as sites:

        def start(catalogue: Catalogue) -> FlickrSite:
            site = FlickrSite(catalogue)
            asyncio.run_coroutine_threadsafe(site.__aenter__(), loop).result()
            sites.callback(
                lambda: asyncio.run_coroutine_threadsafe(site.__aexit__(), loop).result()
            )
            return site

        yield start
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def flickr(
    request: pytest.FixtureRequest, flickr_of: Callable[[Catalogue], FlickrSite]
) -> FlickrSite:
    """An imitation of Flickr; a test that wants another one than 60 made photos gives it."""
    return flickr_of(getattr(request, "param", None) or Catalogue.made(60))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace that is not there yet."""
    return tmp_path / "workspace"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database server that lives as long as the tests."""
    with ManagedMongod(tmp_path_factory.mktemp("server")) as uri:
        yield uri


@pytest.fixture
def environment(tmp_path: Path, workspace: Path, server: str) -> dict[str, str]:
    """The settings that every command of a test gets; a test may change them.

    The database is one of its own on the common server, since starting one for each command takes
    a second; ``SIS_DB=""`` has a command manage its own, as users' commands do.
    """
    return {
        "SIS_WORKSPACE": str(workspace),
        "SIS_STATE_DIR": str(tmp_path / "state"),
        "SIS_DB": server.replace("/?", f"/test-cli-{next(_numbers)}?"),
    }


@pytest.fixture
def at_flickr(environment: dict[str, str], flickr: FlickrSite) -> FlickrSite:
    """The imitation of Flickr, with the settings that let commands use it."""
    environment["SIS_FLICKR_URL"] = flickr.endpoint
    environment["SIS_ALLOW_ADDRESSES"] = ",".join(flickr.addresses)
    environment["SIS_IMAGES_PER_SECOND"] = "0"
    environment["SIS_FLICKR_KEY"] = DEMO_KEY
    return flickr


@pytest.fixture
def sis(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    environment: dict[str, str],
) -> Callable[..., Outcome]:
    """Run a command in an empty folder, with a workspace and settings of its own."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def call(*arguments: str, **changed: str) -> Outcome:
        with monkeypatch.context() as patch:
            for name, value in {**environment, **changed}.items():
                patch.setenv(name, value)
            code = run(arguments)
        said = capsys.readouterr()
        return Outcome(code=code, out=said.out, err=said.err)

    return call
