"""What a search has cost and brought: the honest account that is kept with its run."""

from dataclasses import dataclass
from datetime import datetime

from smart_image_scraper.photo.geography import BoundingBox
from smart_image_scraper.photo.license import License


@dataclass(frozen=True, slots=True, kw_only=True)
class SaturatedWindow:
    """A part of a search that holds more than its source shows, and that cannot be parted further.

    Attributes:
        uploaded_from: The first moment of upload in it, UTC, to the second.
        uploaded_to: The last one.
        license: Its one licence; ``None`` for all that were asked for; likewise the next ones.
        content_type: Its one content type.
        geotagged: Whether its photos have a geotag.
        box: The box that their geotags lie in.
        available: How many photos the source says it holds; an estimate.
        found: How many the source showed.
    """

    uploaded_from: datetime
    uploaded_to: datetime
    license: License | None = None
    content_type: int | None = None
    geotagged: bool | None = None
    box: BoundingBox | None = None
    available: int
    found: int

    def __str__(self) -> str:
        parts = [f"uploaded {self.uploaded_from:%Y-%m-%d %H:%M:%S}"]
        if self.uploaded_to != self.uploaded_from:
            parts = [f"{parts[0]} to {self.uploaded_to:%Y-%m-%d %H:%M:%S}"]
        if self.license is not None:
            parts.append(self.license.word)
        if self.content_type is not None:
            parts.append(f"content type {self.content_type}")
        if self.geotagged is not None:
            parts.append("geotagged" if self.geotagged else "not geotagged")
        if self.box is not None:
            parts.append(f"box {self.box}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAccount:
    """What a search has cost and brought so far. ``rows`` is the sum of the five after it.

    Attributes:
        calls: Replies that the source gave.
        attempts: Requests that it took, those that had to be repeated included: what a source
            counts. At least ``calls``.
        rows: Rows in these replies, without those of calls that only measured a window.
        photos: Rows that are photos, each once.
        repeated: Rows of a photo that had come before: pages overlap.
        videos: Rows that are videos, and left out.
        outside: Rows outside of the upload dates, the box or the country that were asked for, or
            without what else the source cannot be asked for, and left out.
        unreadable: Rows without a photo id, or that their site hides, and left out.
        available: How many results the source said there are, at first; an estimate, and ``None``
            if it did not say.
        windows: Windows of upload dates that were read to their end; 0 where it was not parted.
        saturated: Those of which the source hides a part.
    """

    calls: int = 0
    attempts: int = 0
    rows: int = 0
    photos: int = 0
    repeated: int = 0
    videos: int = 0
    outside: int = 0
    unreadable: int = 0
    available: int | None = None
    windows: int = 0
    saturated: tuple[SaturatedWindow, ...] = ()

    @property
    def missing(self) -> int:
        """About how many photos the saturated windows hide."""
        return sum(max(0, window.available - window.found) for window in self.saturated)
