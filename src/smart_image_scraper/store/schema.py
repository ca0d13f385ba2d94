"""Store: the collections, their indexes and validators, and how older ones are brought up to date.

The server enforces what must never happen: a personal field in the clear, whoever writes it.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from pymongo import IndexModel
from pymongo.database import Database
from pymongo.errors import OperationFailure

from smart_image_scraper.errors import SchemaError
from smart_image_scraper.store.json_schema import Schema
from smart_image_scraper.store.scorings import note_older_answers
from smart_image_scraper.store.translation import translated
from smart_image_scraper.store.validators import VALIDATORS

Migration = Callable[[Database[dict[str, Any]]], None]

SCHEMA_VERSION = 3
"""Which form of the documents this code reads and writes."""


def _give_runs_accounts(database: Database[dict[str, Any]]) -> None:
    """Put what a run's search had cost and brought into its account."""
    account = {
        "calls": "$api_calls",
        "attempts": "$api_calls",
        "rows": "$found",
        "photos": "$found",
        **{name: {"$literal": 0} for name in ("repeated", "videos", "outside", "unreadable")},
        "windows": {"$literal": 0},
        "saturated": [],
        "available": "$available",
    }
    former: dict[str, Any] = {"account": {"$exists": False}}
    update: list[dict[str, Any]] = [
        {"$set": {"account": account}},
        {"$unset": ["api_calls", "available"]},
    ]
    database["runs"].update_many(former, update)


MIGRATIONS: Mapping[int, Migration] = MappingProxyType(
    {2: _give_runs_accounts, 3: note_older_answers}
)
"""By the version that it leads to: what brings the documents there from the version before.

Each may be run again, at any point of itself, and by two processes at once.
"""

_NAMESPACE_EXISTS = 48

# A document from before a change of the rules may be written on its way to the new ones; nothing
# that keeps to the rules can be made to break them.
_LEVEL = "moderate"

# Named, so that an index is changed by giving it a new name, and never by guessing.
_INDEXES: Mapping[str, tuple[IndexModel, ...]] = MappingProxyType(
    {
        "photos": (
            IndexModel([("taken.local", -1), ("_id", -1)], name="taken"),
            IndexModel([("searches.term", 1), ("_id", 1)], name="term"),
            IndexModel([("searches.run", 1), ("_id", 1)], name="run"),
            IndexModel([("owner_index", 1)], name="owner"),
            IndexModel([("file.sha256", 1), ("_id", 1)], name="file"),
            IndexModel([("scores.$**", 1)], name="scores"),
            IndexModel([("updated_at", 1)], name="updated"),
            # The upper bound of a 2d index is exclusive, and 180 is a longitude.
            IndexModel([("location.coordinates", "2d")], name="location", min=-181, max=181),
        ),
        "reviews": (IndexModel([("photo", 1)], name="photo"),),
    }
)


def ensure_schema(
    database: Database[dict[str, Any]],
    *,
    version: int = SCHEMA_VERSION,
    migrations: Mapping[int, Migration] = MIGRATIONS,
) -> None:
    """Create what is missing, and bring older documents up to date.

    Idempotent, and safe in several processes at once. Collections and indexes that are not ours
    stay as they are.

    Args:
        database: The database to use.
        version: The version to reach.
        migrations: What leads to each version above the first.

    Raises:
        SchemaError: A newer version of the program has written the database.
        StoreError: The database does not answer, or refuses.
    """
    with translated("prepare the database"):
        record = database["meta"].find_one({"_id": "schema"})
        found = version if record is None else record["version"]
        if found > version:
            raise SchemaError(
                f"the database {database.name!r} has schema {found}, and this program knows up to "
                f"{version}: a newer version of it wrote the database; install that version"
            )
        _ensure_collections(database)
        _ensure_indexes(database)
        for number in range(found + 1, version + 1):
            migrations[number](database)
        if record is None or found < version:
            _set_version(database, version)


def _ensure_collections(database: Database[dict[str, Any]]) -> None:
    existing = {found["name"]: found["options"] for found in database.list_collections()}
    for name, validator in VALIDATORS.items():
        if name not in existing:
            _create(database, name=name, validator=validator)
        elif existing[name].get("validator") != validator:
            database.command("collMod", name, validator=validator, validationLevel=_LEVEL)


def _create(database: Database[dict[str, Any]], *, name: str, validator: Schema) -> None:
    try:
        database.create_collection(
            name, check_exists=False, validator=validator, validationLevel=_LEVEL
        )
    except OperationFailure as error:
        if error.code != _NAMESPACE_EXISTS:  # else another process was faster
            raise


def _ensure_indexes(database: Database[dict[str, Any]]) -> None:
    for collection, indexes in _INDEXES.items():
        existing = database[collection].index_information()
        missing = [index for index in indexes if index.document["name"] not in existing]
        if missing:
            database[collection].create_indexes(missing)


def _set_version(database: Database[dict[str, Any]], version: int) -> None:
    at = datetime.now(UTC)
    database["meta"].update_one(
        {"_id": "schema"}, {"$max": {"version": version}, "$set": {"at": at}}, upsert=True
    )
