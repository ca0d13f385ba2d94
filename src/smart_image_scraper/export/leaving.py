"""Export: which photos leave, under which licence, and which stay, and why."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from smart_image_scraper.errors import SisError, UsageError, WorkspaceError
from smart_image_scraper.photo import License, Photo

# Creative Commons' licences cannot be revoked for who has a copy under them (4.0, 2(a)(1) and
# 6(c); 2.0, 7(b)); the other words are statements, not licences.
_IRREVOCABLE = re.compile(r"cc-|cc0-")


class LeftOut(StrEnum):
    """Why a photo is not exported."""

    NOT_FREE = "not free"
    """Nobody but its owner may pass it on."""
    UNKNOWN = "licence unknown"
    """Nobody knows who may pass it on."""
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


WHY = MappingProxyType(
    {
        LeftOut.NOT_FREE: "without a free licence (--include-all-rights-reserved)",
        LeftOut.UNKNOWN: "whose licence nobody knows (`sis refresh` asks Flickr for it, `sis "
        "import folder --license` says it of your own; --include-all-rights-reserved)",
        LeftOut.WITHDRAWN: "whose free licence was withdrawn after the download "
        "(--license-at-download)",
        LeftOut.REJECTED: "that a review rejected (--with-rejected)",
        LeftOut.NO_FILE: "without a file (`sis download`)",
        LeftOut.LOST: "whose file the workspace has lost; put it back from a copy",
        LeftOut.METADATA: "whose metadata cannot be taken out",
    }
)
"""What to say of photos that are left out, after "3 photos"."""

GONE = "taken away by owners (--gone)"
"""Likewise of photos that their owners took away."""

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
        if photo.license == License.UNKNOWN:
            return LeftOut.UNKNOWN
        return LeftOut.WITHDRAWN if withdrawn else LeftOut.NOT_FREE


def nothing_left(left_out: Mapping[LeftOut, int], *, gone: int) -> SisError:
    """Return the error that no photo is exported, which says what left them out."""
    reasons = [f"{count:,} {_photos(count)} {WHY[reason]}" for reason, count in left_out.items()]
    if gone:
        reasons.append(f"{gone:,} {_photos(gone)} {GONE}")
    if not reasons:
        return UsageError("no photo meets the conditions, so nothing was written")
    kind = WorkspaceError if LeftOut.LOST in left_out else UsageError
    return kind(
        f"no photo is left to export, so nothing was written; left out: {'; '.join(reasons)}"
    )


def _photos(count: int) -> str:
    return "photo" if count == 1 else "photos"


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
