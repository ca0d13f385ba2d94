"""Training while photos are judged: one at a time, in the background."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from smart_image_scraper.errors import ModelError
from smart_image_scraper.photo import PhotoId, Verdict
from smart_image_scraper.pipeline import train as learning
from smart_image_scraper.pipeline.training_photos import answers_in
from smart_image_scraper.score import Backbone
from smart_image_scraper.store import Review, Store
from smart_image_scraper.web.training import Tools, Trainer, TrainingState
from tests.made.training import NoBackbone, found_photo, put_embedded

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PHOTOS = 24


@pytest.fixture
def embedded(store: Store, workspace: Path) -> Store:
    """Photos of two searches, and embeddings by which they can be told apart."""
    put_embedded(store, [found_photo(number) for number in range(PHOTOS)], workspace=workspace)
    return store


class Refreshed:
    """Counts how often the library was told of new scores."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def refreshed() -> Refreshed:
    return Refreshed()


@pytest.fixture
def trainer_of(embedded: Store, workspace: Path, refreshed: Refreshed) -> Callable[..., Trainer]:
    def make(learn: Callable[[], ModuleType] = lambda: learning) -> Trainer:
        def backbone(name: str) -> Backbone:
            assert name == "made"
            return NoBackbone()

        tools = Tools(learning=learn, open_backbone=backbone, backbone="made", model="mine")
        return Trainer(tools, workspace=workspace, open_store=lambda: embedded, when_done=refreshed)

    return make


class HeldBack:
    """Is not loaded before it is let go: until then, what trains is under way."""

    def __init__(self) -> None:
        self._gone = threading.Event()

    def __call__(self) -> ModuleType:
        assert self._gone.wait(60)
        return learning

    def let_go(self) -> None:
        self._gone.set()


def ended(trainer: Trainer) -> TrainingState:
    deadline = time.monotonic() + 60
    while trainer.state().state == "running" and time.monotonic() < deadline:
        time.sleep(0.01)
    return trainer.state()


def review(number: int, verdict: Verdict) -> Review:
    return Review(
        photo=PhotoId(f"flickr:{number}"), verdict=verdict, concept="cage", by="ann", at=NOW
    )


def unanswered(ids: Sequence[PhotoId]) -> NDArray[np.float64]:
    return np.full(len(ids), np.nan)


def test_a_concept_is_learned_and_all_photos_are_scored_anew(
    trainer_of: Callable[..., Trainer], embedded: Store, refreshed: Refreshed
) -> None:
    trainer = trainer_of()
    embedded.reviews.add([review(1, Verdict.ACCEPT), review(2, Verdict.REJECT)])

    job = trainer.start("cage")

    state = ended(trainer)
    (scoring,) = embedded.scores.scorings()
    ids, _ = embedded.scores.column("mine@1", "cage")
    assert (job, state.state, state.job, state.concept) == (1, "idle", 1, "cage")
    assert state.message == "mine@1 has learned from 2 reviews of cage"
    assert state.seconds > 0
    assert (scoring.model, len(ids), refreshed.times) == ("mine@1", PHOTOS, 1)


def test_what_is_asked_for_while_it_trains_follows_once_when_it_is_done(
    trainer_of: Callable[..., Trainer], embedded: Store, refreshed: Refreshed
) -> None:
    held = HeldBack()
    trainer = trainer_of(held)

    jobs = [trainer.start("cage") for _ in range(5)]
    held.let_go()

    state = ended(trainer)
    assert jobs == [1, 2, 2, 2, 2]
    assert (state.job, refreshed.times) == (2, 2)
    assert embedded.scores.scorings()[0].model == "mine@2"


def test_concepts_that_are_asked_for_while_it_trains_follow_one_after_the_other(
    trainer_of: Callable[..., Trainer],
) -> None:
    held = HeldBack()
    trainer = trainer_of(held)

    jobs = [trainer.start(concept) for concept in ("cage", "zoo", "temple", "zoo")]
    held.let_go()

    state = ended(trainer)
    assert jobs == [1, 2, 3, 2]
    assert (state.job, state.concept) == (3, "temple")


def test_the_next_version_knows_what_the_last_one_did(
    trainer_of: Callable[..., Trainer], embedded: Store
) -> None:
    trainer = trainer_of()
    trainer.start("cage")
    ended(trainer)

    trainer.start("cage")
    ended(trainer)

    latest = trainer.classifier("cage")
    assert latest is not None
    assert latest.model == "mine@2"
    assert latest.heads[0].weak_terms == ("monkey cage",)


def test_it_suggests_photos_that_have_no_verdict(
    trainer_of: Callable[..., Trainer], embedded: Store
) -> None:
    trainer = trainer_of()
    embedded.reviews.add([review(1, Verdict.ACCEPT), review(2, Verdict.REJECT)])
    trainer.start("cage")
    ended(trainer)

    answers = answers_in(embedded, "cage")
    model, chosen = trainer.suggest("cage", number=5, answers=answers)

    assert model == "mine@1"
    assert len({each.photo for each in chosen} - {"flickr:1", "flickr:2"}) == 5


def test_it_suggests_by_the_answers_that_it_is_given(
    trainer_of: Callable[..., Trainer], embedded: Store
) -> None:
    trainer = trainer_of()
    trainer.start("cage")
    ended(trainer)

    def answers(ids: Sequence[PhotoId]) -> NDArray[np.float64]:
        return np.array(
            [np.nan if each == "flickr:7" else float("13579".find(each[-1]) >= 0) for each in ids]
        )

    _, chosen = trainer.suggest("cage", number=5, answers=answers)

    assert [each.photo for each in chosen] == ["flickr:7"]


def test_without_a_model_of_the_concept_nothing_is_suggested(
    trainer_of: Callable[..., Trainer],
) -> None:
    with pytest.raises(ModelError, match="no model of yours has scored 'zebra' yet; train one"):
        trainer_of().suggest("zebra", number=5, answers=unanswered)


def test_a_training_that_cannot_be_says_why_and_the_next_one_can(
    trainer_of: Callable[..., Trainer], refreshed: Refreshed
) -> None:
    trainer = trainer_of()
    trainer.start("zebra")

    failed = ended(trainer)
    trainer.start("cage")

    assert failed.state == "failed"
    assert "zebra" in failed.message
    assert ended(trainer).state == "idle"
    assert refreshed.times == 1


def test_where_what_trains_is_not_installed_that_is_said(
    trainer_of: Callable[..., Trainer],
) -> None:
    def missing() -> Any:
        raise ModelError("training needs sklearn, which is not installed")

    trainer = trainer_of(missing)
    trainer.start("cage")

    assert ended(trainer).message == "training needs sklearn, which is not installed"


def test_closed_it_lets_nothing_follow(
    trainer_of: Callable[..., Trainer], refreshed: Refreshed
) -> None:
    held = HeldBack()
    trainer = trainer_of(held)
    trainer.start("cage")
    trainer.start("cage")

    closing = threading.Thread(target=trainer.close)
    closing.start()
    closing.join(0.2)  # it waits
    held.let_go()
    closing.join()
    trainer.close()

    assert trainer.state().job == 1
    assert ended(trainer).state == "idle"
