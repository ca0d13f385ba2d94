"""Serve: in which order photos come."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import PhotoId
from smart_image_scraper.store.outlines import NO_MOMENT
from smart_image_scraper.web.snapshot import Snapshot
from smart_image_scraper.web.snapshot.scores import ScoreColumn

Ranked = NDArray[np.integer[Any]]
"""All rows of a snapshot, in an order."""

ORDERS = (
    "newest, oldest, added, views, score:CONCEPT, score-up:CONCEPT, unsure:CONCEPT, similar:ID, "
    "words:TEXT"
)
"""The orders that there are, for a message."""


def ranked(snapshot: Snapshot, order: str) -> Ranked:
    """Return all rows of a snapshot in an order; photos without the value come last.

    Raises:
        UsageError: There is no such order, concept or photo, or no model for it.
        SisError: The embeddings cannot be read, or the model cannot be run.
    """
    name, _, of = order.partition(":")
    if name in _PLAIN and not of:
        return snapshot.orders.get(order, lambda: _PLAIN[name](snapshot))
    if name in _BY_SCORE and of:
        return _BY_SCORE[name](latest_scored(snapshot, of))
    if name in _BY_LIKENESS and of:
        return snapshot.orders.get(order, lambda: _first(_BY_LIKENESS[name](snapshot, of)))
    raise UsageError(f"{order!r} is no order; there are {ORDERS}")


def _first(numbers: NDArray[Any]) -> Ranked:
    """Return the rows of the greatest numbers first, equals by row, NaN last."""
    return np.argsort(-numbers, kind="stable").astype(np.int32)


def _newest(snapshot: Snapshot) -> Ranked:
    # As the store has it: equals by id, descending; without a date last.
    return np.argsort(snapshot.column("taken"), kind="stable")[::-1].astype(np.int32)


def _oldest(snapshot: Snapshot) -> Ranked:
    taken = snapshot.column("taken")
    last = np.where(taken == NO_MOMENT, np.iinfo(np.int64).max, taken)
    return np.argsort(last, kind="stable").astype(np.int32)


def _added(snapshot: Snapshot) -> Ranked:
    return np.argsort(snapshot.column("added"), kind="stable")[::-1].astype(np.int32)


def _views(snapshot: Snapshot) -> Ranked:
    return _first(snapshot.column("views"))


def latest_scored(snapshot: Snapshot, concept: str) -> ScoreColumn:
    """Return a concept's scores by the model that scored it last.

    Raises:
        UsageError: Nobody has scored it.
    """
    columns = snapshot.scores.latest()
    if concept not in columns:
        raise UsageError(
            f"no photo has been scored for {concept!r}; `sis score` does that; scored are: "
            f"{', '.join(columns) or 'none'}"
        )
    return columns[concept]


def _similar(snapshot: Snapshot, text: str) -> NDArray[np.float32]:
    if text not in snapshot:
        raise UsageError(f"there is no photo {text} here")
    photo_id = PhotoId(text)
    return snapshot.likeness.of_photo(
        photo_id, rows_of=snapshot.rows_of_names, number=len(snapshot)
    )


def _by_words(snapshot: Snapshot, text: str) -> NDArray[np.float32]:
    return snapshot.likeness.of_words(text, rows_of=snapshot.rows_of_names, number=len(snapshot))


_PLAIN: Mapping[str, Callable[[Snapshot], Ranked]] = MappingProxyType(
    {"newest": _newest, "oldest": _oldest, "added": _added, "views": _views}
)
_BY_SCORE: Mapping[str, Callable[[ScoreColumn], Ranked]] = MappingProxyType(
    {
        "score": lambda column: column.highest_first,
        "score-up": lambda column: column.lowest_first,
        "unsure": lambda column: column.unsure_first,
    }
)
_BY_LIKENESS: Mapping[str, Callable[[Snapshot, str], NDArray[np.float32]]] = MappingProxyType(
    {"similar": _similar, "words": _by_words}
)
