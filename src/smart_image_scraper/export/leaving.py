"""Export: which photos leave, under which licence, and which stay, and why."""

import re
from dataclasses import dataclass
from enum import StrEnum

from smart_image_scraper.photo import License, Photo

# Creative Commons' licences cannot be revoked for who has a copy under them (4.0, 2(a)(1) and
# 6(c); 2.0, 7(b)); the other words are statements, not licences.
_IRREVOCABLE = re.compile(r"cc-|cc0-")


class LeftOut(StrEnum):
    """Why a photo is not exported."""

    NOT_FREE = "not free"
    """Nobody but its owner may pass it on, or nobody knows who may."""
    WITHDRAWN = "free licence withdrawn"
    """Its owner took a free licence back after its file was downloaded under it."""
    REJECTED = "rejected"
    """A person said that it is not wanted."""
    NO_FILE = "no file"
    """It was not downloaded."""
    LOST = "file lost"
    """Its file was downloaded, and is not in the workspace any more, or not whole."""
    METADATA = "metadata not removable"
    """Its file is of a kind, or damaged so, that the metadata cannot be taken out."""


FAILURES = frozenset({LeftOut.LOST, LeftOut.METADATA})
"""The reasons that nobody asked for: who exports must hear of these photos."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """What may leave beyond what anyone may pass on.

    Attributes:
        all_rights_reserved: Photos without a free licence, too.
        license_at_download: Photos whose Creative Commons licence was withdrawn after their file
            was downloaded, under that licence.
    """

    all_rights_reserved: bool = False
    license_at_download: bool = False

    def license_of(self, photo: Photo) -> License | LeftOut:
        """Return the licence that a photo leaves under, or why it stays."""
        if photo.license.is_free:
            return photo.license
        fetched = license_when_downloaded(photo)
        withdrawn = (
            fetched is not None
            and fetched.is_free
            and _IRREVOCABLE.match(fetched.word) is not None
            and photo.license == License.ALL_RIGHTS_RESERVED
        )
        if withdrawn and fetched is not None and self.license_at_download:
            return fetched
        if self.all_rights_reserved:
            return photo.license
        return LeftOut.WITHDRAWN if withdrawn else LeftOut.NOT_FREE


def license_when_downloaded(photo: Photo) -> License | None:
    """Return the licence that a photo had when its file was fetched; ``None`` if nobody knows.

    Where it was not noted then, the changes that its site tells of say it.
    """
    if photo.file is None:
        return None
    if photo.file.license is not None or not photo.license_history:
        return photo.file.license
    later = [each for each in photo.license_history if each.at > photo.file.fetched_at]
    return later[0].old if later else photo.license_history[-1].new
