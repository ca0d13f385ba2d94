"""Serve: what people say of photos, and how it is taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import PhotoId, Verdict
from smart_image_scraper.photo.scoring import check_name
from smart_image_scraper.store import Review, Store

MOST_AT_ONCE = 10_000

_Of = tuple[PhotoId, str | None]
"""What a word is of: a photo, and a concept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A word on a photo.

    Attributes:
        photo: Which.
        verdict: What is said.
        concept: Of which concept; ``None`` for the photo as a whole.
        takes_back: When that was said which this takes back; ``None`` if it takes nothing back.
    """

    photo: PhotoId
    verdict: Verdict
    concept: str | None
    takes_back: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "photo": self.photo,
            "verdict": self.verdict.value,
            "concept": self.concept,
            "takes_back": None if self.takes_back is None else self.takes_back.isoformat(),
        }


def add_reviews(store: Store, words: Sequence[Said], *, by: str) -> list[Said]:
    """Add what was said, and return what would have to be said to take it back.

    What takes something back is left out where that is not the last word any more: somebody else
    has said something since, and that counts.

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
    before = {(each.photo, each.concept): each for each in store.reviews.last(ids)}
    counting = [each for each in words if _counts(each, before, by=by)]
    # As exact as the store keeps it, by which an undo finds what it takes back.
    now = datetime.now(UTC)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    store.reviews.add(
        Review(photo=each.photo, verdict=each.verdict, concept=each.concept, by=by, at=now)
        for each in counting
    )
    return _undo(before, counting, at=now)


def _counts(word: Said, before: Mapping[_Of, Review], *, by: str) -> bool:
    if word.takes_back is None:
        return True
    last = before.get((word.photo, word.concept))
    return last is not None and (last.by, last.at) == (by, word.takes_back)


def _undo(before: Mapping[_Of, Review], words: Iterable[Said], *, at: datetime) -> list[Said]:
    changed = dict.fromkeys((each.photo, each.concept) for each in words)
    return [
        Said(
            photo=photo,
            verdict=before[photo, concept].verdict
            if (photo, concept) in before
            else Verdict.WITHDRAW,
            concept=concept,
            takes_back=at,
        )
        for photo, concept in changed
    ]


def _check_concept(concept: str) -> None:
    try:
        check_name(concept)
    except ValueError as error:
        raise UsageError(str(error)) from error
