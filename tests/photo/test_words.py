import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Filter
from smart_image_scraper.photo.words import holds, joined_words, phrases_of, words_of


@pytest.mark.parametrize(
    ("texts", "looked_for"),
    [
        (["野生の猿"], "猿"),
        (["野生の猿"], "野生"),
        (["Wild MONKEYS of Borneo"], "monkey"),
        (["Wild MONKEYS of Borneo"], "borneo mon"),
        (["Café Ångström, Łódź"], "cafe angstrom lodz"),
        (["cafe"], "CAFÉ"),
        (["야생원숭이를 봤다"], "원숭이"),
        (["ลิงป่า"], "ป่า"),
        (["बंदर और लंगूर"], "लंगूर"),
        (["big 🐒!"], "🐒"),
        (["The long-tailed macaque"], '"long tailed"'),
        (["The long-tailed macaque"], "long-tailed"),
        (['<a href="https://a.example/x">Bali</a> &amp; Lombok'], "bali lombok"),
        (["straße"], "strasse"),
    ],
)
def test_words_are_found_in_any_script_by_their_beginnings(
    texts: list[str], looked_for: str
) -> None:
    assert holds(joined_words(texts), phrases_of(looked_for))


@pytest.mark.parametrize(
    ("texts", "looked_for"),
    [
        (["magnet"], "net"),
        (["monkey"], "monkeys"),
        (["a tailed one, long"], '"long tailed"'),
        (["the long", "tailed one"], '"long tailed"'),
        (["野生", "の猿"], "野生の猿"),
        (["ザル"], "サル"),
        (['<a href="https://a.example/x">Bali</a>'], "href"),
        ([], "monkey"),
    ],
)
def test_what_is_not_there_is_not_found(texts: list[str], looked_for: str) -> None:
    assert not holds(joined_words(texts), phrases_of(looked_for))


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_each_word_and_the_whole_text_are_found_in_what_they_come_from(
    before: str, text: str, after: str
) -> None:
    line = joined_words([before, text, after])

    assert holds(line, [tuple(words_of(text))] if words_of(text) else [])
    assert all(holds(line, [(word,)]) for word in words_of(text))


@given(st.text(max_size=20))
def test_words_of_words_are_the_same_words(text: str) -> None:
    words = words_of(text)

    assert words_of(" ".join(words)) == words


def test_a_filter_for_a_text_without_words_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no word to look for in the text '\?!'"):
        Filter(text="?!")
