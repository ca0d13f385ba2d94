from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database
from pymongo.errors import WriteError

from smart_image_scraper.photo import (
    EncryptedPhoto,
    Failure,
    Filter,
    Inspection,
    Label,
    Photo,
    PhotoId,
    PhotoLabels,
    Score,
    Scoring,
    Stage,
    StoredFile,
)
from smart_image_scraper.store import Store

MODEL = "service@1"
EVERYTHING = Filter()
Documents = Database[dict[str, Any]]


def labels_of(number: int, *, picture: str = "ab" * 32, **facts: Any) -> PhotoLabels:
    return PhotoLabels(
        photo=PhotoId(f"flickr:{number}"),
        model=facts.pop("model", MODEL),
        picture=picture,
        labels=(
            Label(description="Rhesus macaque", score=0.93, mid="/m/1", topicality=0.9),
            Label(description="Sky", score=0.6),
        ),
        floor=0.5,
        at=datetime(2026, 11, 25, 10, 11, 12, 123000, tzinfo=UTC),
        **facts,
    )


@pytest.fixture
def photos(
    store: Store, make_photo: Callable[..., EncryptedPhoto], stored_file: StoredFile
) -> list[EncryptedPhoto]:
    """Three photos with a file, and one without."""
    made = [make_photo(number, file=stored_file) for number in (1, 2, 3)] + [make_photo(4)]
    store.put(made, stages=(Stage.SEARCH, Stage.DOWNLOAD))
    return made


def pending(store: Store, *, where: Filter = EVERYTHING, **options: Any) -> list[str]:
    found = store.labels.pending(where, model=MODEL, **options)
    return [photo.photo.id.native for photo in found]


def by_words(concept: str, basis: str) -> Scoring:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    return Scoring(concept=concept, model=MODEL, given=concept, basis=basis, scored_at=now)


def unscored(store: Store, *concepts: str) -> list[str]:
    found = store.labels.unscored(EVERYTHING, model=MODEL, concepts=concepts)
    return [labels.photo.native for labels in found]


@pytest.mark.usefixtures("photos")
def test_labels_are_read_as_they_were_written(store: Store) -> None:
    store.labels.put([labels_of(2), replace(labels_of(1), labels=())])

    read = list(store.labels.read([PhotoId(f"flickr:{number}") for number in (1, 2, 3)]))

    assert read == [replace(labels_of(1), labels=()), labels_of(2)]


@pytest.mark.usefixtures("photos")
def test_what_has_a_file_and_no_labels_is_pending(store: Store) -> None:
    store.labels.put([labels_of(2)])

    assert pending(store) == ["1", "3"]
    assert store.labels.count_pending(EVERYTHING, model=MODEL) == 2
    assert pending(store, where=Filter(ids=(PhotoId("flickr:3"),))) == ["3"]


@pytest.mark.usefixtures("photos")
def test_another_model_has_seen_nothing(store: Store) -> None:
    store.labels.put([labels_of(1, model="service@0")])

    assert pending(store) == ["1", "2", "3"]


def test_another_picture_is_pending_and_the_same_one_stripped_is_not(
    store: Store, photos: list[EncryptedPhoto], inspection: Inspection, stored_file: StoredFile
) -> None:
    store.labels.put([labels_of(1), labels_of(2, picture="ef" * 32), labels_of(3)])
    looked = replace(inspection, fetched_sha256=stored_file.sha256)
    stripped = replace(stored_file, sha256="cd" * 32)
    store.put(
        [replace(photos[0], photo=replace(photos[0].photo, file=stripped, inspection=looked))],
        stages=(Stage.DOWNLOAD, Stage.INSPECT),
    )

    assert pending(store) == ["2"]


@pytest.mark.parametrize(("retryable", "again"), [(True, False), (False, True)])
def test_what_failed_is_pending_if_it_may_be_tried(
    store: Store, photos: list[EncryptedPhoto], *, retryable: bool, again: bool
) -> None:
    failure = Failure(
        reason="refused", message="bad", retryable=retryable, at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    failed = replace(photos[0].photo, failures={Stage.SCORE: failure})
    store.put([replace(photos[0], photo=failed)], stages=(Stage.SCORE,))

    assert ("1" in pending(store)) is retryable
    assert ("1" in pending(store, again=True)) is (retryable or again)


@pytest.mark.usefixtures("photos")
def test_labels_of_photos_that_are_not_there_are_left_out(
    store: Store, database: Documents
) -> None:
    store.labels.put([labels_of(99)])

    assert database["photo_labels"].count_documents({}) == 0
    assert database["photos"].count_documents({"labelled": {"$exists": True}}) == 0


@pytest.mark.usefixtures("photos")
def test_what_lacks_a_score_of_any_concept_is_unscored(
    store: Store, make_photo: Callable[..., EncryptedPhoto]
) -> None:
    store.labels.put([labels_of(1), labels_of(2)])
    below = Score(concept="cage", model=MODEL, below=0.5)
    value = Score(concept="monkey", model=MODEL, value=0.9)
    store.put([make_photo(1, scores=(below, value))], stages=(Stage.SCORE,))

    assert unscored(store, "monkey", "cage") == ["2"]
    assert unscored(store, "monkey", "tree") == ["1", "2"]


@pytest.mark.usefixtures("photos")
def test_new_labels_take_out_the_scores_that_older_ones_gave(
    store: Store, make_photo: Callable[..., EncryptedPhoto]
) -> None:
    store.labels.put([labels_of(1)])
    other = Score(concept="monkey", model="other@1", value=0.2)
    mine = Score(concept="monkey", model=MODEL, value=0.9)
    store.put([make_photo(1, scores=(other, mine))], stages=(Stage.SCORE,))

    store.labels.put([labels_of(1, picture="ef" * 32)])

    assert next(store.get([PhotoId("flickr:1")])).photo.scores == (other,)


@pytest.mark.usefixtures("photos")
def test_scores_by_other_words_are_taken_out(
    store: Store, make_photo: Callable[..., EncryptedPhoto]
) -> None:
    store.labels.put([labels_of(1)])
    scores = tuple(Score(concept=name, model=MODEL, below=0.5) for name in ("cage", "monkey"))
    store.labels.use_words([by_words("cage", "a"), by_words("monkey", "b")])
    store.put([make_photo(1, scores=scores)], stages=(Stage.SCORE,))

    left = []
    for used in ([by_words("monkey", "b")], [by_words("cage", "c"), by_words("tree", "d")]):
        store.labels.use_words(used)
        left += [each.photo.scores for each in store.get([PhotoId("flickr:1")])]

    assert left == [scores, scores[1:]]


@pytest.mark.parametrize(
    "change", [{"owner": "Jane"}, {"floor": 1.5}, {"labels": [{"description": "x"}]}]
)
@pytest.mark.usefixtures("photos")
def test_the_server_refuses_what_is_no_label(
    store: Store, database: Documents, *, change: Mapping[str, Any]
) -> None:
    store.labels.put([labels_of(1)])

    with pytest.raises(WriteError):
        database["photo_labels"].update_one({"_id": "flickr:1"}, {"$set": change})


@pytest.mark.usefixtures("photos")
def test_labels_that_are_written_while_their_photo_is_erased_do_not_stay(
    store: Store, database: Documents
) -> None:
    class Erasing(tuple[Label, ...]):
        """Labels whose photo is erased when they are about to be written."""

        __slots__ = ()

        def __iter__(self) -> Iterator[Label]:
            store.erasure.begin([Photo(id=PhotoId("flickr:1"))])
            store.erasure.delete([PhotoId("flickr:1")])
            return super().__iter__()

    late = labels_of(1)

    store.labels.put([replace(late, labels=Erasing(late.labels)), labels_of(2)])

    assert [found["_id"] for found in database["photo_labels"].find()] == ["flickr:2"]
    assert [photo.photo.id for photo in store.get([PhotoId("flickr:1")])] == []
