"""Serve: what people say of photos, and how it is taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import PhotoId, Verdict
from smart_image_scraper.photo.scoring import check_name
from smart_image_scraper.store import Review, Store

MOST_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A word on a photo.

    Attributes:
        photo: Which.
        verdict: What is said.
        concept: Of which concept; ``None`` for the photo as a whole.
    """

    photo: PhotoId
    verdict: Verdict
    concept: str | None

    def as_json(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"photo": self.photo, "verdict": self.verdict.value, "concept": self.concept}


def add_reviews(store: Store, words: Sequence[Said], *, by: str) -> list[Said]:
    """Add what was said, and return what would have to be said to take it back.

    Args:
        store: Gets the reviews.
        words: What was said; of the same photo and concept the last one counts.
        by: Who says it.

    Raises:
        UsageError: A photo is not there, a word cannot name a concept, or there are too many;
            nothing is added.
    """
    if len(words) > MOST_AT_ONCE:
        raise UsageError(
            f"these are {len(words):,} photos, and at most {MOST_AT_ONCE:,} can be judged at once; "
            "narrow the filter down"
        )
    for concept in {each.concept for each in words} - {None}:
        _check_concept(str(concept))
    ids = list(dict.fromkeys(each.photo for each in words))
    known = {stored.photo.id for stored in store.get(ids)}
    if unknown := [each for each in ids if each not in known]:
        raise UsageError(f"there is no photo {', '.join(unknown[:3])} here; nothing was noted")
    undo = _undo(store.reviews.latest(ids), words)
    now = datetime.now(UTC)
    store.reviews.add(
        Review(photo=each.photo, verdict=each.verdict, concept=each.concept, by=by, at=now)
        for each in words
    )
    return undo


def _undo(before: Iterable[Review], words: Iterable[Said]) -> list[Said]:
    verdicts = {(each.photo, each.concept): each.verdict for each in before}
    changed = dict.fromkeys((each.photo, each.concept) for each in words)
    return [
        Said(
            photo=photo,
            verdict=verdicts.get((photo, concept), Verdict.WITHDRAW),
            concept=concept,
        )
        for photo, concept in changed
    ]


def _check_concept(concept: str) -> None:
    try:
        check_name(concept)
    except ValueError as error:
        raise UsageError(str(error)) from error
