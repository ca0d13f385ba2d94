"""Serve: the photos of a store as columns, read once and brought up to date."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import compress

import numpy as np

from smart_image_scraper.store import Outlines, Overview
from smart_image_scraper.store.outlines import OUTLINE, undisturbed
from smart_image_scraper.web.snapshot.columns import Column, Columns, Part, Vocabularies, part_of
from smart_image_scraper.web.snapshot.growing import Growing
from smart_image_scraper.web.snapshot.table import Merge, find, merge_of, merged

Advance = Callable[[int], None]
"""Is told how many more photos are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photos:
    """The photos of a store, at one moment.

    Attributes:
        identity: Which collection they are of.
        seen_at: By the server's clock: everything that changed before is in here.
        columns: By name, sorted by ``ids``.
        answers: As in ``Part``.
        titles: Likewise.
        vocabularies: What the numbers in the columns stand for; it grows with later moments.
    """

    identity: str
    seen_at: datetime
    columns: Columns
    answers: Columns = field(default_factory=dict)
    titles: Column
    vocabularies: Vocabularies

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def ids(self) -> Column:
        """The photos' ids, as bytes, sorted."""
        return self.columns["ids"]


def no_photos(identity: str, *, seen_at: datetime) -> Photos:
    """Return no photos at all."""
    vocabularies = Vocabularies()
    part = part_of(dict.fromkeys(OUTLINE, ()), vocabularies)
    return Photos(
        identity=identity,
        seen_at=seen_at,
        columns=part.columns,
        titles=part.titles,
        vocabularies=vocabularies,
    )


def load_photos(overview: Overview, *, advance: Advance) -> Photos:
    """Read all photos of a store.

    Raises:
        SisError: The database does not answer.
    """
    empty = no_photos(overview.identity(), seen_at=overview.clock())
    parts = _parts(overview.photos(), empty.vocabularies, advance=advance)
    # Around all of it: each time it may collect again, it looks at a whole batch's values.
    with undisturbed():
        return _joined(empty, parts, number=overview.count())


def update_photos(photos: Photos, overview: Overview) -> tuple[Photos, Merge | None]:
    """Return the photos as they are by now, and how they came from the former; ``None``: the same.

    Raises:
        SisError: The database does not answer.
    """
    now = overview.clock()
    outlines = _changes(photos, overview)
    parts = _parts(outlines, photos.vocabularies, advance=lambda _read: None)
    changed = _joined(no_photos(photos.identity, seen_at=now), parts, number=0)
    tombstones = _names(overview.erased())
    there = (find(photos.ids, tombstones) >= 0) | (find(changed.ids, tombstones) >= 0)
    erased = tombstones[there]
    if not len(changed) and not len(erased):
        return replace(photos, seen_at=now), None
    merge = merge_of(photos.ids, changed.ids, erased=erased)
    moved = {"title_start": changed.columns["title_start"] + len(photos.titles)}
    updated = replace(
        photos,
        seen_at=now,
        columns=merged(photos.columns, changed.columns | moved, merge=merge),
        answers=merged(photos.answers, changed.answers, merge=merge),
        titles=np.concatenate([photos.titles, changed.titles]),
    )
    return _with_own_titles(updated, erased=len(erased)), merge


def _changes(photos: Photos, overview: Overview) -> Iterator[Outlines]:
    """Yield what has changed, a batch at a time: as objects, many photos would take gigabytes."""
    for batch in overview.photos(photos.seen_at):
        if (new := _changed(photos, batch)) is not None:
            _know_owners(photos, new, overview=overview)
            yield new


def _changed(photos: Photos, outlines: Outlines) -> Outlines | None:
    """Return those outlines that are not in the columns yet; ``None`` if all are."""
    rows = find(photos.ids, _names(outlines["id"]))
    updated = np.array(outlines["updated"], np.int64)
    new = rows < 0
    if len(photos):
        # Changed again in the same millisecond, after it was read, would look the same.
        new |= updated >= int(photos.seen_at.timestamp() * 1000) - _SAME_MOMENT_MS
        new |= photos.columns["updated"][rows] != updated
    if not new.any():
        return None
    return {name: list(compress(values, new)) for name, values in outlines.items()}


def _know_owners(photos: Photos, outlines: Outlines, *, overview: Overview) -> None:
    """Find the numbers of owners that are known to the columns, but not by their indexes any more.

    That is so after a start, since no file has the indexes: other photos of theirs tell.
    """
    owners = photos.vocabularies.owner
    met = {bytes(index) for index in outlines["owner_index"] if index is not None}
    unknown = [index for index in met if owners.number(index) is None]
    if not unknown or not len(photos):
        return
    told = list(overview.owners(unknown))
    rows = find(photos.ids, _names([photo_id for photo_id, _, _ in told]))
    for (_, index, updated), row in zip(told, rows.tolist(), strict=True):
        # One that has changed may have been somebody else's.
        if row >= 0 and photos.columns["updated"][row] == updated:
            number = int(photos.columns["owner"][row])
            if number:
                owners.learn(index, number=number)


def _names(ids: Sequence[str]) -> Column:
    return np.array([photo_id.encode() for photo_id in ids], np.bytes_)


def _with_own_titles(photos: Photos, *, erased: int) -> Photos:
    """Return photos with no titles but theirs, if those of others are many, or of erased ones."""
    lengths = np.maximum(photos.columns["title_length"], 0).astype(np.int64)
    if not erased and len(photos.titles) <= 2 * lengths.sum() + _FEW_BYTES:
        return photos
    starts = np.cumsum(lengths) - lengths
    titles = np.empty(lengths.sum(), np.uint8)
    for begin in range(0, len(photos), _ROWS):
        rows = slice(begin, begin + _ROWS)
        places = np.repeat(photos.columns["title_start"][rows] - starts[rows], lengths[rows])
        first = starts[begin]
        own = np.arange(first, first + len(places))
        titles[own] = photos.titles[places + own]
    return replace(photos, columns=photos.columns | {"title_start": starts}, titles=titles)


_SAME_MOMENT_MS = 100
_ROWS = 100_000
_FEW_BYTES = 1_000_000
_TITLE = 32
"""About how many bytes a title has."""


def _parts(
    batches: Iterator[Outlines], vocabularies: Vocabularies, *, advance: Advance
) -> Iterator[Part]:
    for outlines in batches:
        yield part_of(outlines, vocabularies)
        advance(len(outlines["id"]))


def _joined(empty: Photos, parts: Iterable[Part], *, number: int) -> Photos:
    """Return parts as one: each photo once, as it was read last.

    Args:
        empty: No photos.
        parts: Taken lazily.
        number: About how many photos there are in all of them.
    """
    columns = {name: Growing(column.dtype, number) for name, column in empty.columns.items()}
    answers: dict[str, Growing] = {}
    titles = Growing(np.dtype(np.uint8), number * _TITLE)
    read = 0
    for part in parts:
        for name in part.answers.keys() - answers.keys():
            answers[name] = Growing(np.dtype(np.float64), number)
            answers[name].append(np.full(read, np.nan))
        nothing = np.full(len(part.columns["ids"]), np.nan)
        for name, growing in answers.items():
            growing.append(part.answers.get(name, nothing))
        part.columns["title_start"] += len(titles)
        for name, column in part.columns.items():
            columns[name].append(column)
        titles.append(part.titles)
        read += len(nothing)
    ids = columns["ids"].array()
    # Stable: of those that came twice, since they changed meanwhile, the last comes last.
    order = np.argsort(ids, kind="stable")
    last = np.append(ids[order][1:] != ids[order][:-1], np.ones(min(read, 1), bool))
    order = order[last]
    return replace(
        empty,
        # Taken out one by one, so that no column is there twice.
        columns={name: columns.pop(name).array()[order] for name in list(columns)},
        answers={name: answers.pop(name).array()[order] for name in sorted(answers)},
        titles=titles.array(),
    )
