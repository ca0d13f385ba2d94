"""The charts: what there is of each, and clicks that filter."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Any]]

# What a click does, and real records, are the same at every size.
once = pytest.mark.parametrize("size", ["wide"], indirect=True)

TITLES = (
    *("Year taken", "Month of the year", "Hour of the day", "Scores: monkey", "Scores: cage"),
    *("Countries", "Search terms", "Licences", "Words in tags", "Owners by number of photos"),
)


async def test_there_is_a_chart_of_each(visit: Visit, demo: Any) -> None:
    window = await visit(demo, "view=charts")

    for title in TITLES:
        chart = window.get_by_role("region", name=title, exact=True)
        await expect(chart.locator(".bar, .column").first).to_be_visible()
    owners = dict(demo.read("/api/facets?only=owners")["owners"])
    chart = window.get_by_role("region", name="Owners by number of photos")
    await expect(chart.locator(".bar").first).to_contain_text(str(owners["1"]))


@once
@pytest.mark.parametrize(
    ("title", "facet", "name", "label"),
    [
        ("Countries", "country", "country", "Philippines"),
        ("Search terms", "term", "term", "parrot"),
        ("Words in tags", "tags", "text", "monkey"),
    ],
)
async def test_a_click_on_a_bar_filters_and_another_takes_that_back(
    visit: Visit, demo: Any, title: str, facet: str, name: str, label: str
) -> None:
    window = await visit(demo, "view=charts")
    everything = demo.read("/api/state")["photos"]
    chart = window.get_by_role("region", name=title, exact=True)
    bar = chart.locator("button.bar").filter(has=window.get_by_text(label, exact=True))

    await bar.click()
    await expect(bar).to_have_attribute("aria-pressed", "true")

    value = {"Philippines": "PH"}.get(label, label)
    await window.says(name, value)
    await window.shows(demo.read(f"/api/photos?{name}={value}&limit=1")["matching"])
    await bar.click()
    await window.shows(everything)


@once
async def test_years_and_scores_become_a_range_with_shift(visit: Visit, demo: Any) -> None:
    window = await visit(demo, "view=charts")
    years = window.get_by_role("region", name="Year taken")

    await years.get_by_role("button", name="2014:").click()
    await window.shows(demo.read("/api/photos?taken-from=2014&taken-to=2014&limit=1")["matching"])
    await years.get_by_role("button", name="2017:").click(modifiers=["Shift"])

    await window.shows(demo.read("/api/photos?taken-from=2014&taken-to=2017&limit=1")["matching"])
    scores = window.get_by_role("region", name="Scores: cage")
    await scores.get_by_role("button", name="0.9 to 1.0").click()
    await window.shows(
        demo.read("/api/photos?taken-from=2014&taken-to=2017&score=cage>=0.9&limit=1")["matching"]
    )


@once
async def test_a_table_says_the_same(visit: Visit, demo: Any) -> None:
    window = await visit(demo, "view=charts")
    chart = window.get_by_role("region", name="Countries", exact=True)

    await chart.first.get_by_role("button", name="Table: Countries").click()

    rows = chart.first.locator("tbody tr")
    counts = demo.read("/api/facets")["country"]
    await expect(rows).to_have_count(min(15, len(counts)))
    await expect(rows.first).to_contain_text(str(counts[0][1]))


@once
async def test_charts_of_real_records(visit: Visit, seed: Any) -> None:
    window = await visit(seed, "view=charts")

    chart = window.get_by_role("region", name="Countries", exact=True)

    counts = seed.read("/api/facets")["country"]
    await expect(chart.locator(".bar").first).to_contain_text(str(counts[0][1]))


async def test_a_click_on_a_bar_moves_no_chart(visit: Visit, demo: Any) -> None:
    window = await visit(demo, "view=charts")
    bar = window.get_by_role("region", name="Countries", exact=True).get_by_role(
        "button", name="Fiji"
    )
    await window.get_by_role("region", name="Words in tags").locator(".bar").first.wait_for()
    await bar.scroll_into_view_if_needed()
    before = await where(window)

    await bar.click()
    await window.shows(demo.read("/api/photos?country=FJ&limit=1")["matching"])
    await expect(window.locator(".chart[aria-busy=true]")).to_have_count(0)

    after = await where(window)
    moved = after["Year taken"][1] - before["Year taken"][1]  # by the row of chips that has come
    assert {name: (left, top + moved) for name, (left, top) in before.items()} == after


async def where(window: Any) -> dict[str, tuple[float, float]]:
    """Return where in the page each chart is."""
    found = await window.evaluate(
        """[...document.querySelectorAll(".chart")].map((chart) =>
        [chart.ariaLabel, Math.round(chart.offsetLeft), Math.round(chart.offsetTop)])"""
    )
    return {name: (left, top) for name, left, top in found}


@once
async def test_a_chart_is_one_stop_of_the_tab_key_and_arrows_lead_from_bar_to_bar(
    visit: Visit, demo: Any
) -> None:
    window = await visit(demo, "view=charts")
    months = window.get_by_role("region", name="Month of the year").locator("button.column")
    await months.first.focus()

    await window.keyboard.press("ArrowRight")
    await expect(months.nth(1)).to_be_focused()
    await window.keyboard.press("End")
    await expect(months.nth(11)).to_be_focused()
    await window.keyboard.press("Tab")

    switch = window.get_by_role("button", name="Table: Hour of the day")
    await expect(switch).to_be_focused()
    await window.keyboard.press("Shift+Tab")
    await expect(months.nth(11)).to_be_focused()


async def test_labels_can_be_read_whole_and_what_is_not_known_is_said(
    visit: Visit, seed: Any
) -> None:
    window = await visit(seed, "view=charts")
    facets = seed.read("/api/facets?only=missing,histograms")
    cameras = window.get_by_role("region", name="Cameras", exact=True)
    await expect(cameras.locator(".bar")).to_have_count(15)

    cut = await cameras.locator(".bar-label").evaluate_all(
        "(labels) => labels.filter((label) => label.scrollHeight > label.clientHeight + 1).length"
    )

    assert cut == 0
    missing = facets["missing"]
    await expect(cameras).to_contain_text(f"{missing['camera']} photos without a known camera.")
    countries = window.get_by_role("region", name="Countries", exact=True)
    await expect(countries).to_contain_text(f"{missing['country']} photos without a known country.")
    edges = window.get_by_role("region", name="Scores: cage").locator(".column-edges > span")
    assert await edges.all_inner_texts() == [f"{edge / 10:.1f}" for edge in range(11)]


@once
async def test_what_is_still_counted_is_not_said_to_be_nothing(visit: Visit, demo: Any) -> None:
    window = await visit(demo)
    counted = asyncio.Event()

    async def late(route: Any) -> None:
        await counted.wait()
        await route.continue_()

    await window.route("**/api/facets*only=owners*", late)
    await window.chosen("Charts")

    words = window.get_by_role("region", name="Words in tags")
    await expect(words).to_contain_text("Counting …")
    await expect(words).to_have_attribute("aria-busy", "true")
    counted.set()
    await expect(words.locator(".bar").first).to_be_visible()
    await expect(words).to_have_attribute("aria-busy", "false")


@once
async def test_where_no_photo_matches_only_what_leads_back_is_shown(
    visit: Visit, demo: Any
) -> None:
    window = await visit(demo, "view=charts&country=FJ&term=parrot")

    await expect(window.get_by_role("heading", name="No photo meets all of this")).to_be_visible()

    shown = window.locator(".chart:visible h2")
    await expect(shown).to_have_text(["Countries", "Search terms"])
