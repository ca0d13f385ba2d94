from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest

from smart_image_scraper.errors import UsageError
from smart_image_scraper.export.labels import Labeller
from smart_image_scraper.photo import Photo, Score, Scoring, Threshold
from smart_image_scraper.store import Review, Store, Verdict

MakePhoto = Callable[..., Photo]
NOW = datetime(2026, 11, 26, tzinfo=UTC)


def scored(store: Store, *models: str, concept: str = "monkey") -> None:
    """Note that models have scored a concept, the last one last."""
    for age, model in enumerate(reversed(models)):
        at = NOW - timedelta(days=age)
        store.scores.save_scoring(Scoring(concept=concept, model=model, scored_at=at))


def reviewed(
    store: Store, photo: Photo, *verdicts: Verdict, concept: str | None = "monkey"
) -> None:
    store.reviews.add(
        Review(photo=photo.id, verdict=verdict, concept=concept, by="me", at=NOW + timedelta(age))
        for age, verdict in enumerate(verdicts)
    )


def labeller(store: Store, *thresholds: str, concepts: Iterable[str] = ()) -> Labeller:
    parsed = [Threshold.parse(text) for text in thresholds]
    return Labeller.of(store, concepts=concepts, thresholds=parsed)


def score(value: float | None, *, model: str = "m@1", below: float | None = None) -> Score:
    return Score(concept="monkey", model=model, value=value, below=below)


@pytest.mark.parametrize(("value", "label"), [(0.5, True), (0.49, False)])
def test_a_score_labels_a_photo(
    store: Store, make_photo: MakePhoto, value: float, *, label: bool
) -> None:
    scored(store, "m@1")

    labels, scores = labeller(store, "monkey>=0.5").label(make_photo(scores=(score(value),)))

    assert (labels, scores) == ({"monkey": label}, {"monkey": value})


@pytest.mark.parametrize(
    ("value", "label"), [(0.9, True), (0.7, None), (0.5, None), (0.3, None), (0.1, False)]
)
def test_between_two_thresholds_there_is_no_label(
    store: Store, make_photo: MakePhoto, value: float, *, label: bool | None
) -> None:
    scored(store, "m@1")

    labels, _ = labeller(store, "monkey>0.7", "monkey<0.3").label(
        make_photo(scores=(score(value),))
    )

    assert labels.get("monkey") == label


def test_what_a_person_said_last_counts_more_than_a_score(
    store: Store, make_photo: MakePhoto
) -> None:
    scored(store, "m@1")
    photo = make_photo(scores=(score(0.99),))
    reviewed(store, photo, Verdict.ACCEPT, Verdict.REJECT)

    labels, _ = labeller(store, "monkey>=0.5").label(photo)

    assert labels == {"monkey": False}


def test_a_concept_without_a_threshold_is_labelled_by_people_alone(
    store: Store, make_photo: MakePhoto
) -> None:
    scored(store, "m@1")
    said, silent = (
        make_photo(photo_id, scores=(score(0.99),)) for photo_id in ("flickr:1", "flickr:2")
    )
    reviewed(store, said, Verdict.ACCEPT)

    of_people = labeller(store, concepts=["monkey"])

    assert of_people.label(said) == ({"monkey": True}, {"monkey": 0.99})
    assert of_people.label(silent) == ({}, {"monkey": 0.99})


def test_a_photo_without_a_score_has_no_label(store: Store, make_photo: MakePhoto) -> None:
    scored(store, "m@1")

    assert labeller(store, "monkey>=0.5").label(make_photo()) == ({}, {})


@pytest.mark.parametrize(("threshold", "label"), [("monkey>=0.5", False), ("monkey>=0.3", None)])
def test_below_a_services_floor_is_no_only_where_that_is_sure(
    store: Store, make_photo: MakePhoto, threshold: str, *, label: bool | None
) -> None:
    scored(store, "m@1")

    labels, scores = labeller(store, threshold).label(make_photo(scores=(score(None, below=0.5),)))

    assert (labels.get("monkey"), scores) == (label, {})


@pytest.mark.parametrize(("condition", "value"), [("monkey>=0.5", 0.9), ("old:monkey>=0.5", 0.1)])
def test_the_model_that_scored_last_is_meant_unless_another_one_is_named(
    store: Store, make_photo: MakePhoto, condition: str, value: float
) -> None:
    scored(store, "old@1", "new@1")
    scores = (score(0.1, model="old@1"), score(0.9, model="new@1"))

    _, told = labeller(store, condition).label(make_photo(scores=scores))

    assert told == {"monkey": value}


@pytest.mark.parametrize("concept", ["", " ", "toy\nmonkey", "monkey\udcff"])
def test_what_is_no_readable_text_is_no_concept(store: Store, concept: str) -> None:
    with pytest.raises(UsageError, match="is no concept to label photos for"):
        Labeller.of(store, concepts=[concept])


def test_photos_that_a_person_rejected_are_told(store: Store, make_photo: MakePhoto) -> None:
    unwanted, wanted = make_photo("flickr:1"), make_photo("flickr:2")
    reviewed(store, unwanted, Verdict.ACCEPT, Verdict.REJECT, concept=None)
    reviewed(store, wanted, Verdict.REJECT, Verdict.ACCEPT, concept=None)

    assert labeller(store).rejected == {unwanted.id}


@pytest.mark.parametrize(
    ("thresholds", "message"),
    [
        (["cage>=0.5"], "no photo has been scored for 'cage>=0.5'; `sis score` does"),
        (["monkey<0.5"], "says when 'monkey' is not shown; say when it is, too, as in monkey>=0"),
        (["monkey>0.5", "monkey>=0.6"], "'monkey' has more than one score from which on"),
        (["a:monkey>0.5", "b:monkey<0.2"], "conditions of the label 'monkey' name two models"),
        (["b:monkey>0.5"], "no photo has been scored for 'b:monkey>0.5'"),
    ],
)
def test_a_label_that_cannot_be_told_is_a_wrong_use(
    store: Store, thresholds: list[str], message: str
) -> None:
    scored(store, "a@1")

    with pytest.raises(UsageError, match=message):
        labeller(store, *thresholds)
