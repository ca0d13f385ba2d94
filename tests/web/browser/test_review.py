"""Judging: single keys, several at once, undo, a queue, and a model that learns."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.async_api import Route, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Any]]

# Phones have no keys, and a model learns the same at every size.
once = pytest.mark.parametrize("size", ["wide"], indirect=True)


def reviews_of(place: Any, photo: str) -> list[tuple[str | None, str]]:
    said = place.read(f"/api/photos/{photo}")["reviews"]
    return [(each["concept"], each["verdict"]) for each in said]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not await asyncio.to_thread(holds):  # noqa: ASYNC110 — the server tells when asked
            await asyncio.sleep(0.05)


async def opened(visit: Visit, place: Any, words: str) -> Any:
    window = await visit(place, f"view=review&{words}")
    await window.evaluate("localStorage.setItem('sis-learn-on', 'off')")
    await expect(window.locator(".judging-picture img")).to_be_visible()
    return window


async def current(window: Any) -> str:
    source = await window.locator(".judging-picture img").get_attribute("src")
    return str(source).split("/")[2].replace("%3A", ":")


def picture_of(photo: str) -> re.Pattern[str]:
    """Return how the address of a photo's picture begins."""
    return re.compile(f"^/media/{quote(photo, safe='')}/")


@once
async def test_a_key_judges_goes_on_and_is_taken_back(visit: Visit, demo: Any) -> None:
    window = await opened(visit, demo, "concept=&term=parrot&order=oldest")
    first = await current(window)
    picture = window.locator(".judging-picture img")

    await window.keyboard.press("x")
    await until(lambda: (None, "reject") in reviews_of(demo, first))
    await expect(window.locator("[aria-current=true].queue-tile")).not_to_have_count(0)
    await expect(picture).not_to_have_attribute("src", picture_of(first))
    await window.keyboard.press("u")

    await until(lambda: reviews_of(demo, first)[-1:] != [(None, "reject")])
    await expect(picture).to_have_attribute("src", picture_of(first))
    # The filters learn of it a moment after the reviews.
    await until(lambda: demo.read(f"/api/photos/{first}")["card"]["verdict"] is None)


@once
async def test_several_are_judged_together(visit: Visit, demo: Any) -> None:
    window = await opened(visit, demo, "concept=&term=サル&queue=filter&order=oldest")
    chosen = [
        card["id"] for card in demo.read("/api/photos?term=サル&order=oldest&limit=3")["photos"]
    ]
    tiles = window.locator(".queue-tile")
    await expect(tiles.nth(2)).to_be_visible()

    await window.keyboard.press("Shift+ArrowRight")
    await window.keyboard.press("Shift+ArrowRight")
    await expect(window.locator(".queue-tile-selected")).to_have_count(3)
    await window.keyboard.press("a")

    await until(
        lambda: all(
            demo.read(f"/api/photos/{each}")["card"]["verdict"] == "accept" for each in chosen
        )
    )
    await window.keyboard.press("u")
    await until(
        lambda: all(demo.read(f"/api/photos/{each}")["card"]["verdict"] is None for each in chosen)
    )


async def test_verdicts_are_a_filter_and_say_who_gave_them(visit: Visit, demo: Any) -> None:
    (card, *_) = demo.read("/api/photos?order=added&limit=1")["photos"]
    window = await visit(demo, f"photo={card['id']}")
    dialog = window.get_by_role("dialog")

    await dialog.get_by_role("button", name="Accept").click()
    await expect(dialog.get_by_role("button", name="Accept")).to_have_attribute(
        "aria-pressed", "true"
    )
    await expect(dialog.get_by_role("heading", name="Verdicts")).to_be_visible()
    await expect(dialog).to_contain_text("by ")
    await window.keyboard.press("Escape")
    filters = await window.open_filters("Verdicts")
    await filters.get_by_role("checkbox", name="Accepted").check()

    found = demo.read("/api/photos?review=accept&limit=256")
    await window.shows(found["matching"])
    assert card["id"] in [each["id"] for each in found["photos"]]
    await window.close_filters()
    await window.go(f"photo={card['id']}")
    await dialog.get_by_role("button", name="Accept").click()
    await until(lambda: demo.read(f"/api/photos/{card['id']}")["card"]["verdict"] is None)


@once
async def test_the_queue_says_what_is_left_and_the_histogram_moves_as_the_model_learns(
    visit: Visit, demo: Any
) -> None:
    window = await opened(visit, demo, "concept=cage")
    before = demo.read("/api/facets?only=histograms")["histograms"]["cage"]["counts"]
    models = {each["concept"]: each["model"] for each in demo.read("/api/schema")["concepts"]}
    await expect(window.locator(".review-left")).to_contain_text("left")
    await expect(window.locator(".guess")).to_contain_text("cage 0.")
    await expect(window.locator(".learn-bins-words")).to_be_visible()
    seen = asyncio.Event()

    async def when_seen(route: Route) -> None:
        await seen.wait()
        await route.continue_()

    await window.page.route("**/api/train", when_seen)
    for key in ("y", "n", "y", "n"):
        await window.keyboard.press(key)
    await expect(window.locator(".review-left")).to_contain_text("reviewed")
    await window.keyboard.press("l")
    await expect(window.get_by_role("button", name="Learning")).to_be_visible()
    seen.set()
    await expect(window.get_by_role("button", name="Learn now")).to_be_visible(timeout=90_000)

    await until(
        lambda: demo.read("/api/facets?only=histograms")["histograms"]["cage"]["counts"] != before
    )
    await expect(window.locator(".learn-bins-before").first).to_be_attached()
    await expect(window.locator(".learn-bins-words")).to_contain_text("Before:")
    assert demo.read("/api/train")["state"] == "idle"
    learned = {each["concept"]: each["model"] for each in demo.read("/api/schema")["concepts"]}
    assert learned["cage"] != models["cage"]


async def test_all_that_match_are_judged_at_once_and_that_is_undone(
    visit: Visit, demo: Any
) -> None:
    window = await opened(visit, demo, "concept=&country=PH")
    matching = demo.read("/api/photos?country=PH&limit=1")["matching"]
    await window.shows(matching)
    everything = window.locator(".review-all")
    await window.keep_notes()

    await everything.locator("summary").click()
    async with window.expect_response("**/api/reviews/matching") as judging:
        await everything.get_by_role("button", name=f"Apply to all {matching}").click()
    await window.locator(".note").get_by_role("button", name="Undo").click()

    assert (await (await judging.value).json())["added"] == matching
    await until(lambda: demo.read("/api/photos?country=PH&review=none")["matching"] == matching)


@once
async def test_real_photos_are_judged_for_a_concept(visit: Visit, seed: Any) -> None:
    window = await opened(visit, seed, "concept=monkey&queue=filter&with-file=1&order=score:monkey")
    first = await current(window)

    await window.keyboard.press("y")
    await until(lambda: ("monkey", "accept") in reviews_of(seed, first))
    await window.keyboard.press("u")

    await until(lambda: ("monkey", "accept") not in reviews_of(seed, first)[-1:])
