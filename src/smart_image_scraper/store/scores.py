"""Store: what models computed of photos, and how it comes to the photos when they are read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pymongo.database import Database

from smart_image_scraper.photo import EncryptedPhoto, PhotoId, Scoring
from smart_image_scraper.store.columns import (
    Bucket,
    bucket_id,
    bucket_of,
    read_bucket,
    read_column,
    write_columns,
)
from smart_image_scraper.store.forms import Document
from smart_image_scraper.store.scorings import read_scorings, save_scoring
from smart_image_scraper.store.translation import translated


class Scores:
    """The scores in a store: which model scored which concept, and its numbers of all photos."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database

    def scorings(self) -> list[Scoring]:
        """Return which models have scored which concepts, the latest first."""
        with translated("read scores"):
            return read_scorings(self._database["scorings"])

    def save_scoring(self, scoring: Scoring) -> None:
        """Note how a model scores a concept. Idempotent.

        If the basis is another one than before, all its numbers are forgotten: they are no longer
        true, and photos are to be scored anew.
        """
        with translated("write scores"):
            save_scoring(self._database, scoring)

    def put(
        self,
        model: str,
        photos: Sequence[PhotoId],
        *,
        columns: Mapping[str, NDArray[np.float32]],
    ) -> None:
        """Write a model's raw numbers of photos, whose scorings are saved. Idempotent.

        100,000 photos take a tenth of a second. Numbers of other photos and concepts stay.

        Args:
            model: Its name, with the revision.
            photos: Which; each at most once.
            columns: By concept, a number for each photo; NaN says nothing of it.
        """
        with translated("write scores"):
            write_columns(self._database["scores"], model=model, photos=photos, columns=columns)

    def column(self, model: str, concept: str) -> tuple[NDArray[np.bytes_], NDArray[np.float32]]:
        """Read all raw numbers of a concept by a model: photos' ids, sorted, and a number each."""
        with translated("read scores"):
            return read_column(self._database["scores"], model=model, concept=concept)


class ScoreReader:
    """Give photos the scores that are derived from raw numbers.

    It keeps what it has read: 20 bytes a photo, and 4 for each concept.
    """

    def __init__(self, database: Database[Document]) -> None:
        self._scores = database["scores"]
        with translated("read scores"):
            derived = [each for each in read_scorings(database["scorings"]) if each.derived]
        self._scorings = {(each.model, each.concept): each for each in derived}
        self._models = sorted({each.model for each in derived})
        self._buckets: dict[str, Bucket] = {}

    def with_scores(self, photos: Iterable[EncryptedPhoto]) -> Iterator[EncryptedPhoto]:
        """Yield photos with all of their scores, sorted by model and concept."""
        if not self._models:
            yield from photos
            return
        page = list(photos)
        self._read_buckets(page)
        for encrypted in page:
            yield self._with_scores(encrypted)

    def _read_buckets(self, page: Sequence[EncryptedPhoto]) -> None:
        numbers = {bucket_of(encrypted.photo.id) for encrypted in page}
        names = {bucket_id(model, number) for model in self._models for number in numbers}
        unread = sorted(names - self._buckets.keys())
        if unread:
            with translated("read scores"):
                found = list(self._scores.find({"_id": {"$in": unread}}))
            self._buckets |= {document["_id"]: read_bucket(document) for document in found}

    def _with_scores(self, encrypted: EncryptedPhoto) -> EncryptedPhoto:
        photo = encrypted.photo
        number = bucket_of(photo.id)
        derived = [
            self._scorings[model, concept].score(raw)
            for model in self._models
            if (bucket := self._buckets.get(bucket_id(model, number))) is not None
            for concept, raw in bucket.raw(photo.id).items()
            if (model, concept) in self._scorings
        ]
        if not derived:
            return encrypted
        scores = sorted((*photo.scores, *derived), key=lambda score: (score.model, score.concept))
        return replace(encrypted, photo=replace(photo, scores=tuple(scores)))
