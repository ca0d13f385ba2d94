import pytest

from smart_image_scraper.photo import License


@pytest.mark.parametrize(
    ("word", "url"),
    [
        ("cc-by-2.0", "https://creativecommons.org/licenses/by/2.0/"),
        ("cc-by-nc-nd-4.0", "https://creativecommons.org/licenses/by-nc-nd/4.0/"),
        ("cc-by-sa-3.0-de", "https://creativecommons.org/licenses/by-sa/3.0/de/"),
        ("cc-by-2.5-scotland", "https://creativecommons.org/licenses/by/2.5/scotland/"),
        ("cc0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("lal-1.3", "https://artlibre.org/licence/lal/en/"),
        ("pdm-1.0", "https://creativecommons.org/publicdomain/mark/1.0/"),
        ("us-government-work", "https://www.usa.gov/government-copyright"),
        ("no-known-copyright-restrictions", "https://www.flickr.com/commons/usage/"),
    ],
)
def test_a_free_license_has_the_address_of_its_text(word: str, url: str) -> None:
    license_ = License.parse(word.upper())

    assert license_.is_free
    assert license_.url == url


@pytest.mark.parametrize("word", ["public-domain", "with-attribution", "copyrighted-free-use"])
def test_what_a_site_states_is_free_although_no_page_says_it(word: str) -> None:
    assert License(word).is_free
    assert License(word).url is None


@pytest.mark.parametrize("word", ["unknown", "all-rights-reserved"])
def test_an_unknown_license_is_never_free(word: str) -> None:
    assert not License(word).is_free
    assert License(word).url is None


@pytest.mark.parametrize("word", ["", "cc-by", "by-2.0", "cc-by-nd-sa-2.0", "gpl"])
def test_a_word_that_is_no_license_is_refused_with_examples(word: str) -> None:
    with pytest.raises(ValueError, match="is no licence; write one such as cc-by-2.0"):
        License.parse(word)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("cc-by-2.0", "CC BY 2.0"),
        ("cc-by-nc-sa-4.0", "CC BY-NC-SA 4.0"),
        ("cc-by-3.0-de", "CC BY 3.0 DE"),
        ("cc0-1.0", "CC0 1.0"),
        ("pdm-1.0", "Public Domain Mark 1.0"),
        ("gfdl-1.2", "GNU Free Documentation License 1.2"),
        ("public-domain", "Public domain"),
        ("all-rights-reserved", "All rights reserved"),
        ("unknown", "Unknown licence"),
        ("us-government-work", "United States government work"),
        ("no-known-copyright-restrictions", "No known copyright restrictions"),
    ],
)
def test_a_license_has_the_name_that_people_write(word: str, name: str) -> None:
    assert License(word).name == name
