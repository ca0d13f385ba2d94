"""Whatever changes what anyone sees of a photo moves its ``updated_at``."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database

from smart_image_scraper.photo import (
    DuplicateGroup,
    DuplicateKind,
    EncryptedPhoto,
    Failure,
    Label,
    PhotoId,
    PhotoLabels,
    SearchHit,
    Size,
    Stage,
    StoredFile,
    Token,
)
from smart_image_scraper.store import Store

MakePhoto = Callable[..., EncryptedPhoto]
Change = Callable[[Store, EncryptedPhoto], object]
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
ID, OTHER = PhotoId("flickr:1"), PhotoId("flickr:2")
NEXT = (DuplicateGroup(kind=DuplicateKind.COPY, group=OTHER, best=False),)
LABELS = PhotoLabels(photo=ID, model="v", picture="p", labels=(), floor=0.5, at=LONG_AGO)
FAILURE = Failure(reason="damaged", message="it is", retryable=False, at=LONG_AGO)

CHANGES: dict[str, Change] = {
    "put": lambda store, photo: store.put([with_title(photo, "new")]),
    "forget files": lambda store, photo: store.forget_files([photo.photo]),
    "forget sizes": lambda store, _photo: store.forget_sizes([ID]),
    "group": lambda store, _photo: store.save_duplicates({ID: NEXT}),
    "ungroup": lambda store, _photo: store.save_duplicates({}),
    "ungroup by erasing": lambda store, _photo: store.erasure.delete([OTHER]),
    "delete runs": lambda store, _photo: store.erasure.delete_runs(["run-1"]),
    "forget failures": lambda store, _photo: store.scores.forget_failures([ID]),
    "label": lambda store, _photo: store.labels.put([LABELS]),
    "tell the owner": lambda store, photo: store.replace_tokens(photo, with_owner(photo)),
}


def with_title(photo: EncryptedPhoto, title: str) -> EncryptedPhoto:
    return replace(photo, photo=replace(photo.photo, title=title))


def with_owner(photo: EncryptedPhoto) -> EncryptedPhoto:
    return replace(photo, owner_index=b"o" * 16)


def clock(database: Database[dict[str, Any]]) -> datetime:
    local: datetime = database.command("hello")["localTime"]
    return local.replace(tzinfo=UTC)


@pytest.fixture
def photo(
    store: Store,
    make_photo: MakePhoto,
    stored_file: StoredFile,
    database: Database[dict[str, Any]],
    make_token: Callable[..., Token],
) -> EncryptedPhoto:
    photo = make_photo(
        1,
        searches=(SearchHit(term="monkey", run="run-1"),),
        file=stored_file,
        sizes=(Size(label="640", url="https://live.example/1_z.jpg"),),
        failures={Stage.SCORE: FAILURE},
        sealed={"tokens": {"owner_id": make_token()}},
    )
    store.put([photo], stages=(Stage.SEARCH, Stage.DOWNLOAD, Stage.SCORE))
    groups = (DuplicateGroup(kind=DuplicateKind.EXACT, group=OTHER, best=False),)
    store.save_duplicates({ID: groups})
    age(database)
    return photo


def age(database: Database[dict[str, Any]]) -> None:
    database["photos"].update_many({}, {"$set": {"updated_at": LONG_AGO}})


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_that_anyone_sees_is_noted(
    store: Store, database: Database[dict[str, Any]], photo: EncryptedPhoto, *, change: Change
) -> None:
    before = database["photos"].find_one(ID)

    change(store, photo)

    after = database["photos"].find_one(ID)
    assert before is not None
    assert after is not None
    assert {**after, "updated_at": None} != {**before, "updated_at": None}
    assert after["updated_at"] > LONG_AGO


def test_words_that_stand_for_something_else_are_noted(
    store: Store, database: Database[dict[str, Any]], photo: EncryptedPhoto
) -> None:
    store.labels.put([replace(LABELS, labels=(Label(description="Monkey", score=0.9),))])
    database["photos"].update_one({"_id": ID}, {"$set": {"scores": {"v|monkey": 0.9}}})
    age(database)

    store.labels._take_out("v|monkey")

    after = database["photos"].find_one(ID)
    assert after is not None
    assert after["updated_at"] > LONG_AGO


def test_tokens_that_are_sealed_anew_are_no_change(
    store: Store,
    database: Database[dict[str, Any]],
    photo: EncryptedPhoto,
    make_token: Callable[..., Token],
) -> None:
    other = replace(photo, tokens={"owner_id": make_token("y", key_id="k2")})

    assert store.replace_tokens(photo, other)

    after = database["photos"].find_one(ID)
    assert after is not None
    assert after["updated_at"] == LONG_AGO


def test_the_moment_is_told_by_the_servers_clock(
    store: Store, database: Database[dict[str, Any]], make_photo: MakePhoto
) -> None:
    before = clock(database)

    store.put([make_photo(7)])

    after = clock(database)
    found = database["photos"].find_one("flickr:7")
    assert found is not None
    assert before <= found["updated_at"] <= after
