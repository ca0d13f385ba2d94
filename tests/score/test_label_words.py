from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Label, PhotoId, PhotoLabels
from smart_image_scraper.score.label_words import LabelWords

SHIPPED = LabelWords.load()


def labels(*found: tuple[str, float], floor: float = 0.5) -> PhotoLabels:
    return PhotoLabels(
        photo=PhotoId("flickr:1"),
        model="service@1",
        picture="ab" * 32,
        labels=tuple(Label(description=name, score=score) for name, score in found),
        floor=floor,
        at=datetime(2026, 11, 25, tzinfo=UTC),
    )


def stands_for(description: str, concept: str, words: LabelWords = SHIPPED) -> bool:
    return words.stands_for(Label(description=description, score=0.9), concept=concept)


@pytest.mark.parametrize(
    ("description", "concept"),
    [
        ("Monkey", "monkey"),
        ("Rhesus macaque", "monkey"),
        ("Primate", "monkey"),
        ("Colobines", "monkey"),
        ("Old world monkeys", "monkey"),
        ("Common chimpanzee", "monkey"),
        ("Orangutan", "Monkeys "),
        ("Mesh", "cage"),
        ("Wire Fencing", "cage"),
        ("Chain-link fencing", "cage"),
        ("Nets", "cage"),
        ("People in nature", "person"),
        ("Women", "person"),
        ("Cat", "cats"),
        ("small to medium sized cats", "cat"),
        ("Red buses", "bus"),
        ("Butterflies", "butterfly"),
        ("Leaves", "leaf"),
    ],
)
def test_a_label_stands_for_a_concept_that_it_names_or_that_is_wider(
    description: str, concept: str
) -> None:
    assert stands_for(description, concept)


@pytest.mark.parametrize("word", ["Cabinet", "Internet", "Magnet", "Planet", "Network", "Bonnet"])
def test_a_net_is_not_found_within_another_word(word: str) -> None:
    assert not stands_for(word, "net")
    assert not stands_for(word, "cage")


@pytest.mark.parametrize(
    ("description", "concept"),
    [
        ("Competition", "monkey"),
        ("Petition", "monkey"),
        ("Monkey bars", "monkey"),
        ("Rib cage", "cage"),
        ("Human settlement", "person"),
        ("Crow-like bird", "crow"),
        ("cat like mammal", "cat"),
        ("Glass", "glas"),
        ("Bird cage fence", "bird fence"),
    ],
)
def test_what_only_sounds_like_the_concept_does_not_stand_for_it(
    description: str, concept: str
) -> None:
    assert not stands_for(description, concept)


def test_the_best_matching_label_is_the_score() -> None:
    found = labels(("Wildlife", 0.99), ("Primate", 0.71), ("Rhesus macaque", 0.86))

    score = SHIPPED.score(found, concept="monkey")

    assert (score.concept, score.model, score.value) == ("monkey", "service@1", 0.86)


def test_what_no_label_stands_for_is_below_the_floor_and_has_no_value() -> None:
    score = SHIPPED.score(labels(("Sky", 0.9)), concept="monkey")

    assert (score.value, score.below) == (None, 0.5)


def test_a_list_that_was_cut_has_a_higher_floor() -> None:
    score = SHIPPED.score(labels(("Sky", 0.9), floor=0.62), concept="monkey")

    assert score.below == 0.62


def test_own_words_are_added_to_those_known(tmp_path: Path) -> None:
    own = tmp_path / "words.toml"
    own.write_text('Cage = ["Aviary", "not mesh"]\nzebra = ["/m/0898b"]\n', encoding="utf-8")

    words = LabelWords.load(own)

    assert stands_for("Aviaries", "cage", words)
    assert stands_for("Fence", "cage", words)
    assert not stands_for("Wire mesh", "cage", words)
    assert words.stands_for(Label(description="Equus", score=0.9, mid="/m/0898b"), concept="zebra")


def test_names_that_stand_for_each_other_end(tmp_path: Path) -> None:
    own = tmp_path / "words.toml"
    own.write_text('a = ["b"]\nb = ["a", "c"]\n', encoding="utf-8")

    words = LabelWords.load(own)

    assert stands_for("C", "a", words)


def test_a_digest_tells_that_words_have_changed(tmp_path: Path) -> None:
    own = tmp_path / "words.toml"
    own.write_text('fence = ["hedge"]\n', encoding="utf-8")
    words = LabelWords.load(own)

    assert words.digest("monkey") == SHIPPED.digest("monkey")
    assert words.digest("cage") != SHIPPED.digest("cage")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("cage = [", "not readable as TOML"),
        ('cage = "fence"', "the entry 'cage' is no list of texts; write cage = "),
        ("cage = [1]", "the entry 'cage' is no list of texts"),
        (None, "the label words cannot be read"),
    ],
)
def test_own_words_that_cannot_be_read_are_named(
    tmp_path: Path, content: str | None, message: str
) -> None:
    own = tmp_path / "words.toml"
    if content is not None:
        own.write_text(content, encoding="utf-8")

    with pytest.raises(UsageError, match="words.toml: ") as raised:
        LabelWords.load(own)

    assert message in str(raised.value)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_may_be_a_label_and_a_concept(description: str, concept: str) -> None:
    assert stands_for(description, concept) in {True, False}


@given(st.from_regex(r"[a-z]{3,10}( [a-z]{3,10}){0,2}[a-hj-rtv-z]", fullmatch=True))
def test_a_label_always_stands_for_itself_and_its_plural(name: str) -> None:
    words = LabelWords({})

    assert stands_for(name, name, words)
    assert stands_for(f"{name}s", name, words)
