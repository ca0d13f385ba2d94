"""The charts: what there is of each, and clicks that filter."""

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
