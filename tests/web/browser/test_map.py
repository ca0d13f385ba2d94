"""The map: photos where they were taken, without a server of tiles."""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Any]]

# Phones have no keys, and numbers and words are the same at every size.
once = pytest.mark.parametrize("size", ["wide"], indirect=True)

COLOURS = """(board) => {
  const seen = new Set();
  for (const canvas of board.querySelectorAll("canvas")) {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4)
      if (data[at + 3] > 200) seen.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
  }
  return [...seen];
}"""


ASKED = """() => performance.getEntriesByType("resource")
  .map(({ name }) => name)
  .filter((name) => name.includes("/api/map?"))"""
"""The addresses at which the page has asked where photos are, in their order."""


async def opened(visit: Visit, place: Any, words: str = "") -> tuple[Any, Any]:
    window = await visit(place, f"view=map{words and '&'}{words}", forgiving=("getImageData",))
    board = window.locator(".map-board")
    await expect(window.locator(".map-count")).to_be_visible()
    return window, board


async def test_photos_lie_on_land_that_comes_with_the_program(visit: Visit, demo: Any) -> None:
    window, board = await opened(visit, demo)
    found = demo.read("/api/map?view=-180,-85,180,85")

    await expect(window.locator(".map-count")).to_contain_text(str(found["with_place"]))
    land = await board.evaluate("(board) => getComputedStyle(board).getPropertyValue('--map-land')")
    await window.wait_for_function(
        f"(land) => (({COLOURS})(document.querySelector('.map-board'))).includes(land)",
        arg=",".join(re.findall(r"\d+", land)),
    )
    legend = window.get_by_label("Colours")
    for term in ("monkey", "parrot", "サル"):
        await expect(legend).to_contain_text(term)


async def test_a_box_that_is_drawn_filters(visit: Visit, demo: Any) -> None:
    window, board = await opened(visit, demo, "at=10,115,2")
    everything = demo.read("/api/state")["photos"]
    await window.shows(everything)

    await window.get_by_role("button", name="Draw a box").click()
    box = await board.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await window.mouse.move(middle[0] - 90, middle[1] - 70)
    await window.mouse.down()
    await window.mouse.move(middle[0] + 90, middle[1] + 70, steps=4)
    await window.mouse.up()

    await expect(window.get_by_role("list", name="Active filters")).to_contain_text("In a box")
    bbox = dict(await window.words())["bbox"]
    inside = demo.read(f"/api/photos?bbox={bbox}&limit=1")["matching"]
    assert 0 < inside < everything
    await window.shows(inside)
    await window.get_by_role("button", name="Remove the box").click()
    await window.shows(everything)


@once
async def test_a_link_to_a_place_opens_there_at_once(visit: Visit, demo: Any) -> None:
    window, _ = await opened(visit, demo, "at=12,120,5")

    asked = await window.evaluate(ASKED)

    view = dict(parse_qsl(urlsplit(asked[0]).query))["view"]
    west, south, east, north = map(float, view.split(","))
    assert west < 120 < east < west + 90  # and not the world, from which it would fly there
    assert south < 12 < north


async def test_only_what_is_in_view_is_filtered_by_a_click(visit: Visit, demo: Any) -> None:
    window, _ = await opened(visit, demo, "at=12,120,5")

    await window.get_by_role("button", name="Only this view").click()

    await expect(window.get_by_role("list", name="Active filters")).to_contain_text("In a box")
    bbox = dict(await window.words())["bbox"]
    await window.shows(demo.read(f"/api/photos?bbox={bbox}&limit=1")["matching"])


async def test_a_circle_opens_and_a_point_shows_its_photo(visit: Visit, demo: Any) -> None:
    (card, *_) = demo.read("/api/photos?country=JP&limit=1")["photos"]
    place = demo.read(f"/api/photos/{card['id']}")["coordinates"]
    at = f"{place['latitude']:.3f},{place['longitude']:.3f},12"
    window, board = await opened(visit, demo, f"id={card['id']}&at={at}")
    await expect(window.locator(".map-count")).to_contain_text("1 photo")

    async with window.page.expect_response(
        lambda reply: f"/api/photos/{card['id']}" in reply.url.replace("%3A", ":")
    ):
        await board.click()

    chosen = window.get_by_role("region", name="The photo at this place")
    await expect(chosen).to_contain_text(card["title"] or "Untitled")
    await chosen.get_by_role("button", name="Open", exact=True).click()
    await expect(window.get_by_role("dialog")).to_contain_text(card["id"])


async def test_the_list_below_says_the_same(visit: Visit, demo: Any) -> None:
    window, _ = await opened(visit, demo, "country=JP")
    cards = demo.read("/api/photos?country=JP&limit=256")["photos"]

    await window.locator(".map-list summary").click()

    rows = window.locator(".map-list tbody tr")
    await expect(rows).to_have_count(len(cards))
    await expect(rows.first).to_contain_text("Japan")


@once
async def test_colours_tell_a_concepts_score_and_density_where_most_are(
    visit: Visit, demo: Any
) -> None:
    window, _ = await opened(visit, demo)

    await window.locator(".map-color select").select_option("monkey")
    await expect(window.get_by_label("Colours")).to_contain_text("\u20131")
    await window.get_by_role("button", name="Density").click()

    await expect(window.get_by_label("Colours")).to_contain_text("many")
    await window.says("color", "monkey")
    await window.says("layer", "density")


@once
async def test_the_keys_zoom_and_leaving_in_between_is_no_fault(visit: Visit, demo: Any) -> None:
    window, board = await opened(visit, demo)
    scale = window.locator(".leaflet-control-scale-line").first
    before = await scale.inner_text()

    await window.keyboard.press("+")
    await expect(scale).not_to_have_text(before)
    await window.keyboard.press("g")

    await expect(window.photos.first).to_be_visible()
    await expect(board).to_have_count(0)


@once
async def test_real_places_are_on_the_map(visit: Visit, seed: Any) -> None:
    window, _ = await opened(visit, seed)
    found = seed.read("/api/map?view=-180,-85,180,85")

    await expect(window.locator(".map-count")).to_contain_text(
        f"{found['with_place']} of {found['matching']} photos have a place"
    )
