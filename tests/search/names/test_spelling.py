# ruff: noqa: RUF001 — names in other scripts are meant to be
"""Names as a person would type them."""

import pytest

from smart_image_scraper.search.names.spelling import names_among


def names(*texts: str, scientific: tuple[str, ...] = ()) -> list[str]:
    return list(names_among(texts, scientific=scientific))


def test_a_name_counts_once_whatever_its_case_and_its_form_in_unicode() -> None:
    assert names("Löwe", "löwe", "LO\u0308WE", "Löwin") == ["Löwe", "Löwin"]


@pytest.mark.parametrize(
    "text",
    ["Panthera leo", "panthera LEO", "lion (Panthera leo)x", "Panthera leo種", "the Panthera leo"],
)
def test_what_has_the_scientific_name_in_it_is_left_out(text: str) -> None:
    assert names("lion", text, scientific=("Panthera leo",)) == ["lion"]


def test_the_scientific_name_is_looked_for_by_whole_words() -> None:
    assert names("scarab", "Araçari", "ara", scientific=("Ara",)) == ["scarab", "Araçari"]


@pytest.mark.parametrize("text", ["🐒", "🐒 monkey", "monkey ♂️", "", "  ", "…", "(x)"])
def test_emoji_and_what_has_no_letters_are_left_out(text: str) -> None:
    assert names(text, "monkey") == ["monkey"]


@pytest.mark.parametrize("text", ["#monkey", "[ja] monkey", "-monkey"])
def test_what_means_something_else_in_a_file_of_terms_or_a_search_is_left_out(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("قِرْد", "قرد"),
        ("أَسَدٌ", "أسد"),
        ("Лев (Lev)", "Лев"),
        ("सिंह (singh", "सिंह"),
        ("鶴（鳥）", "鶴"),
        ("\u200eسعدان\u200f", "سعدان"),
        (" crab-eating \t macaque\n", "crab-eating macaque"),
        ("two\u2028lines", "two lines"),
        ("a \x1b[31mred\x00 one", "a [31mred one"),
        ("ʻōʻō", "ʻōʻō"),
        ("'i'iwi", "'i'iwi"),
        ("1984", "1984"),
    ],
)
def test_a_name_is_written_as_one_types_it(text: str, name: str) -> None:
    assert names(text) == [name]
