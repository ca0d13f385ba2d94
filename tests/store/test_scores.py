"""Raw scores as columns: written for many photos at once, and read with each."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.results import BulkWriteResult

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import (
    EncryptedPhoto,
    Failure,
    Filter,
    Granularity,
    Photo,
    PhotoId,
    Score,
    Scoring,
    Stage,
    TakenDate,
    Threshold,
)
from smart_image_scraper.store import Order, Store
from smart_image_scraper.store.columns import write_columns
from smart_image_scraper.store.reading import read_photos
from smart_image_scraper.store.selection import merged, selected

Make = Callable[..., EncryptedPhoto]
MODEL = "made@1"


def scoring(concept: str = "monkey", *, model: str = MODEL, **given: object) -> Scoring:
    facts = {"slope": 1.0, "intercept": 0.0, "scored_at": datetime(2026, 1, 1, tzinfo=UTC)}
    return Scoring(concept=concept, model=model, **{**facts, **given})  # type: ignore[arg-type]


def taken(day: int) -> TakenDate:
    return TakenDate(local=datetime(2020, 1, day), granularity=Granularity.SECOND)


def numbers(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


@pytest.fixture
def ids(store: Store, make_photo: Make) -> list[PhotoId]:
    photos = [make_photo(number) for number in range(5)]
    store.put(photos)
    return [photo.photo.id for photo in photos]


def found(store: Store, *texts: str, **where: object) -> list[str]:
    thresholds = tuple(Threshold.parse(text) for text in texts)
    photos = store.find(Filter(scores=thresholds, **where))  # type: ignore[arg-type]
    return [photo.photo.id.native for photo in photos]


def test_photos_are_taken_out_of_every_models_numbers(store: Store, ids: list[PhotoId]) -> None:
    for model in (MODEL, "other@2"):
        store.scores.save_scoring(scoring(model=model))
        store.scores.put(model, ids, columns={"monkey": numbers(0.1, 0.2, 0.3, 0.4, 0.5)})

    store.erasure.delete([ids[1], ids[3]])
    store.erasure.delete([ids[1], ids[3]])

    for model in (MODEL, "other@2"):
        photos, column = store.scores.column(model, "monkey")
        assert photos.tolist() == [str(ids[number]).encode() for number in (0, 2, 4)]
        assert column == pytest.approx([0.1, 0.3, 0.5])


def test_a_bucket_whose_photos_are_all_gone_is_gone(
    store: Store, ids: list[PhotoId], database: Database[dict[str, Any]]
) -> None:
    store.scores.save_scoring(scoring())
    store.scores.put(MODEL, ids, columns={"monkey": numbers(0.1, 0.2, 0.3, 0.4, 0.5)})

    store.erasure.delete(ids)

    assert database["scores"].count_documents({}) == 0


def test_a_bucket_that_is_written_while_photos_are_taken_out_keeps_what_was_written(
    store: Store, ids: list[PhotoId]
) -> None:
    store.scores.save_scoring(scoring())
    store.scores.put(MODEL, ids, columns={"monkey": numbers(0.1, 0.2, 0.3, 0.4, 0.5)})
    added = [PhotoId(f"flickr:{number}") for number in range(100, 2_000)]

    with ThreadPoolExecutor(2) as threads:
        writing = threads.submit(
            store.scores.put, MODEL, added, columns={"monkey": np.ones(1_900, np.float32)}
        )
        threads.submit(store.erasure.delete, ids).result()
        writing.result()

    photos, _ = store.scores.column(MODEL, "monkey")
    assert set(photos.tolist()) == {str(photo_id).encode() for photo_id in added}


def test_a_photo_is_read_with_the_probability_that_its_raw_score_means(
    store: Store, ids: list[PhotoId]
) -> None:
    store.scores.save_scoring(scoring(slope=2.0, intercept=-1.0, reviews=40))
    store.scores.put(MODEL, ids[:1], columns={"monkey": numbers(0.5)})

    with_score, without = store.get(ids[:2])

    assert with_score.photo.scores == (
        Score(concept="monkey", model=MODEL, value=0.5, raw=0.5, calibrated=True),
    )
    assert without.photo.scores == ()


def test_writing_one_concept_leaves_the_numbers_of_others_and_of_other_photos(
    store: Store, ids: list[PhotoId]
) -> None:
    store.scores.put(MODEL, ids[:3], columns={"monkey": numbers(1, 2, 3)})

    store.scores.put(MODEL, ids[2:], columns={"cage": numbers(7, 8, 9)})
    store.scores.put(MODEL, ids[1:2], columns={"monkey": numbers(5)})

    photos, monkeys = store.scores.column(MODEL, "monkey")
    assert photos.tolist() == [b"flickr:0", b"flickr:1", b"flickr:2"]
    assert monkeys.tolist() == [1, 5, 3]
    assert store.scores.column(MODEL, "cage")[1].tolist() == [7, 8, 9]


def test_numbers_of_another_basis_are_forgotten(store: Store, ids: list[PhotoId]) -> None:
    store.scores.save_scoring(scoring(basis="a photo of a monkey"))
    store.scores.put(MODEL, ids, columns={"monkey": numbers(*range(5))})

    store.scores.save_scoring(scoring(basis="a photo of a macaque"))

    assert store.scores.column(MODEL, "monkey")[1].tolist() == []


def test_a_new_calibration_changes_probabilities_and_no_number(
    store: Store, ids: list[PhotoId]
) -> None:
    store.scores.save_scoring(scoring())
    store.scores.put(MODEL, ids, columns={"monkey": numbers(0, 0, 0, 0, 0)})

    store.scores.save_scoring(scoring(intercept=100.0))

    assert found(store, "monkey>=0.99") == ["0", "1", "2", "3", "4"]


def test_two_that_write_to_the_same_bucket_at_once_both_get_in(
    store: Store, ids: list[PhotoId]
) -> None:
    collection = store._database["scores"]

    class Contended:
        """A collection in which another process is faster, once."""

        find = collection.find
        late = False

        def bulk_write(self, writes: list[UpdateOne], *, ordered: bool) -> BulkWriteResult:
            if not self.late:
                self.late = True
                store.scores.put(MODEL, ids[:1], columns={"cage": numbers(9)})
            return collection.bulk_write(writes, ordered=ordered)

    columns = {"monkey": numbers(4, 5)}
    write_columns(Contended(), model=MODEL, photos=ids[:2], columns=columns)  # type: ignore[arg-type]

    assert store.scores.column(MODEL, "cage")[1].tolist() == [9]
    assert store.scores.column(MODEL, "monkey")[1].tolist() == [4, 5]


def test_a_bucket_that_is_deleted_while_it_is_written_to_is_made_anew(
    store: Store, ids: list[PhotoId]
) -> None:
    store.scores.put(MODEL, ids[:1], columns={"monkey": numbers(1)})
    collection = store._database["scores"]

    class Emptied:
        """A collection of which another process deletes all, once, before a write."""

        find = collection.find
        late = False

        def bulk_write(self, writes: list[UpdateOne], *, ordered: bool) -> BulkWriteResult:
            if not self.late:
                self.late = True
                collection.delete_many({})
            return collection.bulk_write(writes, ordered=ordered)

    columns = {"monkey": numbers(4)}
    write_columns(Emptied(), model=MODEL, photos=ids[:1], columns=columns)  # type: ignore[arg-type]

    assert store.scores.column(MODEL, "monkey")[1].tolist() == [4]


def test_thresholds_select_by_all_of_their_conditions(store: Store, ids: list[PhotoId]) -> None:
    store.scores.save_scoring(scoring())
    store.scores.save_scoring(scoring("cage"))
    columns = {"monkey": numbers(-5, -1, 0, 1, 5), "cage": numbers(5, -5, -5, 5, np.nan)}
    store.scores.put(MODEL, ids, columns=columns)

    assert found(store, "monkey>=0.5") == ["2", "3", "4"]
    assert found(store, "monkey>0.5") == ["3", "4"]
    assert found(store, "monkey<=0.5", "cage<0.2") == ["1", "2"]
    assert found(store, "monkey>=0", ids=(ids[3],)) == ["3"]
    assert store.count(Filter(scores=(Threshold.parse("cage<0.2"),))) == 2


def test_many_photos_are_named_in_chunks_and_still_come_in_order(
    store: Store, make_photo: Make
) -> None:
    days = [3, 1, 4, 2, 5]
    photos = [make_photo(number, taken=taken(day)) for number, day in enumerate(days)]
    store.put(photos)
    store.scores.save_scoring(scoring())
    ids = [each.photo.id for each in photos]
    store.scores.put(MODEL, ids, columns={"monkey": numbers(1, 1, 1, 1, -1)})
    where = Filter(scores=(Threshold.parse("monkey>0.5"),))

    queries = selected(store._database, where, chunk=2)
    read = {
        order: [
            each.photo.id.native
            for each in merged(
                [read_photos(store._database, query, order=order) for query in queries],
                order=order,
            )
        ]
        for order in Order
    }

    assert len(queries) == 2
    assert read[Order.ID] == ["0", "1", "2", "3"]
    assert read[Order.TAKEN_NEWEST] == ["2", "0", "3", "1"]


def test_of_several_models_the_one_that_scored_last_counts_unless_one_is_named(
    store: Store, ids: list[PhotoId]
) -> None:
    store.scores.save_scoring(scoring(model="older@1"))
    later = datetime(2026, 2, 1, tzinfo=UTC)
    store.scores.save_scoring(scoring(model="newer@2", scored_at=later))
    store.scores.put("older@1", ids[:1], columns={"monkey": numbers(5)})
    store.scores.put("newer@2", ids[1:2], columns={"monkey": numbers(5)})

    assert found(store, "monkey>=0.5") == ["1"]
    assert found(store, "older:monkey>=0.5") == ["0"]
    assert found(store, "older@1:monkey>=0.5") == ["0"]


def test_an_answer_that_is_written_again_is_not_the_latest(
    store: Store, ids: list[PhotoId], make_photo: Make
) -> None:
    older = make_photo(0, scores=(Score(concept="monkey", model="older", value=0.9),))
    store.put([older], stages=(Stage.SCORE,))
    store.scores.save_scoring(scoring(model="newer@2", scored_at=datetime.now(UTC)))
    store.scores.put("newer@2", ids[1:2], columns={"monkey": numbers(5)})
    failure = Failure(reason="damaged", message="no", retryable=False, at=datetime.now(UTC))
    failed = replace(older, photo=replace(older.photo, failures={Stage.SCORE: failure}))

    for again in (older, failed):
        store.put([again], stages=(Stage.SEARCH, Stage.SCORE))

    assert found(store, "monkey>=0.5") == ["1"]


def test_a_failure_goes_with_a_new_answer_and_not_with_one_that_is_written_again(
    store: Store, make_photo: Make
) -> None:
    older = make_photo(0, scores=(Score(concept="monkey", model="older", value=0.9),))
    failure = Failure(reason="refused", message="no", retryable=False, at=datetime.now(UTC))
    failed = replace(older, photo=replace(older.photo, failures={Stage.SCORE: failure}))
    answered = make_photo(0, scores=(Score(concept="cage", model="service", value=0.9),))

    left = []
    for photo in (failed, older, answered):
        store.put([photo], stages=(Stage.SEARCH, Stage.SCORE))
        left += [each.photo.failures.keys() for each in store.get([older.photo.id])]

    assert left == [{Stage.SCORE}, {Stage.SCORE}, set()]


def test_a_services_answers_are_selected_and_what_it_did_not_report_is_below_its_floor(
    store: Store, make_photo: Make
) -> None:
    answers = [{"value": 0.9}, {"value": 0.6}, {"below": 0.5}]
    photos = [make_photo(number) for number in range(3)]
    store.put(photos)
    scored = [
        replace(
            each,
            photo=replace(each.photo, scores=(Score(concept="cage", model="service", **answer),)),
        )
        for each, answer in zip(photos, answers, strict=True)
    ]
    store.put(scored, stages=(Stage.SCORE,))

    assert found(store, "cage>=0.7") == ["0"]
    assert found(store, "cage<0.7") == ["1", "2"]
    assert found(store, "service:cage<0.5") == ["2"]
    assert found(store, "cage<0.4") == []


def test_a_concept_that_nobody_scored_is_named_with_those_that_were(
    store: Store, ids: list[PhotoId]
) -> None:
    store.scores.save_scoring(scoring())

    with pytest.raises(UsageError, match=r"for 'monky>=0\.5'; `sis score`.*made@1:monkey$"):
        found(store, "monky>=0.5")


def test_what_is_derived_is_not_written_into_the_photo_when_a_service_answers(
    store: Store, ids: list[PhotoId]
) -> None:
    store.scores.save_scoring(scoring())
    store.scores.put(MODEL, ids, columns={"monkey": numbers(0, 0, 0, 0, 0)})
    (read,) = store.get(ids[:1])
    answer = Score(concept="cage", model="service", value=0.7)
    with_answer = replace(read, photo=replace(read.photo, scores=(*read.photo.scores, answer)))

    store.put([with_answer], stages=(Stage.SCORE,))

    document = store._database["photos"].find_one({"_id": ids[0]})
    assert document is not None
    assert document["scores"] == {"service|cage": 0.7}


def test_a_photo_that_was_erased_while_it_was_scored_gets_no_number(
    store: Store, ids: list[PhotoId]
) -> None:
    store.erasure.begin([Photo(id=ids[0])])
    store.erasure.delete(ids[:1])

    store.scores.put(MODEL, ids[:2], columns={"monkey": numbers(1, 2)})

    assert store.scores.column(MODEL, "monkey")[0].tolist() == [ids[1].encode()]


def test_a_change_of_a_record_is_told_by_its_moment_and_of_no_other(
    store: Store, make_photo: Make, ids: list[PhotoId]
) -> None:
    begun = datetime.now(UTC).timestamp() * 1_000
    photos, before = store.scores.changed_at()
    time.sleep(0.01)
    changed = make_photo(2)
    store.put([replace(changed, photo=replace(changed.photo, title="another one"))])

    _, after = store.scores.changed_at()

    assert photos.tolist() == sorted(each.encode() for each in ids)
    assert all(begun - 60_000 < moment < begun + 60_000 for moment in before)
    assert [photos[at].decode() for at in np.flatnonzero(after != before)] == [ids[2]]
