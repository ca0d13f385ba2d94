"""Store: raw scores of many photos at once, as columns.

What is computed from embeddings takes a second for all photos, so it has to be written as fast: a
document of ``scores`` holds the numbers of one model for about 1/256 of all photos, as packed
arrays, and a new concept is one short write to each. A photo's own document, of which 100,000 take
four seconds to change, holds only what services answered.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from smart_image_scraper.photo import PhotoId
from smart_image_scraper.store.forms import Document

BUCKETS = 256
_TAKEN = 11000
_NUMBERS = np.dtype("<f4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One model's raw scores of some photos.

    Attributes:
        photos: The photos' ids, in the order of texts as bytes.
        columns: By concept, a number for each photo; NaN where it was not scored.
    """

    photos: NDArray[np.bytes_]
    columns: Mapping[str, NDArray[np.float32]]

    def raw(self, photo_id: str) -> dict[str, float]:
        """Return a photo's numbers by concept; those that it has not are left out."""
        key = photo_id.encode()
        position = int(np.searchsorted(self.photos, np.bytes_(key)))
        if position == len(self.photos) or self.photos[position] != key:
            return {}
        numbers = {concept: float(column[position]) for concept, column in self.columns.items()}
        return {concept: number for concept, number in numbers.items() if not np.isnan(number)}


def bucket_of(photo_id: str) -> int:
    """Return the number of the bucket that a photo's scores are in, below ``BUCKETS``."""
    return crc32(photo_id.encode()) % BUCKETS


def bucket_id(model: str, bucket: int) -> str:
    """Return the id of a bucket's document."""
    return f"{model}|{bucket:02x}"


def of_model(model: str) -> Document:
    """Return the query for all buckets of a model."""
    # "}" is what comes after "|"; neither can be in a model's name.
    return {"_id": {"$gte": f"{model}|", "$lt": f"{model}}}"}}


def read_bucket(document: Document) -> Bucket:
    """Read a bucket from its document."""
    return Bucket(
        photos=np.array(bytes(document["photos"]).split(b"\n"), np.bytes_),
        columns={
            concept: np.frombuffer(packed, _NUMBERS)
            for concept, packed in document.get("columns", {}).items()
        },
    )


def read_column(
    scores: Collection[Document], *, model: str, concept: str
) -> tuple[NDArray[np.bytes_], NDArray[np.float32]]:
    """Return the ids of all photos that a model scored for a concept, sorted, and the numbers."""
    field = f"columns.{concept}"
    found = scores.find({**of_model(model), field: {"$exists": True}}, {"photos": 1, field: 1})
    buckets = [read_bucket(document) for document in found]
    if not buckets:
        return np.empty(0, np.bytes_), np.empty(0, np.float32)
    photos = np.concatenate([bucket.photos for bucket in buckets])
    numbers = np.concatenate([bucket.columns[concept] for bucket in buckets])
    kept = np.flatnonzero(~np.isnan(numbers))
    kept = kept[np.argsort(photos[kept], kind="stable")]
    return photos[kept], numbers[kept]


def clear_column(scores: Collection[Document], *, model: str, concept: str) -> None:
    """Forget all numbers of a concept by a model."""
    change = {"$unset": {f"columns.{concept}": True}, "$set": {"version": uuid4().hex}}
    scores.update_many(of_model(model), change)


def write_columns(
    scores: Collection[Document],
    *,
    model: str,
    photos: Sequence[PhotoId],
    columns: Mapping[str, NDArray[np.float32]],
) -> None:
    """Write numbers of photos, and leave all others as they are; see ``Scores.put``."""
    waiting: dict[int, list[int]] = defaultdict(list)
    for position, photo_id in enumerate(photos):
        waiting[bucket_of(photo_id)].append(position)
    ids = np.array(photos, np.bytes_)
    while waiting:
        version = uuid4().hex
        names = [bucket_id(model, bucket) for bucket in waiting]
        stored = {found["_id"]: found for found in scores.find({"_id": {"$in": names}})}
        writes = []
        for bucket, positions in waiting.items():
            name = bucket_id(model, bucket)
            chosen = {concept: column[positions] for concept, column in columns.items()}
            given = Bucket(photos=ids[positions], columns=chosen)
            update = {"$set": _changes(given, stored=stored.get(name)) | {"version": version}}
            # Another process may write the same bucket meanwhile: then it is read again.
            same = {"_id": name, "version": stored.get(name, {}).get("version")}
            writes.append(UpdateOne(same, update, upsert=name not in stored))
        if _write(scores, writes):
            return
        written = scores.find({"_id": {"$in": names}, "version": version}, {"_id": True})
        done = {found["_id"] for found in written}
        # Those that are not there any more, too: the last photo in them was erased meanwhile.
        waiting = {
            bucket: positions
            for bucket, positions in waiting.items()
            if bucket_id(model, bucket) not in done
        }


def drop_photos(scores: Collection[Document], photos: Sequence[PhotoId]) -> None:
    """Take photos out of the buckets of all models. Idempotent."""
    endings = {f"{bucket_of(photo_id):02x}" for photo_id in photos}
    names = [found["_id"] for found in scores.find({}, {"_id": True})]
    for name in names:
        if name.rpartition("|")[2] in endings:
            while not _drop(scores, name=name, photos=np.array(photos, np.bytes_)):
                pass  # another process wrote the bucket meanwhile


def _drop(scores: Collection[Document], *, name: str, photos: NDArray[np.bytes_]) -> bool:
    """Take photos out of a bucket, and tell whether it was still as it had been read."""
    stored = scores.find_one({"_id": name})
    if stored is None:
        return True
    bucket = read_bucket(stored)
    kept = ~np.isin(bucket.photos, photos)
    same = {"_id": name, "version": stored["version"]}
    if kept.all():
        return True
    if not kept.any():
        return scores.delete_one(same).deleted_count == 1
    changes: Document = {"photos": b"\n".join(bucket.photos[kept].tolist())}
    for concept, column in bucket.columns.items():
        changes[f"columns.{concept}"] = column[kept].tobytes()
    update = {"$set": changes | {"version": uuid4().hex}}
    return scores.update_one(same, update).matched_count == 1


def _write(scores: Collection[Document], writes: list[UpdateOne]) -> bool:
    """Write, and tell whether every document was still as it had been read."""
    try:
        result = scores.bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        if {each["code"] for each in error.details["writeErrors"]} != {_TAKEN}:
            raise
        return False
    return result.matched_count + result.upserted_count == len(writes)


def _changes(given: Bucket, *, stored: Document | None) -> Document:
    """Return the fields to set so that a bucket holds what is given, too."""
    before = read_bucket(stored) if stored else Bucket(photos=np.empty(0, "S1"), columns={})
    photos = np.union1d(before.photos, given.photos)
    old, new = (np.searchsorted(photos, each.photos) for each in (before, given))
    grown = len(photos) > len(before.photos)
    concepts = set(given.columns) | (set(before.columns) if grown else set())
    changes: Document = {"photos": b"\n".join(photos.tolist())} if grown else {}
    for concept in sorted(concepts):
        column = np.full(len(photos), np.nan, _NUMBERS)
        if concept in before.columns:
            column[old] = before.columns[concept]
        if concept in given.columns:
            column[new] = given.columns[concept]
        changes[f"columns.{concept}"] = column.tobytes()
    return changes
