"""Search: what a refusal by Flickr means, and what can be done about it.

The codes from 95 on, 0 and 10 mean the same for every method, the others what the method's page
says (https://www.flickr.com/services/api/flickr.photos.search.html and its like). Some were seen
and stand nowhere: 0 and 201 (out of service), 77, and 2 of getInfo.
"""

from collections.abc import Mapping

from smart_image_scraper.errors import (
    CredentialsError,
    DeniedError,
    GoneError,
    PhotoError,
    SisError,
    SourceError,
    TransientError,
)
from smart_image_scraper.search.flickr.reply import Refusal

_INVALID_KEY = 100
_OUT_OF_SERVICE = frozenset({0, 10, 105, 201})
_OUT_OF_SERVICE_WORDS = "not currently available"
_SEARCH = "flickr.photos.search"
_NOT_FOUND = 1
_CLOSED = 2
_OF_ONE_PHOTO = frozenset(
    f"flickr.photos.{name}"
    for name in ("getInfo", "getExif", "getSizes", "comments.getList", "licenses.getLicenseHistory")
)
_MAY_BE_DENIED = frozenset({"flickr.photos.getExif", "flickr.photos.getSizes"})
_ADVICE: Mapping[int | None, str] = {
    95: "use the address of the service that begins with https",
    99: "Flickr shows this only to accounts that are logged in, which sis cannot do",
    111: "the service may have changed; look for a newer version of sis",
    112: "the service may have changed; look for a newer version of sis",
}
_SEARCH_ADVICE: Mapping[int | None, str] = {
    **_ADVICE,
    1: "when all tags must match, there can be 20 at most",
    3: "give a search term or a tag: this search was as good as none",
    18: "two of the conditions contradict each other; look at the dates and excluded words",
    20: "Flickr shows only the first 4,000 results; narrow the search, by dates for example",
    77: "there are too many alternatives; search for fewer tags or words at a time",
    116: "a web address in the search term is banned at Flickr; leave it out",
}


def refusal_error(refusal: Refusal, *, method: str, api_key: str) -> SisError:
    """Return the error that a refusal stands for; its message does not hold the key.

    Args:
        refusal: What Flickr answered.
        method: Which method was called.
        api_key: The key that it was called with.

    Returns:
        A ``TransientError`` where the same call may succeed later, a ``CredentialsError`` where
        the key is not accepted, a ``GoneError`` or ``DeniedError`` where one photo cannot be seen,
        and otherwise a ``SourceError``.
    """
    words = refusal.words.replace(api_key, "(the key)")
    told = f"code {refusal.code}: {words}" if words else f"code {refusal.code}, without a word"
    if refusal.code in _OUT_OF_SERVICE or _OUT_OF_SERVICE_WORDS in words:
        return TransientError(f"Flickr is out of service ({told}); try again later")
    if refusal.code == _INVALID_KEY:
        return CredentialsError(
            f"Flickr does not accept the API key ({told}); compare SIS_FLICKR_KEY with the keys "
            "on https://www.flickr.com/services/apps/by/me",
            code=refusal.code,
        )
    if method in _OF_ONE_PHOTO and refusal.code in {_NOT_FOUND, _CLOSED}:
        return _photo_error(refusal.code, method=method, told=told)
    if method == _SEARCH:
        hint = _SEARCH_ADVICE.get(refusal.code, "change the search")
        return SourceError(f"Flickr refused the search ({told}); {hint}", code=refusal.code)
    hint = _ADVICE.get(refusal.code, "look for a newer version of sis")
    return SourceError(f"Flickr refused the call of {method} ({told}); {hint}", code=refusal.code)


def _photo_error(code: int, *, method: str, told: str) -> PhotoError:
    if code == _NOT_FOUND:
        return GoneError(f"Flickr has no such photo, or no longer ({told})", reason="not-found")
    if method in _MAY_BE_DENIED:
        return DeniedError(f"its owner does not let others see this ({told})", reason="denied")
    return GoneError(f"its owner does not show the photo any more ({told})", reason="private")
