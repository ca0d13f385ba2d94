"""Pipeline: what a model learns a concept from: pictures, or pictures and texts."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.photo import PhotoId
from smart_image_scraper.pipeline.training_photos import TrainingPhotos
from smart_image_scraper.score import TextFeatures
from smart_image_scraper.store import Store
from smart_image_scraper.train.evaluation import cross_validate, is_measurable
from smart_image_scraper.train.fusion import TEXT_STRENGTH, learn_with_text
from smart_image_scraper.train.gain import Gain, Opinions, measure_gain
from smart_image_scraper.train.labels import Labels, Numbers
from smart_image_scraper.train.learning import Learned, Learner, learn, learnt_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What one concept is learned from; the arrays are in the order of the photos.

    Attributes:
        ids: The photos.
        vectors: Shape (N, D): their embeddings, with their texts behind if these are read.
        dimension: How many of the columns are the embeddings'.
        labels: What is known of the concept.
        groups: Shape (N,).
        alike: Shape (N,).
    """

    ids: tuple[PhotoId, ...]
    vectors: NDArray[np.float32]
    dimension: int
    labels: Labels
    groups: NDArray[np.int64]
    alike: NDArray[np.int64]

    @property
    def images(self) -> NDArray[np.float32]:
        """The embeddings alone."""
        return self.vectors[:, : self.dimension]

    def learn(self, concept: str, *, strength: float | None = None) -> Learned:
        """Learn the concept; see :func:`~smart_image_scraper.train.learning.learn`."""
        return self._learner(
            self.vectors, self.labels, concept=concept, groups=self.groups, strength=strength
        )

    def unseen(self) -> Numbers | None:
        """Return photos' probabilities by models that have seen none of their group.

        ``None`` if there are too few photos to learn from a part of them.
        """
        if not is_measurable(self.labels, groups=self.groups):
            return None
        return cross_validate(self.vectors, self.labels, groups=self.groups, learner=self._learner)

    def gain(self, both: Numbers) -> Gain | None:
        """Return what the texts bring; ``None`` if none are read.

        Args:
            both: What :meth:`unseen` returned.
        """
        if not self._text_columns:
            return None
        image = cross_validate(self.images, self.labels, groups=self.groups)
        texts = self.vectors[:, self.dimension :]
        text = cross_validate(
            texts,
            self.labels,
            groups=self.groups,
            strength=TEXT_STRENGTH,
            learner=partial(learn, evened=False),
        )
        opinions = Opinions(image=image, text=text, both=both)
        return measure_gain(opinions, self.labels, groups=self.groups)

    @property
    def _text_columns(self) -> int:
        return int(self.vectors.shape[1]) - self.dimension

    @property
    def _learner(self) -> Learner:
        learner: Learner = learn
        if self._text_columns:
            learner = partial(learn_with_text, text_columns=self._text_columns)
        return learner


def read_lesson(
    store: Store,
    photos: TrainingPhotos,
    *,
    labels: Labels,
    text_features: TextFeatures | None,
    unlabelled: int = 0,
) -> Lesson:
    """Return what a concept is learned from.

    Args:
        store: Has the texts.
        photos: All that there are.
        labels: What is known of the concept in them.
        text_features: How texts are read; ``None`` to leave them. With texts, a photo takes ten
            times the memory, so that it is measured on no other photos than it is learned from.
        unlabelled: How many photos without any label to take in, too, by chance, where texts are
            read; else all are there.
    """
    dimension = photos.vectors.shape[1]
    if text_features is None:
        return Lesson(
            ids=photos.ids,
            vectors=photos.vectors,
            dimension=dimension,
            labels=labels,
            groups=photos.groups,
            alike=photos.alike,
        )
    chosen = _chosen(labels, unlabelled=unlabelled)
    ids = tuple(photos.ids[each] for each in chosen)
    found = store.scores.texts(ids)
    texts = text_features.vectors([found.get(each, "") for each in ids])
    return Lesson(
        ids=ids,
        vectors=np.hstack([photos.vectors[chosen], texts]),
        dimension=dimension,
        labels=labels.at(chosen),
        groups=photos.groups[chosen],
        alike=photos.alike[chosen],
    )


def _chosen(labels: Labels, *, unlabelled: int) -> NDArray[np.int64]:
    others = np.flatnonzero(~labels.known)
    if len(others) > unlabelled:
        others = np.random.default_rng(0).choice(others, unlabelled, replace=False)
    return np.sort(np.concatenate([learnt_from(labels), others]))


def features_without(terms: Iterable[str]) -> TextFeatures:
    """Return how texts are read, without what photos were found by."""
    return TextFeatures(masked=tuple(sorted({term.casefold() for term in terms})))
