"""How sure a model is that a concept is in a photo, and how its numbers are to be read."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.errors import UsageError

ENOUGH_REVIEWS = 30
"""Reviews of a concept, from which on its probabilities are calibrated by them."""

_SEPARATORS = frozenset("|.$\0")


def check_name(name: str) -> None:
    """See that a name can stand in the store's paths.

    Raises:
        ValueError: It is empty or holds ``|``, ``.``, ``$`` (the store's separators) or a NUL.
    """
    if not name or set(name) & _SEPARATORS:
        raise ValueError(f"{name!r} cannot name a concept or model: no | . $ in it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How sure a model is that a concept is in the photo.

    Attributes:
        concept: What was looked for, such as ``monkey``.
        model: The model and its revision.
        value: 0..1; ``None`` if the model answers only above ``below`` and did not answer.
        below: The model's reporting floor, given exactly when ``value`` is ``None``.
        raw: What the model itself said, from which ``value`` is derived: a cosine, or a trained
            head's logit; ``None`` if the model says ``value`` itself.
        calibrated: Whether ``value`` was fitted to what people said of such photos.

    Raises:
        ValueError: A value is outside 0..1, both or neither are given, or a name is empty or
            holds ``|``, ``.``, ``$`` (the store's separators) or a NUL.
    """

    concept: str
    model: str
    value: float | None = None
    below: float | None = None
    raw: float | None = None
    calibrated: bool = False

    def __post_init__(self) -> None:
        given = [number for number in (self.value, self.below) if number is not None]
        if len(given) != 1 or not 0 <= given[0] <= 1:
            raise ValueError(f"a score is one number in 0..1, not {self.value}, {self.below}")
        check_name(self.concept)
        check_name(self.model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """How a model scores a concept: what its numbers of all photos mean.

    The probability is ``1 / (1 + exp(-(slope * raw + intercept)))``.

    Attributes:
        concept: What is looked for.
        model: The model and its revision.
        slope: By which a raw number becomes a probability; ``None``, together with ``intercept``,
            if the model says probabilities itself.
        intercept: Likewise.
        given: The concept as it was given, with synonyms and contrasts, so that photos that come
            later are scored for the same.
        basis: A digest of what the raw numbers come from, besides the model: the prompts, or when
            the head was trained. Numbers of another one are no longer true.
        reviews: How many reviews ``slope`` and ``intercept`` were fitted to; fewer than
            ``ENOUGH_REVIEWS`` are none, and the probabilities are uncalibrated.
        scored_at: When it last scored photos, in UTC; if the scores came with photos that were
            taken in, when they did: see ``scored_on``.
    """

    concept: str
    model: str
    slope: float | None = None
    intercept: float | None = None
    given: str = ""
    basis: str = ""
    reviews: int = 0
    scored_at: datetime

    def __post_init__(self) -> None:
        check_name(self.concept)
        check_name(self.model)
        if (self.slope is None) != (self.intercept is None):
            raise ValueError("slope and intercept are given together")

    @property
    def scored_on(self) -> date | None:
        """The day on which it last scored photos; ``None`` if the scores came from elsewhere."""
        return self.scored_at.date() if self.basis else None

    @property
    def calibrated(self) -> bool:
        """Whether the probabilities were fitted to reviews."""
        return self.reviews >= ENOUGH_REVIEWS

    @property
    def derived(self) -> bool:
        """Whether the probabilities are derived from raw numbers."""
        return self.slope is not None

    def score(self, raw: float) -> Score:
        """Return the score that a raw number means.

        Raises:
            ValueError: The model says probabilities itself.
        """
        return Score(
            concept=self.concept,
            model=self.model,
            value=float(self.probabilities(np.array([raw]))[0]),
            raw=raw,
            calibrated=self.calibrated,
        )

    def probabilities(self, raw: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Return the probabilities that raw numbers mean.

        Raises:
            ValueError: The model says probabilities itself.
        """
        if self.slope is None or self.intercept is None:
            raise ValueError(f"{self.model} says probabilities itself")
        # The hyperbolic tangent neither overflows nor warns.
        logits = self.slope * raw.astype(np.float64) + self.intercept
        return np.asarray(0.5 + 0.5 * np.tanh(logits / 2), np.float64)


class Comparison(StrEnum):
    """How a score is compared with a threshold."""

    AT_LEAST = ">="
    ABOVE = ">"
    AT_MOST = "<="
    BELOW = "<"

    @property
    def is_upward(self) -> bool:
        """Whether greater scores are meant."""
        return self in {Comparison.AT_LEAST, Comparison.ABOVE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A condition on a photo's score. A photo that has none does not meet it.

    Attributes:
        concept: Of what.
        comparison: How the score is compared.
        limit: With what, 0..1.
        model: By which model: its name, with or without its revision; ``None`` for the one that
            scored the concept last.
    """

    concept: str
    comparison: Comparison
    limit: float
    model: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``monkey>=0.5`` or ``dinov2-s14:monkey<0.2``; :meth:`__str__` writes it.

        Raises:
            UsageError: It is not of that form.
        """
        comparison = next((each for each in Comparison if each in text), None)
        name, _, number = text.partition(comparison or "\0")
        model, separator, concept = name.strip().rpartition(":")
        try:
            limit = float(number)
            check_name(concept.strip())
        except ValueError:
            limit = -1.0
        if comparison is None or not 0 <= limit <= 1 or (separator and not model):
            raise UsageError(
                f"{text!r} is no condition on a score; write monkey>=0.5, cage<0.2, or "
                "MODEL:monkey>=0.5, with a number from 0 to 1"
            )
        return cls(concept=concept.strip(), comparison=comparison, limit=limit, model=model or None)

    def __str__(self) -> str:
        """Return the text that :meth:`parse` reads."""
        model = f"{self.model}:" if self.model else ""
        return f"{model}{self.concept}{self.comparison}{self.limit!r}"


def parse_thresholds(text: str) -> tuple[Threshold, ...]:
    """Read conditions on scores, separated by commas, as in ``monkey>=0.5,cage<0.2``.

    Raises:
        UsageError: One of them is none.
    """
    return tuple(Threshold.parse(part) for part in text.split(","))
