"""Store: what of all photos the app filters by and shows, read as fast as can be.

The server flattens each document into a list, batches are read ahead by a thread of their own, and
decoded at once, which takes a quarter of the time that whole documents do.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar

import bson
from bson import ObjectId
from bson.codec_options import CodecOptions
from pymongo.database import Database

from smart_image_scraper.photo import Scoring
from smart_image_scraper.store.columns import Bucket, read_bucket
from smart_image_scraper.store.forms import Document, write_moment
from smart_image_scraper.store.queries import Query
from smart_image_scraper.store.scorings import read_scorings
from smart_image_scraper.store.texts import TEXT_PARTS
from smart_image_scraper.store.translation import translated

UNKNOWN = -1
"""Stands for a number that is not known, where none is negative."""

NO_MOMENT = -(2**63)
"""Stands for a moment that is not known."""

OVERLAP = timedelta(seconds=30)
"""How much further back than asked changes are read: a write may take that long to be seen."""

_BATCH = 2_500
"""Photos at once: more take more memory, and no less time."""

_Batch = TypeVar("_Batch")
_CODEC: CodecOptions[Document] = CodecOptions()


def _number(path: str) -> Document:
    return {"$ifNull": [path, UNKNOWN]}


def _milliseconds(path: str) -> Document:
    return {"$ifNull": [{"$toLong": path}, NO_MOMENT]}


_PARTS: Mapping[str, Any] = MappingProxyType(
    {
        "id": "$_id",
        "title": "$title",
        "taken": _milliseconds("$taken.local"),
        "granularity": "$taken.granularity",
        "added": _milliseconds("$created_at"),
        "updated": _milliseconds("$updated_at"),
        "license": "$license",
        "country": "$place.country_code",
        "make": "$inspection.make",
        "model": "$inspection.model",
        "stated_make": "$stated_camera.make",
        "stated_model": "$stated_camera.model",
        "terms": "$searches.term",
        "point": "$location.coordinates",
        "views": _number("$views"),
        "width": _number("$file.width"),
        "height": _number("$file.height"),
        "orientation": _number("$inspection.orientation"),
        "picture": {"$substrBytes": [{"$ifNull": ["$file.sha256", ""]}, 0, 16]},
        "stripped": "$inspection.stripped",
        "brightness": "$inspection.brightness",
        "contrast": "$inspection.contrast",
        "sharpness": "$inspection.sharpness",
        "colourfulness": "$inspection.colourfulness",
        "flatness": "$inspection.flatness",
        "size_class": "$inspection.size_class",
        "date_difference_s": "$inspection.date_difference_s",
        "geotag_distance_km": "$inspection.geotag_distance_km",
        "gone": "$gone.reason",
        "failures": "$failures",
        "duplicates": "$duplicates",
        "scores": "$scores",
        "scores_below": "$scores_below",
        "owner_index": "$owner_index",
    }
)

OUTLINE = tuple(_PARTS)
"""What an outline holds, in this order; what is not known is ``None`` unless said otherwise."""

Outlines = Mapping[str, Sequence[Any]]
"""Outlines of photos: by part, a value for each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A verdict on a photo, as the app counts it.

    Attributes:
        number: Of the review: later ones of one process are greater.
        photo: The photo's id.
        concept: Of what; ``None`` for the photo as a whole.
        verdict: ``accept``, ``reject`` or ``withdraw``.
        at: When, in milliseconds since 1970.
    """

    number: ObjectId
    photo: str
    concept: str | None
    verdict: str
    at: int


class Overview:
    """All photos of a store at once, and what has changed since; see :class:`Store`."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database

    def identity(self) -> str:
        """Return what tells this collection of photos from any other, such as of a backup."""
        with translated("look at the database"):
            (found,) = self._database.list_collections(filter={"name": "photos"})
            return bytes(found["info"]["uuid"]).hex()

    def clock(self) -> datetime:
        """Return the server's time, by which changes are noted."""
        with translated("look at the database"):
            local: datetime = self._database.command("hello")["localTime"]
        return local.replace(tzinfo=UTC)

    def count(self) -> int:
        """Return about how many photos there are; after the server was killed, it may be wrong."""
        with translated("count photos"):
            return self._database["photos"].estimated_document_count()

    def photos(self, since: datetime | None = None) -> Iterator[Outlines]:
        """Read the outlines of all photos in batches, lazily, in no order.

        Args:
            since: Only of those that changed since then, by the server's clock, or shortly before.
        """
        query = {} if since is None else {"updated_at": {"$gte": write_moment(since - OVERLAP)}}
        parts = {"_id": False, "_": list(_PARTS.values())}
        yield from self._batches(query, parts, read=_outlines)

    def texts(self, ids: Sequence[str] | None = None) -> Iterator[list[Document]]:
        """Read what is written of photos, of all or some, in batches, lazily, in no order."""
        query = {} if ids is None else {"_id": {"$in": list(ids)}}
        return self._batches(query, dict(TEXT_PARTS), read=_documents)

    def erased(self) -> list[str]:
        """Return the ids of all photos that have been erased."""
        query = {"_id": {"$type": "string"}}
        with translated("read tombstones"):
            return [found["_id"] for found in self._database["erased"].find(query, {"_id": True})]

    def owners(self, indexes: Sequence[bytes]) -> Iterator[tuple[str, bytes, int]]:
        """Return the photos of some owners: each one's id, whose it is, and ``updated``."""
        query = {"owner_index": {"$in": list(indexes)}}
        parts = {"owner_index": True, "updated": _PARTS["updated"]}
        with translated("read photos"):
            for found in self._database["photos"].find(query, parts):
                yield found["_id"], bytes(found["owner_index"]), found["updated"]

    def scorings(self) -> list[Scoring]:
        """Return which models have scored which concepts, the latest first."""
        with translated("read scores"):
            return read_scorings(self._database["scorings"])

    def bucket_versions(self) -> dict[str, str]:
        """Return the version of each bucket of raw scores, by the bucket's name."""
        with translated("read scores"):
            found = self._database["scores"].find({}, {"version": True})
            return {document["_id"]: document["version"] for document in found}

    def buckets(self, names: Iterable[str]) -> Iterator[tuple[str, str, Bucket]]:
        """Read buckets of raw scores, lazily: the name, the version, and what is in it."""
        with translated("read scores"):
            for document in self._database["scores"].find({"_id": {"$in": list(names)}}):
                yield document["_id"], document["version"], read_bucket(document)

    def count_reviews(self) -> int:
        """Return about how many reviews there are."""
        with translated("read reviews"):
            return self._database["reviews"].estimated_document_count()

    def reviews(self, since: datetime | None = None) -> Iterator[Said]:
        """Read reviews in the order they were made, lazily.

        Args:
            since: Only those that were added since then, by the clocks of who added them.
        """
        query = {} if since is None else {"_id": {"$gte": ObjectId.from_datetime(since)}}
        with translated("read reviews"):
            for found in self._database["reviews"].find(query, sort=[("at", 1), ("_id", 1)]):
                yield Said(
                    number=found["_id"],
                    photo=found["photo"],
                    concept=found.get("concept"),
                    verdict=found["verdict"],
                    at=int(found["at"].timestamp() * 1000),
                )

    def _batches(
        self, query: Query, parts: Document, *, read: Callable[[bytes], _Batch]
    ) -> Iterator[_Batch]:
        photos = self._database["photos"]
        with translated("read photos"):
            cursor = photos.find_raw_batches(query, parts, batch_size=_BATCH)
            for batch in _ahead(cursor):
                with undisturbed():
                    decoded = read(batch)
                yield decoded


def _ahead(cursor: Any) -> Iterator[bytes]:  # noqa: ANN401 — its type says documents, and it is bytes
    """Yield a cursor's batches; while one is decoded, the server already makes the next one."""
    following: Callable[[], bytes | None] = partial(next, cursor, None)
    with closing(cursor), ThreadPoolExecutor(1) as reader:
        upcoming = reader.submit(following)
        while (batch := upcoming.result()) is not None:
            upcoming = reader.submit(following)
            yield batch


def _documents(batch: bytes) -> list[Document]:
    return bson.decode_all(batch, _CODEC)


def _outlines(batch: bytes) -> Outlines:
    columns = zip(*(document["_"] for document in _documents(batch)), strict=True)
    return dict(zip(OUTLINE, columns, strict=True))


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep the garbage collector from looking for what is not there.

    Hundreds of thousands of new objects have it look at all objects again and again, which finds
    nothing, and takes several times as long as to decode and convert them.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
