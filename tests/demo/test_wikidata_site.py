"""The imitation of Wikidata, by itself and beside a recorded item."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from smart_image_scraper.demo import WikidataSite
from smart_image_scraper.demo.wikidata_items import BY_ID

# What the form of dumps has besides, or what nothing here reads.
NOT_COMPARED = {"pageid", "ns", "title", "lastrevid", "modified"}


@pytest.fixture
async def site() -> AsyncIterator[WikidataSite]:
    async with WikidataSite() as site:
        yield site


async def ask(site: WikidataSite, *, agent: str = "test (a@example.org)", **asked: str) -> Any:
    async with (
        aiohttp.ClientSession(headers={"User-Agent": agent}) as session,
        session.get(site.endpoint, params=asked) as reply,
    ):
        return await reply.json() if reply.status == 200 else reply.status


async def test_exact_names_come_first_and_then_what_is_well_known(site: WikidataSite) -> None:
    found = await ask(site, action="wbsearchentities", search="monkey", language="en", limit="2")

    assert [row["id"] for row in found["search"]] == ["Q1100", "Q1101"]
    assert found["search-continue"] == 2
    assert found["search"][0]["match"] == {"type": "label", "language": "en", "text": "monkey"}


async def test_items_are_told_by_the_ids_that_were_asked_for(site: WikidataSite) -> None:
    told = await ask(site, action="wbgetentities", ids="Q1110|Q999", languages="ja")

    merged, missing = told["entities"]["Q1110"], told["entities"]["Q999"]
    assert merged["id"] == "Q1111"
    assert merged["redirects"] == {"from": "Q1110", "to": "Q1111"}
    assert merged["labels"] == {"ja": {"language": "ja", "value": "カニクイザル"}}
    assert missing == {"id": "Q999", "missing": ""}


async def test_too_many_items_are_refused_with_status_200(site: WikidataSite) -> None:
    told = await ask(site, action="wbgetentities", ids="|".join(f"Q{at}" for at in range(51)))

    assert told["error"]["code"] == "toomanyvalues"


async def test_who_does_not_say_who_asks_is_kept_out(site: WikidataSite) -> None:
    assert await ask(site, agent="python-requests/2", action="wbgetentities", ids="Q1") == 403


def test_a_made_item_has_the_form_of_a_recorded_one(shared: Path) -> None:
    recording = shared / "fixtures/sources/wikidata/entity_Q140_lion.json"
    if not recording.is_file():
        pytest.skip("needs the recorded answers of ../shared, which are not ours to pass on")
    recorded = json.loads(recording.read_text(encoding="utf-8"))

    ours = BY_ID["Q1111"].entity(())

    assert recorded.keys() - NOT_COMPARED == ours.keys()
    for part in ("labels", "descriptions"):
        assert ours[part]["en"].keys() == recorded[part]["en"].keys()
    assert ours["aliases"]["en"][0].keys() == recorded["aliases"]["en"][0].keys()
    for name in ("P31", "P141", "P225", "P846", "P1843"):
        made, told = (each["claims"][name][0] for each in (ours, recorded))
        assert made.keys() <= told.keys()
        values = [each["mainsnak"]["datavalue"]["value"] for each in (made, told)]
        assert type(values[0]) is type(values[1])
        if isinstance(values[0], dict):
            assert values[0].keys() <= values[1].keys()
