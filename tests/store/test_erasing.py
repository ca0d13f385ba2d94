from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database

from smart_image_scraper.photo import (
    DuplicateGroup,
    DuplicateKind,
    EncryptedPhoto,
    Photo,
    PhotoId,
    SearchHit,
    Stage,
    StoredFile,
)
from smart_image_scraper.photo.sealed import APART
from smart_image_scraper.store import Counts, Run, Store
from smart_image_scraper.store.erasing import OF_PHOTOS
from smart_image_scraper.store.validators import VALIDATORS

MakePhoto = Callable[..., EncryptedPhoto]
ONE, TWO = PhotoId("flickr:1"), PhotoId("flickr:2")
# Of the packed scores, test_scores.py tells.
NOT_OF_PHOTOS = {"runs", "erased", "meta", "scorings", "scores"}


def test_every_collection_is_known_to_hold_something_of_photos_or_not() -> None:
    # Whoever adds a collection adds it to one of the two, and so thinks of those who are forgotten.
    assert OF_PHOTOS.keys() | NOT_OF_PHOTOS == VALIDATORS.keys()
    assert list(OF_PHOTOS)[-1] == "photos"


def test_everything_of_a_photo_is_deleted_and_nothing_of_another(
    store: Store, database: Database[dict[str, Any]], full_photo: EncryptedPhoto, make_token: Any
) -> None:
    other = EncryptedPhoto(photo=Photo(id=TWO), tokens=dict.fromkeys(APART, make_token()))
    store.put([full_photo, other], stages=tuple(Stage))
    at = datetime.now(UTC)
    for photo_id in (full_photo.photo.id, TWO):
        review = {"photo": photo_id, "verdict": "accept", "by": "me", "at": at}
        database["reviews"].insert_one(review)
        label = {"description": "Macaque", "score": 0.9}
        labels = {"labels": [label], "model": "service@1", "picture": "ab", "floor": 0.5, "at": at}
        database["photo_labels"].insert_one({"_id": photo_id, **labels})

    deleted = store.erasure.delete([full_photo.photo.id])

    left = {
        collection: [found[name] for found in database[collection].find()]
        for collection, name in OF_PHOTOS.items()
    }
    assert deleted == 1
    assert left == {collection: [TWO] for collection in OF_PHOTOS}


def test_an_erased_photo_does_not_come_back(store: Store, make_photo: MakePhoto) -> None:
    store.put([make_photo(1), make_photo(2)])
    store.erasure.begin([Photo(id=ONE)])
    store.erasure.delete([ONE])

    counts = store.put([make_photo(1), make_photo(2)])

    assert counts == Counts(known=1, erased=1)
    assert [each.photo.id for each in store.get([ONE, TWO])] == [TWO]


def test_photos_that_are_erased_while_they_are_being_written_do_not_stay(
    store: Store, database: Database[dict[str, Any]], make_photo: MakePhoto, make_token: Any
) -> None:
    exif = {"tokens": {"exif": make_token()}}
    photos = [make_photo(number, sealed=exif) for number in range(300)]
    ids = [each.photo.id for each in photos]

    for _ in range(10):
        with ThreadPoolExecutor(1) as threads:
            writing = threads.submit(store.put, photos, stages=tuple(Stage))
            while not database["photo_exif"].find_one() and not writing.done():
                pass  # now it has looked for tombstones, and not yet written the photos
            store.erasure.begin(each.photo for each in photos)
            store.erasure.delete(ids)
        assert list(database["photos"].find()) == []
        assert list(database["photo_exif"].find()) == []
        store.erasure.lift(ids)


def test_what_was_begun_is_unfinished_until_it_is_finished(
    store: Store, make_photo: MakePhoto, stored_file: StoredFile
) -> None:
    whole = make_photo(1, file=stored_file)
    store.put([whole], stages=(Stage.SEARCH, Stage.DOWNLOAD))

    store.erasure.begin([whole.photo, Photo(id=TWO)])
    store.erasure.delete([ONE])
    store.erasure.begin([Photo(id=ONE)])  # once more, when nothing is known of it any longer
    begun = store.erasure.unfinished(), store.erasure.files_left([ONE, TWO])
    store.erasure.finish([ONE, TWO])

    assert begun == ([ONE, TWO], [stored_file.path])
    assert store.erasure.unfinished() == []
    assert store.erasure.files_left([ONE]) == []
    assert store.erasure.blocked([ONE, TWO]) == {ONE, TWO}


def test_a_blocked_owner_is_known_by_the_index_alone(
    store: Store, database: Database[dict[str, Any]], make_photo: MakePhoto, make_token: Any
) -> None:
    sealed = {"tokens": {"owner_name": make_token()}, "owner_index": b"o" * 16}
    theirs = [make_photo(number, sealed=sealed) for number in (1, 2)]
    store.put([*theirs, make_photo(3, sealed={**sealed, "owner_index": b"p" * 16})])

    store.erasure.block_owners([b"o" * 16])

    assert store.erasure.of_owners([b"o" * 16]) == [ONE, TWO]
    assert store.erasure.erased([*theirs, make_photo(3)]) == {ONE, TWO}
    (tombstone,) = database["erased"].find()
    assert tombstone.keys() == {"_id", "at"}
    assert tombstone["_id"] == b"o" * 16


def test_a_lifted_block_lets_photos_in_again(store: Store, make_photo: MakePhoto) -> None:
    photo = make_photo(1, sealed={"owner_index": b"o" * 16})
    store.erasure.block_owners([b"o" * 16])
    store.erasure.begin([Photo(id=ONE)])

    lifted = store.erasure.lift([ONE, TWO, b"o" * 16])

    assert lifted == 2
    assert store.put([photo]) == Counts(new=1)


def test_photos_whose_owner_was_sealed_elsewhere_are_counted(
    store: Store, make_photo: MakePhoto, make_token: Any
) -> None:
    tokens = {"owner_name": make_token()}
    elsewhere = make_photo(1, sealed={"tokens": tokens})
    own = make_photo(2, sealed={"tokens": tokens, "owner_index": b"o" * 16})
    store.put([elsewhere, own, make_photo(3)])

    assert store.erasure.count_without_owner_index() == 1


def test_the_others_of_a_group_stay_although_their_best_one_goes(
    store: Store, database: Database[dict[str, Any]], make_photo: MakePhoto
) -> None:
    store.put(make_photo(number) for number in (1, 2, 3))
    groups = {
        PhotoId(f"flickr:{number}"): (
            DuplicateGroup(kind=DuplicateKind.COPY, group="flickr:1", best=number == 1),
        )
        for number in (1, 2, 3)
    }
    store.save_duplicates(groups)

    store.erasure.delete([ONE])

    assert [document.get("duplicates") for document in database["photos"].find()] == [None, None]


@pytest.mark.parametrize(
    ("term", "params"),
    [
        ("12@N01", {}),
        ("photos of 12@N01", {}),
        ("写真12@N01の", {}),
        ("monkey\n12@N01", {}),
        ("x", {"tags": ["12@N01"]}),
        ("x", {"text": "https://www.flickr.com/photos/12@N01/"}),
    ],
)
def test_a_run_that_names_an_owner_goes_with_its_hits(
    store: Store, make_photo: MakePhoto, *, term: str, params: dict[str, Any]
) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    for run_id, words, conditions in (("named", term, params), ("other", "monkey", {})):
        run = Run(id=run_id, source="flickr", term=words, params=conditions, started_at=at)
        store.runs.start(run)
    hits = [SearchHit(term=term, run="named"), SearchHit(term="monkey", run="other")]
    store.put([make_photo(1, searches=tuple(hits)), make_photo(2, searches=(hits[0],))])

    named = store.erasure.runs_naming(["12@N01", "13@N01"])
    deleted = store.erasure.delete_runs(named)

    assert (named, deleted) == (["named"], 1)
    assert [run.id for run in store.runs.all()] == ["other"]
    assert [each.photo.searches for each in store.get([ONE, TWO])] == [(hits[1],), ()]


def test_a_run_that_says_that_a_person_is_meant_names_an_account_that_is_a_name(
    store: Store,
) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    terms = (
        "commons:Bee keeper",
        "user:Bee_keeper",
        "Photographs by Bee keeper",
        "(by bee keeper)",
    )
    others = ("Bee keeper", "beside Bee keepers", "User:Bee keepers", "nearby Bee keeper")
    for term in (*terms, *others):
        store.runs.start(Run(id=term, source="commons", term=term, params={}, started_at=at))

    assert set(store.erasure.runs_naming(["commons:Bee keeper"])) == set(terms)


def test_a_run_that_names_a_longer_id_is_somebody_elses(store: Store) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    for term in ("112@N01", "12@N012"):
        store.runs.start(Run(id=term, source="flickr", term=term, params={}, started_at=at))

    assert store.erasure.runs_naming(["12@N01"]) == []
