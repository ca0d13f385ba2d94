from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smart_image_scraper.photo.words import holds, joined_words, phrases_of
from smart_image_scraper.web.text_index import TextIndex, Texts, text_of


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., TextIndex]]:
    begun: list[TextIndex] = []

    def start(*titles: str, **fields: Any) -> TextIndex:
        index = TextIndex.begin(tmp_path)
        index.add(
            [
                text_of({"_id": f"flickr:{number}", "title": title, **fields})
                for number, title in enumerate(titles)
            ]
        )
        index.finish()
        begun.append(index)
        return index

    yield start
    for index in begun:
        index.close()


def found(index: TextIndex, text: str) -> list[int]:
    return sorted(index.numbers(phrases_of(text)).tolist())


WORDS = st.lists(
    st.sampled_from(
        ["monkey", "mon", "wild", "猿", "野", "の", "é", "🐒", "don't", "a-b", "Я", "·"]
    ),
    max_size=6,
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(titles=st.lists(WORDS, min_size=1, max_size=5), words=WORDS, quoted=st.booleans())
def test_the_index_finds_what_the_rule_of_words_says(
    begin: Callable[..., TextIndex], *, titles: list[list[str]], words: list[str], quoted: bool
) -> None:
    text = f'"{" ".join(words)}"' if quoted else " ".join(words)
    if not phrases_of(text):
        return
    written = ["".join(title) if quoted else " ".join(title) for title in titles]

    numbers = found(begin(*written), text)

    expected = [
        number
        for number, title in enumerate(written)
        if holds(joined_words([title]), phrases_of(text))
    ]
    assert numbers == expected


def test_nothing_is_found_across_two_texts(begin: Callable[..., TextIndex]) -> None:
    index = begin("野生", description="の猿")

    assert found(index, "野生の猿") == []
    assert found(index, "の猿") == [0]


def test_an_index_that_was_kept_is_opened_again(begin: Callable[..., TextIndex]) -> None:
    index = begin("a monkey", "a zoo", tags=["zoo", "猿"], machine_tags=["Taxonomy:Binomial=A b"])
    index.keep()
    index.close()

    again = TextIndex.open(index.folder)

    assert again is not None
    assert found(again, "monk") == [0]
    added = again.add([text_of({"_id": "flickr:9", "title": "monkeys", "tags": ["zoo"]})])
    assert added.numbers.tolist() == [2]
    texts = Texts(again, np.array([2, -1, 1], np.int32))
    assert texts.holding("monkey").tolist() == [True, False, False]
    assert texts.tags(np.array([0, 1, 2])) == {"zoo": 2, "猿": 1, "taxonomy:binomial=a b": 1}
    assert texts.has_species
    again.close()


def test_an_index_without_a_tag_is_opened_again(begin: Callable[..., TextIndex]) -> None:
    index = begin("wild monkey")
    index.keep()
    index.close()

    again = TextIndex.open(index.folder)

    assert again is not None
    assert found(again, "monkey") == [0]
    again.close()


@pytest.mark.parametrize("late", ["counts.npy", "codes.npy", "tags.json"])
def test_an_index_whose_keeping_was_cut_short_is_not_opened(
    begin: Callable[..., TextIndex], tmp_path: Path, late: str
) -> None:
    index = begin("one", "two", tags=["a"])
    index.keep()
    before = (index.folder / late).read_bytes()
    index.add([text_of({"_id": "flickr:3", "tags": ["b", "c"]})])
    index.keep()
    (index.folder / late).write_bytes(before)
    index.close()

    assert TextIndex.open(index.folder) is None


def test_what_is_no_index_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "words.sqlite").write_bytes(b"not a database" * 100)

    assert TextIndex.open(tmp_path) is None
    assert TextIndex.open(tmp_path / "nowhere") is None


def test_an_index_that_is_removed_leaves_nothing(
    begin: Callable[..., TextIndex], tmp_path: Path
) -> None:
    index = begin("a monkey")

    index.remove()

    assert list(tmp_path.iterdir()) == []


def test_of_very_many_tags_the_frequent_are_kept(
    begin: Callable[..., TextIndex], tmp_path: Path
) -> None:
    index = TextIndex.begin(tmp_path)
    rare = [f"tag{number}" for number in range(20_000)]
    index.add([text_of({"_id": "flickr:1", "tags": ["zoo", "often", *rare]})])
    index.add([text_of({"_id": "flickr:2", "tags": ["often"]})])

    index.finish()

    texts = Texts(index, np.array([0, 1], np.int32))
    counts = texts.tags(np.array([0, 1]))
    assert counts["often"] == 2
    assert len(counts) == 20_000
    index.close()
