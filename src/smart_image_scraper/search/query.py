"""Search: what is looked for."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import BoundingBox, Coordinates, License
from smart_image_scraper.photo.filter import check_range


class Order(StrEnum):
    """In which order a source returns photos, and so which it returns when there are more."""

    RELEVANCE = "relevance"
    INTERESTING = "interesting"
    NEWEST = "newest"
    OLDEST = "oldest"
    TAKEN_NEWEST = "taken-newest"
    TAKEN_OLDEST = "taken-oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country as a search needs it.

    Attributes:
        code: ISO 3166-1 alpha-2.
        boxes: What holds the country, and others' land, too; none crosses the 180th meridian.
        contains: Whether coordinates are in the country.
    """

    code: str
    boxes: tuple[BoundingBox, ...]
    contains: Callable[[Coordinates], bool] = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to look for. All conditions must be met.

    Attributes:
        text: Words in any language, as a person would type them; ``-word`` excludes.
        tags: Tags instead of words; with both, both must match.
        all_tags: Whether every tag must be there, rather than any one.
        bbox: Only photos with a geotag in this box.
        country: Only photos with a geotag in this country.
        uploaded_from: In UTC, inclusive; likewise the next one.
        uploaded_to: In UTC, inclusive.
        taken_from: Local time, inclusive; likewise the next one.
        taken_to: Local time, inclusive.
        licenses: Only these licences; empty for any.
        order: What comes first.
        safe_search: The most that is let in: 1 safe, 2 moderate, 3 restricted.
        content_types: Of 0 photos, 1 screenshots, 2 other, 3 virtual photography.
        limit: At most so many photos; ``None``, with ``exhaustive``, for all.
        exhaustive: Find everything that the source has, however many results it shows of one
            search: the oldest first, since dates of upload are what it is parted by.

    Raises:
        UsageError: There is neither text, tag, box nor country, the box has nothing of the country,
            a word is no readable text, the limit is below 1, or missing although the search is not
            exhaustive, an exhaustive search has another order, a range ends before it begins, or
            a number is out of its range.
    """

    text: str = ""
    tags: tuple[str, ...] = ()
    all_tags: bool = False
    bbox: BoundingBox | None = None
    country: Country | None = None
    uploaded_from: datetime | None = None
    uploaded_to: datetime | None = None
    taken_from: datetime | None = None
    taken_to: datetime | None = None
    licenses: tuple[License, ...] = ()
    order: Order = Order.RELEVANCE
    safe_search: int = 1
    content_types: tuple[int, ...] = (0,)
    limit: int | None = 100
    exhaustive: bool = False

    def __post_init__(self) -> None:
        _check_words(self)
        _check_extent(self)
        _check_dates(self)
        if self.safe_search not in {1, 2, 3}:
            raise UsageError(f"safe search is 1, 2 or 3, not {self.safe_search}")
        if not self.content_types or set(self.content_types) - {0, 1, 2, 3}:
            raise UsageError(f"content types are 0 to 3, not {list(self.content_types)}")

    @property
    def term(self) -> str:
        """The search term by which people know the query: its words, or its tags, or its box."""
        where = f"box {self.bbox}" if self.bbox else f"country {self.country and self.country.code}"
        return self.text.strip() or " ".join(self.tags) or where

    @property
    def boxes(self) -> tuple[BoundingBox, ...] | None:
        """The boxes that what is looked for lies in, none across 180°; ``None`` for anywhere."""
        if self.country is None:
            return self.bbox.split() if self.bbox is not None else None
        if self.bbox is None:
            return self.country.boxes
        overlaps = [one.overlap(other) for one in self.bbox.split() for other in self.country.boxes]
        return tuple(box for box in overlaps if box is not None)

    def as_params(self) -> dict[str, Any]:
        """Return the conditions as JSON values, without those that are not set.

        The limit is one of them only for an exhaustive search, whose cursor it ends.
        """
        values: dict[str, Any] = {
            "text": self.text.strip(),
            "tags": list(self.tags),
            "all_tags": self.all_tags and len(self.tags) > 1,
            "bbox": self.bbox and str(self.bbox),
            "country": self.country and self.country.code,
            "licenses": sorted(license_.word for license_ in self.licenses),
            "order": self.order.value,
            "exhaustive": self.exhaustive,
            "limit": self.limit if self.exhaustive else None,
            "safe_search": self.safe_search,
            "content_types": sorted(self.content_types),
        }
        for name in ("uploaded_from", "uploaded_to", "taken_from", "taken_to"):
            moment: datetime | None = getattr(self, name)
            values[name] = moment and moment.isoformat()
        return {name: value for name, value in values.items() if value}

    def run_id(self, source: str) -> str:
        """Return the id of this query's run at a source: equal queries have equal ids.

        The limit of a search that is not exhaustive is left out, so that asking for more goes on
        with the same run.
        """
        text = json.dumps([source, self.as_params()], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def _check_words(query: Query) -> None:
    if not (query.text.strip() or query.tags or query.bbox or query.country):
        raise UsageError(
            "give a search term, a tag, a box or a country: all photos cannot be searched"
        )
    if query.all_tags and not query.tags:
        raise UsageError(
            "--all-tags says how tags are meant, and there is none; name them with --tag"
        )
    if query.country is not None and not query.boxes:
        raise UsageError(f"nothing of the country {query.country.code} is in the box {query.bbox}")
    if not all(tag.strip() for tag in query.tags):
        raise UsageError("a tag is empty; leave it out, or name one")
    for words in (query.text, *query.tags):
        # Bytes on the command line that are no UTF-8 arrive as lone surrogates (PEP 383).
        if any("\ud800" <= letter <= "\udfff" for letter in words):
            raise UsageError("a search term or tag is not readable text; write it in UTF-8")


def _check_extent(query: Query) -> None:
    if query.limit is None and not query.exhaustive:
        raise UsageError("only an exhaustive search can go without a number of photos")
    if query.limit is not None and query.limit < 1:
        raise UsageError(f"the number of photos must be 1 or more, not {query.limit}")
    if query.exhaustive and query.order is not Order.OLDEST:
        raise UsageError(
            f"an exhaustive search goes by date of upload, the oldest first, and not by "
            f"{query.order}; leave the order out"
        )


def _check_dates(query: Query) -> None:
    for moment in (query.uploaded_from, query.uploaded_to):
        if moment is not None and moment.tzinfo is None:
            raise UsageError(f"upload dates are in UTC, with their zone; {moment} has none")
    for moment in (query.taken_from, query.taken_to):
        if moment is not None and moment.tzinfo is not None:
            raise UsageError(f"taken dates are local, without a zone; {moment} has one")
    check_range("upload", first=query.uploaded_from, last=query.uploaded_to)
    check_range("taken", first=query.taken_from, last=query.taken_to)
