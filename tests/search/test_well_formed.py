import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smart_image_scraper.search.well_formed import well_formed


@settings(deadline=None)
@given(text=st.text())
def test_text_that_utf8_can_hold_stays_as_it_is(text: str) -> None:
    assert well_formed(text) == text


@settings(deadline=None)
@given(text=st.text(st.characters()))
def test_any_text_becomes_one_that_utf8_can_hold(text: str) -> None:
    well_formed(text).encode()


@pytest.mark.parametrize(("text", "expected"), [("a\ud83d", "a\ufffd"), ("\udcffb", "\ufffdb")])
def test_half_a_character_becomes_the_sign_for_one(text: str, expected: str) -> None:
    assert well_formed(text) == expected
