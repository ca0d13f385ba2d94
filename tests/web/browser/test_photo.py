"""One photo over the page: its picture, all that is known of it, and the keys."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Any]]

# Phones have no keys, and what is known of a photo is the same at every size.
once = pytest.mark.parametrize("size", ["wide"], indirect=True)


async def test_a_click_shows_the_photo_and_all_that_is_known_of_it(visit: Visit, demo: Any) -> None:
    (card, *_) = demo.read("/api/photos?country=PH&with-file=1&limit=1")["photos"]
    details = demo.read(f"/api/photos/{card['id']}")
    window = await visit(demo, "country=PH&with-file=1")

    await window.photos.first.locator("a").click()

    dialog = window.get_by_role("dialog")
    await expect(dialog.locator("img.picture:not(.picture-first)")).to_be_visible()
    await window.wait_for_function(
        "() => document.querySelector('img.picture:not(.picture-first)').naturalWidth >= 640"
    )
    for text in (details["license"]["name"], details["credit"], card["id"], "Philippines"):
        await expect(dialog).to_contain_text(text)
    for score in details["scores"]:
        await expect(dialog.locator(".score-list")).to_contain_text(score["concept"])
        await expect(dialog.locator(".score-list")).to_contain_text(f"{score['value']:.2f}")
    source = dialog.get_by_role("link", name="Source page")
    await expect(source).to_have_attribute("href", card["page_url"])
    await window.says("photo", card["id"])
    await expect(dialog.get_by_role("heading", name="All metadata")).to_be_attached()


@once
async def test_the_licence_leads_to_its_text(visit: Visit, demo: Any) -> None:
    window = await visit(demo, "license=cc-by-2.0")

    await window.photos.first.locator("a").click()

    link = window.get_by_role("dialog").get_by_role("link", name="CC BY 2.0")
    await expect(link).to_have_attribute("href", "https://creativecommons.org/licenses/by/2.0/")
    await expect(link).to_have_attribute("rel", "noopener noreferrer license")


async def test_the_metadata_are_a_table_that_is_searched_copied_and_shown_large(
    visit: Visit, demo: Any
) -> None:
    (card, *_) = demo.read("/api/photos?with-file=1&limit=1")["photos"]
    fields = dict(demo.read(f"/api/photos/{card['id']}")["fields"])
    window = await visit(
        demo, f"photo={card['id']}", permissions=["clipboard-read", "clipboard-write"]
    )
    await window.keep_notes()
    table = window.locator(".table-block").filter(
        has=window.get_by_role("heading", name="All metadata")
    )
    rows = table.locator("tbody tr")
    await expect(rows).to_have_count(len(fields))

    await table.get_by_label("Find in the metadata").fill(card["id"])
    expected = [name for name, value in fields.items() if card["id"] in f"{name} {value}"]
    await expect(rows).to_have_count(len(expected))
    await table.get_by_role("button", name="Copy the table").click()
    await expect(window.get_by_text("Copied.")).to_be_visible()
    copied = await window.evaluate("navigator.clipboard.readText()")
    await table.get_by_role("button", name="Full screen").click()

    assert [line.split("\t")[0] for line in copied.splitlines()] == expected
    await window.wait_for_function(
        "document.fullscreenElement?.classList.contains('table-block') "
        "|| document.querySelector('.table-whole')"
    )
    await table.get_by_role("button", name="Leave full screen").click()
    await window.wait_for_function("!document.fullscreenElement")


async def test_near_duplicates_stand_beside_each_other(visit: Visit, keyless: Any) -> None:
    window = await visit(keyless, "photo=flickr:1", forgiving=("status of 404",))
    dialog = window.get_by_role("dialog")

    section = dialog.locator("section.block").filter(has_text="Near-duplicates")
    await expect(section).to_contain_text("The same picture, scaled, cropped or edited")
    await section.get_by_role("button", name="Open Plain").click()

    await expect(dialog).to_contain_text("flickr:2")
    await window.keyboard.press("Escape")
    await expect(window.get_by_title("1 near-duplicate").first).to_be_visible()


async def test_a_map_shows_where_it_was_taken_and_leads_there(visit: Visit, demo: Any) -> None:
    (card, *_) = demo.read("/api/photos?country=MY&limit=1")["photos"]
    window = await visit(demo, f"photo={card['id']}")

    await expect(window.get_by_label("Where it was taken: ", exact=False)).to_be_visible()
    await window.get_by_role("dialog").get_by_text("Show on the map").click()

    await expect(window.get_by_role("button", name="Map", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    assert "at" in dict(await window.words())


@once
async def test_the_keys_do_what_the_legend_says(visit: Visit, demo: Any) -> None:
    ids = [card["id"] for card in demo.read("/api/photos?limit=9")["photos"]]
    window = await visit(demo, "grid=3")
    await window.shows_photos(ids)
    keys = window.keyboard
    dialog = window.get_by_role("dialog")

    await keys.press("?")
    await expect(dialog.get_by_role("heading", name="Keys")).to_be_visible()
    await expect(dialog).to_contain_text("Next page")
    await keys.press("Escape")
    await expect(dialog).to_have_count(0)
    await keys.press("/")
    await expect(window.locator("[data-search]")).to_be_focused()
    await keys.press("Escape")
    await expect(window.locator("[data-search]")).not_to_be_focused()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        await keys.press(key)
    await expect(window.photos.nth(4).locator("a")).to_be_focused()
    await keys.press("ArrowLeft")
    await keys.press("ArrowUp")
    await expect(window.photos.nth(0).locator("a")).to_be_focused()
    await keys.press("Enter")
    await expect(dialog).to_contain_text(ids[0])
    await keys.press(" ")
    await expect(dialog).to_contain_text(ids[1])
    await keys.press("ArrowRight")
    await expect(dialog).to_contain_text(ids[2])
    await keys.press("ArrowLeft")
    await expect(dialog).to_contain_text(ids[1])
    await keys.press("f")
    await window.wait_for_function("document.fullscreenElement?.classList.contains('stage')")
    await keys.press("f")
    await window.wait_for_function("!document.fullscreenElement")
    await keys.press("Escape")
    await expect(dialog).to_have_count(0)
    assert "photo" not in dict(await window.words())


@once
async def test_single_letters_can_be_switched_off(visit: Visit, demo: Any) -> None:
    window = await visit(demo)
    await window.shows(demo.read("/api/state")["photos"])

    await window.keyboard.press("?")
    await window.get_by_role("checkbox", name="Single-letter keys").uncheck()
    await window.keyboard.press("Escape")
    await window.keyboard.press("m")

    assert await window.words() == []
    await window.evaluate("localStorage.clear()")
    await window.keyboard.press("m")
    await expect(window.get_by_role("button", name="Map", exact=True)).to_have_attribute(
        "aria-current", "page"
    )


@once
async def test_a_real_photo_shows_what_its_record_says(visit: Visit, seed: Any) -> None:
    (card, *_) = seed.read("/api/photos?with-file=1&order=score:monkey&limit=1")["photos"]
    window = await visit(seed, f"photo={card['id']}")
    dialog = window.get_by_role("dialog")

    picture = dialog.locator("img.picture:not(.picture-first)")
    await expect(picture).to_have_js_property("complete", value=True)

    await expect(dialog).to_contain_text("google-vision-2021")
    await expect(dialog.get_by_role("heading", name="Personal")).to_be_visible()
    details = seed.read(f"/api/photos/{card['id']}")
    assert details["personal"] is None  # nobody has the key of 2021
    await expect(dialog).to_contain_text(details["personal_why"].replace("`", ""))
    assert "gAAAA" not in json.dumps(details)
