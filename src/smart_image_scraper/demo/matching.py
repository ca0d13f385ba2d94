"""Demo: which made photos a search finds, and in which order."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from smart_image_scraper.demo.making import normalised
from smart_image_scraper.demo.record import MadePhoto

Condition = Callable[[MadePhoto], bool]
"""Whether a photo is found."""

_SEPARATORS = re.compile(r"[\s!-/:-@\[-`{-~、。・「」『』…•]+")
_TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
# Scripts that are written without spaces: their words are found within longer ones.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_HALF_A_DAY_S = 12 * 3_600
_GEO_ARGUMENTS = ("bbox", "has_geo", "geo_context")
_LIMITING_ARGUMENTS = ("text", "tags", "user_id", "min_upload_date", "min_taken_date")
_DATE_ARGUMENTS = ("min_upload_date", "max_upload_date", "min_taken_date", "max_taken_date")


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

    def find(self, arguments: Mapping[str, str]) -> tuple[MadePhoto, ...]:
        """Return the photos that meet the arguments of ``flickr.photos.search``, sorted.

        This is the truth: without the cap, the pages and the quirks of a reply.

        Args:
            arguments: As in a request; those that are no conditions are left out of account.

        Raises:
            ValueError: A date, a box or a number cannot be read.
        """
        conditions = list(_conditions(arguments, now=self.now))
        candidates = sorted(self._candidates(arguments))
        found = (self.photos[position] for position in candidates)
        kept = [photo for photo in found if all(meets(photo) for meets in conditions)]
        return tuple(_ordered(kept, arguments))

    def owned_by(self, nsid: str) -> tuple[MadePhoto, ...]:
        """Return a member's photos."""
        return self._by_owner.get(nsid, ())

    @cached_property
    def _by_owner(self) -> dict[str, tuple[MadePhoto, ...]]:
        index: defaultdict[str, list[MadePhoto]] = defaultdict(list)
        for photo in self.photos:
            index[photo.owner.nsid].append(photo)
        return {nsid: tuple(photos) for nsid, photos in index.items()}

    def _candidates(self, arguments: Mapping[str, str]) -> set[int]:
        positions = set(range(len(self.photos)))
        for minus, phrase, word in _TERM.findall(arguments.get("text", "")):
            if holders := [self._with_word(part) for part in words(phrase or word)]:
                every = set[int].intersection(*holders)
                positions = positions - every if minus else positions & every
        tags = split_tags(arguments)
        wanted = [self._by_tag[tag] for tag in tags if not tag.startswith("-")]
        if wanted and arguments.get("tag_mode") == "all":
            positions.intersection_update(*wanted)
        elif wanted:
            positions &= set[int]().union(*wanted)
        excluded = [self._by_tag[tag[1:]] for tag in tags if tag.startswith("-")]
        return positions.difference(*excluded)

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
    first, last = (_moment(arguments.get(f"{end}_upload_date")) for end in ("min", "max"))
    from_, to = (_moment(arguments.get(f"{end}_taken_date")) for end in ("min", "max"))
    for early, late in ((first, last), (from_, to)):
        if early is not None and late is not None and early > late:
            raise ValueError("the dates end before they begin")
    if first is not None:
        yield lambda photo: photo.uploaded >= first.timestamp()
    if last is not None:
        yield lambda photo: photo.uploaded <= last.timestamp()
    if from_ is not None:
        yield lambda photo: photo.taken >= f"{from_:%Y-%m-%d %H:%M:%S}"
    if to is not None:
        yield lambda photo: photo.taken <= f"{to:%Y-%m-%d %H:%M:%S}"


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


def _ordered(photos: list[MadePhoto], arguments: Mapping[str, str]) -> list[MadePhoto]:
    order = arguments.get("sort") or "date-posted-desc"
    if order == "relevance":
        terms = words(arguments.get("text", ""))
        return sorted(photos, key=lambda photo: _relevance(photo, terms), reverse=True)
    name, _, direction = order.rpartition("-")
    key = _SORT_KEYS.get(name, _SORT_KEYS["date-posted"])
    return sorted(photos, key=key, reverse=direction != "asc")


def _interest(photo: MadePhoto) -> float:
    return photo.favorites * 10 + photo.comments * 5 + photo.views / 100


def _relevance(photo: MadePhoto, terms: set[str]) -> tuple[Any, ...]:
    in_title = len(terms & words(photo.title))
    in_tags = len(terms & set(photo.tags))
    return 3 * in_title + 2 * in_tags, _interest(photo), photo.id


_SORT_KEYS: Mapping[str, Callable[[MadePhoto], tuple[Any, ...]]] = {
    "date-posted": lambda photo: (photo.uploaded, photo.id),
    "date-taken": lambda photo: (photo.taken, photo.id),
    "interestingness": lambda photo: (_interest(photo), photo.id),
}
