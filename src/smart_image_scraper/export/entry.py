"""Export: what leaves the store for one photo, in whatever format."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import splitext
from types import MappingProxyType

from smart_image_scraper.photo import License, Photo, PhotoId

# Orientations of EXIF (2.32, 4.6.4 A).
_ON_ITS_SIDE = frozenset({5, 6, 7, 8})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What leaves the store for one photo. Nothing in it is personal unless it was asked for.

    Attributes:
        photo: The photo as it may be told: its coordinates as coarse as was asked for, and with
            them whatever else says where it was; its sensitive fields empty unless they were
            asked for.
        license: The licence that it leaves under.
        credit: Title, author or page, source and licence, as one sentence.
        split: ``train``, ``validation`` or ``test``; ``None`` if the photos are not split.
        labels: For each concept, whether the photo shows it; a concept of which nobody knows that
            is not there.
        scores: For each concept, how sure the model is whose scores the labels follow, 0..1; a
            concept that it has no number for is not there.
        file: Where the file to pass on is, without metadata; ``None`` if only what is known of
            the photo leaves.
        file_name: The file's name in the data set: unique there, and without a folder.
    """

    photo: Photo
    license: License
    credit: str
    split: str | None = None
    labels: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    scores: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    file: str | None = None
    file_name: str | None = None

    @property
    def shown_size(self) -> tuple[int, int] | None:
        """Width and height of the picture as it is shown, upright; ``None`` without a file."""
        file, inspection = self.photo.file, self.photo.inspection
        if file is None:
            return None
        on_its_side = inspection is not None and inspection.orientation in _ON_ITS_SIDE
        return (file.height, file.width) if on_its_side else (file.width, file.height)


def file_name_of(photo_id: PhotoId, *, path: str) -> str:
    """Return the name of a photo's file in a data set, such as ``flickr-14898030836.jpg``.

    It has one dot, since WebDataset takes a name up to its first dot for the photo's key, and two
    photos never have the same.

    Args:
        photo_id: Whose file it is.
        path: Where it is kept; the name ends as this does.
    """
    # A photo's id holds no other characters that a file's name may not hold.
    stem = photo_id.native.replace("~", "~7e").replace(".", "~2e")
    return f"{photo_id.site}-{stem}{splitext(path)[1]}"
