"""Store: what near-duplicates are found by, of all photos at once, and the groups of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection

from smart_image_scraper.photo import DuplicateGroup, Granularity, PhotoId
from smart_image_scraper.store.forms import TOUCHED, Document, read_local, write_duplicates
from smart_image_scraper.store.translation import translated
from smart_image_scraper.store.writing import in_batches

_PARTS = {
    "inspection.fetched_sha256": 1,
    "inspection.perceptual_hash": 1,
    "inspection.crop_hashes": 1,
    "file.width": 1,
    "file.height": 1,
    "views": 1,
    "owner_index": 1,
    "taken": 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What tells whether a photo is like others.

    Attributes:
        id: Whose.
        sha256: Of its file as it was fetched.
        perceptual_hash: 32 bytes; ``None`` if there is nothing to see.
        crop_hashes: Of ten crops, 32 bytes each.
        pixels: Of its file.
        views: How often it was seen; ``None`` if the site does not say.
        owner_index: The keyed digest of the owner's id.
        taken: By the site, local time; ``None`` unless it is known to the second.
    """

    id: PhotoId
    sha256: str
    perceptual_hash: bytes | None
    crop_hashes: bytes | None
    pixels: int
    views: int | None
    owner_index: bytes | None
    taken: datetime | None


def read_likenesses(photos: Collection[Document]) -> Iterator[Likeness]:
    """Read the likeness of every inspected photo; see ``Store.likenesses``."""
    query: dict[str, Any] = {"inspection": {"$exists": True}}
    with translated("read photos"):
        for document in photos.find(query, _PARTS, sort=[("_id", 1)]):
            yield _likeness(document)


def write_groups(
    photos: Collection[Document], groups: Mapping[PhotoId, tuple[DuplicateGroup, ...]]
) -> int:
    """Make each photo's groups what a mapping says; see ``Store.save_duplicates``."""
    changed = 0
    with translated("write photos"):
        for batch in in_batches(_writes(photos, groups)):
            changed += photos.bulk_write(batch, ordered=False).modified_count
    return changed


def _writes(
    photos: Collection[Document], groups: Mapping[PhotoId, tuple[DuplicateGroup, ...]]
) -> Iterator[UpdateOne]:
    grouped = photos.find({"duplicates": {"$exists": True}}, {"duplicates": 1})
    stored = {document["_id"]: document["duplicates"] for document in grouped}
    for photo_id in stored.keys() - {str(photo_id) for photo_id in groups}:
        yield UpdateOne({"_id": photo_id}, {"$unset": {"duplicates": True}, **TOUCHED})
    for photo_id, of_photo in groups.items():
        wanted = write_duplicates(of_photo)
        if stored.get(str(photo_id)) != wanted:
            update = {"$set": {"duplicates": wanted}, **TOUCHED}
            yield UpdateOne({"_id": str(photo_id)}, update)


def _likeness(document: Document) -> Likeness:
    inspection, file = document["inspection"], document.get("file", {})
    taken = document.get("taken")
    exact = taken is not None and taken["granularity"] == Granularity.SECOND.value
    return Likeness(
        id=PhotoId(document["_id"]),
        sha256=inspection["fetched_sha256"],
        perceptual_hash=inspection.get("perceptual_hash"),
        crop_hashes=inspection.get("crop_hashes"),
        pixels=file.get("width", 0) * file.get("height", 0),
        views=document.get("views"),
        owner_index=document.get("owner_index"),
        taken=read_local(taken["local"]) if taken is not None and exact else None,
    )
