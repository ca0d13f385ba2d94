import pytest

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import License
from smart_image_scraper.search.flickr.licenses import license_numbers, license_of


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("0", "all-rights-reserved"),
        ("1", "cc-by-nc-sa-2.0"),
        ("4", "cc-by-2.0"),
        ("7", "no-known-copyright-restrictions"),
        ("8", "us-government-work"),
        ("9", "cc0-1.0"),
        ("10", "pdm-1.0"),
        ("11", "cc-by-4.0"),
        ("16", "cc-by-nc-nd-4.0"),
    ],
)
def test_a_number_stands_for_a_licence(number: str, word: str) -> None:
    assert license_of(number) == License(word)


@pytest.mark.parametrize("number", [None, "", "17", "-1", "04", "four"])
def test_a_number_that_flickr_has_not_given_out_is_an_unknown_licence(number: str | None) -> None:
    assert license_of(number) == License.UNKNOWN


def test_licences_are_asked_for_by_their_numbers_in_order_and_each_once() -> None:
    wanted = [License("cc-by-4.0"), License("cc-by-nc-2.0"), License("cc-by-4.0")]

    assert license_numbers(wanted) == "2,11"


def test_a_licence_that_flickr_does_not_have_is_refused_with_the_list_of_those_it_has() -> None:
    with pytest.raises(UsageError) as refused:
        license_numbers([License("cc-by-3.0-de"), License("cc-by-2.0"), License.UNKNOWN])

    assert str(refused.value).startswith(
        "Flickr has no photos under cc-by-3.0-de, unknown; its licences are all-rights-reserved, "
    )
    assert "cc-by-nc-nd-4.0" in str(refused.value)
