"""Search: values of JSON, as far as they are what they should be.

Each function returns nothing of its kind for what is missing or malformed, and raises nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from smart_image_scraper.photo import Coordinates, Granularity, TakenDate

_LARGEST = 2**63 - 1
_EARLIEST = (1, 1, 1, 0, 0, 0)
_KNOWN = {1: Granularity.YEAR, 2: Granularity.MONTH, 3: Granularity.DAY}


def mapping(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 — as all here: whatever JSON can hold
    """Return an object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> Sequence[Mapping[str, Any]]:  # noqa: ANN401
    """Return the objects of a list."""
    return [each for each in sequence(value) if isinstance(each, dict)]


def sequence(value: Any) -> Sequence[Any]:  # noqa: ANN401
    """Return a list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str | None:  # noqa: ANN401
    """Return a text that is not empty."""
    return value if isinstance(value, str) and value else None


def whole_number(value: Any) -> int | None:  # noqa: ANN401
    """Return a whole number above 0, as ids and pixels are, that fits into 64 bits."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 < value <= _LARGEST else None


def moment(value: Any) -> datetime | None:  # noqa: ANN401
    """Read a moment with its zone, as ``2015-10-31T17:21:58Z``, and return it in UTC."""
    try:
        told = datetime.fromisoformat(str(value))
        return told.astimezone(UTC) if told.tzinfo is not None else None
    except (ValueError, OverflowError):  # the first and last hours that can be written are no more
        return None


def taken_date(*parts: int, granularity: Granularity | None = None) -> TakenDate | None:
    """Return a date of which some parts are known: year, month, day, hour, minute, second.

    Args:
        parts: These.
        granularity: How exact it is, if that is not what they tell.
    """
    try:
        local = datetime(*parts, *_EARLIEST[len(parts) :])  # type: ignore[arg-type] # noqa: DTZ001 — no zone is told
    except (ValueError, OverflowError):  # 0000:00:00, the 31st of February
        return None
    known = granularity or _KNOWN.get(len(parts), Granularity.SECOND)
    return TakenDate(local=local, granularity=known)


def point(latitude: Any, longitude: Any) -> Coordinates | None:  # noqa: ANN401
    """Read a point, of numbers or their texts."""
    try:
        told = Coordinates(latitude=float(latitude), longitude=float(longitude))
    except (TypeError, ValueError, OverflowError):
        return None
    # What devices without a fix write; nobody photographs that spot of the sea.
    return None if told.latitude == 0 and told.longitude == 0 else told
