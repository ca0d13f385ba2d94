"""Serve: train models while people judge photos, one training at a time."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from smart_image_scraper import pipeline
from smart_image_scraper.errors import ModelError, SisError
from smart_image_scraper.photo import Filter
from smart_image_scraper.score import Backbone, Classifier, Concept
from smart_image_scraper.store import Store

if TYPE_CHECKING:
    from smart_image_scraper.pipeline.train import ToReview
    from smart_image_scraper.pipeline.training_photos import Answers

_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingState:
    """How a training stands.

    Attributes:
        state: ``idle``, ``running`` or ``failed``.
        concept: What is, or was last, trained.
        seconds: How long that has taken so far, or took.
        message: What came of it, for a person.
        job: Its number; 0 before the first.
    """

    state: str = "idle"
    concept: str | None = None
    seconds: float = 0.0
    message: str = ""
    job: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What it takes to train.

    Attributes:
        learning: Returns the module that trains, ``pipeline.train``, whose library is in extras;
            raises ``ModelError`` where that is not installed.
        open_backbone: Returns a backbone by its name.
        backbone: The name of the one that new models learn from.
        model: The name of new models.
    """

    learning: Callable[[], ModuleType]
    open_backbone: Callable[[str], Backbone]
    backbone: str
    model: str


class Trainer:
    """Trains and rescores in a thread of its own. Every method may be called from any thread.

    Args:
        tools: What it takes.
        workspace: Has the embeddings and the models.
        open_store: Returns the store.
        when_done: Is called when new scores are stored.
    """

    def __init__(
        self,
        tools: Tools,
        *,
        workspace: Path,
        open_store: Callable[[], Store],
        when_done: Callable[[], None],
    ) -> None:
        self._tools = tools
        self._workspace = workspace
        self._open_store = open_store
        self._when_done = when_done
        self._lock = threading.Lock()
        self._suggesting = threading.Lock()
        self._state = TrainingState()
        self._begun = 0.0
        self._waiting: dict[str, int] = {}
        self._thread: threading.Thread | None = None

    def start(self, concept: str) -> int:
        """Begin to train a concept; while a training runs, it follows once those before are done.

        Returns:
            The number of the training that takes in all reviews until now.
        """
        with self._lock:
            if self._state.state == "running":
                following = self._state.job + len(self._waiting) + 1
                return self._waiting.setdefault(concept, following)
            self._begin(concept)
            return self._state.job

    def state(self) -> TrainingState:
        """Tell how it stands."""
        with self._lock:
            if self._state.state != "running":
                return self._state
            return replace(self._state, seconds=time.monotonic() - self._begun)

    def classifier(self, concept: str) -> Classifier | None:
        """Return the model that scored a concept last, if it was trained here; else ``None``.

        Raises:
            SisError: The store does not answer, or the model's file is damaged.
        """
        models = self._workspace / "models"
        for scoring in self._open_store().scores.scorings():
            name = scoring.model.partition("@")[0]
            if scoring.concept == concept and (models / name).is_dir():
                return Classifier.load(models, scoring.model)
        return None

    def suggest(
        self, concept: str, *, number: int, answers: "Answers"
    ) -> tuple[str, list["ToReview"]]:
        """Return a concept's model, and the photos whose review would teach it most.

        All answers are taken into account, which takes seconds.

        Args:
            concept: Which.
            number: At most so many photos.
            answers: What people have said of it.

        Returns:
            The model's name with its version, and the photos.

        Raises:
            ModelError: No model was trained for the concept, or what trains is not installed.
            TrainError: There is too little to learn from.
        """
        learning = self._tools.learning()
        classifier = self.classifier(concept)
        if classifier is None:
            raise ModelError(
                f"no model of yours has scored {concept!r} yet; train one with "
                f"`sis train {concept}` and `sis score {concept} --model {self._tools.model}`"
            )
        with self._suggesting:
            chosen = learning.suggest_reviews(
                self._open_store(),
                self._backbone(classifier),
                classifier=classifier,
                concept=concept,
                workspace=self._workspace,
                number=number,
                answers=answers,
            )
        return classifier.model, chosen

    def close(self) -> None:
        """Begin no further training, and wait a while for the one that runs. Idempotent."""
        with self._lock:
            self._waiting.clear()
            thread = self._thread
        if thread is not None:
            thread.join(timeout=_PATIENCE_S)

    def _begin(self, concept: str) -> None:
        self._begun = time.monotonic()
        self._state = TrainingState(state="running", concept=concept, job=self._state.job + 1)
        # It can be cut off at any moment: what is missing is trained and scored the next time.
        self._thread = threading.Thread(target=self._run, args=(concept,), daemon=True)
        self._thread.start()

    def _run(self, concept: str) -> None:
        state, message = "failed", "it ended by a fault of the program; the server's output has it"
        try:
            state, message = "idle", self._train(concept)
        except SisError as error:
            message = str(error)
        finally:
            self._end(state, message=message)

    def _end(self, state: str, *, message: str) -> None:
        with self._lock:
            seconds = time.monotonic() - self._begun
            self._state = replace(self._state, state=state, message=message, seconds=seconds)
            if self._waiting:
                following = next(iter(self._waiting))
                del self._waiting[following]
                self._begin(following)

    def _train(self, concept: str) -> str:
        """Train a new version that knows what the last one does, and score all photos by it."""
        learning, store = self._tools.learning(), self._open_store()
        known = self.classifier(concept)
        heads = {head.concept: head.weak_terms for head in known.heads} if known else {}
        backbone = self._backbone(known) if known else self._new_backbone()
        concepts = list(dict.fromkeys([*heads, concept]))
        done = learning.train(
            store,
            backbone,
            concepts=concepts,
            weak_terms=heads,
            with_text=known is not None and known.text is not None,
            name=known.name if known else self._tools.model,
            workspace=self._workspace,
            now=datetime.now(UTC),
        )
        classifier = Classifier.load(self._workspace / "models", done.model)
        pipeline.score(
            store,
            pipeline.TrainedScorer(classifier, backbone=backbone),
            concepts=[Concept(word=word) for word in concepts],
            workspace=self._workspace,
            where=Filter(),
            progress=_Silent(),
        )
        self._when_done()
        reviewed = next(each.reviewed for each in done.concepts if each.concept == concept)
        return f"{done.model} has learned from {reviewed:,} reviews of {concept}"

    def _backbone(self, classifier: Classifier) -> Backbone:
        return self._tools.open_backbone(classifier.backbone.partition("@")[0])

    def _new_backbone(self) -> Backbone:
        return self._tools.open_backbone(self._tools.backbone)


class _Silent:
    """Shows nobody how far it is: the app asks for the state."""

    @contextmanager
    def stage(
        self, _name: str, *, total: int | None, done: int = 0, note: Callable[[], str] = str
    ) -> Iterator[Callable[[int], None]]:
        del total, done, note
        yield lambda _number: None
