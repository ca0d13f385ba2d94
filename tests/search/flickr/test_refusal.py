import pytest

from smart_image_scraper.errors import (
    CredentialsError,
    DeniedError,
    GoneError,
    PhotoError,
    SisError,
    SourceError,
    TransientError,
)
from smart_image_scraper.search.flickr.refusal import refusal_error
from smart_image_scraper.search.flickr.reply import Refusal

KEY = "0123456789abcdef0123456789abcdef"
SEARCH = "flickr.photos.search"


def error_of(code: int | None, words: str, *, method: str = SEARCH) -> SisError:
    return refusal_error(Refusal(code=code, words=words), method=method, api_key=KEY)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "Sorry, the Flickr API service is not currently available."),
        (10, "Sorry, the Flickr search API is not currently available."),
        (105, "Service currently unavailable"),
        (201, "Sorry, the Flickr API service is not currently available."),
        (None, "Sorry, the Flickr API service is not currently available."),
        (7, "Sorry, this is not currently available."),
    ],
)
def test_a_service_that_is_out_is_worth_another_try(code: int | None, words: str) -> None:
    error = error_of(code, words)

    assert type(error) is TransientError
    assert str(error) == f"Flickr is out of service (code {code}: {words}); try again later"


def test_a_key_that_is_not_accepted_is_named_by_its_setting_and_not_shown() -> None:
    error = error_of(100, f"Invalid API Key ({KEY} has expired)")

    assert isinstance(error, CredentialsError)
    assert str(error) == (
        "Flickr does not accept the API key (code 100: Invalid API Key ((the key) has expired)); "
        "compare SIS_FLICKR_KEY with the keys on https://www.flickr.com/services/apps/by/me"
    )


@pytest.mark.parametrize(
    ("code", "words", "advice"),
    [
        (1, "Too many tags in ALL query", "20 at most"),
        (3, "Parameterless searches have been disabled", "give a search term or a tag"),
        (18, "Illogical arguments", "look at the dates"),
        (20, "Excessive photo offset in search", "narrow the search"),
        (77, "Exceeded limit of logical ORs allowed.", "fewer tags"),
        (95, "SSL is required", "begins with https"),
        (99, "Insufficient permissions.", "logged in"),
        (111, 'Format "rest" not found', "newer version of sis"),
        (112, 'Method "flickr.photos.search" not found', "newer version of sis"),
        (116, "Bad URL found", "leave it out"),
        (5, "User deleted", "change the search"),
    ],
)
def test_a_refusal_is_told_in_flickrs_words_with_what_to_do(
    code: int, words: str, advice: str
) -> None:
    error = error_of(code, words)

    assert type(error) is SourceError
    assert error.code == code
    assert str(error).startswith(f"Flickr refused the search (code {code}: {words}); ")
    assert advice in str(error)


def test_a_refusal_without_words_says_so() -> None:
    error = error_of(None, "")

    assert str(error) == (
        "Flickr refused the search (code None, without a word); change the search"
    )


@pytest.mark.parametrize(
    ("method", "code", "words", "expected", "reason"),
    [
        ("getInfo", 1, "Photo not found", GoneError, "not-found"),
        ("getInfo", 1, 'Photo "1" not found (invalid ID)', GoneError, "not-found"),
        ("getInfo", 2, "Photo is private", GoneError, "private"),
        ("getExif", 1, "Photo not found", GoneError, "not-found"),
        ("getExif", 2, "Permission denied", DeniedError, "denied"),
        ("getSizes", 1, "Photo not found", GoneError, "not-found"),
        ("getSizes", 2, "Permission denied", DeniedError, "denied"),
        ("comments.getList", 1, "Photo not found", GoneError, "not-found"),
        ("licenses.getLicenseHistory", 1, "Photo not found", GoneError, "not-found"),
    ],
)
def test_what_concerns_one_photo_ends_that_photo_alone_and_for_good(
    method: str, code: int, words: str, expected: type[PhotoError], reason: str
) -> None:
    error = error_of(code, words, method=f"flickr.photos.{method}")

    assert isinstance(error, PhotoError)
    assert (type(error), error.reason, error.retryable) == (expected, reason, False)
    assert f"(code {code}: {words})" in str(error)


@pytest.mark.parametrize(
    ("method", "code", "words", "advice"),
    [
        (
            "flickr.photos.getInfo",
            99,
            "Insufficient permissions.",
            "Flickr shows this only to accounts that are logged in, which sis cannot do",
        ),
        (
            "flickr.people.getInfo",
            5,
            "User deleted",
            "look for a newer version of sis",
        ),
    ],
)
def test_any_other_refusal_names_the_method_that_was_called(
    method: str, code: int, words: str, advice: str
) -> None:
    error = error_of(code, words, method=method)

    assert type(error) is SourceError
    assert str(error) == f"Flickr refused the call of {method} (code {code}: {words}); {advice}"


def test_a_service_that_is_out_is_no_fault_of_the_photo_that_was_asked_about() -> None:
    words = "Sorry, the Flickr API service is not currently available."

    error = error_of(1, words, method="flickr.photos.getInfo")

    assert type(error) is TransientError
