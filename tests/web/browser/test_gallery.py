"""The gallery: grids, pages, orders, the fields under each photo."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Any]]

# The order is the server's, at every size.
once = pytest.mark.parametrize("size", ["wide"], indirect=True)

SHOWN = """() => {
  const pictures = [...document.querySelectorAll("[data-photo] img")];
  const edges = pictures.map((each) => Math.max(each.naturalWidth, each.naturalHeight));
  return pictures.length >= 12 && Math.min(...edges) >= 160;
}"""
"""Whether all photos have their pictures, and these are as large as they are shown."""


@pytest.mark.parametrize("columns", [1, 3, 8])
async def test_a_grid_has_as_many_rows_as_columns(visit: Visit, demo: Any, columns: int) -> None:
    window = await visit(demo)

    await window.get_by_role("button", name="Display").click()
    await window.get_by_title(f"{columns} \u00d7 {columns}", exact=True).click()

    await expect(window.photos).to_have_count(min(columns**2, demo.read("/api/state")["photos"]))
    tops = await window.photos.evaluate_all("cards => cards.map((card) => card.offsetTop)")
    assert tops.count(tops[0]) == columns
    await window.says("grid", str(columns))


async def test_as_many_photos_as_fit_are_shown_with_their_pictures(visit: Visit, demo: Any) -> None:
    window = await visit(demo)

    await window.shows(demo.read("/api/state")["photos"])

    await expect(window.photos.locator("img").first).to_have_attribute(
        "src", re.compile("^data:image/")
    )
    await window.wait_for_function(SHOWN)
    assert await window.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_pages_are_turned_and_any_is_gone_to(visit: Visit, demo: Any) -> None:
    window = await visit(demo, "grid=3")
    everything = [card["id"] for card in demo.read("/api/photos?limit=256")["photos"]]
    last = -(-len(everything) // 9)

    await window.shows_photos(everything[:9])
    await window.get_by_role("button", name="Next page").click()
    await window.shows_photos(everything[9:18])
    await window.locator(".pager input").fill("4")
    await window.keyboard.press("Enter")
    await window.shows_photos(everything[27:36])
    await window.get_by_role("button", name="Last page").click()
    await window.shows_photos(everything[(last - 1) * 9 :])

    await window.says("page", str(last))
    await expect(window.get_by_role("button", name="Next page")).to_be_disabled()
    await window.go_back()
    await window.shows_photos(everything[27:36])


@once
@pytest.mark.parametrize(
    "order", ["oldest", "added", "views", "score:monkey", "score-up:monkey", "unsure:cage"]
)
async def test_photos_come_in_the_order_that_is_chosen(visit: Visit, demo: Any, order: str) -> None:
    window = await visit(demo, "grid=4")

    await window.get_by_role("combobox", name="Order").select_option(order)

    cards = demo.read(f"/api/photos?limit=16&order={order}")["photos"]
    await window.shows_photos([card["id"] for card in cards])
    values = {
        "oldest": lambda card: card["taken"] or "9",
        "added": lambda _: 0,
        "views": lambda card: -card["views"],
        "score:monkey": lambda card: -card["scores"]["monkey"],
        "score-up:monkey": lambda card: card["scores"]["monkey"],
        "unsure:cage": lambda card: abs(card["scores"]["cage"] - 0.5),
    }[order]
    assert [values(card) for card in cards] == sorted(values(card) for card in cards)


async def test_the_fields_under_each_photo_are_those_that_were_chosen(
    visit: Visit, demo: Any
) -> None:
    window = await visit(demo, "grid=2")
    (first, *_) = demo.read("/api/photos?limit=4")["photos"]

    await window.get_by_role("button", name="Display").click()
    for name in ("Title", "Scores", "Id", "Licence"):
        await window.get_by_role("checkbox", name=name, exact=True).click()

    caption = window.photos.first.locator(".caption")
    await expect(caption).to_contain_text(first["id"])
    await expect(caption).not_to_contain_text(first["title"] or "Untitled")
    await expect(window.photos.first.locator(".meter")).to_have_count(0)
    await window.says("show", "license,id")
    await window.reload()
    await expect(caption).to_contain_text(first["id"])


async def test_real_photos_are_shown(visit: Visit, seed: Any) -> None:
    window = await visit(seed, "with-file=1&grid=4&order=score:monkey")

    await window.shows(seed.read("/api/photos?with-file=1")["matching"])

    await expect(window.photos).to_have_count(16)
    await expect(window.photos.locator("img[src^='data:image/']")).to_have_count(16)
    scores = await window.photos.locator(".caption").all_inner_texts()
    assert all("monkey" in text for text in scores)


async def test_more_like_this_puts_the_nearest_photos_first(visit: Visit, demo: Any) -> None:
    (first, *_) = demo.read("/api/photos?order=score:monkey&limit=1")["photos"]
    window = await visit(demo, "order=score:monkey&grid=3")
    await window.shows(demo.read("/api/state")["photos"])

    if window.is_wide:
        await window.photos.first.hover()
        await window.photos.first.get_by_role("button", name="More like this").click()
    else:
        await window.photos.first.locator("a").click()
        await window.get_by_role("button", name="More like this").click()

    nearest = demo.read(f"/api/photos?order=similar:{first['id']}&limit=9")["photos"]
    await window.shows_photos([card["id"] for card in nearest])
    assert nearest[0]["id"] == first["id"]
    await expect(window.get_by_role("list", name="Active filters")).to_contain_text("Like ")
