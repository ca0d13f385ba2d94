"""Demo: which made photos a search finds, and in which order."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from itertools import islice, zip_longest
from typing import Any, NamedTuple

from smart_image_scraper.demo.making import normalised
from smart_image_scraper.demo.record import MadePhoto

Condition = Callable[[MadePhoto], bool]
"""Whether a photo is found."""

_SEPARATORS = re.compile(r"[\s!-/:-@\[-`{-~、。・「」『』…•]+")
_TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
# Scripts that are written without spaces: their words are found within longer ones.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_HALF_A_DAY_S = 12 * 3_600
_CACHED_WORDS = 16
_GEO_ARGUMENTS = ("bbox", "has_geo", "geo_context")
_LIMITING_ARGUMENTS = ("text", "tags", "user_id", "min_upload_date", "min_taken_date")
_DATE_ARGUMENTS = ("min_upload_date", "max_upload_date", "min_taken_date", "max_taken_date")


class _Wording(NamedTuple):
    """The conditions of a search that are words."""

    text: str
    tags: tuple[str, ...]
    tag_mode: str


@dataclass(frozen=True, slots=True)
class _Rows:
    """Photos in the order of their uploads, with the moments beside them."""

    photos: Sequence[MadePhoto]
    uploads: Sequence[int]

    def window(self, arguments: Mapping[str, str]) -> slice:
        """Return where those lie that were uploaded between the dates of a request."""
        first, last = _upload_window(arguments)
        start = 0 if first is None else bisect_left(self.uploads, first)
        end = len(self.uploads) if last is None else bisect_right(self.uploads, last)
        return slice(start, end)


class PhotoIndex:
    """Made photos and the words in them.

    Args:
        photos: All there are.
    """

    def __init__(self, photos: Sequence[MadePhoto]) -> None:
        self.photos = tuple(photos)
        self.by_id = {photo.id: photo for photo in self.photos}
        # By a real clock nothing would be of "the last 12 hours": it is when the newest one came.
        self.now = max((photo.uploaded for photo in self.photos), default=0)
        # Windows of upload dates differ from search to search, the words in them do not.
        self._with_words = lru_cache(maxsize=_CACHED_WORDS)(self._find_words)

    def find(self, arguments: Mapping[str, str]) -> tuple[MadePhoto, ...]:
        """Return the photos that meet the arguments of ``flickr.photos.search``, sorted.

        This is the truth: without the cap, the pages and the quirks of a reply.

        Args:
            arguments: As in a request; those that are no conditions are left out of account.

        Raises:
            ValueError: A date, a box or a number cannot be read.
        """
        conditions = list(_conditions(arguments, now=self.now))
        rows = self._with_words(_wording_of(arguments))
        found = rows.photos[rows.window(arguments)]
        for meets in conditions:
            found = [photo for photo in found if meets(photo)]
        return tuple(_ordered(found, arguments))

    def strays(self, arguments: Mapping[str, str], *, count: int) -> list[MadePhoto]:
        """Return photos that meet everything but the upload dates, the nearest to these first.

        Args:
            arguments: As those of a search.
            count: How many at most; none if no dates are asked for.
        """
        conditions = list(_conditions(arguments, now=self.now))
        rows = self._with_words(_wording_of(arguments))
        window = rows.window(arguments)
        earlier, later = range(window.start - 1, -1, -1), range(window.stop, len(rows.photos))
        sides = zip_longest((rows.photos[n] for n in earlier), (rows.photos[n] for n in later))
        beside = (photo for pair in sides for photo in pair if photo is not None)
        met = (photo for photo in beside if all(meets(photo) for meets in conditions))
        return list(islice(met, count))

    def owned_by(self, nsid: str) -> tuple[MadePhoto, ...]:
        """Return a member's photos."""
        return self._by_owner.get(nsid, ())

    @cached_property
    def _by_owner(self) -> dict[str, tuple[MadePhoto, ...]]:
        index: defaultdict[str, list[MadePhoto]] = defaultdict(list)
        for photo in self.photos:
            index[photo.owner.nsid].append(photo)
        return {nsid: tuple(photos) for nsid, photos in index.items()}

    def _find_words(self, wording: _Wording) -> _Rows:
        positions = set(range(len(self.photos)))
        for minus, phrase, word in _TERM.findall(wording.text):
            if holders := [self._with_word(part) for part in words(phrase or word)]:
                every = set[int].intersection(*holders)
                positions = positions - every if minus else positions & every
        wanted = [self._by_tag[tag] for tag in wording.tags if not tag.startswith("-")]
        if wanted and wording.tag_mode == "all":
            positions.intersection_update(*wanted)
        elif wanted:
            positions &= set[int]().union(*wanted)
        excluded = [self._by_tag[tag[1:]] for tag in wording.tags if tag.startswith("-")]
        positions = positions.difference(*excluded)
        photos = [self.photos[n] for n in self._by_upload if n in positions]
        return _Rows(photos, [photo.uploaded for photo in photos])

    @cached_property
    def _by_upload(self) -> list[int]:
        moments = [(photo.uploaded, photo.id) for photo in self.photos]
        return sorted(range(len(self.photos)), key=moments.__getitem__)

    def _with_word(self, word: str) -> set[int]:
        if not _UNSPACED.search(word):
            return self._by_word[word]
        holders = [positions for known, positions in self._by_word.items() if word in known]
        return set[int]().union(*holders)

    @cached_property
    def _by_word(self) -> defaultdict[str, set[int]]:
        index: defaultdict[str, set[int]] = defaultdict(set)
        for position, photo in enumerate(self.photos):
            for word in words(f"{photo.title} {photo.description} {' '.join(photo.tags)}"):
                index[word].add(position)
        return index

    @cached_property
    def _by_tag(self) -> defaultdict[str, set[int]]:
        index: defaultdict[str, set[int]] = defaultdict(set)
        for position, photo in enumerate(self.photos):
            for tag in photo.tags:
                index[tag].add(position)
        return index


def _wording_of(arguments: Mapping[str, str]) -> _Wording:
    tags = tuple(split_tags(arguments))
    return _Wording(arguments.get("text", ""), tags, arguments.get("tag_mode", ""))


def words(text: str) -> set[str]:
    """Return a text's words, folded to one case."""
    return set(_SEPARATORS.split(text.casefold())) - {""}


def split_tags(arguments: Mapping[str, str]) -> list[str]:
    """Return the normalised tags of a request; a minus before one is kept."""
    tags = []
    for tag in arguments.get("tags", "").split(","):
        minus = "-" if tag.strip().startswith("-") else ""
        if plain := normalised(tag):
            tags.append(minus + plain)
    return tags


def is_geo_query(arguments: Mapping[str, str]) -> bool:
    """Whether a request gets the 250 a page, and the 12 hours, of geo queries."""
    return any(arguments.get(name) for name in _GEO_ARGUMENTS)


def is_parameterless(arguments: Mapping[str, str]) -> bool:
    """Whether a request has no condition that Flickr counts as one."""
    counted = ("text", "tags", "user_id", *_GEO_ARGUMENTS, *_DATE_ARGUMENTS)
    return not any(arguments.get(name, "").strip() for name in counted)


def meets_license(photo: MadePhoto, license_ids: str) -> bool:
    """Whether a photo has one of some licences, by their ids with commas; no id is no condition."""
    licenses = _numbers(license_ids)
    return not licenses or photo.license in licenses


def _conditions(arguments: Mapping[str, str], *, now: int) -> Iterator[Condition]:
    # Calls without a signature see only safe photos, whatever safe_search asks for.
    yield lambda photo: photo.safety == 0
    yield from _choices(arguments)
    yield from _dates(arguments)
    if box := arguments.get("bbox"):
        yield _in_box(box)
    if has_geo := arguments.get("has_geo"):
        yield lambda photo: photo.is_geotagged == (has_geo != "0")
    limited = any(arguments.get(name) for name in _LIMITING_ARGUMENTS)
    if is_geo_query(arguments) and not limited:
        yield lambda photo: photo.uploaded > now - _HALF_A_DAY_S


def _choices(arguments: Mapping[str, str]) -> Iterator[Condition]:
    if licenses := _numbers(arguments.get("license", "")):
        yield lambda photo: photo.license in licenses
    if content_types := _numbers(arguments.get("content_types", "")):
        yield lambda photo: photo.content_type in content_types
    if contexts := _numbers(arguments.get("geo_context", "")):
        yield lambda photo: photo.is_geotagged and photo.context in contexts
    if nsid := arguments.get("user_id"):
        yield lambda photo: photo.owner.nsid == nsid
    media = arguments.get("media", "all")
    if media != "all":
        yield lambda photo: f"{photo.media}s" == media


def _dates(arguments: Mapping[str, str]) -> Iterator[Condition]:
    first, last = (_moment(arguments.get(f"{end}_taken_date")) for end in ("min", "max"))
    _check_order(first, last)
    if first is not None:
        yield lambda photo: photo.taken >= f"{first:%Y-%m-%d %H:%M:%S}"
    if last is not None:
        yield lambda photo: photo.taken <= f"{last:%Y-%m-%d %H:%M:%S}"


def _upload_window(arguments: Mapping[str, str]) -> tuple[float | None, float | None]:
    # Both ends are within.
    first, last = (_moment(arguments.get(f"{end}_upload_date")) for end in ("min", "max"))
    _check_order(first, last)
    return first.timestamp() if first else None, last.timestamp() if last else None


def _check_order(first: datetime | None, last: datetime | None) -> None:
    if first is not None and last is not None and first > last:
        raise ValueError("the dates end before they begin")


def _moment(text: str | None) -> datetime | None:
    # Unix time or a MySQL datetime, for upload and taken dates alike.
    if not text:
        return None
    if re.fullmatch(r"-?\d+", text):
        return datetime.fromtimestamp(int(text), UTC)
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _numbers(text: str) -> set[int]:
    return {int(part) for part in text.split(",") if part.strip()}


def _in_box(text: str) -> Condition:
    west, south, east, north = (float(part) for part in text.split(","))
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004 — degrees
        raise ValueError("not a box")
    return lambda photo: (
        photo.is_geotagged and west <= photo.longitude <= east and south <= photo.latitude <= north
    )


def _ordered(photos: Sequence[MadePhoto], arguments: Mapping[str, str]) -> Sequence[MadePhoto]:
    # They come in the order of their uploads.
    order = arguments.get("sort") or "date-posted-desc"
    if order == "relevance":
        terms = words(arguments.get("text", ""))
        return sorted(photos, key=lambda photo: _relevance(photo, terms), reverse=True)
    name, _, direction = order.rpartition("-")
    if name in _SORT_KEYS:
        return sorted(photos, key=_SORT_KEYS[name], reverse=direction != "asc")
    return photos if direction == "asc" else photos[::-1]


def _interest(photo: MadePhoto) -> float:
    return photo.favorites * 10 + photo.comments * 5 + photo.views / 100


def _relevance(photo: MadePhoto, terms: set[str]) -> tuple[Any, ...]:
    in_title = len(terms & words(photo.title))
    in_tags = len(terms & set(photo.tags))
    return 3 * in_title + 2 * in_tags, _interest(photo), photo.id


_SORT_KEYS: Mapping[str, Callable[[MadePhoto], tuple[Any, ...]]] = {
    "date-taken": lambda photo: (photo.taken, photo.id),
    "interestingness": lambda photo: (_interest(photo), photo.id),
}
