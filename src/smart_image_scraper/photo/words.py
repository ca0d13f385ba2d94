"""The words of a text, in any script, whatever their case and the marks above their letters.

Scripts that do not part words by spaces (Chinese, Japanese, Korean, Thai and others), and symbols
such as emoji, have each character as a word of its own, so that 猿 is found in 野生の猿.
"""

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import cache

Phrase = tuple[str, ...]
"""Words that follow each other, the last of which may go on."""

BOUNDARY = "·"
"""Stands between texts: no word, so that no phrase goes across."""

_ASCII_WORD = re.compile(r"[0-9a-z]+")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_PARTS = re.compile(r'"([^"]*)"?|([^\s"]+)')

# Marks above and below letters, of Latin, Greek, Cyrillic, Hebrew and Arabic, and the signs that
# choose between the forms of a character. Marks of other scripts are vowels, and stay.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u20d0-\u20ff"
    "\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
# Letters with a stroke are letters of their own to Unicode, and the same ones to who types them.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe"}
)
_WITHOUT_SPACES = (
    "\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\u2e80-\u2fdf"
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3040-\u31ff\u3400-\u4dbf\u4e00-\ua48f\ua9e0-\ua9ff"
    "\uaa60-\uaa7f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b2ff\U00020000-\U000323af"
)

_AFTER_LAST = 0x323B0
"""Beyond the ideographs of Unicode 15 there are no letters, marks or symbols."""


def words_of(text: str) -> list[str]:
    """Return the words of a text, in their order; HTML in it is none."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = unicodedata.normalize("NFC", _DROPPED.sub("", folded).translate(_PLAIN))
    return (_ASCII_WORD if plain.isascii() else _word()).findall(plain)


def joined_words(texts: Iterable[str]) -> str:
    """Return the words of texts as one line, in which :func:`holds` looks for phrases."""
    lines = (" ".join(words) for words in map(words_of, texts) if words)
    return f" {BOUNDARY} ".join(lines)


def phrases_of(text: str) -> tuple[Phrase, ...]:
    """Return what a person who types a text looks for: each word, or what is in quotes."""
    parts = (quoted or plain for quoted, plain in _PARTS.findall(text))
    return tuple(dict.fromkeys(tuple(words) for words in map(words_of, parts) if words))


def holds(line: str, phrases: Iterable[Phrase]) -> bool:
    """Tell whether a line of :func:`joined_words` holds all of some phrases."""
    within = f" {line}"
    return all(f" {' '.join(phrase)}" in within for phrase in phrases)


@cache
def _word() -> re.Pattern[str]:
    """Return the pattern of a word. Made when it is first needed: it takes a tenth of a second."""
    without_spaces = re.compile(f"[{_WITHOUT_SPACES}]")
    alone, others = [], []
    for character in map(chr, range(_AFTER_LAST)):
        category = unicodedata.category(character)
        if category == "So" or without_spaces.match(character):
            alone.append(character)
        elif category[0] in "LNM":
            others.append(character)
    return re.compile(f"[{_ranges(alone)}]|[{_ranges(others)}]+")


def _ranges(characters: Iterable[str]) -> str:
    """Return ascending characters as a pattern writes them."""
    ranges: list[list[str]] = []
    for character in characters:
        if ranges and ord(ranges[-1][1]) == ord(character) - 1:
            ranges[-1][1] = character
        else:
            ranges.append([character, character])
    return "".join(f"{re.escape(first)}-{re.escape(last)}" for first, last in ranges)
