"""Search: one record of the older scripts as a photo."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from smart_image_scraper.photo import Coordinates, Photo, PhotoId, Place, Score, Size, TakenDate
from smart_image_scraper.photo.json_text import decode
from smart_image_scraper.photo.older_record import (
    CONCEPT_COLUMNS,
    NOT_ANSWERED,
    PERSONAL_COLUMNS,
    SCORE_FLOOR,
    SCORE_MODEL,
)
from smart_image_scraper.search.well_formed import well_formed

OLDER_GAZETTEER = "reverse_geocode, older record"

# https://www.flickr.com/services/api/misc.urls.html; no suffix means 500 pixels. The sizes that
# are cut square (_s, _q) are not what is meant by a longer edge, so they get no label here.
_LABELS = {
    None: "500",
    "t": "100",
    "m": "240",
    "n": "320",
    "w": "400",
    "z": "640",
    "c": "800",
    "b": "1024",
    "h": "1600",
    "k": "2048",
    "3k": "3072",
    "4k": "4096",
    "f": "4096",
    "5k": "5120",
    "6k": "6144",
    "o": "original",
}
_LINK = re.compile(
    r"https?://(?:[\w-]+\.)*(?:staticflickr|flickr)\.com/(?:[\w-]+/)*"
    r"(?P<id>[0-9]{1,30})_[0-9a-f]+(?:_(?P<size>[0-9a-z]{1,2}))?(?:_d)?\.[a-z]{3,4}",
    re.ASCII,
)
_TOKEN = re.compile(r"gAAAAA[A-Za-z0-9_-]{90,}={0,2}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_COUNT = re.compile(r"\d{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """The personal fields of a record, by the names of their tokens.

    Attributes:
        sealed: Fernet tokens.
        plain: Texts in the clear, from records that were never encrypted.
    """

    sealed: Mapping[str, str]
    plain: Mapping[str, str]


def is_token(value: object) -> bool:
    """Tell whether a value has the form of a Fernet token."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def parse_photo(values: Mapping[str, object]) -> Photo | None:
    """Read a record's photo, without its personal fields and searches.

    Args:
        values: By column; numbers are texts, as the older scripts wrote some of them too.

    Returns:
        The photo; ``None`` if the link holds no photo id. A value that is not what its field
        should hold is unknown.
    """
    link = _LINK.fullmatch(_text(values["link"]) or "")
    if link is None:
        return None
    label = _LABELS.get(link["size"])
    return Photo(
        id=PhotoId(f"flickr:{link['id']}"),
        title=_text(values["title"]),
        description=_text(values["description"]),
        tags=_words(values["tags"]),
        machine_tags=_words(values["machine tags"]),
        taken=_taken(values["date taken"]),
        coordinates=_coordinates(values["latitude"], values["longitude"]),
        place=_place(values["country"], values["city"]),
        views=_count(values["views"]),
        sizes=(Size(label=label, url=link[0]),) if label else (),
        scores=_scores(values),
    )


def parse_personal(cells: Mapping[str, str]) -> Personal:
    """Read a record's personal fields.

    Args:
        cells: The JSON text of each column.
    """
    sealed, plain = {}, {}
    for column, name in PERSONAL_COLUMNS.items():
        value = decode(cells[column])
        if isinstance(value, str) and is_token(value):
            sealed[name] = value
        elif value not in (None, ""):
            plain[name] = value if isinstance(value, str) else cells[column]
    return Personal(sealed=sealed, plain=plain)


def _text(value: object) -> str | None:
    return well_formed(value) if isinstance(value, str) else None


def _words(value: object) -> tuple[str, ...]:
    return tuple((_text(value) or "").split())


def _taken(value: object) -> TakenDate | None:
    text = _text(value) or ""
    if _MOMENT.fullmatch(text):
        with suppress(ValueError):
            return TakenDate(local=datetime.fromisoformat(text))
    return None


def _coordinates(latitude: object, longitude: object) -> Coordinates | None:
    with suppress(ValueError):
        point = Coordinates(
            latitude=float(_text(latitude) or ""), longitude=float(_text(longitude) or "")
        )
        # The older scripts wrote "no geotag" as 0, 0, as Flickr does.
        return point if point.latitude or point.longitude else None
    return None


def _place(country: object, city: object) -> Place | None:
    names = [_text(country) or None, _text(city) or None]
    if not any(names):
        return None
    return Place(country=names[0], city=names[1], gazetteer=OLDER_GAZETTEER)


def _count(value: object) -> int | None:
    text = _text(value) or ""
    return int(text) if _COUNT.fullmatch(text) else None


def _scores(values: Mapping[str, object]) -> tuple[Score, ...]:
    scores = (_score(concept, _text(values[column])) for column, concept in CONCEPT_COLUMNS.items())
    return tuple(score for score in scores if score is not None)


def _score(concept: str, text: str | None) -> Score | None:
    with suppress(ValueError):
        value = float(text or "")
        if value == NOT_ANSWERED:
            return Score(concept=concept, model=SCORE_MODEL, below=SCORE_FLOOR)
        # The older scripts wrote 1 into every record before it was scored, and Google Vision
        # itself answers less.
        return None if value == 1 else Score(concept=concept, model=SCORE_MODEL, value=value)
    return None
