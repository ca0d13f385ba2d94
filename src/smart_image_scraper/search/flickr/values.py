"""Search: Flickr's numbers and dates, all written as text, as typed values.

Each function returns ``None`` for what is missing, out of range or malformed, and raises nothing.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from smart_image_scraper.photo import Granularity, TakenDate
from smart_image_scraper.search import values

_WHOLE = re.compile(r"[0-9]{1,15}")
_LATEST_SECOND = 253_402_300_799  # the end of the year 9999, the last that a datetime can hold
_LOCAL_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})",
)
# https://www.flickr.com/services/api/misc.dates.html
_GRANULARITIES = {
    "0": Granularity.SECOND,
    "4": Granularity.MONTH,
    "6": Granularity.YEAR,
    "8": Granularity.CIRCA,
}
_KNOWN_PARTS = {
    Granularity.SECOND: 6,
    Granularity.MONTH: 2,
    Granularity.YEAR: 1,
    Granularity.CIRCA: 1,
}


def whole_number(text: str | None, *, most: int | None = None, least: int = 0) -> int | None:
    """Read a number without sign or fraction, in ``least..most``."""
    if text is None or not _WHOLE.fullmatch(text):
        return None
    number = int(text)
    return number if least <= number and (most is None or number <= most) else None


def unix_time(text: str | None) -> datetime | None:
    """Read seconds since 1970 as a time in UTC; 0 is no time."""
    seconds = whole_number(text, least=1, most=_LATEST_SECOND)
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)


def yes_or_no(text: str | None) -> bool | None:
    """Read 1 or 0."""
    return {"1": True, "0": False}.get(text or "")


def taken_date(row: Mapping[str, str]) -> TakenDate | None:
    """Read when a photo was taken, by its camera or its owner."""
    # "Unknown" comes with a date all the same: that of the upload.
    if row.get("datetakenunknown") == "1":
        return None
    match = _LOCAL_TIME.fullmatch(row.get("datetaken", ""))
    granularity = _GRANULARITIES.get(row.get("datetakengranularity", "0"))
    if match is None or granularity is None:
        return None
    parts = tuple(int(part) for part in match.groups())
    granularity = _coarsened(granularity, month=parts[1], day=parts[2])
    # 0000-00-00 occurs.
    return values.taken_date(*parts[: _KNOWN_PARTS[granularity]], granularity=granularity)


def _coarsened(granularity: Granularity, *, month: int, day: int) -> Granularity:
    """Return a granularity that does not claim a month or a day written as 00."""
    if granularity not in {Granularity.SECOND, Granularity.MONTH}:
        return granularity
    if month == 0:
        return Granularity.YEAR
    return Granularity.MONTH if day == 0 else granularity
