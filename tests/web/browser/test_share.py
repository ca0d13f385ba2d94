"""What leaves the page: files of what matches, links; and what comes in by a reload."""

import csv
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Any]]

# Files and answers are the same at every size.
once = pytest.mark.parametrize("size", ["wide"], indirect=True)


@once
@pytest.mark.parametrize("format_", ["CSV", "JSON lines"])
async def test_what_matches_is_saved_as_a_file(
    visit: Visit, demo: Any, tmp_path: Path, format_: str
) -> None:
    window = await visit(demo, "country=PH")
    expected = [card["id"] for card in demo.read("/api/photos?country=PH&limit=256")["photos"]]
    await window.shows(len(expected))

    await window.get_by_role("button", name="Share").click()
    await window.get_by_role("button", name="Save as a file").click()
    dialog = window.get_by_role("dialog")
    await expect(dialog).to_contain_text(f"All {len(expected)} photos that match")
    await expect(window.get_by_text("Copy the link")).to_be_hidden()
    await dialog.get_by_role("radio", name=format_).check()
    async with window.expect_download() as saving:
        await dialog.get_by_role("link", name="Download").click()
    path = tmp_path / (await saving.value).suggested_filename
    await (await saving.value).save_as(path)

    text = path.read_text(encoding="utf-8-sig")
    rows = (
        list(csv.DictReader(text.splitlines(keepends=True)))
        if format_ == "CSV"
        else [json.loads(line) for line in text.splitlines()]
    )
    assert sorted(row["id"] for row in rows) == sorted(expected)
    await expect(dialog).to_have_count(0)
    await expect(window.get_by_role("button", name="Share")).to_be_focused()


async def test_the_link_to_the_view_is_copied(visit: Visit, demo: Any) -> None:
    window = await visit(
        demo, "country=PH&grid=2", permissions=["clipboard-read", "clipboard-write"]
    )
    await window.keep_notes()

    await window.get_by_role("button", name="Share").click()
    await window.get_by_role("button", name="Copy the link to this view").click()

    await expect(window.get_by_text("Copied.")).to_be_visible()
    assert await window.evaluate("navigator.clipboard.readText()") == window.url


async def test_a_button_reads_the_database_anew(visit: Visit, demo: Any) -> None:
    window = await visit(demo)
    await window.keep_notes()
    before = demo.read("/api/state")["loaded_at"]
    await window.shows(demo.read("/api/state")["photos"])

    if not window.is_wide:
        await window.get_by_role("button", name="Menu").click()
    await window.get_by_role("button", name="Reload from the database").click()

    await expect(window.get_by_text("Up to date.")).to_be_visible()
    state = demo.read("/api/state")
    assert (state["loading"], state["loaded_at"] >= before) == (False, True)
    await window.shows(state["photos"])


@once
async def test_the_api_is_described(visit: Visit, demo: Any) -> None:
    window = await visit(demo)

    paths = await window.evaluate("fetch('/api/openapi.json').then((reply) => reply.json())")

    assert {"/api/photos", "/api/facets", "/api/map", "/healthz"} <= set(paths["paths"])
