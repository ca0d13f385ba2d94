"""Searching for all there is, for many terms, and the accounts of it."""

import fcntl
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from smart_image_scraper.cli.summary import line
from smart_image_scraper.demo import UNEVEN_TAG, Catalogue, FlickrSite
from smart_image_scraper.photo import SaturatedWindow, SearchAccount
from smart_image_scraper.pipeline import SearchSummary

MANY = 5_000


@pytest.fixture(scope="module")
def many() -> Catalogue:
    return Catalogue.made(MANY)


@pytest.fixture
def catalogue(request: pytest.FixtureRequest, many: Catalogue) -> Catalogue:
    make = getattr(request, "param", lambda: many)
    made: Catalogue = make()
    return made


@pytest.fixture
def flickr(catalogue: Catalogue, flickr_of: Callable) -> FlickrSite:
    return flickr_of(catalogue)


@pytest.fixture
def quick(environment: dict[str, str]) -> None:
    environment["SIS_FLICKR_CALLS_PER_SECOND"] = "1000"


def findable(site: FlickrSite, text: str) -> int:
    found = site.catalogue.find(text=text, safe_search="1", content_types="0", media="photos")
    return len(found)


def of(outcome: object) -> list[dict]:
    return [json.loads(line) for line in outcome.out.splitlines()]  # type: ignore[attr-defined]


@pytest.mark.usefixtures("quick")
def test_an_exhaustive_search_says_its_cost_first_and_finds_everything(
    sis: Callable, at_flickr: FlickrSite
) -> None:
    there = findable(at_flickr, "-nosuchword")
    assert there > 4_000

    outcome = sis("search", "--exhaustive", "--json", "--", "-nosuchword")

    (done,) = of(outcome)
    assert "searching for all of '-nosuchword': about 4," in outcome.err
    assert "windows of upload dates, about " in outcome.err
    assert (done["found"], done["new"], done["finished"]) == (there, there, True)
    assert done["account"]["saturated"] == []
    assert outcome.code == 0


@pytest.mark.usefixtures("quick")
def test_the_account_of_a_run_is_shown_and_exported_with_what_it_found(
    sis: Callable, at_flickr: FlickrSite
) -> None:
    (done,) = of(sis("search", "monkey", "--exhaustive", "--uploaded-to", "2012", "--json"))

    shown = sis("status", done["run"])
    (as_json,) = of(sis("status", done["run"], "--json"))
    exported = sis("export", "monkeys.csv")

    lines = shown.out.splitlines()
    assert lines[0].startswith(f"run {done['run']}: flickr 'monkey', finished 20")
    assert f"calls: {done['account']['calls']}" in lines
    assert "windows read to their end: 1" in lines
    assert as_json["account"]["photos"] == done["found"]
    (run,) = json.loads(Path("monkeys.csv.runs.json").read_text())
    assert run == as_json
    assert "monkeys.csv.runs.json: what 1 " in exported.err


@pytest.mark.usefixtures("quick", "at_flickr")
def test_a_search_cut_short_by_the_cap_says_what_the_rest_would_cost(sis: Callable) -> None:
    outcome = sis("search", "-n", "10000", "--", "-nosuchword")

    assert "Flickr shows 4,000 results of a search, and has more of '-nosuchword'" in outcome.err
    assert "--exhaustive would find them: about 4," in outcome.err


@pytest.mark.usefixtures("quick", "at_flickr")
def test_a_search_that_found_as_many_as_were_wanted_says_nothing_of_the_cap(sis: Callable) -> None:
    outcome = sis("search", "-n", "10", "--", "-nosuchword")

    assert "--exhaustive" not in outcome.err


@pytest.mark.usefixtures("quick", "at_flickr")
@pytest.mark.parametrize(
    "catalogue", [partial(Catalogue.uneven, 4_300, bursts=(0, 0, 4_300))], indirect=True
)
def test_what_the_cap_hides_is_named_by_the_search_and_by_its_account(sis: Callable) -> None:
    outcome = sis("search", "-t", UNEVEN_TAG, "--exhaustive", "--json")

    (done,) = of(outcome)
    (window,) = done["account"]["saturated"]
    shown = sis("status", done["run"]).out.splitlines()
    assert (window["license"], window["found"]) == ("all-rights-reserved", 4_000)
    assert "windows that hold more than flickr shows: 1" in shown
    assert any("all-rights-reserved, not geotagged: about 4," in line for line in shown)
    assert shown[-1].startswith("missing: about ")


def test_a_search_that_leaves_a_part_hidden_says_so_in_its_line() -> None:
    second = datetime(2017, 7, 14, tzinfo=UTC)
    hidden = SaturatedWindow(uploaded_from=second, uploaded_to=second, available=6_100, found=4_000)
    account = SearchAccount(attempts=70, available=9_000, windows=20, saturated=(hidden,))
    summary = SearchSummary(
        term="monkey",
        run="0123456789ab",
        found=7_000,
        new=6_000,
        known=1_000,
        erased=0,
        finished=True,
        account=account,
        photos=(),
    )

    assert line(summary) == (
        "search 'monkey': found 7,000 of about 9,000 (6,000 new, 1,000 already known) in 20 "
        "windows and 70 calls; 1 window holds more than Flickr shows, about 2,100 photos "
        "(`sis status 0123456789ab`)"
    )


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("exhaustive", [(), ("--exhaustive",)])
def test_a_dry_run_asks_once_for_each_term_and_changes_nothing(
    sis: Callable, at_flickr: FlickrSite, workspace: Path, exhaustive: tuple[str, ...]
) -> None:
    outcome = sis("scrape", "monkey", "サル", "--dry-run", *exhaustive, "--json")

    first, second = of(outcome)
    assert (first["stage"], first["term"], second["term"]) == ("plan", "monkey", "サル")
    assert first["available"] == pytest.approx(findable(at_flickr, "monkey"), rel=0.05)
    assert first["hours"] == pytest.approx(first["calls"] / 3300)
    assert at_flickr.calls() == 2
    assert not workspace.exists()


@pytest.mark.usefixtures("quick")
def test_a_plan_counts_the_boxes_of_a_country(sis: Callable, at_flickr: FlickrSite) -> None:
    (planned,) = of(sis("scrape", "monkey", "--country", "US", "--dry-run", "--json"))

    boxes = at_flickr.calls()
    assert boxes > 1
    assert planned["windows"] == boxes
    assert planned["calls"] >= 2 * boxes


@pytest.mark.usefixtures("quick", "at_flickr")
def test_a_plan_that_its_budget_does_not_allow_is_refused(sis: Callable) -> None:
    outcome = sis("scrape", "monkey", "サル", "--dry-run", "--max-calls", "1")

    assert outcome.code == 2
    assert "a plan takes a call for each term and each of its boxes" in outcome.err


@pytest.mark.usefixtures("quick", "at_flickr")
def test_a_plan_for_a_few_costs_a_few_calls(sis: Callable) -> None:
    (planned,) = of(sis("scrape", "--exhaustive", "-n", "5", "--dry-run", "--json", "monkey"))

    assert (planned["windows"], planned["calls"]) == (1, 2)


@pytest.mark.usefixtures("quick", "at_flickr")
def test_two_at_once_do_not_do_the_same_search(sis: Callable, workspace: Path) -> None:
    (done,) = of(sis("search", "monkey", "--exhaustive", "--json"))
    with (workspace / "locks" / f"run-{done['run']}").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)

        outcome = sis("search", "monkey", "--exhaustive")

    assert outcome.code == 1
    assert f"another process is at work on run {done['run']}; wait for it" in outcome.err
    assert sis("search", "monkey", "--exhaustive").code == 0


@pytest.mark.usefixtures("quick", "at_flickr")
def test_the_accounts_of_searches_that_found_nothing_are_exported_too(sis: Callable) -> None:
    sis("search", "monkey", "nosuchthing", "-n", "3")

    sis("export", "all.csv")
    sis("export", "some.csv", "--term", "monkey")

    accounts = {
        name: [run["term"] for run in json.loads(Path(f"{name}.csv.runs.json").read_text())]
        for name in ("all", "some")
    }
    assert sorted(accounts["all"]) == ["monkey", "nosuchthing"]
    assert accounts["some"] == ["monkey"]


@pytest.mark.usefixtures("quick", "at_flickr")
def test_an_account_adds_up_also_where_fewer_were_wanted_than_a_page_has(sis: Callable) -> None:
    (done,) = of(sis("search", "monkey", "-n", "60", "--json"))

    account = done["account"]
    parts = ("photos", "repeated", "videos", "outside", "unreadable")
    assert done["found"] == account["photos"] == 60
    assert account["rows"] == sum(account[part] for part in parts)


@pytest.mark.usefixtures("quick", "at_flickr")
def test_a_dry_run_counts_the_calls_for_details(sis: Callable) -> None:
    (planned,) = of(sis("scrape", "monkey", "-n", "50", "--dry-run", "--places", "--json"))

    assert planned["detail_calls"] == 50
    assert planned["hours"] == pytest.approx((planned["calls"] + 50) / 3300)


@pytest.mark.usefixtures("quick", "at_flickr")
def test_a_dry_run_reads_as_a_sentence(sis: Callable) -> None:
    outcome = sis("scrape", "monkey", "--dry-run")

    assert outcome.out.startswith("plan 'monkey': about ")
    assert "in 1 window, about " in outcome.out


@pytest.mark.usefixtures("quick")
def test_a_budget_that_is_used_up_leaves_a_search_that_goes_on(
    sis: Callable, at_flickr: FlickrSite
) -> None:
    everything = ("search", "--exhaustive", "--json", "--", "-nosuchword")
    there = findable(at_flickr, "-nosuchword")

    first = sis(*everything, SIS_MAX_CALLS="5")
    (done,) = of(first)
    waiting = sis("status", done["run"]).out
    second = sis(*everything)

    assert first.code == 0
    assert "the budget of 5 calls (--max-calls) is used up; what was found is kept" in first.err
    assert (done["finished"], done["account"]["calls"]) == (False, 5)
    assert "not finished; the same command goes on where it was" in waiting
    assert "going on after 0 windows and " in second.err
    (rest,) = of(second)
    assert (rest["found"], rest["finished"]) == (there, True)
    assert rest["account"]["calls"] == at_flickr.calls()


@pytest.mark.usefixtures("quick", "at_flickr")
def test_the_budget_of_a_command_is_an_option_too(sis: Callable) -> None:
    outcome = sis("search", "monkey", "サル", "-n", "2000", "--max-calls", "1", "--json")

    (done,) = of(outcome)
    assert (done["term"], done["account"]["calls"]) == ("monkey", 1)
    assert "not searched for yet: 'サル'" in outcome.err


@pytest.mark.usefixtures("quick")
def test_files_of_an_exhaustive_scrape_are_those_of_its_run(
    sis: Callable, at_flickr: FlickrSite
) -> None:
    sis("search", "parrot", "-n", "5")

    outcome = sis("scrape", "monkey", "--exhaustive", "-n", "3", "--size", "240", "--json")

    searched, downloaded, *_ = of(outcome)
    assert searched["found"] == 3
    assert downloaded["downloaded"] + sum(downloaded["failed"].values()) == 3
    assert at_flickr.fetches() >= 3


@pytest.mark.usefixtures("quick", "at_flickr")
def test_terms_come_from_a_file_with_comments_and_languages(sis: Callable) -> None:
    text = "# what to look for\n\nmonkey\n[ja] サル\n  [fr]  singe  \n"
    Path("terms.txt").write_text(text, encoding="utf-8")

    outcome = sis("search", "parrot", "--terms-file", "terms.txt", "-n", "5", "--json")

    assert [done["term"] for done in of(outcome)] == ["parrot", "monkey", "サル", "singe"]
    runs = {run["term"]: run["language"] for run in of(sis("status", "--json"))[0]["runs"]}
    assert runs == {"parrot": None, "monkey": None, "サル": "ja", "singe": "fr"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"# nothing\n", "there is no search term in it"),
        ("Affe über".encode("latin-1"), "not UTF-8 text; save it as UTF-8"),
        (b"monkey\n[fr]\n", "line 2: '[fr]' is no language and term, as in [ja]"),
        (b"[] monkey\n", "line 1: '[] monkey' is no language and term"),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_file_without_terms_is_refused(
    sis: Callable, content: bytes | None, why: str, workspace: Path
) -> None:
    if content is not None:
        Path("terms.txt").write_bytes(content)

    outcome = sis("search", "--terms-file", "terms.txt")

    assert outcome.code == 2
    assert f"terms.txt: {why}" in outcome.err
    assert not workspace.exists()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--exhaustive", "--order", "relevance"), "goes by date of upload"),
        (("--max-calls", "0"), "0 is not in the range x>=1"),
    ],
)
def test_what_an_exhaustive_search_cannot_do_is_said(
    sis: Callable, options: tuple[str, ...], why: str
) -> None:
    outcome = sis("search", "monkey", *options)

    assert outcome.code == 2
    assert why in outcome.err


@pytest.mark.usefixtures("quick", "at_flickr")
def test_a_run_that_is_not_there_is_an_error(sis: Callable) -> None:
    sis("search", "monkey", "-n", "1")

    outcome = sis("status", "nosuchrun")

    assert outcome.code == 2
    assert outcome.err == "sis: there is no run 'nosuchrun'; `sis status` lists the runs\n"
