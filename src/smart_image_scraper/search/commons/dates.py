"""Search: the dates of Wikimedia Commons, each as exactly as it is told."""

import re

from smart_image_scraper.photo import Granularity, TakenDate
from smart_image_scraper.search import values

_TAKEN = re.compile(
    r"(?:taken on )?(\d{4})(?:[-:](\d\d)(?:[-:](\d\d)(?:[ T,]\s?(\d\d):(\d\d)(?::(\d\d))?)?)?)?",
    re.IGNORECASE,
)
_CIRCA = re.compile(r"(?:circa|c\.|ca\.?)\s?(\d{4})", re.IGNORECASE)


def taken_date(text: str | None) -> TakenDate | None:
    """Read when a photo was taken; ``None`` of what is no date in figures.

    It is free text: ``1839``, ``2015-10``, ``2015-10-31``, ``2015-10-31 17:21:58``, ``circa 1900``
    are read; ``between 1880 and 1890`` is not.
    """
    text = (text or "").strip()
    if found := _CIRCA.fullmatch(text):
        return values.taken_date(int(found[1]), granularity=Granularity.CIRCA)
    if (match := _TAKEN.fullmatch(text)) is None:
        return None
    return values.taken_date(*(int(part) for part in match.groups() if part is not None))
