"""What a photo's site says of it later: that it is gone, or under another licence."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from smart_image_scraper.photo.license import License

TOLD = (
    *("title", "description", "tags", "machine_tags", "license", "uploaded_at", "changed_at"),
    *("taken", "coordinates", "geo_accuracy", "geo_context", "views", "comment_count", "safety"),
)
"""The fields of a search that a site tells of a single photo, too; of the others it is silent."""


class GoneReason(StrEnum):
    """Why a site does not show a photo any more."""

    NOT_FOUND = "not-found"
    """It was deleted, or its owner's account was, or it is private: sites tell no difference."""
    PRIVATE = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """That a photo's site does not show it any more.

    Attributes:
        reason: What the site said.
        at: When that was first seen, in UTC.
    """

    reason: GoneReason
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Relicensing:
    """A change of a photo's licence by its owner.

    Attributes:
        at: When, in UTC, as the site says.
        old: The licence before.
        new: The licence since.
    """

    at: datetime
    old: License
    new: License
