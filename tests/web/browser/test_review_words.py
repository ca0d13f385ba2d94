"""What the review says of the filter, and of numbers that differ from those elsewhere."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    # The words are the same at every size.
    pytest.mark.parametrize("size", ["wide"], indirect=True),
]

Visit = Callable[..., Awaitable[Any]]


async def test_a_queue_that_the_filter_does_not_narrow_says_so(visit: Visit, demo: Any) -> None:
    window = await visit(demo, "view=review&concept=cage&country=PH")
    note = window.locator(".review-unfiltered")
    await expect(note).to_contain_text("The filter does not count here.")

    await note.get_by_role("button", name="Keep to it").click()

    await expect(note).to_have_count(0)
    assert ("queue", "filter") in await window.words()
    left = demo.read("/api/photos?country=PH&review=cage=none&limit=1")["matching"]
    await expect(window.locator(".review-left")).to_contain_text(f"{left} left")


async def test_why_a_photo_is_asked_for_is_told_apart_from_its_score(
    visit: Visit, demo: Any
) -> None:
    window = await visit(demo)

    async def unsure(route: Any) -> None:
        answer = await (await route.fetch()).json()
        first = answer["photos"][0]
        first["card"]["scores"]["cage"], first["probability"] = 0.91, 0.52
        await route.fulfill(json=answer)

    await window.route("**/api/reviews/next?*", unsure)
    await window.go("view=review&concept=cage")

    guess = window.locator(".guess")
    await expect(guess).to_contain_text("cage 0.52")
    await expect(guess).to_contain_text("its score is 0.91")
