"""Store: which photos a filter means, its scores included, as MongoDB queries."""

import heapq
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from pymongo.database import Database

from smart_image_scraper.photo import Comparison, EncryptedPhoto, Filter, Scoring, Threshold
from smart_image_scraper.store.columns import read_column
from smart_image_scraper.store.forms import Document
from smart_image_scraper.store.queries import Order, Query, both, matching
from smart_image_scraper.store.scorings import read_scorings, scoring_of
from smart_image_scraper.store.translation import translated

CHUNK = 10_000
"""How many ids a query names at most: 16 MB would be the server's limit."""

_COMPARE: dict[Comparison, Callable[[NDArray[np.float64], float], NDArray[np.bool_]]] = {
    Comparison.AT_LEAST: lambda values, limit: values >= limit,
    Comparison.ABOVE: lambda values, limit: values > limit,
    Comparison.AT_MOST: lambda values, limit: values <= limit,
    Comparison.BELOW: lambda values, limit: values < limit,
}
_OPERATORS = {
    Comparison.AT_LEAST: "$gte",
    Comparison.ABOVE: "$gt",
    Comparison.AT_MOST: "$lte",
    Comparison.BELOW: "$lt",
}


def selected(database: Database[Document], where: Filter, *, chunk: int = CHUNK) -> list[Query]:
    """Return the queries that together mean what a filter means, each photo in one of them.

    They follow one another in the order of ids.

    Raises:
        UsageError: Nobody has scored a concept that the filter is about.
    """
    if not where.scores:
        return [matching(where)]
    with translated("read scores"):
        return _selected_by_scores(database, where, chunk=chunk)


def _selected_by_scores(database: Database[Document], where: Filter, *, chunk: int) -> list[Query]:
    query = matching(where)
    scorings = read_scorings(database["scorings"])
    ids: NDArray[np.bytes_] | None = None
    for threshold in where.scores:
        scoring = scoring_of(scorings, threshold)
        if not scoring.derived:
            query = both(query, _answered(threshold, scoring=scoring))
            continue
        met = _meeting(database, threshold, scoring=scoring)
        ids = met if ids is None else np.intersect1d(ids, met, assume_unique=True)
    if ids is None:
        return [query]
    return [
        both(query, {"_id": {"$in": [each.decode() for each in ids[begin : begin + chunk]]}})
        for begin in range(0, len(ids), chunk)
    ]


def merged(
    readers: Sequence[Iterator[EncryptedPhoto]], *, order: Order
) -> Iterator[EncryptedPhoto]:
    """Return what readers of :func:`selected` queries yield as one, in an order."""
    if len(readers) > 1 and order is Order.TAKEN_NEWEST:
        return heapq.merge(*readers, key=_taken, reverse=True)
    return (photo for reader in readers for photo in reader)


def _taken(encrypted: EncryptedPhoto) -> tuple[str, str]:
    taken = encrypted.photo.taken
    return ("" if taken is None else taken.local.isoformat(), encrypted.photo.id)


def _answered(threshold: Threshold, *, scoring: Scoring) -> Query:
    name, limit = f"{scoring.model}|{scoring.concept}", threshold.limit
    query: Query = {f"scores.{name}": {_OPERATORS[threshold.comparison]: limit}}
    if threshold.comparison.is_upward:
        return query
    # What is not reported is below the floor, and is known to be below whatever is above that.
    return {"$or": [query, {f"scores_below.{name}": {"$lte": limit}}]}


def _meeting(
    database: Database[Document], threshold: Threshold, *, scoring: Scoring
) -> NDArray[np.bytes_]:
    photos, raw = read_column(database["scores"], model=scoring.model, concept=scoring.concept)
    return photos[_COMPARE[threshold.comparison](scoring.probabilities(raw), threshold.limit)]
