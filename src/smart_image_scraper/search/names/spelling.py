"""Search: names as a person would type them."""

import re
from collections.abc import Iterable, Iterator
from unicodedata import category, normalize

from smart_image_scraper.photo.words import words_of

# Arabic vowel signs, which nobody types; marks of direction and other characters without a shape.
_UNTYPED = re.compile("[\u064b-\u0652\u0670\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
# "Лев (Lev)": how it is said, or which one is meant. Not every bracket is closed.
_REMARK = re.compile(r"\s*[(（][^()（）]*[)）]?\s*$")  # noqa: RUF001 — Chinese has wide ones
_SYMBOL = "So"
# A file of terms takes such lines for comments and languages, searches leave such words out.
_OTHERWISE_MEANT = "#[-"


def names_among(texts: Iterable[str], *, scientific: Iterable[str]) -> Iterator[str]:
    """Yield the names among texts, each once, whatever its case.

    What is left out: emoji, and what has the scientific name in it.

    Args:
        texts: As someone wrote them, the best first.
        scientific: The scientific names of what is meant.
    """
    latin = [_line(name) for name in scientific]
    seen: set[str] = set()
    for name in map(_typed, texts):
        if _is_name(name) and key_of(name) not in seen:
            seen.add(key_of(name))
            if not any(part in _line(name) for part in latin):
                yield name


def key_of(name: str) -> str:
    """Return what is the same of names that differ in case alone."""
    return normalize("NFC", normalize("NFC", name).casefold())


def _typed(text: str) -> str:
    plain = _UNTYPED.sub("", normalize("NFC", text))
    plain = _REMARK.sub("", plain)
    return " ".join("".join(" " if category(each) == "Cc" else each for each in plain).split())


def _is_name(text: str) -> bool:
    return (
        any(map(str.isalnum, text))
        and text[0] not in _OTHERWISE_MEANT
        and all(category(each) != _SYMBOL for each in text)
    )


def _line(name: str) -> str:
    # By whole words: the parrots of the genus Ara are not in a scarab.
    return f" {' '.join(words_of(name))} "
