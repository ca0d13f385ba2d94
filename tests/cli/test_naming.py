"""Names of things, from a word to a search by all of them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from smart_image_scraper.cli.naming import LANGUAGE_CODES
from smart_image_scraper.cli.network import http_client
from smart_image_scraper.cli.session import session
from smart_image_scraper.demo import FlickrSite, WikidataSite
from smart_image_scraper.search.names import USUAL_LANGUAGES


@pytest.fixture
def site(
    run_site: Callable[[WikidataSite], WikidataSite], environment: dict[str, str]
) -> WikidataSite:
    """An imitation of Wikidata, with the settings that let commands use it."""
    site = run_site(WikidataSite())
    environment["SIS_WIKIDATA_URL"] = site.endpoint
    environment["SIS_WIKIDATA_CALLS_PER_SECOND"] = "10"
    environment["SIS_CONTACT"] = "mailto:me@example.org"
    environment["SIS_ALLOW_ADDRESSES"] = ",".join(site.addresses)
    return site


def test_the_usual_languages_are_wanted_where_none_are_named() -> None:
    assert tuple(LANGUAGE_CODES.split(",")) == USUAL_LANGUAGES


def test_the_names_of_a_species_are_shown_with_what_else_is_known(
    sis: Callable, site: WikidataSite
) -> None:
    outcome = sis("names", "long-tailed macaque", "--language", "en,ms,id,tl,ja")

    assert outcome.code == 0, outcome.err
    assert outcome.out.splitlines() == [
        "Q1111\tcrab-eating macaque\tspecies of Old World monkey\tMacaca fascicularis",
        "address: https://www.wikidata.org/wiki/Q1111",
        "IUCN status: EN",
        "GBIF id: 2436611",
        "iNaturalist id: 43456",
        "IUCN id: 12551",
        "en: crab-eating macaque, long-tailed macaque, Cynomolgus Monkey",
        "ms: kera",
        "id: Monyet kra, monyet ekor panjang",
        "ja: カニクイザル",
    ]
    assert "Wikidata has no other name of Q1111 in: tl" in outcome.err
    assert not Path("sis-data").exists()
    assert {"mailto:me@example.org" in agent for agent in site.user_agents} == {True}


@pytest.mark.usefixtures("site")
def test_machines_are_told_the_same_and_what_is_not_known_is_null(sis: Callable) -> None:
    told = json.loads(sis("names", "monkey", "--language", "en,zh,tl", "--json").out)

    assert told.pop("retrieved_at").endswith("+00:00")
    assert [other["item"] for other in told.pop("not_taken")] == ["Q1101", "Q1102"]
    assert told == {
        "stage": "names",
        "item": "Q1100",
        "label": "monkey",
        "description": "animals of the order primates, but for apes",
        "scientific_name": None,
        "address": "https://www.wikidata.org/wiki/Q1100",
        "license": "CC0-1.0",
        "iucn_status": None,
        "ids": {"gbif": None, "inaturalist": None, "iucn": None},
        "names": {
            "en": ["monkey", "monkeys"],
            "zh": ["猴", "猴子"],
            "zh-hans": ["猴子"],
            "zh-hant": ["猴", "猢猻"],
            "tl": ["unggoy"],
        },
    }


@pytest.mark.usefixtures("site")
def test_all_languages_are_those_that_have_a_name(sis: Callable) -> None:
    everything = sis("names", "cage", "--language", "all")
    some = sis("names", "cage", "--language", "en,ko")

    assert everything.out.splitlines()[2:] == [
        "en: cage",
        "it: gabbia",
        "fr: cage",
        "de: Käfig",
    ]
    assert "has no name" not in everything.err
    assert "Wikidata has no name of Q1301 in: ko" in some.err


@pytest.mark.usefixtures("site")
def test_what_else_is_called_so_is_told(sis: Callable) -> None:
    outcome = sis("names", "monkey")

    assert "not taken: Q1101\tMonkey\tninth animal of the Chinese zodiac\t-" in outcome.err


@pytest.mark.usefixtures("site")
def test_a_word_of_several_meanings_is_answered_by_all_of_them_and_an_error(sis: Callable) -> None:
    outcome = sis("names", "crane", "--to", "terms.txt")
    for_machines = sis("names", "crane", "--json")

    assert outcome.code == for_machines.code == 2
    assert outcome.out.splitlines() == [
        "Q1201\tcrane\tfamily of birds\tGruidae",
        "Q1202\tcrane\tmachine that lifts loads\t-",
        "Q1203\tCrane\tfamily name\t-",
    ]
    assert "not clear which of these 'crane' means" in outcome.err
    assert "`sis names --item Q1201`" in outcome.err
    candidates = json.loads(for_machines.out)["candidates"]
    assert [each["item"] for each in candidates] == ["Q1201", "Q1202", "Q1203"]
    assert not Path("terms.txt").exists()


@pytest.mark.usefixtures("site")
def test_an_item_can_be_named_and_one_that_was_merged_is_said(sis: Callable) -> None:
    crane, macaque = sis("names", "--item", "Q1202"), sis("names", "--item", "q1110 ")

    assert "de: Kran\n" in crane.out
    assert macaque.out.startswith("Q1111\t")
    assert "Q1110 was merged into Q1111" in macaque.err


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give the name of one thing, or its item"),
        ((" ",), "give the name of one thing, or its item"),
        (("monkey", "--item", "Q1100"), "give the name of one thing, or its item"),
        (("nosuchword",), "knows nothing that is called 'nosuchword'"),
        (("--item", ""), "'' is no item of Wikidata"),
        (("--item", "Q999"), "Wikidata has no item Q999"),
        (("--item", "crane"), "'CRANE' is no item of Wikidata"),
        (("monkey", "--language", "en,pt_BR"), "'pt_br' is no code of a language"),
        (("monkey", "--language", "en,all"), "'all' is no code of a language"),
        (("monkey", "--language", " "), "name languages, as in en,ja,zh, or all"),
        (("monkey", "--to", "no/terms.txt"), "there is no folder no"),
        (("--item", "Q1111", "--language", "tl", "--to", "."), "is there already"),
        (("--item", "Q1203", "--language", "tl", "--to", "x.txt"), "there is no name of Q1203"),
    ],
)
def test_what_cannot_be_answered_is_said(
    sis: Callable, arguments: tuple[str, ...], said: str
) -> None:
    outcome = sis("names", *arguments)

    assert outcome.code == 2
    assert said in outcome.err
    assert not Path("x.txt").exists()


def test_a_file_that_is_there_is_replaced_only_when_asked_for(
    sis: Callable, site: WikidataSite
) -> None:
    Path("terms.txt").write_text("my own\n", encoding="utf-8")

    refused = sis("names", "monkey", "--to", "terms.txt")
    kept, asked = Path("terms.txt").read_text(encoding="utf-8"), len(site.asked)
    replaced = sis("names", "monkey", "--to", "terms.txt", "--replace")

    assert (refused.code, kept, asked) == (2, "my own\n", 0)
    assert "name another file, or add --replace" in refused.err
    assert replaced.code == 0, replaced.err
    assert "[ja] サル\n" in Path("terms.txt").read_text(encoding="utf-8")
    assert list(Path().iterdir()) == [Path("terms.txt")]


def test_names_become_searches_of_their_languages(
    sis: Callable, site: WikidataSite, environment: dict[str, str], at_flickr: FlickrSite
) -> None:
    environment["SIS_ALLOW_ADDRESSES"] = ",".join((*site.addresses, *at_flickr.addresses))
    found = sis("names", "monkey", "--language", "en,ja,de", "--to", "terms.txt")

    searched = sis("search", "--terms-file", "terms.txt", "-n", "3")

    assert "terms.txt: 7 terms for --terms-file, in 3 languages" in found.err
    assert searched.code == 0, searched.err
    runs = json.loads(sis("status", "--json").out)["runs"]
    assert {(run["term"], run["language"]) for run in runs} >= {
        ("monkey", "en"),
        ("サル", "ja"),
        ("Affe", "de"),
    }
    assert len(runs) == 7


def test_without_a_contact_wikidata_is_not_asked(sis: Callable, site: WikidataSite) -> None:
    outcome = sis("names", "monkey", SIS_CONTACT="")

    assert outcome.code == 2
    assert "set SIS_CONTACT" in outcome.err
    assert site.user_agents == set()


@pytest.mark.usefixtures("site")
def test_calls_count_in_the_budget_of_a_command(sis: Callable) -> None:
    outcome = sis("names", "monkey", SIS_MAX_CALLS="1")

    assert outcome.code == 1


def test_wikidata_is_asked_one_call_after_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SIS_STATE_DIR", str(tmp_path))

    with session(source="wikidata") as opened:
        client = http_client(opened)

    assert client._connections["www.wikidata.org"] == 1
    assert client._limiters["www.wikidata.org"] is opened.budget
