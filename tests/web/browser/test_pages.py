"""Every page: for all who read it, in the light and in the dark, on the smallest phone."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Any]]

# Colours and headers are the same at every size.
once = pytest.mark.parametrize("size", ["wide"], indirect=True)

VIEWS = {
    "gallery": ("country=PH&score=monkey%3E%3D0.1", "[data-photo] img[src]"),
    "map": ("view=map", ".map-count"),
    "charts": ("view=charts", ".chart .bar"),
    "review": ("view=review", ".judging-picture img"),
    "photo": ("country=MY&with-file=1&photo=", ".dialog-photo .facts"),
}

SCHEMES = ("light", "dark")


async def opened(visit: Visit, place: Any, view: str, **more: Any) -> Any:
    words, shown = VIEWS[view]
    if view == "photo":
        words += place.read("/api/photos?country=MY&with-file=1&limit=1")["photos"][0]["id"]
    window = await visit(place, words, reduced_motion="reduce", **more)
    await expect(window.locator(shown).first).to_be_visible()
    return window


async def serious(window: Any) -> list[str]:
    """What axe-core finds that keeps somebody out."""
    results = await Axe().run(window.page)
    return [
        f"{each['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for each in results.response["violations"]
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("view", VIEWS)
async def test_nothing_keeps_anybody_out(visit: Visit, demo: Any, view: str, scheme: str) -> None:
    window = await opened(visit, demo, view, color_scheme=scheme)

    assert await serious(window) == []


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_nothing_in_the_filters_the_menus_and_the_legend_keeps_anybody_out(
    visit: Visit, demo: Any, scheme: str
) -> None:
    window = await visit(demo, "country=PH", color_scheme=scheme, reduced_motion="reduce")
    await window.open_filters(
        "Scores", "Countries", "Date taken", "Views", "Licences", "Quality and files"
    )

    found = await serious(window)
    await window.close_filters()
    await window.get_by_role("button", name="Display").click()
    found += await serious(window)
    await window.keyboard.press("Escape")
    await window.keyboard.press("?")
    await expect(window.get_by_role("heading", name="Keys")).to_be_visible()
    found += await serious(window)

    assert found == []


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_nothing_at_the_door_keeps_anybody_out(
    visit: Visit, guarded: Any, scheme: str
) -> None:
    window = await visit(guarded, color_scheme=scheme)
    await expect(window.get_by_label("Password")).to_be_visible()

    assert await serious(window) == []


@pytest.mark.parametrize("view", VIEWS)
async def test_the_smallest_phone_scrolls_no_page_sideways(
    visit: Visit, demo: Any, view: str, size: str
) -> None:
    if size == "wide":
        pytest.skip("is about phones")
    window = await opened(visit, demo, view, viewport=(360, 740), is_mobile=True)

    widths = await window.evaluate("[document.documentElement.scrollWidth, innerWidth]")

    assert widths == [360, 360]


@once
async def test_dark_and_light_are_the_systems_or_what_was_chosen(visit: Visit, demo: Any) -> None:
    window = await visit(demo, color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    await window.shows(demo.read("/api/state")["photos"])
    dark = await window.evaluate(background)

    await window.get_by_role("button", name="Menu").click()
    await window.get_by_role("radio", name="Light").check()
    light = await window.evaluate(background)
    await window.reload()

    assert max(dark[:3]) < 60
    assert min(light[:3]) > 200
    await window.shows(demo.read("/api/state")["photos"])
    assert await window.evaluate(background) == light


@once
async def test_policy_lets_no_other_host_and_no_script_in(visit: Visit, demo: Any) -> None:
    window = await visit(demo)

    reply = await window.goto(demo.address)

    policy = await reply.header_value("content-security-policy")
    assert "default-src 'self'" in policy or "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "script-src 'self'" in policy
