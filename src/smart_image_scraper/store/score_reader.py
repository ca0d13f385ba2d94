"""Store: scores that are derived from raw numbers come to the photos when they are read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pymongo.database import Database

from smart_image_scraper.photo import EncryptedPhoto
from smart_image_scraper.store.columns import Bucket, bucket_id, bucket_of, read_bucket
from smart_image_scraper.store.forms import Document
from smart_image_scraper.store.scorings import read_scorings
from smart_image_scraper.store.translation import translated


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
