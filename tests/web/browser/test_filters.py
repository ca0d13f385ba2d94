"""Filters: all at once, all in the address, and counts that follow each of them."""

import re
import urllib.parse
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Any]]

# Other tests see that the filters open, unfold and close at every size; what they mean is the same.
once = pytest.mark.parametrize("size", ["wide"], indirect=True)

DRAWN = re.compile(".{20}")
"""A path of bars that are there."""


def matching(place: Any, words: str) -> int:
    count: int = place.read(f"/api/photos?{words}&limit=1")["matching"]
    return count


async def test_several_countries_are_chosen_and_all_counts_follow(visit: Visit, demo: Any) -> None:
    window = await visit(demo)
    filters = await window.open_filters("Countries", "Search terms")

    await filters.get_by_role("checkbox", name="Philippines").check()
    await filters.get_by_role("checkbox", name="Malaysia").check()

    await window.shows(matching(demo, "country=PH&country=MY"))
    facets = demo.read("/api/facets?country=PH&country=MY")
    for term, count in facets["term"]:
        choice = filters.locator("label.choice").filter(has_text=term).first
        await expect(choice.locator(".choice-count")).to_have_text(str(count))
    # Its own condition does not change what a list counts: the other countries can be added.
    for code, name in (("PH", "Philippines"), ("BR", "Brazil")):
        choice = filters.locator("label.choice").filter(has_text=name)
        await expect(choice.locator(".choice-count")).to_have_text(
            str(dict(facets["country"])[code])
        )
    assert [value for name, value in await window.words() if name == "country"] == ["PH", "MY"]


@once
async def test_a_link_reproduces_the_view_and_back_returns(visit: Visit, demo: Any) -> None:
    words = "country=PH&country=MY&score=monkey%3E%3D0.5&order=score%3Amonkey&grid=3"
    first = await visit(demo, words)
    found = demo.read(
        "/api/photos?country=PH&country=MY&score=monkey>=0.5&order=score:monkey&limit=9"
    )
    ids = [card["id"] for card in found["photos"]]
    await first.shows(found["matching"])
    await first.shows_photos(ids)

    again = await visit(demo, await first.evaluate("location.search.slice(1)"))
    await again.shows_photos(ids)
    chips = again.get_by_role("list", name="Active filters")
    await chips.get_by_role("button", name="Remove: Malaysia").click()
    await again.shows(matching(demo, "country=PH&score=monkey>=0.5"))
    await again.go_back()

    await again.shows_photos(ids)
    await expect(chips.get_by_role("button", name="Remove: Malaysia")).to_be_visible()


@once
async def test_a_text_is_found_in_any_script_and_inside_of_words(visit: Visit, demo: Any) -> None:
    window = await visit(demo)
    await window.shows(demo.read("/api/state")["photos"])

    await window.keyboard.press("/")
    await window.keyboard.type("猿")

    found = demo.read("/api/photos?text=猿&limit=256")
    await window.shows(found["matching"])
    assert found["matching"] > 0
    await window.says("text", "猿")
    await window.get_by_role("button", name="Clear the search").click()
    await window.shows(demo.read("/api/state")["photos"])


async def test_a_handle_that_is_dragged_takes_counts_and_gallery_along(
    visit: Visit, demo: Any
) -> None:
    # Without motion: on a phone, the filters would still come up while the handle is sought.
    window = await visit(demo, "order=score:monkey&grid=3", reduced_motion="reduce")
    filters = await window.open_filters("Scores")
    await window.shows(demo.read("/api/state")["photos"])
    handle = filters.get_by_role("slider", name="monkey, at least")
    for concept in ("cage", "monkey"):  # until its bars are there, what is below it moves
        bars = filters.locator(".ranged", has_text=concept).locator(".bars-inside")
        await expect(bars).to_have_attribute("d", DRAWN)
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    box = await handle.bounding_box()

    await window.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    await window.mouse.down()
    for step in range(1, 9):
        await window.mouse.move(
            box["x"] + box["width"] * step / 10, box["y"] + box["height"] / 2, steps=2
        )
    least = float(await handle.input_value())
    held = matching(demo, f"score=monkey>={least}")
    await window.shows(held)  # while the button is still down
    histogram = filters.locator(".ranged", has_text="monkey").locator(".bars-outside")
    await expect(histogram).to_have_attribute("d", DRAWN)
    await window.mouse.up()

    await window.shows(held)
    assert 0.6 < least < 0.95
    await window.says("score", f"monkey>={least:g}")
    await window.close_filters()
    cards = demo.read(f"/api/photos?score=monkey>={least}&order=score:monkey&limit=9")["photos"]
    await window.shows_photos([card["id"] for card in cards])
    assert any("/api/facets" in url and "only=" in url for url in asked)
    await window.go_back()
    await window.shows(demo.read("/api/state")["photos"])


@once
async def test_both_handles_stop_at_each_other_and_take_keys(visit: Visit, demo: Any) -> None:
    window = await visit(demo, "score=cage>=0.5,cage<=0.52")
    filters = await window.open_filters("Scores")
    least = filters.get_by_role("slider", name="cage, at least")
    most = filters.get_by_role("slider", name="cage, at most")

    await least.focus()
    for _ in range(4):
        await window.keyboard.press("ArrowRight")
    await expect(least).to_have_value("0.52")
    await most.focus()
    await window.keyboard.press("End")

    await window.shows(matching(demo, "score=cage>=0.52"))
    await window.says("score", "cage>=0.52")
    await filters.get_by_role("textbox", name="cage, at most").fill("0.9")
    await window.keyboard.press("Enter")
    await window.shows(matching(demo, "score=cage>=0.52,cage<=0.9"))


@once
@pytest.mark.parametrize(
    ("section", "fields", "words"),
    [
        (
            "Date taken",
            {"Taken from": "2014", "Taken to": "2018-06"},
            "taken-from=2014&taken-to=2018-06",
        ),
        ("Views", {"Views, at least": "20", "Views, at most": "500"}, "views-from=20&views-to=500"),
    ],
)
async def test_ends_of_ranges_are_typed(
    visit: Visit, demo: Any, section: str, fields: dict[str, str], words: str
) -> None:
    window = await visit(demo)
    filters = await window.open_filters(section)

    for name, value in fields.items():
        await filters.get_by_role("textbox", name=name).fill(value)
        await window.keyboard.press("Enter")

    await window.shows(matching(demo, words))
    assert dict(await window.words()) == dict(urllib.parse.parse_qsl(words))


async def test_what_is_being_typed_stays_while_answers_come(visit: Visit, demo: Any) -> None:
    window = await visit(demo)
    filters = await window.open_filters("Date taken")
    await window.shows(demo.read("/api/state")["photos"])
    end = filters.get_by_role("textbox", name="Taken from")

    await end.press_sequentially("201")
    async with window.expect_response("**/api/state"):
        await window.evaluate("dispatchEvent(new Event('focus'))")
    await window.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    await end.press_sequentially("4")
    await window.keyboard.press("Enter")

    await window.shows(matching(demo, "taken-from=2014"))


@once
@pytest.mark.parametrize(
    ("section", "choice", "words"),
    [
        ("Licences", "CC0 1.0", "license=cc0-1.0"),
        ("Search terms", "parrot", "term=parrot"),
        ("Verdicts", "Not reviewed", "review=none"),
        ("Quality and files", "Hide near-duplicates", "without-duplicates=1"),
    ],
)
async def test_each_list_filters(
    visit: Visit, demo: Any, section: str, choice: str, words: str
) -> None:
    window = await visit(demo)
    filters = await window.open_filters(section)

    await filters.get_by_role("checkbox", name=choice).first.check()

    await window.shows(matching(demo, words))
    name, _, value = words.partition("=")
    await window.says(name, value)


@once
async def test_free_licences_are_chosen_at_once(visit: Visit, demo: Any) -> None:
    window = await visit(demo)
    filters = await window.open_filters("Licences")

    await filters.get_by_role("button", name="Free ones").click()

    free = [each["word"] for each in demo.read("/api/schema")["licenses"] if each["free"]]
    await window.shows(matching(demo, "&".join(f"license={word}" for word in free)))


@once
async def test_whether_there_is_a_file_is_one_of_three(visit: Visit, demo: Any) -> None:
    window = await visit(demo)
    filters = await window.open_filters("Quality and files")

    group = filters.get_by_role("group", name="File", exact=True)
    await group.get_by_role("button", name="Not here").click()

    await window.shows(matching(demo, "without-file=1"))
    await group.get_by_role("button", name="Any").click()
    await window.shows(demo.read("/api/state")["photos"])


async def test_what_nothing_meets_says_how_to_go_on(visit: Visit, demo: Any) -> None:
    window = await visit(demo, "country=PH&text=nobodywrotethis")
    await window.shows(0)

    nothing = window.locator(".empty")
    await expect(nothing).to_contain_text("No photo meets all of this")
    await nothing.get_by_role("button", name="Remove: “nobodywrotethis”").click()

    await window.shows(matching(demo, "country=PH"))


async def test_a_word_that_is_none_is_named(visit: Visit, demo: Any) -> None:
    window = await visit(demo, "colour=red", forgiving=("status of 400",))

    await expect(window.locator(".banner-bad")).to_contain_text("colour")

    await window.locator(".banner-bad").get_by_role("button", name="Clear all").click()
    await window.shows(demo.read("/api/state")["photos"])


@once
async def test_the_same_photos_are_named_as_a_command(visit: Visit, demo: Any) -> None:
    window = await visit(demo, "country=PH&score=monkey%3E%3D0.5")
    await window.shows(matching(demo, "country=PH&score=monkey>=0.5"))

    await window.get_by_role("button", name="Share").click()
    await window.get_by_role("button", name="Show as a command").click()

    command = demo.read("/api/command?country=PH&score=monkey>=0.5")["list"]
    assert command.startswith("sis list --country=PH '--score=monkey>=0.5'")
    await expect(window.get_by_role("dialog")).to_contain_text(command)


@once
async def test_real_records_are_filtered_by_all_that_is_known(visit: Visit, seed: Any) -> None:
    words = "term=monkey cage&score=cage>=0.6&country=US"
    expected = matching(seed, words)
    window = await visit(seed, urllib.parse.urlencode(urllib.parse.parse_qsl(words)))

    await window.shows(expected)

    assert expected > 0
    filters = await window.open_filters("Scores", "Countries")
    await expect(filters.get_by_role("checkbox", name="United States")).to_be_checked()
    await expect(filters.get_by_role("slider", name="cage, at least")).to_have_value("0.6")


@once
async def test_the_cameras_of_real_files_filter(visit: Visit, seed: Any) -> None:
    (camera, count), *_ = seed.read("/api/facets")["camera"]
    window = await visit(seed)
    filters = await window.open_filters("Cameras")

    await filters.get_by_role("checkbox", name=f"{camera} {count}", exact=True).check()

    await window.shows(count)
    await window.says("camera", camera)


async def test_why_pictures_cannot_be_found_by_words_is_said(visit: Visit, demo: Any) -> None:
    window = await visit(demo)
    await window.shows(demo.read("/api/state")["photos"])
    await window.locator("[data-search]").focus()
    by_words = window.get_by_role("search").get_by_role("button", name="Picture")
    await expect(by_words).to_have_attribute("aria-disabled", "true")

    await by_words.press("Enter")

    note = window.locator(".note")
    await expect(note).to_contain_text("To find photos by words takes a model that knows words")
    await expect(note.locator("code")).to_contain_text("sis score CONCEPT --model")
