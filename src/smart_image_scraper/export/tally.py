"""Export: what left, counted while it passed, for the card and the manifest."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from smart_image_scraper.export.entries import Departure
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.leaving import FAILURES, LeftOut
from smart_image_scraper.photo import License, PhotoId

_MOST_NAMED = 20


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts of what left. Its size does not grow with the number of photos.

    Attributes:
        concepts: What the photos are labelled for.
        photos: Photos that left.
        left_out: By reason, photos that stayed.
        failed: Some of the photos that should have left and could not, and why.
        names_unknown: Photos whose owner's names could not be looked for in their texts.
        licenses: Photos by licence; ``sites``, ``countries``, ``years``, ``media_types`` and
            ``splits`` likewise.
        classes: Photos by split, concept, label and licence.
        withdrawn: Photos that left under a licence that they do not have any more.
        assignment: A digest of which photo is in which split.
    """

    concepts: tuple[str, ...] = ()
    photos: int = 0
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    failed: dict[PhotoId, LeftOut] = field(default_factory=dict)
    names_unknown: int = 0
    licenses: Counter[License] = field(default_factory=Counter)
    sites: Counter[str] = field(default_factory=Counter)
    countries: Counter[str | None] = field(default_factory=Counter)
    years: Counter[int | None] = field(default_factory=Counter)
    media_types: Counter[str] = field(default_factory=Counter)
    splits: Counter[str | None] = field(default_factory=Counter)
    classes: Counter[tuple[str | None, str, bool | None, License]] = field(default_factory=Counter)
    withdrawn: int = 0
    _assignment: Any = field(default_factory=hashlib.sha256)

    def add(self, departure: Departure) -> None:
        """Count a photo, whether it left or stayed."""
        if departure.left_out is not None:
            self.left_out[departure.left_out] += 1
            if departure.left_out in FAILURES and len(self.failed) < _MOST_NAMED:
                self.failed[departure.id] = departure.left_out
        if departure.entry is not None:
            self.names_unknown += departure.names_unknown
            self._add_entry(departure.entry)

    @property
    def seen(self) -> int:
        """How many photos were counted, whether they left or stayed."""
        return self.photos + self.left_out.total()

    @property
    def assignment(self) -> str:
        """The SHA-256 of lines of id, space, split, in the order of ids."""
        digest: str = self._assignment.hexdigest()
        return digest

    def _add_entry(self, entry: Entry) -> None:
        photo = entry.photo
        self.photos += 1
        self.licenses[entry.license] += 1
        self.sites[photo.id.site] += 1
        self.countries[photo.place.country_code if photo.place else None] += 1
        self.years[photo.taken.local.year if photo.taken else None] += 1
        if entry.file is not None and photo.file is not None:
            self.media_types[photo.file.media_type] += 1
        self.splits[entry.split] += 1
        for concept in self.concepts:
            label = entry.labels.get(concept)
            self.classes[entry.split, concept, label, entry.license] += 1
        self.withdrawn += entry.license != photo.license
        self._assignment.update(f"{photo.id} {entry.split}\n".encode())
