"""When a photo was taken: local time, as exactly as its owner knew it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Granularity(StrEnum):
    """How exact a date is (https://www.flickr.com/services/api/misc.dates.html)."""

    SECOND = "second"
    MONTH = "month"
    YEAR = "year"
    CIRCA = "circa"


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
