import pytest

from smart_image_scraper.cli.wording import counted


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 photos"), (1, "1 photo"), (2_000, "2,000 photos")]
)
def test_one_thing_is_not_counted_as_several(count: int, expected: str) -> None:
    assert counted(count, "photo") == expected


def test_an_irregular_plural_is_given() -> None:
    countries = [counted(count, "country", plural="countries") for count in (1, 2)]

    assert countries == ["1 country", "2 countries"]
