"""Demo: what has become of made photos since the site was opened."""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from smart_image_scraper.demo.record import MadePhoto

LICENSE_IDS = range(17)
"""The ids of Flickr's licences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relicensing:
    """One change of a photo's licence.

    Attributes:
        at: Unix time.
        old: Flickr's licence id; likewise ``new``.
    """

    at: int
    old: int
    new: int


class Changes:
    """What owners did to their photos: each site has its own, the catalogue stays as it is."""

    def __init__(self) -> None:
        self._removed: set[str] = set()
        self._private: set[str] = set()
        self._closed: set[str] = set()
        self._relicensed: defaultdict[str, list[Relicensing]] = defaultdict(list)

    def __bool__(self) -> bool:
        return bool(self._removed or self._private or self._closed or self._relicensed)

    def remove(self, photo_id: str) -> None:
        """Delete a photo."""
        self._removed.add(photo_id)

    def make_private(self, photo_id: str) -> None:
        """Hide a photo from everybody but its owner."""
        self._private.add(photo_id)

    def close_account(self, nsid: str) -> None:
        """Delete a member with all photos; what they wrote about others' stays."""
        self._closed.add(nsid)

    def relicense(self, photo: MadePhoto, license_id: int, *, at: int | None = None) -> None:
        """Give a photo another licence.

        Args:
            photo: As the catalogue has it.
            license_id: Flickr's id.
            at: Unix time; now without it.

        Raises:
            ValueError: No licence has that id.
        """
        if license_id not in LICENSE_IDS:
            raise ValueError(f"Flickr has no licence {license_id}; its ids are 0 to 16")
        history = self._relicensed[photo.id]
        old = history[-1].new if history else photo.license
        moment = int(time.time()) if at is None else at
        history.append(Relicensing(at=moment, old=old, new=license_id))

    def licenses_of(self, photo_id: str) -> tuple[Relicensing, ...]:
        """Return every change of a photo's licence, the first one first."""
        return tuple(self._relicensed.get(photo_id, ()))

    def is_closed(self, nsid: str) -> bool:
        """Whether a member has deleted the account."""
        return nsid in self._closed

    def is_private(self, photo: MadePhoto) -> bool:
        """Whether a photo is there for its owner alone."""
        return photo.id in self._private and not self._is_deleted(photo)

    def is_public(self, photo: MadePhoto) -> bool:
        """Whether anybody but the owner can still see a photo."""
        return photo.id not in self._private and not self._is_deleted(photo)

    def applied_to(self, photo: MadePhoto) -> MadePhoto:
        """Return a photo as it is now, whoever may see it."""
        history = self.licenses_of(photo.id)
        if not history:
            return photo
        last = history[-1]
        return replace(photo, license=last.new, changed=max(photo.changed, last.at))

    def public(self, photos: Iterable[MadePhoto]) -> Iterator[MadePhoto]:
        """Yield those of some photos that are still public, as they are now."""
        return (self.applied_to(photo) for photo in photos if self.is_public(photo))

    def _is_deleted(self, photo: MadePhoto) -> bool:
        return photo.id in self._removed or photo.owner.nsid in self._closed
