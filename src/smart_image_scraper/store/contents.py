"""Store: which content each photo's file has, whatever was taken out of it since."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pymongo.collection import Collection

from smart_image_scraper.photo import PhotoId, Stage
from smart_image_scraper.store.forms import TOUCHED, Document
from smart_image_scraper.store.queries import Query, both
from smart_image_scraper.store.translation import translated

PAGE = 10_000
_FAILURE = f"failures.{Stage.SCORE.value}"
_OF_FILES = ("damaged", "missing", "unreadable")
"""The failures that are any scoring's; others are a service's, which may refuse what it is sent."""

_HAS_FILE: Query = {"file.sha256": {"$exists": True}}
# Flat: 100,000 of these are read in a quarter of a second, of whole documents in two.
_DIGEST = {"digest": {"$ifNull": ["$inspection.fetched_sha256", "$file.sha256"]}}

_TEXT = {"title": 1, "description": 1, "tags": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The file of a photo.

    Attributes:
        id: Whose.
        path: Relative to the workspace's ``files`` folder.
        digest: Of the file as it was fetched: taking metadata out of it changes no pixel, and not
            this.
        failed: Whether it cannot be scored for good, whoever does it: it is damaged.
    """

    id: PhotoId
    path: str
    digest: str
    failed: bool


def read_digests(
    photos: Collection[Document], queries: Iterable[Query]
) -> Iterator[dict[PhotoId, str]]:
    """Read the digests of the contents of photos that queries mean, in pages by id."""
    for query in queries:
        after: Query = {}
        page: dict[PhotoId, str] = {}
        while not page or len(page) == PAGE:
            with translated("read photos"):
                found = photos.find(
                    both(query, _HAS_FILE, after),
                    _DIGEST,
                    sort=[("_id", 1)],
                    limit=PAGE,
                    batch_size=PAGE,
                )
                page = {PhotoId.trusted(each["_id"]): each["digest"] for each in found}
            if not page:
                break
            yield page
            after = {"_id": {"$gt": str(next(reversed(page)))}}


def read_contents(photos: Collection[Document], ids: Iterable[PhotoId]) -> list[Content]:
    """Read the contents of photos, by id; those that have no file are left out."""
    query = both({"_id": {"$in": [str(photo_id) for photo_id in ids]}}, _HAS_FILE)
    parts = {"file": 1, "inspection.fetched_sha256": 1, _FAILURE: 1}
    return [_content(document) for document in photos.find(query, parts, sort=[("_id", 1)])]


def read_texts(photos: Collection[Document], ids: Sequence[PhotoId]) -> dict[PhotoId, str]:
    """Read title, description and tags of photos, each joined into one text."""
    texts = {}
    for begin in range(0, len(ids), PAGE):
        query = {"_id": {"$in": [str(photo_id) for photo_id in ids[begin : begin + PAGE]]}}
        for found in photos.find(query, _TEXT, batch_size=PAGE):
            parts = (found.get("title"), found.get("description"), *found.get("tags", ()))
            texts[PhotoId.trusted(found["_id"])] = "\n".join(part for part in parts if part)
    return texts


def read_moments(
    photos: Collection[Document],
) -> tuple[NDArray[np.bytes_], NDArray[np.int64]]:
    """Read when each photo's record was last changed: ids, sorted, and milliseconds."""
    # Without a time zone, which takes as long as all else: MongoDB's moments are in UTC.
    bare = photos.with_options(photos.codec_options.with_options(tz_aware=False, tzinfo=None))
    found = bare.find({}, {"updated_at": 1}, batch_size=PAGE)
    ids, moments = [np.empty(0, np.bytes_)], [np.empty(0, "datetime64[ms]")]
    while page := found.to_list(PAGE):
        ids.append(np.array([each["_id"] for each in page], np.bytes_))
        moments.append(np.array([each["updated_at"] for each in page], "datetime64[ms]"))
    names = np.concatenate(ids)
    order = np.argsort(names, kind="stable")
    return names[order], np.concatenate(moments)[order].astype(np.int64)


def forget_failures(photos: Collection[Document], ids: Iterable[PhotoId]) -> None:
    """Take failures to read files out of the records of photos whose files could be read."""
    of_file = {f"{_FAILURE}.reason": {"$in": _OF_FILES}}
    query = {"_id": {"$in": [str(photo_id) for photo_id in ids]}, **of_file}
    photos.update_many(query, {"$unset": {_FAILURE: True}, **TOUCHED})


def _content(document: Document) -> Content:
    file = document["file"]
    failure = document.get("failures", {}).get(Stage.SCORE.value, {})
    return Content(
        id=PhotoId(document["_id"]),
        path=file["path"],
        digest=document.get("inspection", {}).get("fetched_sha256", file["sha256"]),
        failed=failure.get("reason") in _OF_FILES and not failure["retryable"],
    )
