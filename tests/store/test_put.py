from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from pymongo.database import Database

from smart_image_scraper.errors import StoreError
from smart_image_scraper.photo import (
    DETAILS,
    CommentTally,
    Coordinates,
    EncryptedPhoto,
    Failure,
    License,
    PhotoId,
    Place,
    Score,
    SearchHit,
    Size,
    Stage,
    StatedCamera,
    StatedPlace,
    StoredFile,
    Token,
)
from smart_image_scraper.store import Counts, Store

MakePhoto = Callable[..., EncryptedPhoto]
MakeToken = Callable[..., Token]
ONE = PhotoId("flickr:1")
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def raw(database: Database[dict[str, Any]], collection: str = "photos") -> list[bytes]:
    batches = database[collection].find_raw_batches(sort=[("_id", 1)])
    return list(cast("Iterable[bytes]", batches))  # pymongo's own type says documents


def only(photos: Iterator[EncryptedPhoto]) -> EncryptedPhoto:
    (photo,) = photos
    return photo


def changed(photo: EncryptedPhoto, **facts: Any) -> EncryptedPhoto:
    return replace(photo, photo=replace(photo.photo, **facts))


def failure(*, retryable: bool = False) -> Failure:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    return Failure(reason="not-found", message="it is gone", retryable=retryable, at=at)


def test_every_field_comes_back_as_it_was_put(store: Store, full_photo: EncryptedPhoto) -> None:
    photo = changed(full_photo, failures={})

    store.put([photo], stages=tuple(Stage))
    store.save_duplicates({photo.photo.id: photo.photo.duplicates})

    assert list(store.get([photo.photo.id], whole=True)) == [photo]


def test_what_was_put_is_counted_as_new_once(store: Store, make_photo: MakePhoto) -> None:
    first = store.put(make_photo(number) for number in range(1, 4))
    second = store.put(make_photo(number) for number in range(3, 6))

    assert first == Counts(new=3)
    assert second == Counts(new=2, known=1)


def test_more_photos_than_fit_into_one_batch_are_all_written(
    store: Store, make_photo: MakePhoto
) -> None:
    counts = store.put(make_photo(number) for number in range(2_345))

    assert counts == Counts(new=2_345)
    assert len(list(store.get(PhotoId(f"flickr:{number}") for number in range(2_345)))) == 2_345


def test_putting_a_photo_again_leaves_its_documents_byte_for_byte(
    store: Store,
    database: Database[dict[str, Any]],
    full_photo: EncryptedPhoto,
    make_token: MakeToken,
) -> None:
    store.put([full_photo], stages=tuple(Stage))
    before = raw(database), raw(database, "photo_exif")
    sealed_again = {name: make_token(f"again {name}") for name in full_photo.tokens}

    counts = store.put([replace(full_photo, tokens=sealed_again)], stages=tuple(Stage))

    assert counts == Counts(known=1)
    assert (raw(database), raw(database, "photo_exif")) == before


def test_a_change_moves_the_time_of_the_update_and_not_of_the_creation(
    store: Store, database: Database[dict[str, Any]], make_photo: MakePhoto
) -> None:
    store.put([make_photo(1, title="old")])
    (before,) = database["photos"].find()

    store.put([make_photo(1, title="new")])

    (after,) = database["photos"].find()
    assert after["created_at"] == before["created_at"]
    assert after["updated_at"] > before["updated_at"]


def test_what_the_source_no_longer_states_goes(store: Store, make_photo: MakePhoto) -> None:
    store.put([make_photo(1, title="Monkey", views=3, tags=("a",))])

    store.put([make_photo(1, views=4)])

    photo = only(store.get([ONE])).photo
    assert (photo.title, photo.views, photo.tags) == (None, 4, ())


def test_a_photo_found_by_several_terms_is_one_with_several_searches(
    store: Store, make_photo: MakePhoto
) -> None:
    hits = [SearchHit(term="monkey", run="a"), SearchHit(term="サル", run="b")]

    for hit in [*hits, *hits]:
        store.put([make_photo(1, searches=(hit,))])

    assert only(store.get([ONE])).photo.searches == tuple(hits)


def test_a_photo_that_comes_twice_in_one_batch_is_merged_in_order(
    store: Store, make_photo: MakePhoto
) -> None:
    hits = [SearchHit(term="monkey", run="a"), SearchHit(term="cage", run="b")]

    counts = store.put(
        [
            make_photo(1, title="first", searches=(hits[0],)),
            make_photo(2),
            make_photo(1, title="second", searches=(hits[1],)),
        ]
    )

    photo = only(store.get([ONE])).photo
    assert counts == Counts(new=2, known=1)
    assert (photo.title, photo.searches) == ("second", tuple(hits))


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.SEARCH])
def test_a_later_stage_writes_nothing_of_the_search(
    store: Store, full_photo: EncryptedPhoto, make_photo: MakePhoto, *, stage: Stage
) -> None:
    store.put([make_photo(full_photo.photo.id.native, title="as it was")])

    store.put([full_photo], stages=(stage,))

    photo = only(store.get([full_photo.photo.id]))
    assert photo.photo.title == "as it was"
    assert photo.photo.searches == (SearchHit(term="monkey", run="run-1"),)
    assert photo.owner_index is None


def test_the_search_writes_nothing_of_later_stages_nor_of_reviews(
    store: Store,
    database: Database[dict[str, Any]],
    full_photo: EncryptedPhoto,
    make_photo: MakePhoto,
) -> None:
    store.put([full_photo], stages=tuple(Stage))
    review = {
        "photo": full_photo.photo.id,
        "verdict": "accept",
        "by": "me",
        "at": datetime.now(UTC),
    }
    database["reviews"].insert_one(review)
    before = raw(database, "reviews"), raw(database, "photo_exif")

    same_place = full_photo.photo.coordinates
    facts = {"coordinates": same_place, "taken": full_photo.photo.taken, "geo_accuracy": 16}
    store.put([make_photo(full_photo.photo.id.native, title="new", **facts)])

    photo = only(store.get([full_photo.photo.id])).photo
    assert photo.title == "new"
    assert photo.inspection == full_photo.photo.inspection
    assert photo.file == full_photo.photo.file
    assert photo.place == full_photo.photo.place
    assert photo.scores == full_photo.photo.scores
    assert (raw(database, "reviews"), raw(database, "photo_exif")) == before


def test_a_later_stage_with_nothing_to_say_removes_nothing(
    store: Store, full_photo: EncryptedPhoto, make_photo: MakePhoto
) -> None:
    store.put([full_photo], stages=tuple(Stage))
    before = list(store.get([full_photo.photo.id], whole=True))
    later = tuple(stage for stage in Stage if stage is not Stage.SEARCH)

    store.put([make_photo(full_photo.photo.id.native)], stages=later)

    assert list(store.get([full_photo.photo.id], whole=True)) == before


def test_a_later_stage_does_not_bring_back_a_photo_that_is_gone(
    store: Store, make_photo: MakePhoto, stored_file: StoredFile
) -> None:
    counts = store.put([make_photo(1, file=stored_file)], stages=(Stage.DOWNLOAD,))

    assert counts == Counts(erased=1)
    assert store.totals().photos == 0
    assert list(store.get([ONE])) == []


def test_a_success_removes_the_failure_of_its_stage(
    store: Store, make_photo: MakePhoto, stored_file: StoredFile
) -> None:
    store.put([make_photo(1)])
    store.put([make_photo(1, failures={Stage.DOWNLOAD: failure()})], stages=(Stage.DOWNLOAD,))
    failed = only(store.get([ONE])).photo

    store.put([changed(make_photo(1), file=stored_file)], stages=(Stage.DOWNLOAD,))

    done = only(store.get([ONE])).photo
    assert failed.failures == {Stage.DOWNLOAD: failure()}
    assert (done.failures, done.file) == ({}, stored_file)


def test_a_failure_beside_a_file_does_not_count(
    store: Store, make_photo: MakePhoto, stored_file: StoredFile
) -> None:
    photo = make_photo(1, file=stored_file, failures={Stage.DOWNLOAD: failure()})

    store.put([photo], stages=(Stage.SEARCH, Stage.DOWNLOAD))

    assert only(store.get([ONE])).photo.failures == {}


def test_scores_are_added_one_by_one_and_others_stay(store: Store, make_photo: MakePhoto) -> None:
    monkey = Score(concept="monkey", model="a 1", value=0.25)
    cage = Score(concept="cage", model="a 1", below=0.5)
    cage_seen = Score(concept="cage", model="a 1", value=0.75)
    monkey_below = Score(concept="monkey", model="b", below=0.5)
    store.put([make_photo(1)])

    for scores in [(monkey, cage), (cage_seen,), (monkey_below,)]:
        store.put([make_photo(1, scores=scores)], stages=(Stage.SCORE,))

    assert only(store.get([ONE])).photo.scores == (cage_seen, monkey, monkey_below)


def test_a_score_can_fall_below_the_floor_again(store: Store, make_photo: MakePhoto) -> None:
    seen = Score(concept="cage", model="a", value=0.75)
    below = Score(concept="cage", model="a", below=0.5)
    store.put([make_photo(1)])

    for score in (seen, below):
        store.put([make_photo(1, scores=(score,))], stages=(Stage.SCORE,))

    assert only(store.get([ONE])).photo.scores == (below,)


DETAIL_FACTS: dict[Stage, dict[str, Any]] = {
    Stage.PLACES: {"stated_place": StatedPlace()},
    Stage.API_EXIF: {"stated_camera": StatedCamera(tag_count=0)},
    Stage.COMMENTS: {"comment_tally": CommentTally(count=0, read_at=NOW)},
}
DETAIL_TOKENS = {Stage.PLACES: "notes", Stage.API_EXIF: "api_exif", Stage.COMMENTS: "comments"}


@pytest.mark.parametrize("stage", DETAILS)
def test_what_its_site_has_no_more_of_a_photo_is_removed(
    store: Store, make_photo: MakePhoto, make_token: MakeToken, stage: Stage
) -> None:
    facts = DETAIL_FACTS[stage]
    sealed = {"tokens": {DETAIL_TOKENS[stage]: make_token("old")}, "digest": b"d" * 16}
    store.put([make_photo(1)])
    store.put([make_photo(1, sealed=sealed, **facts)], stages=(stage,))
    before = only(store.get([ONE], whole=True)).tokens.keys()

    store.put([make_photo(1, **facts)], stages=(stage,))

    assert before == {DETAIL_TOKENS[stage]}
    assert only(store.get([ONE], whole=True)).tokens == {}


@pytest.mark.parametrize("stage", DETAILS)
def test_what_was_known_stays_when_its_site_does_not_answer_for_a_photo(
    store: Store, make_photo: MakePhoto, make_token: MakeToken, stage: Stage
) -> None:
    sealed = {"tokens": {DETAIL_TOKENS[stage]: make_token("old")}, "digest": b"d" * 16}
    store.put([make_photo(1)])
    store.put([make_photo(1, sealed=sealed, **DETAIL_FACTS[stage])], stages=(stage,))
    gone = Failure(reason="not-found", message="gone", retryable=False, at=NOW)

    store.put([make_photo(1, failures={stage: gone})], stages=(stage,))

    stored = only(store.get([ONE], whole=True))
    assert stored.tokens.keys() == {DETAIL_TOKENS[stage]}
    assert stored.photo.failures == {stage: gone}


@pytest.mark.parametrize("changed", [{"coordinates": None}, {"tags": ("ape",)}])
def test_a_stated_place_and_raw_tags_go_when_what_they_told_of_changes(
    store: Store, make_photo: MakePhoto, changed: dict[str, Any]
) -> None:
    facts = {"coordinates": Coordinates(latitude=1, longitude=2), "tags": ("monkey",)}
    store.put([make_photo(1, **facts)])
    stated = {"stated_place": StatedPlace(), "raw_tags": ("Monkey",)}
    store.put([make_photo(1, **facts, **stated)], stages=(Stage.PLACES,))

    store.put([make_photo(1, **facts | changed)])

    stored = only(store.get([ONE])).photo
    assert (stored.stated_place, stored.raw_tags) == (None, ())


def test_raw_tags_go_when_the_site_states_none_any_more(
    store: Store, make_photo: MakePhoto
) -> None:
    store.put([make_photo(1)])
    for tags in (("Monkey",), ()):
        photo = make_photo(1, stated_place=StatedPlace(), raw_tags=tags)
        store.put([photo], stages=(Stage.PLACES,))

    stored = only(store.get([ONE])).photo
    assert (stored.stated_place, stored.raw_tags) == (StatedPlace(), ())


@pytest.mark.parametrize("tombstone", ["flickr:1", b"o" * 16], ids=["photo", "owner"])
def test_what_was_erased_is_not_stored_again(
    store: Store,
    database: Database[dict[str, Any]],
    make_photo: MakePhoto,
    *,
    tombstone: str | bytes,
) -> None:
    database["erased"].insert_one({"_id": tombstone, "at": datetime.now(UTC)})

    counts = store.put([make_photo(1, sealed={"owner_index": b"o" * 16}), make_photo(2)])

    assert counts == Counts(new=1, erased=1)
    assert list(store.get([ONE])) == []


def test_several_writers_of_the_same_photos_lose_nothing(
    store: Store, make_photo: MakePhoto
) -> None:
    hits = [SearchHit(term=f"term {number}", run="a") for number in range(4)]

    def put(hit: SearchHit) -> Counts:
        return store.put(make_photo(number, searches=(hit,)) for number in range(500))

    with ThreadPoolExecutor(4) as threads:
        counts = list(threads.map(put, hits))

    photos = list(store.get(PhotoId(f"flickr:{number}") for number in range(500)))
    assert sum(each.new for each in counts) == 500
    assert sum(each.known for each in counts) == 1_500
    assert all(set(photo.photo.searches) == set(hits) for photo in photos)


def test_a_value_too_large_for_the_database_is_refused_in_one_sentence(
    store: Store, make_photo: MakePhoto
) -> None:
    with pytest.raises(StoreError, match="a value does not fit into the database"):
        store.put([make_photo(1, views=2**80)])


def test_a_text_that_is_no_unicode_is_refused_in_one_sentence(
    store: Store, make_photo: MakePhoto
) -> None:
    with pytest.raises(StoreError, match="cannot write photos: a value does not fit"):
        store.put([make_photo(1, title="\ud800")])


def test_reading_a_generator_that_fails_passes_its_own_error_on(
    store: Store, make_photo: MakePhoto
) -> None:
    def photos() -> Iterator[EncryptedPhoto]:
        yield make_photo(1)
        raise LookupError("of the caller")

    with pytest.raises(LookupError, match="of the caller"):
        store.put(photos())


def test_facts_of_every_kind_can_be_put(store: Store, make_photo: MakePhoto) -> None:
    photo = make_photo(
        1,
        license=License("cc-by-2.0"),
        sizes=(Size(label="original", url="https://live.example/1_o.jpg"),),
        place=Place(gazetteer="GeoNames"),
    )

    store.put([photo], stages=(Stage.SEARCH, Stage.GEOCODE))

    assert only(store.get([ONE])) == photo
