from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from bson.binary import Binary
from pymongo import IndexModel, MongoClient
from pymongo.database import Database
from pymongo.errors import WriteError

from smart_image_scraper.errors import SchemaError, StoreError
from smart_image_scraper.photo import (
    Filter,
    SearchAccount,
    Stage,
    Threshold,
)
from smart_image_scraper.store import Store
from smart_image_scraper.store.schema import SCHEMA_VERSION, ensure_schema
from smart_image_scraper.store.validators import VALIDATORS

Documents = Database[dict[str, Any]]
NOW = datetime(2026, 1, 2, tzinfo=UTC)
_numbers = count(1)


@pytest.fixture
def database_name(client: MongoClient[dict[str, Any]]) -> Iterator[str]:
    """The name of a database that was never there."""
    name = f"test-new-{next(_numbers)}"
    yield name
    client.drop_database(name)


def test_opening_a_database_again_changes_nothing(
    store: Store, database: Documents, server: str
) -> None:
    before = list(database.list_collections()), database["photos"].index_information()

    with Store.connect(server, database=database.name):
        pass

    assert (list(database.list_collections()), database["photos"].index_information()) == before
    assert store.totals().photos == 0


def test_what_is_missing_is_created_and_what_is_unknown_stays(
    store: Store, database: Documents
) -> None:
    database["photos"].drop_index("taken")
    database["photos"].create_indexes([IndexModel([("views", -1)], name="theirs")])
    database.drop_collection("reviews")
    database.create_collection("theirs")

    ensure_schema(database)

    assert {"taken", "theirs"} < database["photos"].index_information().keys()
    assert {"reviews", "theirs"} < set(database.list_collection_names())
    assert store.totals().photos == 0


def test_an_outdated_validator_is_replaced(store: Store, database: Documents) -> None:
    database.command("collMod", "photos", validator={})

    ensure_schema(database)

    with pytest.raises(WriteError):
        database["photos"].insert_one({"_id": "flickr:1", "owner": "Jane Doe"})
    assert store.totals().photos == 0


@pytest.mark.parametrize("processes", [8])
def test_many_may_prepare_one_database_at_once(
    server: str, database: Documents, *, processes: int
) -> None:
    def prepare(_: int) -> None:
        Store.connect(server, database=database.name).close()

    with ThreadPoolExecutor(processes) as threads:
        list(threads.map(prepare, range(processes)))

    assert set(database.list_collection_names()) == set(VALIDATORS)
    assert database["meta"].count_documents({}) == 1


def test_a_database_of_a_newer_version_is_refused_untouched(
    database: Documents, server: str
) -> None:
    database["meta"].insert_one({"_id": "schema", "version": SCHEMA_VERSION + 1, "at": NOW})

    told = (
        f"has schema {SCHEMA_VERSION + 1}, and this program knows up to {SCHEMA_VERSION}.*install"
    )
    with pytest.raises(SchemaError, match=told):
        Store.connect(server, database=database.name)

    assert database.list_collection_names() == ["meta"]


def test_a_name_that_differs_only_in_case_is_refused_by_the_server_and_said(
    store: Store, database: Documents, server: str
) -> None:
    with pytest.raises(StoreError, match=r"^cannot prepare the database: .* upper and lower case"):
        Store.connect(server, database=database.name.upper())

    assert store.totals().photos == 0


def test_migrations_run_in_order_from_the_version_that_is_there(
    store: Store, database: Documents
) -> None:
    ran = []
    first, second = SCHEMA_VERSION + 1, SCHEMA_VERSION + 2
    migrations = {number: lambda _, number=number: ran.append(number) for number in (first, second)}

    ensure_schema(database, version=first, migrations=migrations)
    ensure_schema(database, version=second, migrations=migrations)
    ensure_schema(database, version=second, migrations=migrations)

    record = database["meta"].find_one({"_id": "schema"})
    assert ran == [first, second]
    assert record is not None
    assert record["version"] == second
    assert store.totals().photos == 0


def test_a_new_database_needs_no_migration(database: Documents) -> None:
    ensure_schema(database, version=2, migrations={})

    record = database["meta"].find_one({"_id": "schema"})
    assert record is not None
    assert record["version"] == 2


def test_a_migration_that_was_broken_off_runs_again(store: Store, database: Documents) -> None:
    ran = []

    def broken_off(_: Documents) -> None:
        raise KeyboardInterrupt

    version = SCHEMA_VERSION + 1
    with pytest.raises(KeyboardInterrupt):
        ensure_schema(database, version=version, migrations={version: broken_off})

    ensure_schema(database, version=version, migrations={version: lambda _: ran.append(version)})
    assert ran == [version]
    assert store.totals().photos == 0


def test_runs_of_the_first_version_get_an_account(store: Store, database: Documents) -> None:
    database.command("collMod", "runs", validator={})
    former = {"api_calls": 8, "available": 9_000, "executions": 1, "found": 4, "known": 0, "new": 4}
    facts = {"source": "flickr", "term": "monkey", "params": {}, "started_at": NOW}
    database["runs"].insert_one({"_id": "0123456789ab", **former, **facts})
    database["meta"].update_one({"_id": "schema"}, {"$set": {"version": 1}})

    ensure_schema(database)

    (run,) = store.runs.all()
    assert run.account == SearchAccount(calls=8, attempts=8, rows=4, photos=4, available=9_000)


def test_a_run_of_the_first_version_that_knew_no_total_gets_an_account(
    store: Store, database: Documents
) -> None:
    database.command("collMod", "runs", validator={})
    former = {"api_calls": 8, "executions": 1, "found": 4, "known": 0, "new": 4}
    facts = {"source": "flickr", "term": "monkey", "params": {}, "started_at": NOW}
    database["runs"].insert_one({"_id": "0123456789ab", **former, **facts})
    database["meta"].update_one({"_id": "schema"}, {"$set": {"version": 1}})

    ensure_schema(database)

    (run,) = store.runs.all()
    assert run.account.available is None


def test_a_document_from_before_a_rule_may_be_written_on_its_way(
    store: Store, database: Documents
) -> None:
    database.command("collMod", "photos", validator={})
    database["photos"].insert_one({"_id": "flickr:1", "owner_index": Binary(b"o" * 16)})

    ensure_schema(database)
    database["photos"].update_one({"_id": "flickr:1"}, {"$set": {"license": "unknown"}})

    assert store.count_pending(Stage.INSPECT) == 0
    assert database["photos"].count_documents({"license": "unknown"}) == 1


def test_a_database_from_before_scorings_gets_those_of_the_answers_in_it(
    store: Store, database: Documents
) -> None:
    always = {"license": "unknown", "created_at": NOW, "updated_at": NOW}
    answers = {"scores": {"service|cage": 0.7}, "scores_below": {"service|monkey": 0.5}}
    database["photos"].insert_many([{"_id": "flickr:1", **always, **answers}])
    database["meta"].update_one({"_id": "schema"}, {"$set": {"version": 1}})

    ensure_schema(database)

    scored = {(each.model, each.concept) for each in store.scores.scorings()}
    assert scored == {("service", "cage"), ("service", "monkey")}
    assert store.count(Filter(scores=(Threshold.parse("cage>0.5"),))) == 1
