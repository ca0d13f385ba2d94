"""Store: which photos a filter means, with scores, reviews and words, as MongoDB queries."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from pymongo.database import Database

from smart_image_scraper.photo import (
    Comparison,
    EncryptedPhoto,
    Filter,
    Judgement,
    Scoring,
    Threshold,
)
from smart_image_scraper.photo.review import wanted_verdicts
from smart_image_scraper.photo.words import holds, phrases_of
from smart_image_scraper.store.columns import read_column
from smart_image_scraper.store.forms import Document
from smart_image_scraper.store.queries import Order, Query, both, matching
from smart_image_scraper.store.reviews import Reviews
from smart_image_scraper.store.scorings import read_scorings, scoring_of
from smart_image_scraper.store.texts import TEXT_PARTS, words_line
from smart_image_scraper.store.translation import translated

CHUNK = 10_000
"""How many ids a query names at most: 16 MB would be the server's limit."""

_Ids = NDArray[np.bytes_]
"""Photos' ids, sorted, each once."""

COMPARE: dict[Comparison, Callable[[NDArray[np.float64], float], NDArray[np.bool_]]] = {
    Comparison.AT_LEAST: lambda values, limit: values >= limit,
    Comparison.ABOVE: lambda values, limit: values > limit,
    Comparison.AT_MOST: lambda values, limit: values <= limit,
    Comparison.BELOW: lambda values, limit: values < limit,
}
"""What a comparison means of many probabilities at once."""

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
    if not (where.scores or where.reviews or where.text):
        return [matching(where)]
    with translated("read scores"):
        meant = _scored(database, where, chunk=chunk)
    meant = _reviewed(database, where.reviews, among=meant)
    if where.text:
        with translated("read the texts of photos"):
            meant = meant.only(_holding(database, where.text, queries=meant.queries()))
    return meant.queries()


class _Meant:
    """What a query means, of which only some photos, by their ids.

    Args:
        query: On ``photos``.
        ids: The photos that it may be; ``None`` for any.
        chunk: How many ids a query names at most.
    """

    def __init__(self, query: Query, *, ids: _Ids | None, chunk: int) -> None:
        self.query = query
        self.ids = ids
        self._chunk = chunk

    def only(self, ids: _Ids) -> "_Meant":
        """Leave out all photos but some."""
        if self.ids is not None:
            ids = np.intersect1d(self.ids, ids, assume_unique=True)
        return _Meant(self.query, ids=ids, chunk=self._chunk)

    def without(self, ids: _Ids, *, photos: Callable[[Query], _Ids]) -> "_Meant":
        """Leave out some photos.

        Args:
            ids: Which.
            photos: Reads the ids of all that a query means; too many cannot be named to be left
                out.
        """
        if self.ids is None and len(ids) <= self._chunk:
            query = both(self.query, {"_id": {"$nin": _texts(ids)}} if len(ids) else {})
            return _Meant(query, ids=None, chunk=self._chunk)
        among = photos(self.query) if self.ids is None else self.ids
        return _Meant(
            self.query, ids=np.setdiff1d(among, ids, assume_unique=True), chunk=self._chunk
        )

    def queries(self) -> list[Query]:
        """Return the queries that together mean this."""
        if self.ids is None:
            return [self.query]
        return [
            both(self.query, {"_id": {"$in": _texts(self.ids[begin : begin + self._chunk])}})
            for begin in range(0, len(self.ids), self._chunk)
        ]


def _scored(database: Database[Document], where: Filter, *, chunk: int) -> _Meant:
    query = matching(where)
    ids: _Ids | None = None
    scorings = read_scorings(database["scorings"]) if where.scores else []
    for threshold in where.scores:
        scoring = scoring_of(scorings, threshold)
        if not scoring.derived:
            query = both(query, _answered(threshold, scoring=scoring))
            continue
        met = _meeting(database, threshold, scoring=scoring)
        ids = met if ids is None else np.intersect1d(ids, met, assume_unique=True)
    return _Meant(query, ids=ids, chunk=chunk)


def _reviewed(
    database: Database[Document], judgements: Sequence[Judgement], *, among: _Meant
) -> _Meant:
    wanted = wanted_verdicts(judgements)
    said = Reviews(database["reviews"]).verdicts(list(wanted)) if wanted else {}
    for concept, verdicts in wanted.items():
        by_photo = said[concept]
        if None in verdicts:
            others = _sorted(each for each, said in by_photo.items() if said not in verdicts)
            among = among.without(others, photos=lambda query: _ids_of(database, query))
        else:
            among = among.only(_sorted(each for each, said in by_photo.items() if said in verdicts))
    return among


def _holding(database: Database[Document], text: str, *, queries: Sequence[Query]) -> _Ids:
    """Return the photos, of those that queries mean, that hold the words of a text.

    By the same rule as the app's index of texts: the server's own search knows neither the
    beginnings of words nor the words of scripts without spaces.
    """
    phrases = phrases_of(text)
    return _sorted(
        found["_id"]
        for query in queries
        for found in database["photos"].find(query, dict(TEXT_PARTS), batch_size=CHUNK)
        if holds(words_line(found), phrases)
    )


def _ids_of(database: Database[Document], query: Query) -> _Ids:
    with translated("read photos"):
        found = database["photos"].find(query, {"_id": 1}, batch_size=CHUNK)
        return _sorted(document["_id"] for document in found)


def _sorted(ids: Iterable[str]) -> _Ids:
    return np.sort(np.array([photo_id.encode() for photo_id in ids], np.bytes_))


def _texts(ids: _Ids) -> list[str]:
    return [photo_id.decode() for photo_id in ids.tolist()]


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


def _meeting(database: Database[Document], threshold: Threshold, *, scoring: Scoring) -> _Ids:
    photos, raw = read_column(database["scores"], model=scoring.model, concept=scoring.concept)
    return photos[COMPARE[threshold.comparison](scoring.probabilities(raw), threshold.limit)]
