"""Store: what people have said of photos. It is only ever added to; the latest word counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pymongo.collection import Collection

from smart_image_scraper.photo import PhotoId
from smart_image_scraper.store.forms import Document, write_moment
from smart_image_scraper.store.translation import translated
from smart_image_scraper.store.writing import in_batches


class Verdict(StrEnum):
    """What a person says."""

    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    """What was said before counts no more, as if nobody had said anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a person said of a photo.

    Attributes:
        photo: Which.
        verdict: With a concept: it is, or is not, in the photo. Without: the photo is, or is not,
            wanted. Or that what was said of that counts no more.
        concept: Which; ``None`` for the photo as a whole.
        by: Who, or which file of labels.
        at: When, in UTC.
    """

    photo: PhotoId
    verdict: Verdict
    concept: str | None = None
    by: str
    at: datetime


class Reviews:
    """The reviews in a store."""

    def __init__(self, reviews: Collection[Document]) -> None:
        self._reviews = reviews

    def add(self, reviews: Iterable[Review]) -> int:
        """Add reviews, and return how many."""
        added = 0
        with translated("write reviews"):
            for batch in in_batches(map(_document, reviews)):
                added += len(self._reviews.insert_many(batch).inserted_ids)
        return added

    def latest(self, photos: Iterable[PhotoId] | None = None) -> list[Review]:
        """Return the latest review of each photo and concept, in the order they were made.

        What was withdrawn is left out.

        Args:
            photos: Only of these; ``None`` for all.
        """
        latest: dict[tuple[PhotoId, str | None], Review] = {}
        for review in self._read({} if photos is None else _of(photos)):
            # Removed first, so that it moves to the end.
            latest.pop((review.photo, review.concept), None)
            latest[review.photo, review.concept] = review
        return [each for each in latest.values() if each.verdict is not Verdict.WITHDRAW]

    def all(self) -> list[Review]:
        """Return every review, what withdraws others, too, in the order they were made."""
        return self._read({})

    def _read(self, query: Document) -> list[Review]:
        with translated("read reviews"):
            documents = self._reviews.find(query, sort=[("at", 1), ("_id", 1)])
            return [_review(document) for document in documents]


def _of(photos: Iterable[PhotoId]) -> Document:
    return {"photo": {"$in": [str(photo) for photo in photos]}}


def _document(review: Review) -> Document:
    document = {
        "photo": str(review.photo),
        "verdict": review.verdict.value,
        "by": review.by,
        "at": write_moment(review.at),
    }
    return document if review.concept is None else document | {"concept": review.concept}


def _review(document: Document) -> Review:
    return Review(
        photo=PhotoId(document["photo"]),
        verdict=Verdict(document["verdict"]),
        concept=document.get("concept"),
        by=document["by"],
        at=document["at"],
    )
