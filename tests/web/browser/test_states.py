"""When something is missing: photos, the database, the server."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

from smart_image_scraper.store.mongod import ManagedMongod

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Any]]

AWAY = ("Failed to load resource",)


# The sentences are the same at every size, and each of these waits for a server to be gone.
once = pytest.mark.parametrize("size", ["wide"], indirect=True)


@pytest.fixture(scope="session")
def empty(start: Callable[..., Any]) -> Any:
    """A workspace that nobody has begun."""
    return start("serve", SIS_DB="")


@pytest.fixture(scope="session")
def unreachable(start: Callable[..., Any]) -> Any:
    """A workspace whose database was never there."""
    return start("serve", SIS_DB="mongodb://127.0.0.1:9/sis")


async def test_an_empty_workspace_explains_the_next_step(visit: Visit, empty: Any) -> None:
    window = await visit(empty)

    await expect(window.get_by_role("heading", name="No photos here yet")).to_be_visible()

    await expect(window.locator("main")).to_contain_text('sis scrape "monkey wild" -n 200')
    await expect(window.locator(".banners")).to_contain_text("there is no workspace with photos")


@once
async def test_a_database_that_was_never_there_is_named(visit: Visit, unreachable: Any) -> None:
    window = await visit(unreachable)

    await expect(window.locator(".banners")).to_contain_text(
        "No database answers at 127.0.0.1:9", timeout=90_000
    )

    await expect(window.get_by_role("banner")).to_be_visible()


@once
async def test_a_database_that_goes_away_leaves_the_photos_that_were_read(
    visit: Visit,
    start: Callable[..., Any],
    fill: Callable[..., Any],
    size: str,
    tmp_path_factory: Any,
) -> None:
    with ManagedMongod(tmp_path_factory.mktemp("falling") / "db") as uri:
        filled = fill(f"falling-{size}", server=uri)
        served = start("serve", workspace=filled.workspace, **filled.settings)
        window = await visit(served, forgiving=AWAY)
        await window.shows(3)

    await expect(window.photos).to_have_count(3)
    await expect(window.locator(".banners")).to_contain_text(
        "the database does not answer", timeout=90_000
    )
    await window.chosen("Charts")
    await window.shows(3)


@once
async def test_a_server_that_is_away_is_waited_for(visit: Visit, demo: Any) -> None:
    window = await visit(demo, forgiving=(*AWAY, "ERR_"))
    everything = demo.read("/api/state")["photos"]
    await window.shows(everything)

    await window.context.set_offline(True)
    filters = await window.open_filters("Search terms")
    await filters.get_by_role("checkbox", name="parrot").check()
    await expect(window.locator(".banner-bad")).to_contain_text("The server does not answer")
    await window.context.set_offline(False)

    await expect(window.locator(".banner-bad")).to_have_count(0)
    await window.shows(demo.read("/api/photos?term=parrot&limit=1")["matching"])
