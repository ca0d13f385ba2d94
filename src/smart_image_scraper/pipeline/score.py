"""Pipeline: score photos for concepts, from their embeddings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.photo import Filter, PhotoId, Scoring
from smart_image_scraper.pipeline.calibrate import calibrate
from smart_image_scraper.pipeline.embed import Embedding, open_embeddings
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.pipeline.scored_texts import TEXT_READ, ScoredTexts
from smart_image_scraper.score import Backbone, Concept, Embeddings, TextFeatures
from smart_image_scraper.store import Store


class EmbeddingScorer(Protocol):
    """Scores photos by their embeddings: prompts compared with them, or a trained head.

    Attributes:
        model: Its name with its revision, by which its scores are stored.
        backbone: Whose embeddings it takes.
        calibrated_later: Whether reviews calibrate it once there are enough; a trained head has
            learnt from them and is calibrated already.
        text_features: How it reads what people wrote of a photo, as numbers behind the embedding;
            ``None`` if it looks at pictures alone.
    """

    @property
    def model(self) -> str: ...  # noqa: D102 — said above
    @property
    def backbone(self) -> Backbone: ...  # noqa: D102 — said above
    @property
    def calibrated_later(self) -> bool: ...  # noqa: D102 — said above
    @property
    def text_features(self) -> TextFeatures | None: ...  # noqa: D102 — said above

    def raw(
        self, embeddings: NDArray[np.floating[Any]], concepts: Sequence[Concept]
    ) -> NDArray[np.float32]:
        """Return raw numbers, shape (N, K)."""
        ...

    def scoring(self, concept: Concept) -> Scoring:
        """Return how its raw numbers of a concept are read, as of now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSummary:
    """What came of scoring photos.

    Attributes:
        model: What scored, with its revision.
        embedded: Photos that its backbone has seen now.
        scored: By concept, photos that were scored now.
        known: By concept, photos that had been scored before.
        failed: By reason, photos that could not be embedded.
        left: Photos that were not tried: they had failed for good before.
        uncalibrated: The concepts whose probabilities are not fitted to reviews.
    """

    stage: ClassVar = "score"
    model: str
    embedded: int
    scored: Mapping[str, int]
    known: Mapping[str, int]
    failed: Mapping[str, int]
    left: int
    uncalibrated: tuple[str, ...]


def score(
    store: Store,
    scorer: EmbeddingScorer,
    *,
    concepts: Sequence[Concept],
    workspace: Path,
    where: Filter,
    again: bool = False,
    progress: Progress,
) -> ScoreSummary:
    """Embed what is not embedded, and score what has not been scored for some concepts.

    Args:
        store: Says which photos there are, and what has been scored.
        scorer: Its model is not loaded if there is nothing to embed.
        concepts: What to look for; a word with other synonyms than before is scored anew.
        workspace: Has the ``files`` and the ``embeddings``.
        where: Only these photos.
        again: Whether photos that could not be decoded are tried once more.
        progress: Is told of every photo that is done.

    Raises:
        ModelError: The model cannot be had, or cannot be run.
    """
    with open_embeddings(workspace, scorer.backbone) as embeddings:
        embedding = Embedding(store, scorer.backbone, embeddings=embeddings, workspace=workspace)
        embedding.run(where, again=again, progress=progress)
        for concept in concepts:
            _save_scoring(store, scorer.scoring(concept))
        work = _Work(store, scorer, photos=embedding.photos)
        scored = work.run(concepts, embeddings=embeddings)
    if scorer.calibrated_later:
        calibrate(store, model=scorer.model, concepts=list(scored))
    ids = sum(map(len, embedding.photos))
    return ScoreSummary(
        model=scorer.model,
        embedded=embedding.summary().embedded,
        scored=scored,
        known={concept: ids - count for concept, count in scored.items()},
        failed=embedding.summary().failed,
        left=embedding.summary().left,
        uncalibrated=_uncalibrated(store, scorer.model, concepts=concepts),
    )


def histogram(store: Store, scoring: Scoring, *, bins: int) -> list[int]:
    """Count the photos whose probabilities lie in each of so many equal parts of 0..1."""
    _, raw = store.scores.column(scoring.model, scoring.concept)
    counts, _ = np.histogram(scoring.probabilities(raw), bins=bins, range=(0, 1))
    return [int(count) for count in counts]


def _save_scoring(store: Store, scoring: Scoring) -> None:
    """Note a scoring, with the calibration that its concept has already."""
    for before in store.scores.scorings():
        same = (before.model, before.concept, before.basis)
        if same == (scoring.model, scoring.concept, scoring.basis) and before.calibrated:
            scoring = replace(before, scored_at=scoring.scored_at)
    store.scores.save_scoring(scoring)


def _uncalibrated(store: Store, model: str, *, concepts: Sequence[Concept]) -> tuple[str, ...]:
    of_model = {each.concept: each for each in store.scores.scorings() if each.model == model}
    return tuple(concept.word for concept in concepts if not of_model[concept.word].calibrated)


class _Work:
    """Photos being scored.

    Args:
        store: Gets the numbers.
        scorer: Makes them.
        photos: The ids of the photos that are to be scored, in parts.
    """

    def __init__(
        self, store: Store, scorer: EmbeddingScorer, *, photos: Sequence[NDArray[np.bytes_]]
    ) -> None:
        self._store = store
        self._scorer = scorer
        features = scorer.text_features
        self._texts = ScoredTexts(store, features, model=scorer.model) if features else None
        self._photos = np.sort(np.concatenate(photos)) if photos else np.empty(0, np.bytes_)

    def run(self, concepts: Sequence[Concept], *, embeddings: Embeddings) -> dict[str, int]:
        """Score for concepts, and return for each how many photos were scored."""
        if self._texts:
            self._texts.forget_changed(self._photos)
        missing = {concept: self._missing(concept) for concept in concepts}
        scored = {concept.word: 0 for concept in concepts}
        blocks = embeddings.blocks() if any(map(len, missing.values())) else iter(())
        # What 131,072 photos take: 6 MB, and 256 writes for a concept.
        while some := list(islice(blocks, 8)):
            for concept, wanted in missing.items():
                scored[concept.word] += self._score(concept, some, wanted=wanted)
        return scored

    def _missing(self, concept: Concept) -> NDArray[np.bytes_]:
        known, _ = self._store.scores.column(self._scorer.model, concept.word)
        return self._photos[~_among(self._photos, known)]

    def _score(
        self,
        concept: Concept,
        blocks: Sequence[tuple[list[PhotoId], NDArray[np.float16]]],
        *,
        wanted: NDArray[np.bytes_],
    ) -> int:
        ids: list[PhotoId] = []
        columns: list[dict[str, NDArray[np.float32]]] = []
        for of_block, vectors in blocks:
            names = np.array(of_block, np.bytes_)
            chosen = np.flatnonzero(_among(names, wanted))
            if len(chosen):
                some = [of_block[row] for row in chosen]
                columns.append(self._columns(concept, vectors[chosen], photos=some))
                ids += some
        if ids:
            whole = {name: np.concatenate([each[name] for each in columns]) for name in columns[0]}
            self._store.scores.put(self._scorer.model, ids, columns=whole)
        return len(ids)

    def _columns(
        self, concept: Concept, vectors: NDArray[np.float16], *, photos: list[PhotoId]
    ) -> dict[str, NDArray[np.float32]]:
        if self._texts is None:
            return {concept.word: self._scorer.raw(vectors, [concept])[:, 0]}
        both, read = self._texts.beside(vectors, photos)
        return {concept.word: self._scorer.raw(both, [concept])[:, 0], TEXT_READ: read}


def _among(names: NDArray[np.bytes_], ordered: NDArray[np.bytes_]) -> NDArray[np.bool_]:
    """Tell for each name whether it is among others, which are in order."""
    if not len(ordered):
        return np.zeros(len(names), np.bool_)
    places = np.minimum(np.searchsorted(ordered, names), len(ordered) - 1)
    return np.asarray(ordered[places] == names, np.bool_)
