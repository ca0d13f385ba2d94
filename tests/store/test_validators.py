from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database
from pymongo.errors import WriteError

from smart_image_scraper.errors import StoreError
from smart_image_scraper.photo import (
    EncryptedPhoto,
    PhotoId,
    Stage,
)
from smart_image_scraper.photo.sealed import APART
from smart_image_scraper.store import Store
from smart_image_scraper.store.documents import COLLECTIONS, to_apart_document, to_document
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
