"""Names as a file of terms."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.cli.queries import Term, TermsFile
from smart_image_scraper.demo.wikidata_items import BY_ID
from smart_image_scraper.search.names import Item, terms_of, terms_text
from smart_image_scraper.search.names.item import read_item
from smart_image_scraper.search.names.spelling import names_among

NOW = datetime(2026, 11, 26, 7, 30, tzinfo=UTC)


def made(number: str, *languages: str) -> Item:
    return read_item(BY_ID[number].entity(()), languages=languages or None)


def read(text: str, folder: Path) -> tuple[Term, ...]:
    path = folder / "terms.txt"
    path.write_text(text, encoding="utf-8")
    return TermsFile().convert(path, None, None)


def test_the_file_says_what_it_is_of_and_has_a_name_a_line() -> None:
    text = terms_text(made("Q1111", "en", "ms", "tl", "ja"), retrieved_at=NOW)

    assert text.splitlines() == [
        "# Names of Q1111 (crab-eating macaque, species of Old World monkey)",
        "# from Wikidata, https://www.wikidata.org/wiki/Q1111, licence CC0-1.0",
        "# retrieved 2026-11-26 07:30 UTC",
        "Macaca fascicularis",
        "[en] crab-eating macaque",
        "[en] long-tailed macaque",
        "[en] Cynomolgus Monkey",
        "[ms] kera",
        "[ja] カニクイザル",
    ]


def test_a_name_of_several_languages_is_searched_for_once() -> None:
    terms = terms_of(made("Q1301", "en", "fr", "it"))

    assert terms == {"en": ["cage"], "it": ["gabbia"]}


def test_what_a_description_has_in_it_stays_in_the_comment(tmp_path: Path) -> None:
    item = replace(made("Q1301", "en"), description="a\nterm\u2028of\x85its own")

    terms = read(terms_text(item, retrieved_at=NOW), tmp_path)

    assert terms == (Term(text="cage", language="en"),)


@given(texts=st.lists(st.text(max_size=12), min_size=1))
def test_every_name_that_is_kept_is_read_again(
    texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    names = tuple(names_among(texts, scientific=()))
    item = replace(made("Q1111", "en"), names={"ja": names})

    terms = read(terms_text(item, retrieved_at=NOW), tmp_path_factory.getbasetemp())

    assert terms == (
        Term(text="Macaca fascicularis"),
        *(Term(text=name, language="ja") for name in names),
    )
