"""Asking for names, on the imitation of Wikidata."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from smart_image_scraper.demo import WikidataSite
from smart_image_scraper.errors import SettingsError, SourceError, TransientError, UsageError
from smart_image_scraper.net import HttpClient
from smart_image_scraper.search.names import Wikidata, clear_one

CONTACT = "mailto:me@example.org"


@pytest.fixture
async def site() -> AsyncIterator[WikidataSite]:
    async with WikidataSite() as site:
        yield site


@asynccontextmanager
async def asking(site: WikidataSite, *, pause_s: float = 0.001) -> AsyncIterator[Wikidata]:
    async with HttpClient(
        user_agent=f"test ({CONTACT})",
        allow=site.addresses,
        attempts=3,
        backoff_s=0.001,
        pause_s=pause_s,
        max_wait_s=4,
    ) as client:
        yield Wikidata(client, contact=CONTACT, endpoint=site.endpoint)


async def meant(site: WikidataSite, term: str) -> str | None:
    async with asking(site) as wikidata:
        item = clear_one(await wikidata.find(term, languages=("en",)))
    return item and item.id


@pytest.mark.parametrize(
    ("term", "number"),
    [
        ("monkey", "Q1100"),
        ("MONKEY ", "Q1100"),
        ("long-tailed macaque", "Q1111"),
        ("Macaca fascicularis", "Q1111"),
        ("カニクイザル", "Q1111"),
        ("Nasenaffe", "Q1121"),
        ("cage", "Q1301"),
        ("Q1202", "Q1202"),
        ("crane", None),
        ("Morus", None),
        ("long-tailed", None),
        ("nosuchword", None),
    ],
)
async def test_a_word_means_what_it_clearly_means_or_nothing(
    site: WikidataSite, term: str, number: str | None
) -> None:
    assert await meant(site, term) == number


async def test_names_take_two_calls_and_one_where_the_item_is_known(site: WikidataSite) -> None:
    async with asking(site) as wikidata:
        await wikidata.find("monkey", languages=("en", "zh"))
        await wikidata.item("Q1100", languages=None)
        await wikidata.find("nosuchword", languages=("en",))

    actions = [asked["action"] for asked in site.asked]
    assert actions == ["wbsearchentities", "wbgetentities", "wbgetentities", "wbsearchentities"]
    assert site.asked[1]["languages"] == "en|mul|zh|zh-hans|zh-hant"
    assert "languages" not in site.asked[2]
    assert {asked["maxlag"] for asked in site.asked} == {"5"}


async def test_more_languages_than_a_call_may_name_are_all_asked_for(site: WikidataSite) -> None:
    codes = tuple(f"x{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(60))

    async with asking(site) as wikidata:
        item = await wikidata.item("Q1100", languages=("de", *codes))

    assert item.names["de"] == ("Affe",)
    assert len(item.names) == 61
    assert "languages" not in site.asked[0]


async def test_a_page_that_lists_what_is_called_the_same_is_no_candidate(
    site: WikidataSite,
) -> None:
    async with asking(site) as wikidata:
        found = await wikidata.find("crane", languages=("en",))

    assert [each.item.id for each in found] == ["Q1201", "Q1202", "Q1203"]


async def test_an_item_that_was_merged_is_the_one_that_it_became(site: WikidataSite) -> None:
    async with asking(site) as wikidata:
        item = await wikidata.item("Q1110", languages=("en",))

    assert (item.id, item.label) == ("Q1111", "crab-eating macaque")


async def test_an_item_that_is_not_there_is_said(site: WikidataSite) -> None:
    async with asking(site) as wikidata:
        with pytest.raises(UsageError, match="Wikidata has no item Q999"):
            await wikidata.item("Q999", languages=("en",))


@pytest.mark.parametrize("number", ["P225", "Q", "Q0", "140", "Q140|Q141", "Q12345678901"])
async def test_what_is_no_id_is_not_asked_for(site: WikidataSite, number: str) -> None:
    async with asking(site) as wikidata:
        with pytest.raises(UsageError, match="is no item of Wikidata"):
            await wikidata.item(number, languages=("en",))

    assert site.asked == []


async def test_a_lagging_database_is_waited_for_as_long_as_it_asks(site: WikidataSite) -> None:
    site.lag()

    async with asking(site) as wikidata:
        with pytest.raises(Exception, match="asks for a pause of 5 s"):
            await wikidata.item("Q1100", languages=("en",))


async def test_a_refusal_that_may_pass_is_tried_again(site: WikidataSite) -> None:
    site.refuse_calls(429, 503)

    async with asking(site) as wikidata:
        item = await wikidata.item("Q1100", languages=("en",))

    assert (item.id, wikidata.sent()) == ("Q1100", 3)


async def test_an_error_with_status_200_is_no_empty_answer(site: WikidataSite) -> None:
    site.fail("no-such-entity", info="Could not find an entity.")

    async with asking(site) as wikidata:
        with pytest.raises(SourceError, match="Wikidata refused: Could not find an entity. \\(no-"):
            await wikidata.item("Q1100", languages=("en",))


async def test_a_broken_body_is_asked_for_again(site: WikidataSite) -> None:
    for _ in range(3):
        site.answer(None)

    async with asking(site) as wikidata:
        with pytest.raises(TransientError, match="Wikidata sent an answer that is no JSON"):
            await wikidata.find("monkey", languages=("en",))

    assert len(site.asked) == 3


@pytest.mark.parametrize("answer", [[], "no", {}, {"search": {}}, {"entities": []}])
async def test_an_answer_that_is_no_reply_is_no_empty_answer(
    site: WikidataSite, answer: object
) -> None:
    site.answer(answer)
    site.answer(answer)

    async with asking(site) as wikidata:
        with pytest.raises(SourceError, match="no reply to a query"):
            await wikidata.find("monkey", languages=("en",))
        with pytest.raises(SourceError, match="no reply to a query"):
            await wikidata.item("Q1100", languages=("en",))


@pytest.mark.parametrize(
    "answer",
    [
        {"search": [{}, 5, {"id": "P31"}, {"id": None}]},
        {"search": [{"id": "Q999", "match": "x"}]},
    ],
)
async def test_hits_that_are_no_items_are_left_out(site: WikidataSite, answer: object) -> None:
    site.answer(answer)

    async with asking(site) as wikidata:
        assert await wikidata.find("monkey", languages=("en",)) == []


async def test_without_a_contact_nothing_is_asked(site: WikidataSite) -> None:
    async with HttpClient(user_agent="test", allow=site.addresses) as client:
        with pytest.raises(SettingsError, match="set SIS_CONTACT"):
            Wikidata(client, contact=" ", endpoint=site.endpoint)
