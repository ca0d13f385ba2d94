"""Score: which labels of a service stand for a concept, and the concept's score from them.

Labels are compared by whole words. The older scripts asked whether one text holds the other, and
took "cabinet", "magnet" and "planet" for a net, which is a cage.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Self

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Label, PhotoLabels, Score

_Names = Mapping[str, tuple[str, ...]]
_Words = tuple[frozenset[str], ...]
"""A name's words in their order, each with the singulars that it may be the plural of."""

_NOT = "not "
_PLURALS: Mapping[str, str] = MappingProxyType(
    {
        "people": "person",
        "men": "man",
        "women": "woman",
        "children": "child",
        "feet": "foot",
        "teeth": "tooth",
        "geese": "goose",
        "mice": "mouse",
    }
)
_ENDINGS = (("s", ""), ("es", ""), ("ies", "y"), ("ves", "f"), ("ves", "fe"))


class LabelWords:
    """Which labels stand for which concept.

    Args:
        names: By concept, the names of what it stands for. A concept without an entry stands for
            the labels that it is found in itself; so does one with an entry, besides the others.
    """

    def __init__(self, names: _Names) -> None:
        self._names = {_folded(concept): entry for concept, entry in names.items()}
        self._resolved: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._found: dict[tuple[str, str], bool] = {}

    @classmethod
    def load(cls, own: Path | None = None) -> Self:
        """Read the words that come with the program.

        Args:
            own: A TOML file of the same form, whose entries are added to these.

        Raises:
            UsageError: The file is missing, or not of that form.
        """
        shipped = (files("smart_image_scraper.score") / "label_words.toml").read_text("utf-8")
        names: dict[str, tuple[str, ...]] = dict(_parse(shipped, name="label_words.toml"))
        if own is not None:
            for concept, entry in _parse(_read(own), name=str(own)).items():
                names[concept] = (*names.get(concept, ()), *entry)
        return cls(names)

    def score(self, labels: PhotoLabels, *, concept: str) -> Score:
        """Score a concept by the best label that stands for it.

        Args:
            labels: What the service said of the photo.
            concept: A word or phrase.

        Returns:
            Its value, or that it is below what the service reports.

        Raises:
            ValueError: The concept cannot name a score.
        """
        found = [label.score for label in labels.labels if self.stands_for(label, concept=concept)]
        if found:
            return Score(concept=concept, model=labels.model, value=max(found))
        return Score(concept=concept, model=labels.model, below=labels.floor)

    def stands_for(self, label: Label, *, concept: str) -> bool:
        """Tell whether a label stands for a concept."""
        # A service says the same few thousand things of a million photos.
        key = (label.description, concept)
        if key not in self._found:
            self._found[key] = self._is_named(label.description, concept=concept)
        return self._found[key] or label.mid in self._of(concept)[0]

    def adding(self, names: _Names) -> "LabelWords":
        """Return words that stand for some concepts by further names, too."""
        added = {
            _folded(concept): (*self._names.get(_folded(concept), ()), *map(_folded, entry))
            for concept, entry in names.items()
        }
        return LabelWords({**self._names, **added})

    def digest(self, concept: str) -> str:
        """Return what tells whether the concept stands for other labels than it did."""
        names, left_out = self._of(concept)
        return hashlib.sha256(repr((sorted(names), sorted(left_out))).encode()).hexdigest()[:16]

    def _is_named(self, description: str, *, concept: str) -> bool:
        names, left_out = self._of(concept)
        words = _words(description)
        if any(_is_found(_words(name), words) for name in left_out):
            return False
        return any(_is_found(_words(name), words) for name in names)

    def _of(self, concept: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if concept not in self._resolved:
            every = tuple(dict.fromkeys(self._expanded(_folded(concept), seen=set())))
            self._resolved[concept] = (
                tuple(name for name in every if not name.startswith(_NOT)),
                tuple(name.removeprefix(_NOT) for name in every if name.startswith(_NOT)),
            )
        return self._resolved[concept]

    def _expanded(self, name: str, *, seen: set[str]) -> Iterator[str]:
        yield name
        if name not in seen:
            seen.add(name)
            entries = [self._names.get(form, ()) for form in sorted(_singulars(name))]
            for narrower in chain.from_iterable(entries):
                yield from self._expanded(narrower, seen=seen)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the label words cannot be read: {error}") from error


def _parse(text: str, *, name: str) -> _Names:
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name}: not readable as TOML: {error}") from error
    for concept, entry in entries.items():
        texts = isinstance(entry, list) and all(isinstance(word, str) and word for word in entry)
        if not texts:
            raise UsageError(
                f'{name}: the entry {concept!r} is no list of texts; write {concept} = ["…", "…"]'
            )
    return {concept.casefold(): tuple(map(_folded, entry)) for concept, entry in entries.items()}


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _words(text: str) -> _Words:
    # "Cat-like mammal", in older answers "cat like mammal", is what is no cat.
    joined = re.sub(r"\s+like\b", "-like", text.casefold())
    return tuple(map(_singulars, re.findall(r"[\w'-]+", joined)))


def _singulars(word: str) -> frozenset[str]:
    """Return the word and what it may be the plural of; that some are no words does no harm."""
    forms = {word, _PLURALS.get(word, word)}
    if not word.endswith(("ss", "us", "is")):
        forms |= {
            word.removesuffix(plural) + singular
            for plural, singular in _ENDINGS
            if word.endswith(plural) and len(word) > len(plural) + 1
        }
    return frozenset(forms)


def _is_found(name: _Words, label: Sequence[frozenset[str]]) -> bool:
    places = range(len(label) - len(name) + 1)
    return bool(name) and any(
        all(one & other for one, other in zip(name, label[place:], strict=False))
        for place in places
    )
