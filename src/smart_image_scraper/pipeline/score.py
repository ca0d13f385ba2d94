"""Pipeline: score photos for concepts, from their embeddings."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, compress, islice, starmap
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.photo import Filter, PhotoId, Scoring
from smart_image_scraper.pipeline.calibrate import calibrate
from smart_image_scraper.pipeline.embed import Embedding, open_embeddings
from smart_image_scraper.pipeline.photo_texts import open_texts
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.pipeline.scored_texts import AT_ONCE, ScoredTexts
from smart_image_scraper.score import Backbone, Concept, Embeddings, TextFeatures
from smart_image_scraper.score.scorer import check_apart
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
        where: Only these photos, and those whose scores are forgotten because the concept is scored
            anew.
        again: Whether photos that could not be decoded are tried once more.
        progress: Is told of every photo that is done.

    Raises:
        UsageError: A concept is given twice in different ways.
        ModelError: The model cannot be had, or cannot be run.
    """
    check_apart(concepts)
    with open_embeddings(workspace, scorer.backbone) as embeddings:
        embedding = Embedding(store, scorer.backbone, embeddings=embeddings, workspace=workspace)
        embedding.run(where, again=again, progress=progress)
        forgotten = _save_scorings(store, scorer, concepts=concepts)
        with _texts(store, scorer, workspace=workspace) as texts:
            work = _Work(store, scorer, photos=embedding.photos, texts=texts)
            scored = work.run(forgotten, embeddings=embeddings)
    if scorer.calibrated_later:
        calibrate(store, model=scorer.model, concepts=list(scored))
    ids = sum(map(len, embedding.photos))
    return ScoreSummary(
        model=scorer.model,
        embedded=embedding.summary().embedded,
        scored=scored,
        known={concept: max(ids - count, 0) for concept, count in scored.items()},
        failed=embedding.summary().failed,
        left=embedding.summary().left,
        uncalibrated=_uncalibrated(store, scorer.model, concepts=concepts),
    )


def histogram(store: Store, scoring: Scoring, *, bins: int) -> list[int]:
    """Count the photos whose probabilities lie in each of so many equal parts of 0..1."""
    _, raw = store.scores.column(scoring.model, scoring.concept)
    counts, _ = np.histogram(scoring.probabilities(raw), bins=bins, range=(0, 1))
    return [int(count) for count in counts]


def _save_scorings(
    store: Store, scorer: EmbeddingScorer, *, concepts: Sequence[Concept]
) -> dict[Concept, NDArray[np.bytes_]]:
    """Note how concepts are scored, each with the calibration that it has already.

    Returns:
        By concept, the photos whose scores are forgotten by that, since they have another basis.
    """
    known = {each.concept: each for each in store.scores.scorings() if each.model == scorer.model}
    forgotten = {}
    for concept in concepts:
        scoring, before = scorer.scoring(concept), known.get(concept.word)
        forgotten[concept] = np.empty(0, np.bytes_)
        if before is not None and before.basis != scoring.basis:
            forgotten[concept], _ = store.scores.column(scoring.model, scoring.concept)
        elif before is not None and before.calibrated:
            scoring = replace(before, scored_at=scoring.scored_at)
        store.scores.save_scoring(scoring)
    return forgotten


@contextmanager
def _texts(
    store: Store, scorer: EmbeddingScorer, *, workspace: Path
) -> Iterator[ScoredTexts | None]:
    features = scorer.text_features
    if features is None:
        yield None
        return
    with open_texts(store, features, workspace=workspace) as texts:
        yield ScoredTexts(store, features=features, texts=texts, model=scorer.model)


def _uncalibrated(store: Store, model: str, *, concepts: Sequence[Concept]) -> tuple[str, ...]:
    of_model = {each.concept: each for each in store.scores.scorings() if each.model == model}
    return tuple(concept.word for concept in concepts if not of_model[concept.word].calibrated)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Some photos, and their numbers by the columns that these are for."""

    photos: list[PhotoId]
    columns: dict[str, NDArray[np.float32]]


class _Work:
    """Photos being scored.

    Args:
        store: Gets the numbers.
        scorer: Makes them.
        photos: The ids of the photos that are to be scored, in parts.
        texts: What is read of them; ``None`` if the scorer reads no texts.
    """

    def __init__(
        self,
        store: Store,
        scorer: EmbeddingScorer,
        *,
        photos: Sequence[NDArray[np.bytes_]],
        texts: ScoredTexts | None,
    ) -> None:
        self._store = store
        self._scorer = scorer
        self._texts = texts
        self._photos = np.sort(np.concatenate(photos)) if photos else np.empty(0, np.bytes_)

    def run(
        self, concepts: Mapping[Concept, NDArray[np.bytes_]], *, embeddings: Embeddings
    ) -> dict[str, int]:
        """Score for concepts, and return for each how many photos were scored.

        Args:
            concepts: With the photos that are to be scored for it, too.
            embeddings: Of all photos.
        """
        if self._texts:
            self._texts.forget_changed(self._photos)
        missing = {each: self._missing(each, others=others) for each, others in concepts.items()}
        scored = {concept.word: 0 for concept in concepts}
        blocks = embeddings.blocks() if any(map(len, missing.values())) else iter(())
        # Never two blocks, of which one takes 38 MB.
        of_blocks = starmap(partial(self._parts, missing=missing), blocks)
        # What 131,072 photos take: 6 MB, and 256 writes for a concept.
        while some := list(islice(of_blocks, 8)):
            parts = list(chain.from_iterable(some))
            for concept in missing:
                scored[concept.word] += self._put([each[concept] for each in parts])
        return scored

    def _missing(self, concept: Concept, *, others: NDArray[np.bytes_]) -> NDArray[np.bytes_]:
        known, _ = self._store.scores.column(self._scorer.model, concept.word)
        photos = np.union1d(self._photos, others)
        return np.asarray(photos[~_among(photos, known)], np.bytes_)

    def _parts(
        self,
        ids: list[PhotoId],
        vectors: NDArray[np.float16],
        *,
        missing: Mapping[Concept, NDArray[np.bytes_]],
    ) -> list[dict[Concept, _Part]]:
        names = np.array(ids, np.bytes_)
        wanted = {concept: _among(names, photos) for concept, photos in missing.items()}
        chosen = np.flatnonzero(np.any(list(wanted.values()), axis=0))
        parts = []
        for begin in range(0, len(chosen), AT_ONCE):
            rows = chosen[begin : begin + AT_ONCE]
            photos = [ids[row] for row in rows]
            both, read = self._with_texts(vectors[rows], photos)
            parts.append(
                {
                    concept: self._part(concept, both, photos=photos, read=read, rows=among[rows])
                    for concept, among in wanted.items()
                }
            )
        return parts

    def _with_texts(
        self, vectors: NDArray[np.float16], photos: list[PhotoId]
    ) -> tuple[NDArray[np.floating[Any]], dict[str, NDArray[np.float32]]]:
        """Return what the scorer takes of photos, and what is to be written beside its numbers."""
        return self._texts.beside(vectors, photos) if self._texts else (vectors, {})

    def _part(
        self,
        concept: Concept,
        vectors: NDArray[np.floating[Any]],
        *,
        photos: Sequence[PhotoId],
        read: Mapping[str, NDArray[np.float32]],
        rows: NDArray[np.bool_],
    ) -> _Part:
        if not rows.any():
            return _Part(photos=[], columns={})
        # Mostly all: those are not copied, which with texts would take as long as their numbers.
        chosen = vectors if rows.all() else vectors[rows]
        raw = self._scorer.raw(chosen, [concept])[:, 0]
        beside = {name: numbers[rows] for name, numbers in read.items()}
        return _Part(photos=list(compress(photos, rows)), columns={concept.word: raw, **beside})

    def _put(self, parts: Sequence[_Part]) -> int:
        some = [each for each in parts if each.photos]
        photos = [photo_id for each in some for photo_id in each.photos]
        if photos:
            names = some[0].columns
            whole = {name: np.concatenate([each.columns[name] for each in some]) for name in names}
            self._store.scores.put(self._scorer.model, photos, columns=whole)
        return len(photos)


def _among(names: NDArray[np.bytes_], ordered: NDArray[np.bytes_]) -> NDArray[np.bool_]:
    """Tell for each name whether it is among others, which are in order."""
    if not len(ordered):
        return np.zeros(len(names), np.bool_)
    places = np.minimum(np.searchsorted(ordered, names), len(ordered) - 1)
    return np.asarray(ordered[places] == names, np.bool_)
