"""Store: the fingerprints of the keys that a database is sealed with."""

from collections.abc import Mapping

from pymongo.collection import Collection

from smart_image_scraper.errors import StoreError
from smart_image_scraper.store.forms import Document

_KEYS = {"_id": "keys"}


def read_fingerprints(meta: Collection[Document]) -> dict[str, str] | None:
    """Return the fingerprint of each key, by key id; ``None`` if none were ever noted."""
    document = meta.find_one(_KEYS)
    if document is None:
        return None
    return {entry["key"]: entry["fingerprint"] for entry in document["fingerprints"]}


def write_fingerprints(
    meta: Collection[Document],
    fingerprints: Mapping[str, str],
    *,
    instead_of: Mapping[str, str] | None,
) -> None:
    """Note fingerprints if those there are still ``instead_of``; see ``Store``."""
    entries = {"fingerprints": _entries(fingerprints)}
    if instead_of is None:
        meta.update_one(_KEYS, {"$setOnInsert": entries}, upsert=True)
    else:
        before = {"fingerprints": _entries(instead_of)}
        meta.update_one({**_KEYS, **before}, {"$set": entries})
    if read_fingerprints(meta) != dict(fingerprints):
        raise StoreError(
            "the keys of the database were changed by another process meanwhile; "
            "run the same command again"
        )


def _entries(fingerprints: Mapping[str, str]) -> list[Document]:
    # A list: a key id may hold a dot, which in a field's name would be a path.
    return [{"key": key, "fingerprint": mark} for key, mark in sorted(fingerprints.items())]
