"""Search: the dates of Wikimedia Commons, each as exactly as it is told."""

import re
from datetime import UTC, datetime
from typing import Any

from smart_image_scraper.photo import Granularity, TakenDate

_TAKEN = re.compile(
    r"(?:taken on )?(\d{4})(?:[-:](\d\d)(?:[-:](\d\d)(?:[ T,]\s?(\d\d):(\d\d)(?::(\d\d))?)?)?)?",
    re.IGNORECASE,
)
_CIRCA = re.compile(r"(?:circa|c\.|ca\.?)\s?(\d{4})", re.IGNORECASE)
_EARLIEST = (1, 1, 1, 0, 0, 0)
_KNOWN = {1: Granularity.YEAR, 2: Granularity.MONTH, 3: Granularity.DAY}


def taken_date(text: str | None) -> TakenDate | None:
    """Read when a photo was taken; ``None`` of what is no date in figures.

    It is free text: ``1839``, ``2015-10``, ``2015-10-31``, ``2015-10-31 17:21:58``, ``circa 1900``
    are read; ``between 1880 and 1890`` is not.
    """
    text = (text or "").strip()
    if found := _CIRCA.fullmatch(text):
        return _date((int(found[1]),), granularity=Granularity.CIRCA)
    if (match := _TAKEN.fullmatch(text)) is None:
        return None
    parts = tuple(int(part) for part in match.groups() if part is not None)
    return _date(parts, granularity=_KNOWN.get(len(parts), Granularity.SECOND))


def uploaded_at(text: Any) -> datetime | None:  # noqa: ANN401 — whatever JSON can hold
    """Read the moment at which a file was uploaded, as ``2015-10-31T17:21:58Z``."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo is not None else None


def _date(parts: tuple[int, ...], *, granularity: Granularity) -> TakenDate | None:
    try:
        local = datetime(*parts, *_EARLIEST[len(parts) :])  # type: ignore[arg-type] # noqa: DTZ001 — no zone is told
    except ValueError:  # 0000:00:00, the 31st of February
        return None
    return TakenDate(local=local, granularity=granularity)
