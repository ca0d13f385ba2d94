"""The imitation of Wikimedia Commons, by itself and beside recorded answers."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from smart_image_scraper.demo import Catalogue, CommonsSite

# What the recordings did not ask for, or what the older form of replies has.
NOT_COMPARED = {"descriptionshorturl", "ns"}
ASKED = {
    "gsrsearch": "filetype:bitmap monkey",
    "gsrlimit": "20",
    "iiurlwidth": "250",
}


@pytest.fixture
async def site() -> AsyncIterator[CommonsSite]:
    async with CommonsSite(Catalogue.made(400), per_reply=8) as site:
        yield site


async def ask(site: CommonsSite, *, agent: str = "test (a@example.org)", **more: str) -> Any:
    async with (
        aiohttp.ClientSession(headers={"User-Agent": agent}) as session,
        session.get(site.endpoint, params={**ASKED, **more}) as reply,
    ):
        return await reply.json() if reply.status == 200 else reply.status


async def test_a_batch_comes_in_parts_which_name_all_its_pages(site: CommonsSite) -> None:
    first = await ask(site)
    second = await ask(site, **first["continue"])
    third = await ask(site, **second["continue"])

    told = [
        {page["pageid"] for page in part["query"]["pages"] if "imageinfo" in page}
        for part in (first, second, third)
    ]
    named = {page["pageid"] for page in first["query"]["pages"]}
    assert [len(each) for each in told] == [8, 8, 4]
    assert set.union(*told) == named
    assert "batchcomplete" not in first
    assert third["batchcomplete"]


async def test_pages_come_by_their_ids_with_their_rank_beside(site: CommonsSite) -> None:
    pages = (await ask(site))["query"]["pages"]

    ids = [page["pageid"] for page in pages]
    assert ids == sorted(ids)
    assert {page["index"] for page in pages} == set(range(1, 21))
    assert [page["index"] for page in pages] != list(range(1, 21))


async def test_who_does_not_say_who_asks_is_kept_out(site: CommonsSite) -> None:
    assert await ask(site, agent="python-requests/2") == 403


async def test_the_imitation_tells_what_recorded_pages_tell(
    site: CommonsSite, shared: Path
) -> None:
    folder = shared / "fixtures/sources/commons"
    if not folder.is_dir():
        pytest.skip("needs the recorded answers of ../shared, which are not ours to pass on")
    recorded = json.loads((folder / "query_50_pages_with_continue.json").read_text())
    theirs = [page["imageinfo"][0] for page in recorded["query"]["pages"].values()]

    pages = (await ask(site))["query"]["pages"]

    ours = [page["imageinfo"][0] for page in pages if "imageinfo" in page]
    assert {key for file in theirs for key in file} - NOT_COMPARED <= set(ours[0])
    for file in (*theirs, *ours):
        for told in file["extmetadata"].values():
            assert {"value", "source"} <= told.keys()
    recorded_names = {name for file in theirs for name in file["extmetadata"]}
    assert {name for file in ours for name in file["extmetadata"]} <= recorded_names
