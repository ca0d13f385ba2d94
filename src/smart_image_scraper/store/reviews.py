"""Store: what people have said of photos. It is only ever added to; the latest word counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pymongo.collection import Collection

from smart_image_scraper.photo import PhotoId, Verdict
from smart_image_scraper.store.forms import Document, write_moment
from smart_image_scraper.store.translation import translated
from smart_image_scraper.store.writing import in_batches


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a person said of a photo.

    Attributes:
        photo: Which.
        verdict: With a concept: it is, or is not, in the photo. Without: the photo is, or is not,
            wanted. Or what was said before is withdrawn.
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
        return [each for each in self.last(photos) if each.verdict is not Verdict.WITHDRAW]

    def last(self, photos: Iterable[PhotoId] | None = None) -> list[Review]:
        """Likewise, with what withdraws others."""
        last: dict[tuple[PhotoId, str | None], Review] = {}
        for review in self._read({} if photos is None else _of(photos)):
            # Removed first, so that it moves to the end.
            last.pop((review.photo, review.concept), None)
            last[review.photo, review.concept] = review
        return list(last.values())

    def all(self) -> list[Review]:
        """Return every review, what withdraws others, too, in the order they were made."""
        return self._read({})

    def _read(self, query: Document) -> list[Review]:
        with translated("read reviews"):
            documents = self._reviews.find(query, sort=[("at", 1), ("_id", 1)])
            return [_review(document) for document in documents]

    def verdicts(self, concepts: Iterable[str | None]) -> dict[str | None, dict[str, Verdict]]:
        """Return the latest verdicts on concepts: by concept, then by photo's id.

        Args:
            concepts: Which; ``None`` for photos as a whole. What was withdrawn is left out.
        """
        latest: dict[str | None, dict[str, Verdict]] = {concept: {} for concept in concepts}
        query = {"concept": {"$in": list(latest)}}
        with translated("read reviews"):
            for found in self._reviews.find(query, _SAID, sort=[("at", 1), ("_id", 1)]):
                latest[found.get("concept")][found["photo"]] = Verdict(found["verdict"])
        return {
            concept: {
                photo: verdict
                for photo, verdict in by_photo.items()
                if verdict is not Verdict.WITHDRAW
            }
            for concept, by_photo in latest.items()
        }


_SAID = {"_id": False, "photo": True, "verdict": True, "concept": True}


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
