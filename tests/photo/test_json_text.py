import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smart_image_scraper.photo.json_text import decode, encode, members

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None)
@given(values=st.dictionaries(st.text(), JSON, max_size=4), indent=st.none() | st.integers(0, 3))
def test_members_are_what_an_object_holds(values: dict[str, object], indent: int | None) -> None:
    found = members(json.dumps(values, indent=indent))

    assert json.dumps({json.loads(name): json.loads(value) for name, value in found}) == json.dumps(
        values
    )


def test_members_stand_as_they_are_written() -> None:
    text = ' { "a\\u0062" : 1.50 , "c":"\\/" ,\n"c":[ 1 , {"x":2} ] } '

    assert members(text) == [
        ('"a\\u0062"', "1.50"),
        ('"c"', '"\\/"'),
        ('"c"', '[ 1 , {"x":2} ]'),
    ]


@pytest.mark.parametrize("text", ["", "[]", "1", "{", '{"a":}', "{}{}", '{"a":' * 100_000])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        members(text)


def test_a_number_of_any_length_stays_its_text() -> None:
    assert decode("9" * 5000) == "9" * 5000
    assert decode("-1.50e+3") == "-1.50e+3"


@pytest.mark.parametrize(
    ("value", "text"),
    [  # what pandas 3.1 writes
        (0.1, "0.1"),
        (1 / 3, "0.3333333333"),
        (116.97916666666667, "116.9791666667"),
        (1e-7, "0.0000001"),
        (-1.25, "-1.25"),
        (4.0, "4.0"),
        (float("nan"), "null"),
        (None, "null"),
        (-3, "-3"),
        (
            'é/\x00\x1f"\\\n\t\b\f😀\u2028<>&',
            '"\\u00e9\\/\\u0000\\u001f\\"\\\\\\n\\t\\b\\f\\ud83d\\ude00\\u2028<>&"',
        ),
    ],
)
def test_values_are_written_as_pandas_writes_them(value: float | str | None, text: str) -> None:
    assert encode(value) == text
