"""When a photo was taken: local time, as exactly as its owner knew it."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

_PARTS = re.compile(r"\d{4}(-\d{1,2})*", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?")


class Granularity(StrEnum):
    """How exact a date is (https://www.flickr.com/services/api/misc.dates.html)."""

    SECOND = "second"
    MONTH = "month"
    YEAR = "year"
    CIRCA = "circa"
    # Last, since the web app's files know them by their places. Flickr has no such dates.
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenDate:
    """When a photo was taken.

    Attributes:
        local: The camera's local time, without a zone: sources do not say which zone it was.
        granularity: How much of ``local`` is known; what is finer is filled with the earliest.
    """

    local: datetime
    granularity: Granularity = Granularity.SECOND

    def __post_init__(self) -> None:
        if self.local.tzinfo is not None:
            raise ValueError(f"a taken date is local time without a zone, not {self.local!r}")

    @property
    def last(self) -> datetime | None:
        """The last moment that it can have been, to the second; ``None`` if nobody can tell."""
        digits = _DIGITS.get(self.granularity)
        if digits is None:
            return None
        try:
            return read_moment(self.local.isoformat(timespec="seconds")[:digits], last=True)
        except ValueError:  # the year 9999 has no end
            return None


_DIGITS = {Granularity.SECOND: 19, Granularity.DAY: 10, Granularity.MONTH: 7, Granularity.YEAR: 4}
"""Of a date as ISO 8601 writes it, how much is known."""


def read_moment(text: str, *, last: bool) -> datetime:
    """Read ``2020``, ``2020-05``, ``2020-05-31`` or ``2020-05-31T12:30:00``.

    Args:
        text: A day, month or year, or a moment.
        last: Whether a day, month or year means its last second, rather than its first.

    Raises:
        ValueError: It is none of these.
    """
    try:
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text)
        return _whole(text, last=last)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no date; write 2020, 2020-05 or 2020-05-31") from None


def moment_text(moment: datetime, *, last: bool) -> str:
    """Return the shortest text that :func:`read_moment` reads as a moment."""
    whole = moment.isoformat()
    for text in (whole[:4], whole[:7], whole[:10]):
        try:
            if read_moment(text, last=last) == moment:
                return text
        except ValueError:  # the year 9999 has no end
            continue
    return whole


def _whole(text: str, *, last: bool) -> datetime:
    # Nobody means the year 20 by "20-05-31".
    if not _PARTS.fullmatch(text):
        raise ValueError(text)
    match [int(part) for part in text.split("-")]:
        case [year]:
            first, following = date(year, 1, 1), date(year + 1, 1, 1)
        case [year, month]:
            first, following = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
        case [year, month, day]:
            first = date(year, month, day)
            following = first + timedelta(days=1)
        case _:
            raise ValueError(text)
    day_before = following - timedelta(days=1)
    return (
        datetime.combine(day_before, time(23, 59, 59)) if last else datetime.combine(first, time())
    )
