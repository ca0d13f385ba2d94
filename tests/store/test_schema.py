from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from bson.binary import Binary
from pymongo import IndexModel
from pymongo.database import Database
from pymongo.errors import WriteError

from smart_image_scraper.errors import SchemaError, StoreError
from smart_image_scraper.photo import (
    EncryptedPhoto,
    Filter,
    PhotoId,
    SearchAccount,
    Stage,
    Threshold,
)
from smart_image_scraper.photo.sealed import APART
from smart_image_scraper.store import Store
from smart_image_scraper.store.documents import COLLECTIONS, to_apart_document, to_document
from smart_image_scraper.store.schema import SCHEMA_VERSION, ensure_schema
from smart_image_scraper.store.validators import VALIDATORS

Documents = Database[dict[str, Any]]
FERNET = "gAAAAA" + "A" * 92 + "=="
NOW = datetime(2026, 1, 2, tzinfo=UTC)
PLAIN_NAMES = (
    *("owner", "owner_id", "owner_name", "path_alias", "real_name", "exif", "owner.name"),
    *("api_exif", "comments", "notes"),
)


def photo_document(**fields: object) -> dict[str, Any]:
    return {"_id": "flickr:1", "license": "unknown", "created_at": NOW, "updated_at": NOW, **fields}


def test_the_server_takes_a_photo_of_which_only_the_id_is_known(
    store: Store, database: Documents
) -> None:
    database["photos"].insert_one(photo_document())

    (photo,) = store.get([PhotoId("flickr:1")])
    assert photo.photo.id == "flickr:1"


@pytest.mark.parametrize("name", PLAIN_NAMES)
def test_the_server_refuses_a_personal_field_in_the_clear(
    store: Store, database: Documents, *, name: str
) -> None:
    with pytest.raises(WriteError) as refusal:
        database["photos"].insert_one(photo_document(**{name: "Jane Doe"}))

    assert refusal.value.code == 121
    assert store.totals().photos == 0


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"enc": {"owner_name": {"key": "k", "token": "Jane Doe"}}}, id="plaintext"),
        pytest.param({"enc": {"owner_name": {"key": "k", "token": FERNET + "\n"}}}, id="line feed"),
        pytest.param({"enc": {"owner_name": {"key": "k", "token": FERNET[:90]}}}, id="too short"),
        pytest.param({"enc": {"owner_name": {"token": FERNET}}}, id="no key id"),
        pytest.param({"enc": {"owner_name": "Jane Doe"}}, id="no token"),
        pytest.param({"enc": {"name": {"key": "k", "token": FERNET}}}, id="unknown sealed name"),
        pytest.param({"enc": {"exif": {"key": "k", "token": FERNET}}}, id="exif among the hot"),
        pytest.param({"enc": {"comments": {"key": "k", "token": FERNET}}}, id="comments likewise"),
        pytest.param({"comment_tally": {"count": 1, "read_at": NOW, "by": "x"}}, id="an author"),
        pytest.param({"stated_place": {"street": {"name": "Main St"}}}, id="an unknown level"),
        pytest.param({"owner_index": "Jane Doe"}, id="owner index as text"),
        pytest.param({"scores": {"a|monkey": 1.7}}, id="score over 1"),
        pytest.param({"scores": {"a|monkey": -0.1}}, id="score below 0"),
        pytest.param({"scores": {"monkey": 0.5}}, id="score without a model"),
        pytest.param({"scores": {"a|monkey": "0.5"}}, id="score as text"),
        pytest.param({"scores_below": {"a|monkey": 2}}, id="floor over 1"),
        pytest.param({"location": {"type": "Point", "coordinates": [1]}}, id="half a point"),
        pytest.param({"location": {"type": "Point", "coordinates": [181, 0]}}, id="off the Earth"),
        pytest.param({"location": {"type": "Dot", "coordinates": [1, 2]}}, id="no GeoJSON"),
        pytest.param({"title": None}, id="null"),
        pytest.param({"failures": {"cooking": {}}}, id="unknown stage"),
        pytest.param({"file": {"path": "a"}}, id="half a file"),
    ],
)
def test_the_server_refuses_what_is_no_photo(
    store: Store, database: Documents, *, fields: dict[str, Any]
) -> None:
    with pytest.raises(WriteError) as refusal:
        database["photos"].insert_one(photo_document(**fields))

    assert refusal.value.code == 121
    assert store.totals().photos == 0


@pytest.mark.parametrize("missing", ["license", "created_at", "updated_at"])
def test_the_server_refuses_a_photo_without_what_every_photo_has(
    store: Store, database: Documents, *, missing: str
) -> None:
    document = photo_document()
    del document[missing]

    with pytest.raises(WriteError):
        database["photos"].insert_one(document)

    assert store.totals().photos == 0


def test_the_server_takes_a_whole_number_as_a_score_and_as_degrees(
    store: Store, database: Documents
) -> None:
    location = {"type": "Point", "coordinates": [115, -8]}
    database["photos"].insert_one(photo_document(location=location, scores={"a|monkey": 1}))

    assert store.totals().photos == 1


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("collection", "document"),
    [
        ("photo_exif", {"_id": "flickr:1", "key": "k", "token": '{"Make": "Nikon"}'}),
        ("photo_exif", {"_id": "flickr:1", "key": "k", "token": FERNET, "exif": "Nikon"}),
        ("photo_api_exif", {"_id": "flickr:1", "key": "k", "token": '{"Make": "Nikon"}'}),
        ("photo_comments", {"_id": "flickr:1", "key": "k", "token": '[{"text": "Nice"}]'}),
        ("photo_comments", {"_id": "flickr:1", "key": "k", "token": FERNET, "text": "Nice"}),
        ("photo_notes", {"_id": "flickr:1", "key": "k", "token": FERNET, "author": "7@N01"}),
        ("reviews", {"photo": "flickr:1", "verdict": "maybe", "by": "me", "at": NOW}),
        ("erased", {"_id": "flickr:1", "at": NOW, "owner": "Jane Doe"}),
        ("runs", {"_id": "a", "term": "monkey"}),
        ("meta", {"_id": "keys", "fingerprints": {"k": "secret"}}),
    ],
)
def test_the_server_refuses_what_does_not_belong_into_a_collection(
    database: Documents, *, collection: str, document: dict[str, Any]
) -> None:
    with pytest.raises(WriteError) as refusal:
        database[collection].insert_one(document)

    assert refusal.value.code == 121


def test_a_refusal_names_the_photos_and_the_codes_and_nothing_that_they_hold(
    store: Store, make_photo: Callable[..., EncryptedPhoto], make_token: Callable[..., Any]
) -> None:
    plain = replace(make_token(), text="Jane Doe")
    bad = [make_photo(number, sealed={"tokens": {"owner_name": plain}}) for number in range(5)]
    good = make_photo(9)

    with pytest.raises(StoreError) as refusal:
        store.put([*bad, good])

    assert str(refusal.value) == (
        "cannot write photos: the database refused: "
        "flickr:0: the document breaks the schema (code 121); "
        "flickr:1: the document breaks the schema (code 121); "
        "flickr:2: the document breaks the schema (code 121) and 2 more"
    )
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__
    assert [photo.photo.id for photo in store.get([good.photo.id])] == [good.photo.id]


def test_an_exif_token_may_be_megabytes_long(
    store: Store, make_photo: Callable[..., EncryptedPhoto], make_token: Callable[..., Any]
) -> None:
    token = replace(make_token(), text="gAAAAA" + "A" * 8_000_000)
    photo = make_photo(1, sealed={"tokens": {"exif": token}})

    store.put([photo], stages=(Stage.SEARCH, Stage.INSPECT))

    assert list(store.get([photo.photo.id], whole=True)) == [photo]


def test_every_field_that_is_written_has_its_rule(full_photo: EncryptedPhoto) -> None:
    rules = {name: VALIDATORS[name]["$jsonSchema"]["properties"] for name in VALIDATORS}
    apart = {COLLECTIONS[name]: to_apart_document(full_photo, name) for name in APART}

    own = {"created_at", "updated_at", "labelled"}  # the store's own, not the photo's
    assert rules["photos"].keys() == to_document(full_photo).keys() | own
    for collection, document in apart.items():
        assert document is not None
        assert rules[collection].keys() == document.keys()


def test_opening_a_database_again_changes_nothing(
    store: Store, database: Documents, mongod_uri: str
) -> None:
    before = list(database.list_collections()), database["photos"].index_information()

    with Store.connect(mongod_uri, database=database.name):
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
    mongod_uri: str, database: Documents, *, processes: int
) -> None:
    def prepare(_: int) -> None:
        Store.connect(mongod_uri, database=database.name).close()

    with ThreadPoolExecutor(processes) as threads:
        list(threads.map(prepare, range(processes)))

    assert set(database.list_collection_names()) == set(VALIDATORS)
    assert database["meta"].count_documents({}) == 1


def test_a_database_of_a_newer_version_is_refused_untouched(
    database: Documents, mongod_uri: str
) -> None:
    database["meta"].insert_one({"_id": "schema", "version": SCHEMA_VERSION + 1, "at": NOW})

    told = (
        f"has schema {SCHEMA_VERSION + 1}, and this program knows up to {SCHEMA_VERSION}.*install"
    )
    with pytest.raises(SchemaError, match=told):
        Store.connect(mongod_uri, database=database.name)

    assert database.list_collection_names() == ["meta"]


def test_a_name_that_differs_only_in_case_is_refused_by_the_server_and_said(
    store: Store, database: Documents, mongod_uri: str
) -> None:
    with pytest.raises(StoreError, match=r"^cannot prepare the database: .* upper and lower case"):
        Store.connect(mongod_uri, database=database.name.upper())

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
