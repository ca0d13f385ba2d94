"""Answers that come late, in another order than they were asked for, or at first not at all."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Any]]

# What is asked for is the same at every size.
once = pytest.mark.parametrize("size", ["wide"], indirect=True)


@once
async def test_an_older_answer_never_takes_the_place_of_a_newer(visit: Visit, demo: Any) -> None:
    window = await visit(demo)
    await window.shows(demo.read("/api/state")["photos"])
    terms = await window.open_filters("Search terms")
    asked: list[asyncio.Event] = []

    async def late(route: Any) -> None:
        asked.append(asyncio.Event())
        await asked[-1].wait()
        await route.continue_()

    await window.route("**/api/facets*", late)
    parrot = terms.get_by_role("checkbox", name="parrot")
    await parrot.check()
    await window.shows(demo.read("/api/photos?term=parrot&limit=1")["matching"])
    await parrot.uncheck()
    await terms.get_by_role("checkbox", name="monkey").check()
    newest = demo.read("/api/photos?term=monkey&limit=1")["matching"]
    await window.shows(newest)

    asked[0].set()
    while len(asked) < 2:  # it is asked again only when the older answer has come  # noqa: ASYNC110
        await asyncio.sleep(0.02)

    count = window.locator("[data-count]")
    assert await count.get_attribute("data-count") == str(newest)
    asked[1].set()
    await expect(terms.locator(".choice", has_text="parrot")).to_contain_text("13")
    assert await count.get_attribute("data-count") == str(newest)


@once
async def test_a_view_that_could_not_be_loaded_comes_when_the_server_is_back(
    visit: Visit, demo: Any
) -> None:
    window = await visit(demo, forgiving=("Failed to load resource", "ERR_"))
    await window.shows(demo.read("/api/state")["photos"])

    await window.context.set_offline(True)
    await window.chosen("Charts")
    await expect(window.locator("main")).to_contain_text("This view could not be loaded.")
    await expect(window.locator(".banner-bad")).to_contain_text("The server does not answer")
    await window.context.set_offline(False)

    await expect(window.get_by_role("region", name="Year taken")).to_be_visible()


@pytest.mark.parametrize("size", ["phone"], indirect=True)
async def test_the_count_of_a_million_photos_has_room_on_the_smallest_phone(
    visit: Visit, demo: Any
) -> None:
    window = await visit(demo, viewport=(360, 640))

    async def many(route: Any) -> None:
        answer = await (await route.fetch()).json()
        await route.fulfill(json=answer | {"matching": 1_234_567})

    await window.route("**/api/photos?*", many)
    await window.route("**/api/facets*", many)
    await window.go("country=PH")
    await expect(window.locator("[data-count]")).to_have_text("1,234,567 photos")

    count = await window.locator("[data-count]").bounding_box()
    order = await window.locator(".order select").bounding_box()
    share = await window.get_by_role("button", name="Share").bounding_box()

    assert count["x"] + count["width"] <= order["x"]
    assert count["height"] <= 44  # two lines at most: no word is broken
    assert order["width"] >= 60
    assert share["x"] + share["width"] <= 360


async def test_nothing_moves_when_the_photos_come(visit: Visit, demo: Any) -> None:
    window = await visit(demo)
    come = asyncio.Event()

    async def late(route: Any) -> None:
        await come.wait()
        await route.continue_()

    await window.route("**/api/photos?*", late)
    await window.reload()
    await window.locator(".card-waiting .caption-score").first.wait_for(state="attached")
    before = await window.locator(".card").nth(12).bounding_box()

    come.set()
    await expect(window.photos.nth(12)).to_be_visible()

    assert await window.photos.nth(12).bounding_box() == before
