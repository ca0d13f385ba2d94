"""Training on what is in the store, and what comes of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import ModelError, TrainError, UsageError
from smart_image_scraper.photo import (
    EncryptedPhoto,
    Filter,
    Inspection,
    Owner,
    Photo,
    PhotoId,
    SearchHit,
    Stage,
    Threshold,
)
from smart_image_scraper.pipeline import Progress, TrainedScorer, open_embeddings, score
from smart_image_scraper.pipeline.train import TrainSummary, suggest_reviews, take_labels, train
from smart_image_scraper.pipeline.training_photos import WeakTerms, read_training_photos
from smart_image_scraper.score import Concept
from smart_image_scraper.score.classifier import Classifier
from smart_image_scraper.store import Review, Store, Verdict
from smart_image_scraper.train.label_file import LabelRow
from tests.made.photos import stored_file
from tests.made.training import NoBackbone, found_photo, put_embedded

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PHOTOS = 40


def photo(number: int) -> EncryptedPhoto:
    return found_photo(number, machine_tags=("taxonomy:genus=macaca",) if number % 4 == 0 else ())


@pytest.fixture
def embedded(store: Store, workspace: Path) -> Store:
    """Photos of two searches, and embeddings by which they can be told apart."""
    put_embedded(store, [photo(number) for number in range(PHOTOS)], workspace=workspace)
    return store


@pytest.fixture
def trained(embedded: Store, workspace: Path) -> Callable:
    def call(
        *concepts: str, weak_terms: WeakTerms | None = None, now: datetime = NOW
    ) -> TrainSummary:
        return train(
            embedded,
            NoBackbone(),
            concepts=concepts,
            weak_terms=weak_terms or {},
            name="mine",
            workspace=workspace,
            now=now,
        )

    return call


def test_a_concept_is_learned_from_the_search_term_that_names_it(
    trained: Callable, workspace: Path
) -> None:
    done = trained("cage")

    (cage,) = done.concepts
    assert (cage.yes, cage.no, cage.reviewed) == (20, 20, 0)
    assert cage.weak_terms == ("monkey cage",)
    assert cage.evaluation.roc_auc > 0.95
    assert done.model == "mine@1"
    assert Classifier.load(workspace / "models", "mine").backbone == "made@1"
    assert "ROC AUC" in Path(done.report).read_text()


def test_a_term_that_excludes_the_concepts_word_does_not_name_it(
    embedded: Store, workspace: Path
) -> None:
    terms = ("zoo -monkey", 'zoo -"toy monkey"', "-monkey", "night-monkey", "monkey -cage")
    embedded.put(
        [
            EncryptedPhoto(
                photo=replace(photo(number).photo, searches=(SearchHit(term=term, run=term),))
            )
            for number, term in enumerate(terms)
        ]
    )

    photos = read_training_photos(embedded, NoBackbone(), workspace=workspace)

    found = {"monkey -cage", "monkey cage", "monkey wild", "night-monkey"}
    assert set(photos.default_terms("monkey")) == found
    assert photos.default_terms("cage") == ("monkey cage",)


def test_a_term_that_found_no_photo_is_said_with_those_that_did(trained: Callable) -> None:
    with pytest.raises(TrainError) as caught:
        trained("cage", weak_terms={"cage": ["monkey cage", "monkey_cage"]})

    assert "no photo was found by 'monkey_cage', or has it as a tag" in str(caught.value)
    assert "were found by monkey cage, monkey wild" in str(caught.value)


def test_machine_tags_are_weak_labels_too(trained: Callable) -> None:
    done = trained("macaque", weak_terms={"macaque": ["Taxonomy:Genus=Macaca"]})

    assert (done.concepts[0].yes, done.concepts[0].no) == (10, 30)


def test_photos_of_one_owner_are_in_one_group(
    embedded: Store, workspace: Path, vault: Vault
) -> None:
    owner = Owner(id="12037949754@N01")
    embedded.put(vault.seal(replace(photo(number).photo, owner=owner)) for number in range(10))

    groups = read_training_photos(embedded, NoBackbone(), workspace=workspace).groups

    assert len(np.unique(groups)) == PHOTOS - 9


def test_one_file_is_one_group_when_one_photo_has_it_stripped_and_another_not_yet(
    embedded: Store, workspace: Path
) -> None:
    stripped = Inspection(
        reader="made",
        tag_count=1,
        stripped=True,
        fetched_sha256=stored_file(f"{0:064x}").sha256,
        sharpness=1.0,
        brightness=0.5,
        contrast=0.2,
        colourfulness=30.0,
        size_class="tiny",
    )
    one = replace(photo(0).photo, file=stored_file(f"{100:064x}"), inspection=stripped)
    other = replace(photo(50).photo, file=stored_file(f"{0:064x}"))
    embedded.put([EncryptedPhoto(photo=one)], stages=(Stage.DOWNLOAD, Stage.INSPECT))
    embedded.put([EncryptedPhoto(photo=other)], stages=(Stage.SEARCH, Stage.DOWNLOAD))
    with open_embeddings(workspace, NoBackbone()) as embeddings:
        embeddings.append({other.id: stored_file(f"{0:064x}").sha256}, np.ones((1, 8), np.float32))

    photos = read_training_photos(embedded, NoBackbone(), workspace=workspace)

    first, second = photos.ids.index(one.id), photos.ids.index(other.id)
    assert photos.groups[first] == photos.groups[second]
    assert len(np.unique(photos.alike)) == PHOTOS


def test_what_names_nothing_cannot_be_learned(trained: Callable) -> None:
    with pytest.raises(TrainError, match="bicycle: 0 of the photos with it"):
        trained("cage", "bicycle")


def test_without_embeddings_the_message_says_how_to_make_them(
    store: Store, workspace: Path
) -> None:
    with pytest.raises(TrainError, match="make them with `sis embed --model made`"):
        read_training_photos(store, NoBackbone(), workspace=workspace)


def test_versions_keep_their_scores_apart_and_one_made_anew_scores_anew(
    trained: Callable, embedded: Store, workspace: Path, progress: Progress
) -> None:
    def scored(where: Filter | None = None) -> tuple[str, int]:
        scorer = TrainedScorer(Classifier.load(workspace / "models", "mine"), backbone=NoBackbone())
        done = score(
            embedded,
            scorer,
            concepts=[Concept(word="cage")],
            workspace=workspace,
            where=where or Filter(),
            progress=progress,
        )
        return done.model, done.scored["cage"]

    def found(condition: str) -> int:
        return embedded.count(Filter(scores=(Threshold.parse(condition),)))

    trained("cage")
    first, again = scored(), scored()
    trained("cage")
    some = scored(Filter(ids=(PhotoId("flickr:1"),)))

    assert (first, again, some) == (("mine@1", PHOTOS), ("mine@1", 0), ("mine@2", 1))
    assert (found("mine@1:cage>=0.5"), found("mine@1:cage<0.5")) == (20, 20)
    assert (found("mine@2:cage>=0.5"), found("mine:cage>=0")) == (1, 1)

    (workspace / "models" / "mine" / "2.json").unlink()
    trained("cage", now=NOW + timedelta(days=1))
    assert scored(Filter(ids=(PhotoId("flickr:2"),))) == ("mine@2", 2)


def test_a_model_of_another_backbone_is_refused(trained: Callable, workspace: Path) -> None:
    class Other(NoBackbone):
        revision = "2"

    trained("cage")

    with pytest.raises(UsageError, match="trained on embeddings by made@1, and here is made@2"):
        TrainedScorer(Classifier.load(workspace / "models", "mine"), backbone=Other())


def test_suggestions_leave_out_what_was_reviewed_meanwhile(
    trained: Callable, embedded: Store, workspace: Path
) -> None:
    trained("cage")
    classifier = Classifier.load(workspace / "models", "mine")

    def suggested() -> list[PhotoId]:
        chosen = suggest_reviews(
            embedded,
            NoBackbone(),
            classifier=classifier,
            concept="cage",
            workspace=workspace,
            number=10,
        )
        return [each.photo for each in chosen]

    first = suggested()
    embedded.reviews.add(
        Review(photo=each, verdict=Verdict.ACCEPT, concept="cage", by="ann", at=NOW)
        for each in first
    )

    assert len(first) == 10
    assert not set(first) & set(suggested())
    with pytest.raises(ModelError, match="was trained for cage, not for net"):
        suggest_reviews(
            embedded,
            NoBackbone(),
            classifier=classifier,
            concept="net",
            workspace=workspace,
            number=1,
        )


def test_labels_of_a_file_are_taken_in_once_and_a_later_review_outranks_them(
    embedded: Store,
) -> None:
    rows = [
        LabelRow(name="flickr:1", answers={"cage": True}),
        LabelRow(name=f"{2:064x}.jpg", answers={"cage": False}),
        LabelRow(name="elsewhere.jpg", answers={"cage": True}),
    ]

    first = take_labels(embedded, rows, by="labels truth.csv", now=NOW)
    embedded.reviews.add(
        [
            Review(
                photo=PhotoId("flickr:1"),
                verdict=Verdict.REJECT,
                concept="cage",
                by="ann",
                at=datetime(2026, 1, 2, tzinfo=UTC),
            )
        ]
    )
    again = take_labels(embedded, rows, by="labels truth.csv", now=datetime.now(UTC))

    assert (first, again) == ((2, 1), (0, 1))
    assert {each.photo: each.verdict for each in embedded.reviews.latest()} == {
        "flickr:1": Verdict.REJECT,
        "flickr:2": Verdict.REJECT,
    }


def test_a_correction_in_a_file_of_labels_can_be_taken_back(embedded: Store) -> None:
    def take(*, answer: bool, day: int) -> int:
        rows = [LabelRow(name="flickr:1", answers={"cage": answer})]
        now = datetime(2026, 1, day, tzinfo=UTC)
        return take_labels(embedded, rows, by="labels truth.csv", now=now)[0]

    added = [take(answer=True, day=1), take(answer=False, day=2), take(answer=True, day=3)]

    assert added == [1, 1, 1]
    assert [each.verdict for each in embedded.reviews.latest()] == [Verdict.ACCEPT]


def test_of_two_rows_on_one_photo_the_last_counts_each_time(embedded: Store) -> None:
    rows = [
        LabelRow(name="flickr:1", answers={"cage": True}),
        LabelRow(name=f"{1:064x}.jpg", answers={"cage": False}),
    ]

    added = [take_labels(embedded, rows, by="labels truth.csv", now=NOW)[0] for _ in range(2)]

    assert added == [1, 0]
    assert [each.verdict for each in embedded.reviews.latest()] == [Verdict.REJECT]


def test_labels_know_a_photo_of_a_folder_by_its_name_there(store: Store) -> None:
    titles = ("IMG_1", "IMG_2", "twice", "twice")
    photos = [
        EncryptedPhoto(
            photo=Photo(id=PhotoId(f"folder:{row}"), title=title, file=stored_file(f"{row:064x}"))
        )
        for row, title in enumerate(titles)
    ]
    store.put(photos, stages=(Stage.SEARCH, Stage.DOWNLOAD))
    names = ("IMG_1.jpg", "IMG_2.JPEG", "IMG_2.png", "twice.jpg")
    rows = [LabelRow(name=name, answers={"cage": True}) for name in names]

    taken = take_labels(store, rows, by="labels truth.csv", now=NOW)

    assert taken == (2, 2)
    assert [each.photo for each in store.reviews.all()] == ["folder:0", "folder:1"]


def test_reviews_change_what_is_learned(trained: Callable, embedded: Store) -> None:
    embedded.reviews.add(
        Review(
            photo=PhotoId(f"flickr:{number}"),
            verdict=Verdict.REJECT if number % 2 else Verdict.ACCEPT,
            concept="cage",
            by="ann",
            at=NOW,
        )
        for number in range(30)
    )

    (cage,) = trained("cage").concepts

    assert (cage.reviewed, cage.yes, cage.no) == (30, 20, 20)
    assert cage.evaluation.against == "reviews"


def test_a_concept_that_too_few_photos_lack_is_learned_and_not_measured(
    trained: Callable, embedded: Store, workspace: Path
) -> None:
    embedded.reviews.add(
        Review(
            photo=PhotoId(f"flickr:{number}"),
            verdict=Verdict.REJECT if number < 2 else Verdict.ACCEPT,
            concept="monkey",
            by="ann",
            at=NOW,
        )
        for number in range(12)
    )

    done = trained("monkey", "cage")

    monkey, cage = done.concepts
    assert (monkey.yes, monkey.no, monkey.evaluation, monkey.gain) == (38, 2, None, None)
    assert cage.evaluation.roc_auc > 0.95
    known = Classifier.load(workspace / "models", "mine").heads
    assert [head.concept for head in known] == ["monkey", "cage"]
    assert "too few photos to measure it" in Path(done.report).read_text()
