"""Training on pictures and texts together, and scoring by what came of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pymongo import MongoClient

from smart_image_scraper.photo import EncryptedPhoto, Filter, PhotoId, Stage
from smart_image_scraper.pipeline import Progress, TrainedScorer, open_embeddings, score
from smart_image_scraper.pipeline.photo_texts import open_texts
from smart_image_scraper.pipeline.scored_texts import RECORD_READ
from smart_image_scraper.pipeline.train import TrainSummary, suggest_reviews, train
from smart_image_scraper.score import Classifier, Concept, Head, KeptTexts, TextFeatures
from smart_image_scraper.store import Review, Store, Verdict
from tests.made.training import NoBackbone, found_photo, put_embedded

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PHOTOS = 40


def photo(number: int, **facts: Any) -> EncryptedPhoto:
    """Make a photo whose texts tell which search found it; the first four have none."""
    term = "monkey cage" if number % 2 else "monkey wild"
    words = f"{term} seen at the zoo" if number % 2 else f"{term} up in a forest"
    written = {"title": words, "tags": (term.replace(" ", ""),)} if number >= 4 else {}
    return found_photo(number, **written | facts)


@pytest.fixture
def embedded(store: Store, workspace: Path) -> Store:
    """Photos of two searches that pictures tell apart with errors, and titles do without."""
    photos = [photo(number) for number in range(PHOTOS)]
    put_embedded(store, photos, workspace=workspace, apart=0.5)
    store.reviews.add(
        Review(
            photo=each.photo.id,
            verdict=Verdict.ACCEPT if number % 2 else Verdict.REJECT,
            concept="cage",
            by="ann",
            at=NOW,
        )
        for number, each in enumerate(photos)
    )
    return store


@pytest.fixture
def trained(embedded: Store, workspace: Path) -> Callable[..., TrainSummary]:
    def call() -> TrainSummary:
        return train(
            embedded,
            NoBackbone(),
            concepts=["cage"],
            weak_terms={},
            with_text=True,
            name="mine",
            workspace=workspace,
            now=NOW,
        )

    return call


@pytest.fixture
def scored(embedded: Store, workspace: Path, progress: Progress) -> Callable[[], int]:
    """Score what is pending, and say how many photos that were."""

    def call() -> int:
        scorer = TrainedScorer(Classifier.load(workspace / "models", "mine"), backbone=NoBackbone())
        done = score(
            embedded,
            scorer,
            concepts=[Concept(word="cage")],
            workspace=workspace,
            where=Filter(),
            progress=progress,
        )
        return done.scored["cage"]

    return call


def test_the_gain_by_texts_is_measured_and_the_terms_are_masked(
    trained: Callable, workspace: Path
) -> None:
    done = trained()

    (cage,) = done.concepts
    assert cage.gain.roc_auc > 0.02
    assert cage.gain.roc_auc_interval[0] <= cage.gain.roc_auc <= cage.gain.roc_auc_interval[1]
    text = Classifier.load(workspace / "models", "mine").text
    assert text is not None
    assert text.masked == ("monkey cage", "monkey wild")
    assert "images alone: ROC AUC" in Path(done.report).read_text()


def test_every_photo_is_scored_with_or_without_a_text_and_once(
    trained: Callable, scored: Callable, embedded: Store
) -> None:
    trained()

    assert (scored(), scored()) == (PHOTOS, 0)
    found = {each.photo.id: each.photo.scores[0].value for each in embedded.find(Filter())}
    assert found[PhotoId("flickr:5")] > found[PhotoId("flickr:6")]
    assert all(0 < value < 1 for value in found.values() if value is not None)
    assert len(found) == PHOTOS


def test_a_photo_whose_text_has_changed_is_scored_anew_and_no_other(
    trained: Callable, scored: Callable, embedded: Store
) -> None:
    def value() -> float:
        (found,) = embedded.get([PhotoId("flickr:5")])
        return float(found.photo.scores[0].value or 0)

    trained()
    scored()
    before = value()
    embedded.put([photo(5, title="up in a forest", tags=())])

    assert scored() == 1
    assert value() < before
    assert scored() == 0


def test_texts_are_read_again_only_where_the_record_has_changed(
    trained: Callable, scored: Callable, embedded: Store, server: str
) -> None:
    trained()
    scored()
    change_unseen(embedded, server, "flickr:5", title="a forest")
    unread = scored()
    embedded.put([photo(5, title="a forest", tags=(), views=1)])

    assert (unread, scored(), scored()) == (0, 1, 0)


def test_a_record_that_changes_without_its_text_is_not_scored_anew(
    trained: Callable, scored: Callable, embedded: Store
) -> None:
    trained()
    scored()
    looked_at, before = embedded.scores.column("mine@1", RECORD_READ)
    embedded.put([photo(number, views=number + 1) for number in range(PHOTOS)])

    assert scored() == 0
    _, after = embedded.scores.column("mine@1", RECORD_READ)
    assert len(looked_at) == PHOTOS
    assert (after != before).all()


def change_unseen(store: Store, server: str, photo: str, **fields: Any) -> None:
    """Change a record as no program of ours would, so that only who reads it anew can tell."""
    with MongoClient[dict[str, Any]](server) as client:
        client[store._database.name]["photos"].update_one({"_id": photo}, {"$set": fields})


def test_the_next_version_takes_what_was_read_of_texts_for_the_one_before(
    trained: Callable, scored: Callable, embedded: Store, server: str
) -> None:
    trained()
    scored()
    trained()
    change_unseen(embedded, server, "flickr:5", title="a forest, another forest")

    assert scored() == PHOTOS
    photos, read_anew = embedded.scores.column("mine@1", "cage")
    _, kept = embedded.scores.column("mine@2", "cage")
    assert len(photos) == PHOTOS
    assert np.array_equal(kept, read_anew)


def test_a_text_that_was_kept_and_has_changed_before_it_was_scored_is_read_anew(
    embedded: Store, workspace: Path
) -> None:
    features = TextFeatures(masked=("monkey cage",))
    ids = [PhotoId("flickr:5"), PhotoId("flickr:7"), PhotoId("flickr:0")]
    with open_texts(embedded, features, workspace=workspace) as texts:
        texts.read(ids)
    embedded.put([photo(5, title="up in a forest", tags=())])
    embedded.put([photo(7, views=9)])

    with open_texts(embedded, features, workspace=workspace) as texts:
        read = texts.read(ids)

    assert np.array_equal(
        read.counts,
        features.counts(["up in a forest", "monkey cage seen at the zoo\nmonkeycage", ""]),
    )


def test_records_that_change_without_their_texts_are_not_read_twice(
    embedded: Store, workspace: Path, server: str
) -> None:
    features = TextFeatures(masked=("monkey cage",))
    ids = [PhotoId("flickr:5")]
    with open_texts(embedded, features, workspace=workspace) as texts:
        before = texts.read(ids)
    embedded.put([photo(5, views=9)])
    with open_texts(embedded, features, workspace=workspace) as texts:
        texts.read(ids)
    change_unseen(embedded, server, "flickr:5", title="a forest")

    with open_texts(embedded, features, workspace=workspace) as texts:
        after = texts.read(ids)

    assert np.array_equal(after.counts, before.counts)
    assert after.records[0] > before.records[0]


def test_of_a_photo_that_is_erased_while_its_text_is_read_nothing_is_kept(
    embedded: Store, workspace: Path
) -> None:
    features = TextFeatures(masked=("monkey cage",))
    (gone, stays) = (PhotoId("flickr:5"), PhotoId("flickr:7"))
    # The tombstone is the first step; the second, what is removed beside the database, is over.
    embedded.erasure.begin(each.photo for each in embedded.get([gone]))

    with open_texts(embedded, features, workspace=workspace) as texts:
        texts.read([gone, stays])

    with KeptTexts.open(workspace / "embeddings", features=features) as kept:
        assert np.isnan(kept.read([gone, stays]).records).tolist() == [True, False]


def test_the_words_of_the_term_change_no_score(
    trained: Callable, scored: Callable, embedded: Store
) -> None:
    trained()
    scored()
    (before,) = embedded.get([PhotoId("flickr:6")])
    title = f"{before.photo.title} monkeycage Cages"
    embedded.put([replace(before, photo=replace(before.photo, title=title))])

    assert scored() == 1
    (after,) = embedded.get([PhotoId("flickr:6")])
    assert after.photo.scores == before.photo.scores


def test_reviews_are_suggested_by_a_model_that_reads_texts(
    trained: Callable, embedded: Store, workspace: Path
) -> None:
    trained()
    embedded.put([photo(50)], stages=(Stage.SEARCH, Stage.DOWNLOAD))
    with open_embeddings(workspace, NoBackbone()) as embeddings:
        embeddings.append({PhotoId("flickr:50"): f"{50:064x}"}, np.ones((1, 8), np.float32))

    (chosen,) = suggest_reviews(
        embedded,
        NoBackbone(),
        classifier=Classifier.load(workspace / "models", "mine"),
        concept="cage",
        workspace=workspace,
        number=3,
    )

    assert chosen.photo == "flickr:50"


def test_without_weak_labels_a_model_that_reads_texts_has_photos_suggested_too(
    embedded: Store, workspace: Path
) -> None:
    embedded.reviews.add(
        Review(
            photo=PhotoId(f"flickr:{number}"),
            verdict=Verdict.ACCEPT if number % 2 else Verdict.REJECT,
            concept="bars",
            by="ann",
            at=NOW,
        )
        for number in range(20)
    )
    head = Head(concept="bars", weights=np.zeros(8), bias=0.0, strength=3.0)
    by_reviews = Classifier(
        name="mine",
        version=1,
        backbone="made@1",
        trained_at=NOW,
        heads=(head,),
        text=TextFeatures(masked=()),
    )

    chosen = suggest_reviews(
        embedded,
        NoBackbone(),
        classifier=by_reviews,
        concept="bars",
        workspace=workspace,
        number=30,
    )

    assert {each.photo for each in chosen} == {f"flickr:{number}" for number in range(20, 40)}
