"""Download: the wish of a site that a photo is not used by machines."""

from collections.abc import Iterable

_WISHES = frozenset({"noai", "noimageai", "noindex", "noimageindex", "noml"})
_OUR_NAMES = frozenset({"sis", "smart-image-scraper"})
# Rules with a value look like rules for somebody
# (https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag).
_RULES_WITH_VALUE = frozenset(
    {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}
)


def wish(headers: Iterable[str]) -> str | None:
    """Return the first rule against our use in a reply's X-Robots-Tag headers.

    Args:
        headers: The values of all headers of that name; each may hold several rules, divided by
            commas. ``otherbot: noai`` and what follows it is said to ``otherbot`` alone.
    """
    for header in headers:
        listener = None
        for part in header.lower().split(","):
            name, colon, rest = (text.strip() for text in part.partition(":"))
            if colon and name not in _RULES_WITH_VALUE:
                listener = name
            rule = rest if colon else name
            if rule in _WISHES and (listener is None or listener in _OUR_NAMES):
                return rule
    return None
