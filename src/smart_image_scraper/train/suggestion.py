"""Train: which photos a person should look at next, to teach a model most.

The literature agrees that doubt alone asks for many photos of one kind, and that no one criterion
is best for every data set (B. Settles, Active Learning Literature Survey, 2009; D. Gissin and
S. Shalev-Shwartz, Discriminative Active Learning, 2019). So criteria take turns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.train.labels import Labels, Numbers
from smart_image_scraper.train.learning import Groups, Vectors


class Reason(StrEnum):
    """Why a photo should be looked at."""

    UNSURE = "unsure"
    DOUBTED = "label doubted"
    NEW = "new kind"
    RANDOM = "random"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A photo to look at.

    Attributes:
        position: Which of the photos.
        reason: Why.
    """

    position: int
    reason: Reason


# A tenth at random: what is chosen for a reason is no sample to measure a model by.
_TURNS = (
    *(Reason.UNSURE, Reason.DOUBTED, Reason.UNSURE, Reason.NEW, Reason.UNSURE),
    *(Reason.DOUBTED, Reason.UNSURE, Reason.NEW, Reason.UNSURE, Reason.RANDOM),
)


def suggest(
    vectors: Vectors,
    labels: Labels,
    *,
    probabilities: Numbers,
    groups: Groups,
    alike: Groups,
    number: int,
    seed: int = 0,
) -> list[Suggestion]:
    """Choose photos to look at, the most instructive first.

    Of a group there is a second one only when there is none of any other group any more, and of
    photos that look alike there is never a second one.

    Args:
        vectors: Shape (N, D), each of about length 1.
        labels: Photos with a sure label are not suggested.
        probabilities: Of models that have not seen the photo whose probability they tell.
        groups: Shape (N,): near-duplicates and photos of one owner are in the same.
        alike: Shape (N,): near-duplicates alone are in the same.
        number: At most so many.
        seed: Of what is chosen at random.
    """
    worth = _worth(labels, probabilities=probabilities, seed=seed)
    likeness = _nearest(vectors, to=np.flatnonzero(labels.is_sure))
    free = ~labels.is_sure
    chosen: list[Suggestion] = []
    turn = int(labels.is_sure.sum())
    while len(chosen) < number:
        if not free.any():
            groups = alike
            taken = alike[[each.position for each in chosen]]
            free = ~labels.is_sure & ~np.isin(alike, taken)
        if not free.any():
            break
        reason = _TURNS[turn % len(_TURNS)]
        scores = -likeness if reason is Reason.NEW else worth[reason]
        position = int(np.argmax(np.where(free, scores, -np.inf)))
        chosen.append(Suggestion(position=position, reason=reason))
        likeness = np.maximum(likeness, vectors @ vectors[position])
        free &= groups != groups[position]
        turn += 1
    return chosen


def _worth(labels: Labels, *, probabilities: Numbers, seed: int) -> Mapping[Reason, Numbers]:
    shuffled = np.random.default_rng(seed).permutation(len(probabilities)).astype(np.float64)
    contradiction = np.abs(labels.weak - probabilities)
    return {
        Reason.UNSURE: -np.abs(probabilities - 0.5),
        Reason.DOUBTED: np.where(np.isnan(contradiction), -1.0, contradiction),
        Reason.RANDOM: shuffled,
    }


def _nearest(vectors: Vectors, *, to: NDArray[np.int64]) -> Numbers:
    """Return for each vector its largest cosine with one of these; -1 if there are none."""
    nearest = np.full(len(vectors), -1.0)
    for begin in range(0, len(to), 256):
        some = vectors[to[begin : begin + 256]]
        nearest = np.maximum(nearest, (vectors @ some.T).max(axis=1))
    return nearest
