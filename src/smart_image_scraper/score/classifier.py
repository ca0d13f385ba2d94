"""Score: a model that was trained on one's own photos: one linear head for each concept.

It is kept as JSON, which can be read by anyone and runs nothing when it is opened.
"""

import json
import math
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.errors import ModelError, WorkspaceError
from smart_image_scraper.score.kept import IN_WORKSPACE, kept_file
from smart_image_scraper.score.models import MODELS
from smart_image_scraper.score.photo_text import TextFeatures

_AT_ONCE = 64
_FORMAT = 1
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_TAKEN = frozenset({*MODELS, "fast", "google-vision", "google-vision-2021"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What was learned of one concept: a linear function of embeddings, and its probability.

    Attributes:
        concept: The concept's word.
        weights: Shape (D,); of a model that reads texts, too, the text's come last.
        bias: Is added to the weighted sum.
        slope: By Platt's method the probability is ``sigmoid(slope * value + offset)``.
        offset: See ``slope``.
        strength: The inverse strength of regularisation that it was learned with.
        calibrated_on: How many reviewed photos the probability is calibrated on; 0: none, and it
            follows the weak labels.
        weak_terms: The search terms whose photos were taken to show the concept.
    """

    concept: str
    weights: NDArray[np.float64]
    bias: float
    slope: float = 1.0
    offset: float = 0.0
    strength: float = 1.0
    calibrated_on: int = 0
    weak_terms: tuple[str, ...] = ()

    def values(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return shape (N,): the more above 0, the surer yes."""
        # A few at once: as 64-bit numbers, which they become, they stay in the processor's cache.
        firsts = range(0, max(len(vectors), 1), _AT_ONCE)
        sums = [vectors[first : first + _AT_ONCE] @ self.weights for first in firsts]
        return np.concatenate(sums) + self.bias

    def probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return shape (N,), each in 0..1."""
        return sigmoid(self.slope * self.values(vectors) + self.offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """A trained model: heads on the embeddings of one backbone. It never changes; a new one does.

    Attributes:
        name: The model's name.
        version: 1 for the first of that name, and one more for each training.
        backbone: What its embeddings come from, with its revision.
        trained_at: When, in UTC.
        heads: One for each concept.
        text: How it reads what people wrote of photos: its heads take that behind the embedding;
            ``None`` if it looks at pictures alone.
    """

    name: str
    version: int
    backbone: str
    trained_at: datetime
    heads: tuple[Head, ...]
    text: TextFeatures | None = None

    @property
    def model(self) -> str:
        """The name with the version, as scores are named by it."""
        return f"{self.name}@{self.version}"

    def head(self, concept: str) -> Head:
        """Return a concept's head.

        Raises:
            ModelError: It was not trained for the concept.
        """
        found = next((head for head in self.heads if head.concept == concept), None)
        if found is None:
            known = ", ".join(head.concept for head in self.heads)
            raise ModelError(
                f"{self.model} was trained for {known}, not for {concept}; train it with "
                f"`sis train {concept}`"
            )
        return found

    def save(self, models: Path) -> Path:
        """Keep it in the folder of models, whole or not at all, and return the file.

        Raises:
            WorkspaceError: The folder cannot be written, or there is that version already.
        """
        path = models / self.name / f"{self.version}.json"
        text = json.dumps(_document(self), ensure_ascii=False, indent=1)
        if path.exists():
            raise WorkspaceError(
                f"{path} is there already: another training has made that version; train again"
            )
        return kept_file(path, make=lambda place: _write(place, text), otherwise=IN_WORKSPACE)

    @classmethod
    def load(cls, models: Path, word: str) -> Self:
        """Read a model.

        Args:
            models: The folder of models.
            word: Its name, for the latest version, or its name with a version: ``mine@3``.

        Raises:
            ModelError: There is none of that name and version, or its file is damaged.
        """
        name, at, version = word.partition("@")
        known = versions(models, name)
        number = int(version) if version.isdecimal() else max(known, default=0)
        if number not in known or (at and not version.isdecimal()):
            there = f"; there are {name}@{', @'.join(map(str, known))}" if known else ""
            raise ModelError(
                f"{word}: there is no such trained model in {models}{there}; "
                "train one with `sis train`"
            )
        return cls._read(models / name / f"{number}.json")

    @classmethod
    def _read(cls, path: Path) -> Self:
        try:
            return cls(**_parts(json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise ModelError(
                f"{path}: this is no trained model of this program ({error}); train it anew"
            ) from error


def versions(models: Path, name: str) -> list[int]:
    """Return the versions of a trained model, ascending.

    Raises:
        ModelError: The name cannot be one.
    """
    check_model_name(name)
    paths = (models / name).glob("*.json")
    return sorted(int(path.stem) for path in paths if path.stem.isdecimal())


def check_model_name(name: str) -> None:
    """See that a trained model can have a name.

    Raises:
        ModelError: It has other characters, or another model has it.
    """
    if not _NAME.fullmatch(name):
        raise ModelError(
            f"{name!r} cannot name a trained model: only small letters, digits, _ and -"
        )
    if name in _TAKEN:
        raise ModelError(f"{name!r} cannot name a trained model: another model is called that")


def sigmoid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logistic function of values."""
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -500, 500))))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _document(classifier: Classifier) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "name": classifier.name,
        "version": classifier.version,
        "backbone": classifier.backbone,
        "trained_at": classifier.trained_at.isoformat(),
        "text": asdict(classifier.text) if classifier.text else None,
        "heads": [
            {
                "concept": head.concept,
                "bias": head.bias,
                "slope": head.slope,
                "offset": head.offset,
                "strength": head.strength,
                "calibrated_on": head.calibrated_on,
                "weak_terms": list(head.weak_terms),
                "weights": head.weights.tolist(),
            }
            for head in classifier.heads
        ],
    }


def _parts(document: dict[str, Any]) -> dict[str, Any]:
    if document.pop("format") != _FORMAT:
        raise ValueError("another version of the program has written it")
    heads = [_head(head) for head in document["heads"]]
    for head in heads:
        numbers = (*head.weights.flat, head.bias, head.slope, head.offset)
        if not all(map(math.isfinite, numbers)):
            raise ValueError("a weight is no number")
    if not heads or len({len(head.weights) for head in heads}) != 1:
        raise ValueError("its heads are not for the same vectors")
    trained_at = datetime.fromisoformat(document["trained_at"]).astimezone(UTC)
    text = document["text"]
    if text is not None:
        text = TextFeatures(masked=tuple(text["masked"]), dimension=text["dimension"])
    return document | {"heads": tuple(heads), "trained_at": trained_at, "text": text}


def _head(document: dict[str, Any]) -> Head:
    weights = np.array(document["weights"], dtype=np.float64)
    terms = tuple(document["weak_terms"])
    return Head(**(document | {"weights": weights, "weak_terms": terms}))
