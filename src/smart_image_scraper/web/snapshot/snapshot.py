"""Serve: all photos as columns, at one moment."""

from collections.abc import Sequence

from smart_image_scraper.photo import DuplicateKind, PhotoId
from smart_image_scraper.web.snapshot.card import Card


class Snapshot:
    """All photos as columns, at one moment. Immutable; nothing of it is personal.

    Attributes:
        revision: Changes whenever something that the app shows does.
        words_search_why: Why photos cannot be found by words; ``None`` if they can.
    """

    revision: str
    words_search_why: str | None

    def __len__(self) -> int:
        raise NotImplementedError

    def __contains__(self, photo_id: object) -> bool:
        raise NotImplementedError

    def cards(self, ids: Sequence[PhotoId]) -> list[Card]:
        """Return what the gallery shows of photos, in their order; unknown ids are left out."""
        raise NotImplementedError

    def duplicates_of(self, photo_id: PhotoId) -> list[tuple[DuplicateKind, list[PhotoId]]]:
        """Return the groups of near-duplicates that a photo is in, each with all of its photos."""
        raise NotImplementedError
