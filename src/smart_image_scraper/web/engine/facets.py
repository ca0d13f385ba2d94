"""Serve: how many photos there are of each kind, while the condition on that kind is set aside."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Disagreement, Signal
from smart_image_scraper.photo.filter import SITES
from smart_image_scraper.web.engine.masks import rows_of_site, score_dimension
from smart_image_scraper.web.snapshot import Snapshot
from smart_image_scraper.web.snapshot.columns import BIT, Column
from smart_image_scraper.web.snapshot.scores import BINS
from smart_image_scraper.web.snapshot.verdicts import VERDICTS
from smart_image_scraper.web.text_index import SPECIES

Rows = NDArray[np.intp]
Counted = list[list[Any]]
"""Values and their numbers: ``[["PH", 12], …]``."""

_MOST = 50
_MANY = 200_000
_FLAG_BITS = 12
_OWNERS = (1, 2, 3, 6, 11, 21, 51, 101, 501, 1001)
"""From how many photos on an owner counts to the next kind of owners."""


class Selected(Protocol):
    """What is counted."""

    @property
    def snapshot(self) -> Snapshot: ...  # noqa: D102 — as of Selection, and likewise the rest
    @property
    def rows(self) -> Rows: ...  # noqa: D102
    def rows_but(self, dimension: str) -> Rows: ...  # noqa: D102


def count_facets(selected: Selected, only: Collection[str]) -> Mapping[str, Any]:
    """Count photos by kind; see ``Selection.facets``."""
    if unknown := [name for name in only if name not in _COUNTERS]:
        raise UsageError(f"there is no facet {', '.join(unknown)}; there are {', '.join(FACETS)}")
    return {
        "revision": selected.snapshot.revision,
        "matching": len(selected.rows),
        "photos": len(selected.snapshot),
        **{name: count(selected) for name, count in _COUNTERS.items() if name in only},
    }


def _count(column: Column, rows: Rows, *, kinds: int) -> NDArray[np.intp]:
    """Return how many of some rows have each number, below ``kinds``."""
    own = column if len(rows) == len(column) else np.take(column, rows)
    if own.dtype != np.uint8 or len(own) < _MANY:
        return np.bincount(own, minlength=kinds)
    # Two at a time: half as many numbers have to be widened and counted.
    even = len(own) // 2 * 2
    pairs = np.bincount(own[:even].view(np.uint16), minlength=1 << 16).reshape(256, 256)
    counts: NDArray[np.intp] = pairs.sum(axis=0) + pairs.sum(axis=1)
    counts[own[even:]] += 1
    return counts[:kinds]


def _shared(selected: Selected, name: str, *, dimension: str) -> list[tuple[Any, int]]:
    """Return how often each value occurs that photos share."""
    values = getattr(selected.snapshot.photos.vocabularies, name).values
    counts = _count(
        selected.snapshot.column(name), selected.rows_but(dimension), kinds=len(values)
    ).tolist()
    return [(value, count) for value, count in zip(values, counts, strict=False) if count]


def _frequent(counts: Mapping[Any, int], most: int | None = None) -> Counted:
    known = [(value, count) for value, count in counts.items() if value is not None]
    known.sort(key=lambda each: (-each[1], each[0]))
    return [[value, count] for value, count in known[:most]]


def _countries(selected: Selected) -> Counted:
    return _frequent(dict(_shared(selected, "country", dimension="country")))


def _licenses(selected: Selected) -> Counted:
    return _frequent(dict(_shared(selected, "license", dimension="license")))


def _sites(selected: Selected) -> Counted:
    rows = selected.rows_but("site")
    counts = {}
    for site in SITES:
        own = rows_of_site(selected.snapshot, site)
        first, end = np.searchsorted(rows, (own.start, own.stop))
        counts[site] = int(end - first)
    return _frequent({site: count for site, count in counts.items() if count})


def _terms(selected: Selected) -> Counted:
    counts: Counter[str] = Counter()
    for terms, count in _shared(selected, "terms", dimension="term"):
        counts.update(dict.fromkeys(terms, count))
    return _frequent(counts)


def _cameras(selected: Selected) -> Counted:
    counts: Counter[str | None] = Counter()
    for (make, model, stated_make, stated_model), count in _shared(
        selected, "camera", dimension="camera"
    ):
        counts[model or stated_model or make or stated_make] += count
    return _frequent(counts, _MOST)


def _years(selected: Selected) -> Counted:
    counts = _count(selected.snapshot.column("year"), selected.rows_but("year"), kinds=1)
    return [[year, int(counts[year])] for year in np.flatnonzero(counts).tolist() if year]


def _months(selected: Selected) -> list[int]:
    counts = _count(selected.snapshot.column("month"), selected.rows_but("month"), kinds=13)
    return [*map(int, counts[1:])]


def _hours(selected: Selected) -> list[int]:
    counts = _count(selected.snapshot.column("hour"), selected.rows_but("hour"), kinds=25)
    return [*map(int, counts[1:])]


def _reviews(selected: Selected) -> Counted:
    rows = selected.rows_but("review")
    column = selected.snapshot.verdicts.columns.get(None)
    counts = [len(rows), 0, 0]
    if column is not None:
        counts = _count(column, rows, kinds=len(VERDICTS)).tolist()
    return [[verdict, counts[VERDICTS.index(verdict)]] for verdict in ("accept", "reject", "none")]


def _flags(selected: Selected, names: Iterable[str], *, dimension: str) -> Counted:
    rows = selected.rows_but(dimension)
    flags = selected.snapshot.low_flags
    counts = _count(flags, rows, kinds=1 << _FLAG_BITS)
    kinds = np.arange(len(counts))
    return [[name, int(counts[(kinds & BIT[name]) != 0].sum())] for name in names]


def _owners(selected: Selected) -> Counted:
    photos = _count(selected.snapshot.column("owner"), selected.rows, kinds=1)[1:]
    kinds = np.searchsorted(_OWNERS, photos[photos > 0], side="right") - 1
    counts = np.bincount(kinds, minlength=len(_OWNERS)).tolist()
    ends = [*(following - 1 for following in _OWNERS[1:]), None]
    named = [
        f"{first}+" if last is None else str(first) if first == last else f"{first}-{last}"
        for first, last in zip(_OWNERS, ends, strict=True)
    ]
    return [[name, count] for name, count in zip(named, counts, strict=True)]


def _tags(selected: Selected) -> dict[str, int]:
    texts = selected.snapshot.texts
    return {} if texts is None else texts.tags(selected.rows)


def _words(selected: Selected) -> Counted:
    tags = _tags(selected)
    return _frequent({tag: tags[tag] for tag in tags if not tag.startswith(SPECIES)}, _MOST)


def _species(selected: Selected) -> Counted:
    tags = _tags(selected)
    named = {tag[len(SPECIES) :]: tags[tag] for tag in tags if tag.startswith(SPECIES)}
    return _frequent(named, _MOST)


def _duplicates(selected: Selected) -> int:
    ((_, count),) = _flags(selected, ["not_best"], dimension="duplicates")
    return int(count)


def _histograms(selected: Selected) -> dict[str, Any]:
    histograms = {}
    for concept, column in selected.snapshot.scores.latest().items():
        rows = selected.rows_but(score_dimension(concept))
        counts = _count(column.bins, rows, kinds=BINS + 1).tolist()
        histograms[concept] = {"counts": counts[:BINS], "missing": counts[BINS]}
    return histograms


def _missing(selected: Selected) -> dict[str, int]:
    """Count the photos that other facets leave out, since nothing is known of them."""

    def unnamed(name: str, *, dimension: str) -> int:
        shared = _shared(selected, name, dimension=dimension)
        return sum(count for value, count in shared if not any(value or ()))

    def undated(name: str) -> int:
        counts = _count(selected.snapshot.column(name), selected.rows_but(name), kinds=1)
        return int(counts[0])

    return {
        "country": unnamed("country", dimension="country"),
        "term": unnamed("terms", dimension="term"),
        "camera": unnamed("camera", dimension="camera"),
        **{name: undated(name) for name in ("year", "month", "hour")},
    }


def _views(selected: Selected) -> dict[str, Any]:
    edges, bins = selected.snapshot.views_bins
    counts = _count(bins, selected.rows_but("views"), kinds=len(edges))
    return {"edges": edges, "counts": counts[1 : len(edges)].tolist()}


_COUNTERS: Mapping[str, Callable[[Selected], Any]] = MappingProxyType(
    {
        "country": _countries,
        "term": _terms,
        "license": _licenses,
        "camera": _cameras,
        "year": _years,
        "month": _months,
        "hour": _hours,
        "review": _reviews,
        "disagrees": lambda selected: _flags(
            selected, [each.value for each in Disagreement], dimension="disagrees"
        ),
        "signal": lambda selected: _flags(
            selected, [each.value for each in Signal], dimension="signal"
        ),
        "owners": _owners,
        "tags": _words,
        "species": _species,
        "duplicates": _duplicates,
        "site": _sites,
        "histograms": _histograms,
        "missing": _missing,
        "views_histogram": _views,
    }
)

FACETS = tuple(_COUNTERS)
"""What can be counted."""

USUAL = tuple(name for name in FACETS if name not in {"owners", "tags", "species", "missing"})
"""What is counted unless it is said: what filters show, and not what charts alone do."""
