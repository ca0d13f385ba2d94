import pytest

from smart_image_scraper.search.commons.licenses import license_of

CC = "creativecommons.org"


@pytest.mark.parametrize(
    ("page", "word"),
    [
        (f"https://{CC}/licenses/by-sa/4.0", "cc-by-sa-4.0"),
        (f"http://{CC}/licenses/by/2.0/", "cc-by-2.0"),
        (f"//{CC}/licenses/by/3.0/legalcode", "cc-by-3.0"),
        (f"https://{CC}/licenses/by-sa/3.0/de/deed.en", "cc-by-sa-3.0-de"),
        (f"https://{CC}/licenses/by-sa/2.5/scotland/", "cc-by-sa-2.5-scotland"),
        (f"https://{CC}/licenses/by/3.0/igo/", "cc-by-3.0-igo"),
        (f"https://{CC}/licenses/by/4.0/deed", "cc-by-4.0"),
        (f"https://{CC}/licenses/by/4.0/?ref=site#terms", "cc-by-4.0"),
        (f"https://{CC}/licenses/by/4.0/rdf", "unknown"),
        (f"https://{CC}/licenses/by-nc-nd/4.0/", "cc-by-nc-nd-4.0"),
        (f"https://{CC}/publicdomain/zero/1.0/deed.en", "cc0-1.0"),
        (f"https://{CC}/publicdomain/mark/1.0/deed.de", "pdm-1.0"),
        ("https://www.flickr.com/commons/usage/", "no-known-copyright-restrictions"),
        ("http://artlibre.org/licence/lal/en/", "lal-1.3"),
        ("https://www.gnu.org/licenses/old-licenses/fdl-1.2.html", "gfdl-1.2"),
        (
            "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            "ogl-uk-3.0",
        ),
        (f"https://{CC}/licenses/sa/1.0/", "unknown"),
        (f"https://{CC}.example.org/licenses/by/4.0", "unknown"),
        ("https://example.org/my-licence", "unknown"),
    ],
)
def test_a_licence_is_known_by_its_page(page: str, word: str) -> None:
    assert license_of({"LicenseUrl": page}).word == word


def test_the_page_is_believed_before_the_names() -> None:
    texts = {
        "LicenseUrl": f"https://{CC}/licenses/by-sa/3.0/de/",
        "License": "cc-by-sa-4.0",
        "LicenseShortName": "CC BY 2.0",
    }

    assert license_of(texts).word == "cc-by-sa-3.0-de"


@pytest.mark.parametrize(
    ("texts", "word"),
    [
        ({"License": "cc-by-sa-4.0"}, "cc-by-sa-4.0"),
        ({"License": "cc-by-sa-3.0-es"}, "cc-by-sa-3.0-es"),
        ({"License": "cc0"}, "cc0-1.0"),
        ({"License": "pd"}, "public-domain"),
        ({"LicenseShortName": "Public domain"}, "public-domain"),
        ({"LicenseShortName": "CC BY-SA 3.0 at"}, "cc-by-sa-3.0-at"),
        ({"LicenseShortName": "No restrictions"}, "no-known-copyright-restrictions"),
        ({"LicenseShortName": "Attribution"}, "with-attribution"),
        ({"LicenseShortName": "Copyrighted free use"}, "copyrighted-free-use"),
        ({"LicenseShortName": "FAL"}, "lal-1.3"),
        ({"UsageTerms": "GFDL 1.2"}, "gfdl-1.2"),
        ({"LicenseShortName": "GFDL"}, "gfdl-1.2"),
    ],
)
def test_without_a_page_a_licence_is_known_by_its_names(texts: dict[str, str], word: str) -> None:
    assert license_of(texts).word == word


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"License": "", "LicenseShortName": " "},
        {"LicenseShortName": "CC BY"},
        {"LicenseShortName": "Fair use"},
        {"License": "cc-by-sa-4.0 and more"},
        {"UsageTerms": "Free for everybody, I swear"},
    ],
)
def test_what_is_not_known_is_unknown_and_so_not_free(texts: dict[str, str]) -> None:
    assert license_of(texts).word == "unknown"
    assert not license_of(texts).is_free


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"DeletionReason": "No source"}, "unknown"),
        ({"NonFree": "true"}, "unknown"),
        ({"NonFree": "1"}, "unknown"),
        ({"NonFree": "False"}, "cc-by-4.0"),
        ({}, "cc-by-4.0"),
    ],
)
def test_a_licence_that_is_in_doubt_is_not_believed(told: dict[str, str], word: str) -> None:
    assert license_of({"License": "cc-by-4.0", **told}).word == word
