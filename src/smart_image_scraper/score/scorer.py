"""Score: what is looked for, and what looks for it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from unicodedata import category

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from smart_image_scraper.errors import UsageError

_FORBIDDEN = frozenset("|.$:<>=,!")


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """What may be in a photo, as a person names it.

    Attributes:
        word: Its name everywhere: in filters, columns, the web app. Any language.
        synonyms: Other words for it, each of them enough: ``macaque`` for ``monkey``.
        contrast: What is easily taken for it and is not: ``toy monkey``.

    Raises:
        ValueError: The word is empty, begins or ends with a space, or holds one of
            ``| . $ : < > = , !``, which separate words from the rest in filters and in the store;
            or one of the words is no readable text.
    """

    word: str
    synonyms: tuple[str, ...] = ()
    contrast: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.word != self.word.strip() or not self.word or set(self.word) & _FORBIDDEN:
            raise ValueError(
                f"{self.word!r} cannot name a concept: no | . $ : < > = , ! in it, and no space "
                "around it"
            )
        for word in (self.word, *self.synonyms, *self.contrast):
            # Bytes on the command line that are no UTF-8 arrive as lone surrogates (PEP 383).
            if any(category(letter) in {"Cc", "Cs"} for letter in word):
                raise ValueError(f"{word!r} cannot name a concept: it is no readable text")

    @classmethod
    def parse(cls, text: str) -> "Concept":
        """Read ``monkey``, ``monkey=macaque,mandrill`` or ``monkey=macaque!toy monkey,bars``.

        :meth:`__str__` writes it.

        Raises:
            ValueError: The word cannot name a concept.
        """
        named, _, contrast = text.partition("!")
        word, _, synonyms = named.partition("=")
        return cls(word=word.strip(), synonyms=_words(synonyms), contrast=_words(contrast))

    def __str__(self) -> str:
        """Return the text that :meth:`parse` reads."""
        synonyms = f"={','.join(self.synonyms)}" if self.synonyms else ""
        contrast = f"!{','.join(self.contrast)}" if self.contrast else ""
        return f"{self.word}{synonyms}{contrast}"


def check_apart(concepts: Iterable[Concept]) -> None:
    """See that no concept is given twice in different ways, of which one alone could count.

    Raises:
        UsageError: One is.
    """
    given: dict[str, Concept] = {}
    for concept in concepts:
        if given.setdefault(concept.word, concept) != concept:
            raise UsageError(
                f"{concept.word!r} is given as {str(given[concept.word])!r} and as "
                f"{str(concept)!r}; give it once, with all of its synonyms"
            )


class Scorer(Protocol):
    """Tells how sure it is that concepts are in images."""

    def score(
        self, images: Sequence[Image.Image], concepts: Sequence[Concept]
    ) -> NDArray[np.float32]:
        """Score every image for every concept.

        Args:
            images: N images, RGB, upright; sizes may differ.
            concepts: K words or phrases.

        Returns:
            Shape (N, K), each in 0..1. Concepts are judged apart: rows do not sum to 1.

        Raises:
            ModelError: The model could not be loaded or ran out of memory.
        """
        ...


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for part in re.split(",", text) if (word := part.strip()))
