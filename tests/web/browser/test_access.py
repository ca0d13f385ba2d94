"""Who may come in, who sees what, and what people wrote that must not act."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Any]]

# What the server answers is the same at every size.
once = pytest.mark.parametrize("size", ["wide"], indirect=True)

CURATOR, VIEWER = "the curators' password", "the viewers' password"
SECRET = "Secret-of-Jane"
LOST = ("status of 404",)
"""One photo's file is gone; browsers fetch a photo's neighbours ahead."""


async def log_in(window: Any, password: str, *, name: str = "Carol") -> None:
    await window.get_by_label("Password").fill(password)
    await window.get_by_label("Your name").fill(name)
    await window.get_by_role("button", name="Log in").click()


async def test_a_stranger_logs_in_and_comes_to_the_view_that_was_asked_for(
    visit: Visit, guarded: Any
) -> None:
    window = await visit(guarded, "country=MY", forgiving=("status of 401", "status of 403"))
    assert "/login" in window.url

    await log_in(window, "wrong")
    await expect(window.get_by_role("alert")).to_be_visible()
    await log_in(window, CURATOR)

    await window.shows(3)
    await window.says("country", "MY")
    cookies = await window.context.cookies()
    assert {(each["httpOnly"], each["sameSite"]) for each in cookies} <= {
        (True, "Lax"),
        (True, "Strict"),
    }
    await window.get_by_role("button", name="Menu").click()
    await window.get_by_role("button", name="Log out").click()
    await window.wait_for_url("**/login**")


async def test_a_viewer_sees_no_personal_field_and_cannot_judge(visit: Visit, guarded: Any) -> None:
    window = await visit(guarded, "photo=flickr:2", forgiving=LOST)
    await log_in(window, VIEWER)
    await expect(window.get_by_role("dialog")).to_contain_text("All metadata")
    # A page of its own: what is answered to one that is left cannot be read any more.
    page = await window.context.new_page()
    replies: list[Any] = []

    def keep(reply: Any) -> None:
        if "/api/" in reply.url:
            replies.append(reply)

    page.on("response", keep)
    dialog = page.get_by_role("dialog")

    await page.goto(window.url)
    await expect(dialog).to_contain_text("All metadata")

    await expect(dialog.get_by_role("button", name="Accept")).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(page.locator("[data-count]")).to_have_attribute("data-count", "3")
    await expect(page.get_by_role("button", name="Review")).to_have_count(0)
    # Read here: what a listener still has under way when its page closes fails another test.
    answers = [await reply.text() for reply in replies]
    assert len(answers) >= 4
    assert SECRET not in await page.content()
    assert SECRET not in "".join(answers)


@once
async def test_a_curator_sees_personal_fields_where_the_key_is(visit: Visit, guarded: Any) -> None:
    window = await visit(guarded, "photo=flickr:2", forgiving=LOST)
    await log_in(window, CURATOR)

    personal = (
        window.get_by_role("dialog")
        .locator("section.block")
        .filter(has=window.get_by_role("heading", name="Personal"))
    )

    await expect(personal).to_contain_text(SECRET)
    await expect(personal.get_by_role("heading", name="Comments")).to_be_visible()


@once
async def test_without_the_key_it_says_why_they_stay_sealed(visit: Visit, keyless: Any) -> None:
    window = await visit(keyless, "photo=flickr:2", forgiving=LOST)

    personal = (
        window.get_by_role("dialog")
        .locator("section.block")
        .filter(has=window.get_by_role("heading", name="Personal"))
    )

    await expect(personal).to_contain_text("key")
    assert SECRET not in await window.content()
    await expect(window.locator(".banners")).to_contain_text("key")


@pytest.mark.parametrize("view", ["gallery", "map", "charts", "review"])
async def test_scripts_in_what_people_wrote_do_nothing(
    visit: Visit, keyless: Any, view: str
) -> None:
    window = await visit(keyless, f"view={view}&show=title,terms,country", forgiving=LOST)

    await window.shows(3)
    await expect(window.get_by_text("<script>", exact=False).first).to_be_attached()

    assert await window.evaluate("window.caught") is None
    assert await window.locator("main script, main img[onerror]").count() == 0


async def test_scripts_in_a_photos_texts_do_nothing(visit: Visit, keyless: Any) -> None:
    window = await visit(keyless, "photo=flickr:1", forgiving=LOST)
    dialog = window.get_by_role("dialog")

    await expect(dialog.locator(".description")).to_contain_text("<script>")

    assert await window.evaluate("window.caught") is None
    links = await dialog.locator("a").evaluate_all("links => links.map((link) => link.protocol)")
    assert set(links) <= {"http:", "https:"}
    # Its name is written from right to left from here on: what follows it must not be.
    title = dialog.get_by_role("heading").first.locator("bdi")
    await expect(title).to_contain_text("野生の猿")


@once
async def test_a_word_inside_of_a_name_is_found_in_any_script(visit: Visit, keyless: Any) -> None:
    window = await visit(keyless)
    await window.shows(3)

    await window.locator("[data-search]").fill("猿")

    await window.shows(1)
    await window.shows_photos(["flickr:1"])


async def test_a_file_that_is_gone_is_said_to_be(visit: Visit, keyless: Any) -> None:
    window = await visit(keyless, "photo=flickr:3", forgiving=LOST)

    await expect(window.locator(".stage-note")).to_contain_text("could not be loaded")
    await window.keyboard.press("Escape")

    await window.shows(3)
    await expect(window.photos).to_have_count(3)
    await expect(window.photos.filter(has_text="Lost")).to_contain_text("File missing")


@once
async def test_no_answer_holds_a_token(visit: Visit, keyless: Any) -> None:
    window = await visit(keyless)
    await window.shows(3)

    answers = [json.dumps(keyless.read(path)) for path in ("/api/photos", "/api/photos/flickr:1")]

    assert "gAAAA" not in "".join(answers)
