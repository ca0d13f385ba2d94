"""Search: what a refusal by Flickr means, and what can be done about it.

The codes are those of https://www.flickr.com/services/api/flickr.photos.search.html, and some
that were seen and stand nowhere: 0 and 201 (out of service) and 77.
"""

from collections.abc import Mapping

from smart_image_scraper.errors import CredentialsError, SourceError, TransientError
from smart_image_scraper.search.flickr.reply import Refusal

_INVALID_KEY = 100
_OUT_OF_SERVICE = frozenset({0, 10, 105, 201})
_OUT_OF_SERVICE_WORDS = "not currently available"
_ADVICE: Mapping[int | None, str] = {
    1: "when all tags must match, there can be 20 at most",
    3: "give a search term or a tag: this search was as good as none",
    18: "two of the conditions contradict each other; look at the dates and excluded words",
    20: "Flickr shows only the first 4,000 results; narrow the search, by dates for example",
    77: "there are too many alternatives; search for fewer tags or words at a time",
    95: "use the address of the service that begins with https",
    99: "Flickr shows this only to accounts that are logged in, which sis cannot do",
    111: "the service may have changed; look for a newer version of sis",
    112: "the service may have changed; look for a newer version of sis",
    116: "a web address in the search term is banned at Flickr; leave it out",
}


def refusal_error(
    refusal: Refusal, *, api_key: str
) -> TransientError | CredentialsError | SourceError:
    """Return the error that a refusal stands for; its message does not hold the key."""
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
    advice = _ADVICE.get(refusal.code, "change the search")
    return SourceError(f"Flickr refused the search ({told}); {advice}", code=refusal.code)
