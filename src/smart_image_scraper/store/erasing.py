"""Store: erasing photos, and the tombstones that keep them from coming back.

A tombstone is a document of ``erased``, by the photo's id or by the owner's index. That of a photo
lists the files that are still to be removed. So an erasing that was killed, at any moment, is known
to be unfinished, and what it has left behind is known although the photo's record is gone.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from types import MappingProxyType

from pymongo import UpdateOne
from pymongo.database import Database

from smart_image_scraper.photo import EncryptedPhoto, Photo, PhotoId
from smart_image_scraper.photo.account_id import bare_account
from smart_image_scraper.store.columns import drop_photos
from smart_image_scraper.store.documents import COLLECTIONS, read_token, write_token
from smart_image_scraper.store.forms import TOUCHED, Document, write_moment
from smart_image_scraper.store.translation import translated

OF_PHOTOS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys((*COLLECTIONS.values(), "photo_labels"), "_id"),
        "reviews": "photo",
        "photos": "_id",
    }
)
"""Each collection that holds something of single photos, and the field that says of which.

Everything of a photo is deleted by this list, the photo itself last.
"""


# What an account's id is written with. Words of languages without spaces may stand right beside it.
_OF_ID = "[0-9A-Za-z]"

REMARKS = ("comments", "notes")
"""What of a photo others than its owner have written."""


class Erasure:
    """Erases photos for good. Every step is idempotent, and on the disk before it returns.

    The steps of erasing photos are :meth:`begin`, :meth:`delete`, the removal of
    :meth:`files_left` that have no :meth:`holders`, and :meth:`finish`. Whoever is killed between
    two of them leaves the photos among the :meth:`unfinished`, for which all steps are done again.
    """

    def __init__(self, database: Database[Document]) -> None:
        self._database = database

    def block_owners(self, owner_indexes: Iterable[bytes]) -> None:
        """Let no photo of these owners be stored from now on."""
        self._write_tombstones({index: {} for index in owner_indexes})

    def begin(self, photos: Iterable[Photo]) -> None:
        """Let these photos not be stored again, and note which files are to be removed.

        Args:
            photos: As they are stored; of one that is not, the id alone.
        """
        self._write_tombstones(
            {
                str(photo.id): {"$addToSet": {"files": {"$each": file_paths(photo)}}}
                for photo in photos
            }
        )

    def delete(self, ids: Collection[PhotoId]) -> int:
        """Delete every document of these photos, and return how many were there."""
        with translated("erase photos"):
            drop_photos(self._database["scores"], list(ids))
            return delete_documents(self._database, ids)

    def finish(self, ids: Iterable[PhotoId]) -> None:
        """Note that these photos' files are removed: nothing of them is left."""
        query = {"_id": {"$in": _texts(ids)}}
        with translated("erase photos"):
            self._database["erased"].update_many(query, {"$unset": {"files": True}})

    def unfinished(self) -> list[PhotoId]:
        """Return the photos whose erasing was begun and not finished."""
        query = {"files": {"$exists": True}}
        with translated("read tombstones"):
            found = list(self._database["erased"].find(query, {"_id": True}))
        return [PhotoId(tombstone["_id"]) for tombstone in found]

    def files_left(self, ids: Iterable[PhotoId]) -> list[str]:
        """Return the paths of these photos' files that are still to be removed."""
        query = {"_id": {"$in": _texts(ids)}, "files": {"$exists": True}}
        with translated("read tombstones"):
            found = list(self._database["erased"].find(query, {"files": True}))
        return sorted({path for tombstone in found for path in tombstone["files"]})

    def holders(self, path: str) -> set[PhotoId]:
        """Return the photos that have a file, by its path in the ``files`` folder."""
        # The index is on the digest, by which files are named.
        query = {"file.sha256": PurePosixPath(path).stem, "file.path": path}
        with translated("read photos"):
            return {
                PhotoId(found["_id"])
                for found in self._database["photos"].find(query, {"_id": True})
            }

    def blocked(self, keys: Iterable[PhotoId | bytes]) -> set[PhotoId | bytes]:
        """Return which of these photos and owners, given by their indexes, have a tombstone."""
        query = {"_id": {"$in": list(keys)}}
        with translated("read tombstones"):
            return {found["_id"] for found in self._database["erased"].find(query, {"_id": True})}

    def erased(self, photos: Iterable[EncryptedPhoto]) -> set[str]:
        """Return the ids of those photos that have been erased, or whose owner has."""
        with translated("read tombstones"):
            return erased_among(self._database, photos)

    def lift(self, keys: Iterable[PhotoId | bytes]) -> int:
        """Let these photos and owners, given by their indexes, be stored again.

        Returns:
            How many tombstones there were.
        """
        with translated("lift blocks"):
            return self._database["erased"].delete_many({"_id": {"$in": list(keys)}}).deleted_count

    def of_owners(self, owner_indexes: Iterable[bytes]) -> list[PhotoId]:
        """Return the photos of owners, given by their indexes."""
        query = {"owner_index": {"$in": list(owner_indexes)}}
        with translated("read photos"):
            found = list(self._database["photos"].find(query, {"_id": True}, sort=[("_id", 1)]))
        return [PhotoId(document["_id"]) for document in found]

    def count_without_owner_index(self) -> int:
        """Return of how many photos the owner was sealed elsewhere, and so cannot be found."""
        query = {"enc": {"$exists": True}, "owner_index": {"$exists": False}}
        with translated("count photos"):
            return self._database["photos"].count_documents(query)

    def runs_naming(self, ids: Collection[str]) -> list[str]:
        """Return the runs whose query names one of these accounts by its whole id.

        Where the id is a name, as at Commons, also if it says that somebody of that name is meant:
        ``User:Example``, ``Photographs by Example``.
        """
        forms = "|".join(map(_form_of, ids))
        named = re.compile(rf"(?<!{_OF_ID})(?:{forms})(?!{_OF_ID})")
        with translated("read runs"):
            found = list(self._database["runs"].find({}, {"term": True, "params": True}))
        return [
            run["_id"]
            for run in found
            if any(map(named.search, _texts_in([run["term"], run["params"]])))
        ]

    def delete_runs(self, runs: Collection[str]) -> int:
        """Delete runs, and the photos' hits of them, and return how many runs there were."""
        with translated("erase runs"):
            if runs:
                photos = self._database["photos"]
                hits = {"searches": {"run": {"$in": list(runs)}}}
                of_runs = {"searches.run": {"$in": list(runs)}}
                photos.update_many(of_runs, {"$pull": hits, **TOUCHED})
                photos.update_many({"searches": []}, {"$unset": {"searches": True}, **TOUCHED})
            return self._database["runs"].delete_many({"_id": {"$in": list(runs)}}).deleted_count

    def remarks(self) -> Iterator[EncryptedPhoto]:
        """Read what people wrote about photos, lazily: each photo's comments, and its notes.

        They come apart, in a photo of which only the id is known.
        """
        for name in REMARKS:
            with translated("read photos"):
                for found in self._database[COLLECTIONS[name]].find():
                    yield EncryptedPhoto(
                        photo=Photo(id=PhotoId(found["_id"])),
                        tokens=MappingProxyType({name: read_token(found)}),
                    )

    def replace_remarks(self, old: EncryptedPhoto, new: EncryptedPhoto) -> None:
        """Put fewer remarks where those of :meth:`remarks` still are, or take them all out."""
        for name, token in old.tokens.items():
            remarks = self._database[COLLECTIONS[name]]
            still = {"_id": str(old.photo.id), "token": token.text}
            with translated("erase remarks"):
                if name in new.tokens:
                    remarks.update_one(
                        still, {"$set": {**write_token(new.tokens[name]), "digest": new.digest}}
                    )
                else:
                    remarks.delete_one(still)

    def _write_tombstones(self, updates: Mapping[str | bytes, Document]) -> None:
        new = {"$setOnInsert": {"at": write_moment(datetime.now(UTC))}}
        writes = [
            UpdateOne({"_id": key}, {**new, **update}, upsert=True)
            for key, update in updates.items()
        ]
        if writes:
            with translated("write tombstones"):
                self._database["erased"].bulk_write(writes, ordered=False)


def file_paths(photo: Photo) -> list[str]:
    """Return the paths of all files that a photo's record names."""
    if photo.file is None:
        return []
    return [path for path in (photo.file.path, photo.file.replaces) if path is not None]


def erased_among(database: Database[Document], photos: Iterable[EncryptedPhoto]) -> set[str]:
    """Return the ids of those photos that have been erased, or whose owner has."""
    owner_index_by_id = {str(photo.photo.id): photo.owner_index for photo in photos}
    keys = {*owner_index_by_id, *owner_index_by_id.values()} - {None}
    query = {"_id": {"$in": list(keys)}}
    tombstones = {found["_id"] for found in database["erased"].find(query, {"_id": True})}
    return {
        photo_id
        for photo_id, owner_index in owner_index_by_id.items()
        if photo_id in tombstones or owner_index in tombstones
    }


def with_tombstone(database: Database[Document], ids: Sequence[PhotoId]) -> list[PhotoId]:
    """Return those of some photos that have been erased by their id."""
    # All tombstones: they are fewer than the photos, whose ids could be too many for one query.
    tombstones = {found["_id"] for found in database["erased"].find({}, {"_id": True})}
    return [photo_id for photo_id in ids if photo_id in tombstones]


def delete_documents(database: Database[Document], ids: Iterable[str]) -> int:
    """Delete every document of photos, and return how many photos there were."""
    texts = _texts(ids)
    photos = database["photos"]
    # Groups of near-duplicates are named by their best photo. Without it, another one is to be
    # found, and until then each of the others is its own best one.
    groups = {"duplicates": {"group": {"$in": texts}}}
    of_groups = {"duplicates.group": {"$in": texts}}
    if photos.update_many(of_groups, {"$pull": groups, **TOUCHED}).modified_count:
        photos.update_many({"duplicates": []}, {"$unset": {"duplicates": True}, **TOUCHED})
    deleted = 0
    for collection, name in OF_PHOTOS.items():
        deleted = database[collection].delete_many({name: {"$in": texts}}).deleted_count
    return deleted


def _texts(ids: Iterable[str]) -> list[str]:
    return [str(photo_id) for photo_id in ids]


def _form_of(account: str) -> str:
    if not account.startswith("commons:"):
        return re.escape(account)
    name = "[ _]+".join(map(re.escape, bare_account(account).split()))
    return rf"(?i:(?:commons:|user:|by[ _]){name})"


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts_in(part)
