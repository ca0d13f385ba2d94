"""Serve: all photos as columns, at one moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.photo import DuplicateKind, PhotoId
from smart_image_scraper.photo.record import page_url
from smart_image_scraper.store.outlines import NO_MOMENT
from smart_image_scraper.web.likeness import Likeness
from smart_image_scraper.web.snapshot.card import Card
from smart_image_scraper.web.snapshot.columns import BIT, GRANULARITIES, KINDS, Column
from smart_image_scraper.web.snapshot.photos import Photos
from smart_image_scraper.web.snapshot.raw_scores import RawScores
from smart_image_scraper.web.snapshot.recent import Recent
from smart_image_scraper.web.snapshot.scores import ScoreColumns
from smart_image_scraper.web.snapshot.table import find
from smart_image_scraper.web.snapshot.verdicts import VERDICTS, Verdicts
from smart_image_scraper.web.text_index import Texts

# A mask takes a megabyte for a million photos, an order four, a selection ten.
_MASKS, _ORDERS, _SELECTIONS = 32, 6, 4
_ANSWERS = np.array([{"accept": 1.0, "reject": 0.0}.get(verdict, np.nan) for verdict in VERDICTS])
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 — local times have no zone


class Snapshot:
    """All photos as columns, at one moment. Immutable; nothing of it is personal.

    Attributes:
        revision: Changes whenever something that the app shows does.
        photos: The columns.
        scores: Probabilities by concept.
        verdicts: What people said last.
        texts: Finds the photos that hold words; ``None`` while the texts are being read.
        likeness: Orders photos by likeness to a photo, or to words.
        masks: Which photos met conditions that were asked for lately.
        orders: All rows in the orders that were asked for lately.
        pages: Rows that were selected lately, in their order.
        selections: Selections that were made lately.
    """

    def __init__(
        self,
        photos: Photos,
        *,
        revision: str,
        scores: ScoreColumns,
        verdicts: Verdicts,
        texts: Texts | None,
        likeness: Likeness,
    ) -> None:
        self.photos = photos
        self.revision = revision
        self.scores = scores
        self.verdicts = verdicts
        self.texts = texts
        self.likeness = likeness
        self.masks = Recent(_MASKS)
        self.orders = Recent(_ORDERS)
        self.pages = Recent(_ORDERS)
        self.selections = Recent(_SELECTIONS)

    def __len__(self) -> int:
        return len(self.photos)

    def __contains__(self, photo_id: object) -> bool:
        return isinstance(photo_id, str) and bool(self.rows_of([photo_id])[0] >= 0)

    @property
    def words_search_why(self) -> str | None:
        """Why photos cannot be found by words; ``None`` if they can."""
        return self.likeness.words_why()

    def from_files(self, photos: Photos, *, raw: RawScores, texts: Texts | None) -> "Snapshot":
        """Return the same snapshot whose columns lie in files: nothing of them is in memory."""
        self.scores.lie_in(photos, raw=raw)
        return Snapshot(
            photos,
            revision=self.revision,
            scores=self.scores,
            verdicts=self.verdicts,
            texts=texts,
            likeness=self.likeness,
        )

    def retire(self) -> None:
        """Forget what was computed: who still reads goes on, and then nothing holds it any more."""
        for recent in (self.masks, self.orders, self.pages, self.selections):
            recent.clear()

    def column(self, name: str) -> Column:
        """Return one of the photos' columns."""
        return self.photos.columns[name]

    def rows_of(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """Return the rows of photos by id; -1 of those that are not there."""
        wanted = np.array([photo_id.encode("utf-8", "replace") for photo_id in ids], np.bytes_)
        return self.rows_of_names(wanted)

    def rows_of_names(self, names: NDArray[np.bytes_]) -> NDArray[np.int64]:
        """Likewise, by ids as bytes."""
        return find(self.photos.ids, names)

    def ids_of(self, rows: NDArray[Any]) -> list[PhotoId]:
        """Return the ids of the photos in rows."""
        return [PhotoId.trusted(photo_id.decode()) for photo_id in self.photos.ids[rows].tolist()]

    def answers(self, concept: str, ids: Sequence[PhotoId]) -> NDArray[np.float64]:
        """Return of photos whether a concept is in them, by the last verdict; NaN without one."""
        column = self.verdicts.columns.get(concept)
        if column is None:
            return np.full(len(ids), np.nan)
        rows = self.rows_of(ids)
        return np.where(rows < 0, np.nan, _ANSWERS[column[rows]])

    def title_of(self, row: int) -> str | None:
        """Return the title of the photo in a row; ``None`` without one."""
        length = int(self.column("title_length")[row])
        if length < 0:
            return None
        start = int(self.column("title_start")[row])
        return self.photos.titles[start : start + length].tobytes().decode("utf-8", "replace")

    def cards(self, ids: Sequence[PhotoId]) -> list[Card]:
        """Return what the gallery shows of photos, in their order; unknown ids are left out."""
        rows = self.rows_of(ids)
        return [self._card(row) for row in rows[rows >= 0].tolist()]

    def duplicates_of(self, photo_id: PhotoId) -> list[tuple[DuplicateKind, list[PhotoId]]]:
        """Return the groups of near-duplicates that a photo is in, each with all of its photos."""
        row = int(self.rows_of([photo_id])[0])
        if row < 0:
            return []
        return [
            (DuplicateKind(kind), self.ids_of(np.flatnonzero(self.column(kind) == group)))
            for kind in KINDS
            if (group := self.column(kind)[row])
        ]

    @cached_property
    def duplicates(self) -> NDArray[np.int32]:
        """How many near-duplicates each photo has: in its largest group, but itself."""
        others = np.zeros(len(self), np.int32)
        for kind in KINDS:
            column = self.column(kind)
            grouped = np.flatnonzero(column)
            _, group, sizes = np.unique(column[grouped], return_inverse=True, return_counts=True)
            others[grouped] = np.maximum(others[grouped], sizes[group] - 1)
        return others

    @cached_property
    def low_flags(self) -> NDArray[np.uint16]:
        """The flags but those of failed stages."""
        return (self.column("flags") & (BIT["failed_search"] - 1)).astype(np.uint16)

    @cached_property
    def views_bins(self) -> tuple[list[int], NDArray[np.uint8]]:
        """Edges of a histogram of views, and the bin of each photo, from 1; 0: not known."""
        views = self.column("views")
        most = max(int(views.max(initial=0)), 1)
        edges = [0]
        while edges[-1] <= most:
            scale = 10 ** (len(edges[1:]) // 3)
            edges.append((1, 2, 5)[len(edges[1:]) % 3] * scale)
        return edges, np.searchsorted(edges, views, side="right").astype(np.uint8)

    def _card(self, row: int) -> Card:
        columns, shared = self.photos.columns, self.photos.vocabularies
        photo_id = PhotoId.trusted(columns["ids"][row].decode())
        flags, picture = int(columns["flags"][row]), int(columns["picture"][row])
        verdicts = {
            concept: VERDICTS[number]
            for concept, column in self.verdicts.columns.items()
            if (number := int(column[row]))
        }
        return Card(
            id=photo_id,
            title=self.title_of(row),
            width=_positive(columns["width"][row]),
            height=_positive(columns["height"][row]),
            taken=moment(int(columns["taken"][row])),
            granularity=GRANULARITIES[columns["granularity"][row]],
            country=shared.country.values[columns["country"][row]],
            license=shared.license.values[columns["license"][row]],
            views=None if columns["views"][row] < 0 else int(columns["views"][row]),
            terms=shared.terms.values[columns["terms"][row]],
            scores={
                concept: _known(column.probabilities[row])
                for concept, column in self.scores.latest().items()
            },
            verdict=verdicts.pop(None, None),
            verdicts={concept: each for concept, each in verdicts.items() if concept is not None},
            picture=f"{picture:016x}" if flags & BIT["has_file"] else None,
            gone=bool(flags & BIT["gone"]),
            duplicates=int(self.duplicates[row]),
            page_url=page_url(photo_id),
        )


def moment(milliseconds: int) -> str | None:
    """Return a local time as ISO 8601 has it, to the second; ``None`` of one that is not known."""
    if milliseconds == NO_MOMENT:
        return None
    return (_EPOCH + timedelta(milliseconds=milliseconds)).isoformat(timespec="seconds")


def _positive(number: int) -> int | None:
    return int(number) if number > 0 else None


def _known(number: float) -> float | None:
    return None if np.isnan(number) else float(number)
