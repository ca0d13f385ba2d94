"""Pipeline: a filter as words and values, as in the address of a page.

The words are the options of the command line without their dashes, so a link, a request and a
command that select the same photos read the same.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from smart_image_scraper.errors import CountryError, UsageError
from smart_image_scraper.geocode import resolve_country
from smart_image_scraper.photo import (
    BoundingBox,
    Disagreement,
    Filter,
    Judgement,
    License,
    PhotoId,
    Signal,
    Stage,
)
from smart_image_scraper.photo.dates import moment_text, read_moment
from smart_image_scraper.photo.filter import SITES
from smart_image_scraper.photo.scoring import parse_thresholds

YES = "1"
"""The value of a word that needs none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """What a word says of a filter.

    Attributes:
        field: Which condition it is.
        read: Makes the values of a text.
        write: Makes the text of a value.
        many: Whether the condition takes several.
    """

    field: str
    read: Callable[[str], tuple[Any, ...]]
    write: Callable[[Any], str] = str
    many: bool = False


def read_filter(pairs: Iterable[tuple[str, str]]) -> Filter:
    """Read a filter from words and values; a word without a value is as one that is not there.

    Raises:
        UsageError: There is no such word, its value is none, or it is given twice.
    """
    conditions: dict[str, Any] = {}
    for name, text in pairs:
        if not text:
            continue
        field, values, many = _read(name, text)
        if many:
            conditions[field] = conditions.get(field, ()) + values
        elif field in conditions:
            raise UsageError(f"{name}={text}: that is given already; leave one of the two out")
        else:
            (conditions[field],) = values
    return Filter(**conditions)


def write_filter(where: Filter) -> list[tuple[str, str]]:
    """Write a filter as words and values that :func:`read_filter` reads.

    Raises:
        ValueError: The filter has a condition that there is no word for.
    """
    pairs = []
    for name, word in _WORDS.items():
        value = getattr(where, word.field)
        values = value if word.many else (() if value is None else (value,))
        pairs += [(name, word.write(each)) for each in values]
    pairs += [
        (name, YES) for name, (field, value) in _FLAGS.items() if getattr(where, field) is value
    ]
    if read_filter(pairs) != where:
        raise ValueError(f"no words say all of {where}")
    return pairs


def write_options(where: Filter) -> list[str]:
    """Write a filter as options of the command line."""
    return [
        f"--{name}" if name in _FLAGS else f"--{name}={text}" for name, text in write_filter(where)
    ]


def _read(name: str, text: str) -> tuple[str, tuple[Any, ...], bool]:
    """Return which condition a word is, its values, and whether it takes several."""
    if name in _FLAGS:
        if text != YES:
            raise UsageError(f"{name}={text}: write {name}={YES}, or leave it out")
        field, value = _FLAGS[name]
        return field, (value,), False
    if name not in _WORDS:
        raise UsageError(f"{name}: there is no such condition; there are {', '.join(WORDS)}")
    word = _WORDS[name]
    try:
        return word.field, word.read(text), word.many
    except (ValueError, CountryError) as error:
        raise UsageError(f"{name}={text}: {error}") from None


def _one(read: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    return lambda text: (read(text),)


def _choice(choices: Iterable[str]) -> Callable[[str], tuple[str, ...]]:
    by_text = {str(choice): choice for choice in choices}

    def read(text: str) -> tuple[str, ...]:
        if text not in by_text:
            raise ValueError(f"there is no such choice; there are {', '.join(by_text)}")
        return (by_text[text],)

    return read


def _number(text: str) -> tuple[int, ...]:
    if not (text.isascii() and text.isdecimal()):
        raise ValueError("that is no whole number")
    return (int(text),)


def _box_text(box: BoundingBox) -> str:
    edges = (box.west, box.south, box.east, box.north)
    return ",".join(repr(float(edge)).removesuffix(".0") for edge in edges)


_WORDS: Mapping[str, _Word] = MappingProxyType(
    {
        "text": _Word(field="text", read=_one(str)),
        "term": _Word(field="terms", read=_one(str), many=True),
        "site": _Word(field="sites", read=_choice(SITES), many=True),
        "license": _Word(field="licenses", read=_one(License.parse), many=True),
        "bbox": _Word(field="bbox", read=_one(BoundingBox.parse), write=_box_text),
        "country": _Word(field="countries", read=_one(resolve_country), many=True),
        "taken-from": _Word(
            field="taken_from",
            read=lambda text: (read_moment(text, last=False),),
            write=lambda moment: moment_text(moment, last=False),
        ),
        "taken-to": _Word(
            field="taken_to",
            read=lambda text: (read_moment(text, last=True),),
            write=lambda moment: moment_text(moment, last=True),
        ),
        "month": _Word(field="months", read=_number, many=True),
        "hour": _Word(field="hours", read=_number, many=True),
        "views-from": _Word(field="views_from", read=_number),
        "views-to": _Word(field="views_to", read=_number),
        "camera": _Word(field="cameras", read=_one(str), many=True),
        "disagrees": _Word(field="disagrees", read=_choice(Disagreement)),
        "signal": _Word(field="signals", read=_choice(Signal), many=True),
        "without-signal": _Word(field="without_signals", read=_choice(Signal), many=True),
        "score": _Word(field="scores", read=parse_thresholds, many=True),
        "review": _Word(field="reviews", read=_one(Judgement.parse), many=True),
        "failed": _Word(
            field="failed", read=_choice(stage for stage in Stage if stage is not Stage.SEARCH)
        ),
        "id": _Word(field="ids", read=_one(PhotoId), many=True),
    }
)

_FLAGS: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "stripped": ("stripped", True),
        "not-stripped": ("stripped", False),
        "without-duplicates": ("without_duplicates", True),
        "with-file": ("has_file", True),
        "without-file": ("has_file", False),
        "gone": ("gone", True),
        "not-gone": ("gone", False),
    }
)

WORDS = (*_WORDS, *_FLAGS)
"""Every word: the names of the command line's options that select photos."""
