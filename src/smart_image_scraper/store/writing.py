"""Store: how photos are written."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from pymongo import DeleteOne, ReplaceOne, UpdateOne
from pymongo.collection import Collection as MongoCollection
from pymongo.database import Database

from smart_image_scraper.photo import EncryptedPhoto, Photo, Stage
from smart_image_scraper.photo.sealed import APART, STAGE_OF
from smart_image_scraper.store.changes import apart_to_write, is_none_by_now, photo_changes
from smart_image_scraper.store.documents import COLLECTIONS, write_token
from smart_image_scraper.store.erasing import delete_documents, erased_among
from smart_image_scraper.store.forms import TOUCHED, Document, write_moment
from smart_image_scraper.store.scorings import note_answers
from smart_image_scraper.store.translation import translated

BATCH_SIZE = 1_000
"""How many photos are read or written in one request."""

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What came of a put.

    Attributes:
        new: Photos that were not in the store.
        known: Photos that were, whether or not anything changed; a photo that was given twice
            is known the second time.
        erased: Photos that were not written: they or their owner have been erased.
    """

    new: int = 0
    known: int = 0
    erased: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            new=self.new + other.new,
            known=self.known + other.known,
            erased=self.erased + other.erased,
        )


def put_photos(
    database: Database[Document],
    photos: Iterable[EncryptedPhoto],
    *,
    stages: Collection[Stage],
) -> Counts:
    """Write what some stages own of photos; see ``Store.put``."""
    counts = Counts()
    for batch in in_batches(photos):
        for photo_by_id in _rounds(batch):
            with translated("write photos"):
                counts += _put_each_once(database, photo_by_id, stages=stages)
    return counts


def forget_files(photos: MongoCollection[Document], missing: Iterable[Photo]) -> None:
    """Take files, and what was found in them, out of the records; see ``Store.forget_files``."""
    for photo in missing:
        if photo.file is not None:
            query = {"_id": str(photo.id), "file.path": photo.file.path}
            with translated("write photos"):
                photos.update_one(query, {"$unset": {"file": True, "inspection": True}, **TOUCHED})


def replace_tokens(
    database: Database[Document], old: EncryptedPhoto, *, new: EncryptedPhoto
) -> bool:
    """Put new tokens where the old ones still are; see ``Store.replace_tokens``."""
    replaced = True
    photo_id = str(old.photo.id)
    owner_tokens = old.tokens.keys() - set(APART)
    if owner_tokens:
        still = {f"enc.{name}.token": old.tokens[name].text for name in owner_tokens}
        update: Document = {f"enc.{name}": write_token(new.tokens[name]) for name in owner_tokens}
        for name in ("owner_index", "digest"):
            if getattr(old, name) is None and getattr(new, name) is not None:
                update[name] = getattr(new, name)
        # Other tokens are no change that anyone sees; an owner who can be told from others is.
        seen = TOUCHED if "owner_index" in update else {}
        result = database["photos"].update_one({"_id": photo_id, **still}, {"$set": update, **seen})
        replaced = result.matched_count == 1
    for name in old.tokens.keys() & set(APART):
        result = database[COLLECTIONS[name]].update_one(
            {"_id": photo_id, "token": old.tokens[name].text},
            {"$set": write_token(new.tokens[name])},
        )
        replaced = replaced and result.matched_count == 1
    return replaced


def in_batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """Yield lists of at most ``BATCH_SIZE``, lazily."""
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH_SIZE)):
        yield batch


def _rounds(photos: Iterable[EncryptedPhoto]) -> list[dict[str, EncryptedPhoto]]:
    """Part photos so that none has an id twice, the first of each id first.

    An unordered write has no order within it, so a photo that comes twice is written twice.
    """
    rounds: list[dict[str, EncryptedPhoto]] = []
    for photo in photos:
        photo_id = str(photo.photo.id)
        free = next((each for each in rounds if photo_id not in each), None)
        if free is None:
            free = {}
            rounds.append(free)
        free[photo_id] = photo
    return rounds


def _put_each_once(
    database: Database[Document],
    photos: Mapping[str, EncryptedPhoto],
    *,
    stages: Collection[Stage],
) -> Counts:
    stored = {found["_id"]: found for found in database["photos"].find(_with_ids(photos))}
    erased = erased_among(database, photos.values())
    kept = {
        photo_id: photo
        for photo_id, photo in photos.items()
        # Whatever is not there any more when a later stage comes with its result has been erased.
        if photo_id not in erased and (photo_id in stored or Stage.SEARCH in stages)
    }
    for name in APART:
        if (stage := STAGE_OF[name]) in stages:
            # First: the photo's own document says that its EXIF, or what it be, is there.
            _write_apart(database, kept, name=name, stage=stage)
    updates = {
        photo_id: update
        for photo_id, photo in kept.items()
        if (update := photo_changes(photo, stored=stored.get(photo_id, {}), stages=stages))
    }
    # First: whoever is stopped in between has written no answer that is not noted.
    note_answers(database["scorings"], _answered(updates.values()))
    new = _write_photos(database["photos"], updates, stored=stored)
    # Whoever erases writes the tombstone first: between the two looks for one, nothing slips by.
    if late := erased_among(database, kept.values()):
        delete_documents(database, late)
    return Counts(new=new, known=len(kept) - new, erased=len(photos) - len(kept))


def _answered(updates: Iterable[Mapping[str, Document]]) -> set[str]:
    """Return the names of the scores that differ: one that is written again is no new answer."""
    paths = {path for update in updates for path in update.get("$set", {})}
    parts = (path.partition(".") for path in paths)
    return {name for part, _, name in parts if part in {"scores", "scores_below"}}


def _with_ids(ids: Iterable[str]) -> dict[str, Any]:
    return {"_id": {"$in": list(ids)}}


def _write_photos(
    photos: MongoCollection[Document],
    updates: Mapping[str, Document],
    *,
    stored: Mapping[str, Document],
) -> int:
    """Write what differs, and return how many photos were not there before."""
    now = write_moment(datetime.now(UTC))
    writes = []
    for photo_id, update in updates.items():
        whole = {**update, **TOUCHED, "$setOnInsert": {"created_at": now}}
        # A known photo that is erased meanwhile must not come back in part, and a file that
        # another process has replaced meanwhile is not ours to change.
        known = photo_id in stored
        same_file = {"file.path": _path(stored[photo_id])} if known and _has_file(update) else {}
        writes.append(UpdateOne({"_id": photo_id, **same_file}, whole, upsert=not known))
    if not writes:
        return 0
    return photos.bulk_write(writes, ordered=False).upserted_count


def _has_file(update: Mapping[str, Document]) -> bool:
    return "file" in update.get("$set", {})


def _path(document: Document) -> str | None:
    path: str | None = document.get("file", {}).get("path")
    return path


def _write_apart(
    database: Database[Document],
    photos: Mapping[str, EncryptedPhoto],
    *,
    name: str,
    stage: Stage,
) -> None:
    collection = database[COLLECTIONS[name]]
    # The tokens themselves are most of the database, and tell nothing: they differ each time.
    found = collection.find(_with_ids(photos), {"token": False})
    stored = {document["_id"]: document for document in found}
    writes: list[ReplaceOne[Document] | DeleteOne] = []
    for photo_id, photo in photos.items():
        document = apart_to_write(photo, name, stored=stored.get(photo_id, {}))
        if document is not None:
            writes.append(ReplaceOne({"_id": photo_id}, document, upsert=True))
        elif photo_id in stored and is_none_by_now(photo, name, stage=stage):
            writes.append(DeleteOne({"_id": photo_id}))
    if writes:
        collection.bulk_write(writes, ordered=False)
