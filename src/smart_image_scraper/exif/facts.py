"""Inspect: the facts among a file's tags that people filter photos by."""

import base64
import math
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from smart_image_scraper.exif.tags import Tag, Tags
from smart_image_scraper.photo import Coordinates

_DATE = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
_ORIENTATIONS = range(1, 9)
# What cameras write for "no lens" and "no value".
_EMPTY = frozenset({"", "-", "--", "----", "unknown", "none", "n/a"})
_NO_ISO = 65535
# GPSAltitudeRef of what is below: the one of the sea, the other of the ellipsoid (EXIF 3.0).
_BELOW = frozenset({1, 3})
# No name of a camera, a lens or a program is longer, or holds a path, an address or lines.
_LONGEST_OPEN = 100
_PERSONAL = re.compile(r"[\\@\r\n]|://|(^|\s)~?/[^\s/]+/")
# Exiftool gives ten digits. With as many from every reader, their facts are the same.
_DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where the camera says that it was. Personal.

    Attributes:
        coordinates: 0, 0 is never believed.
        altitude_m: Above the sea, negative below it.
        direction_degrees: Where the camera looked, 0 to 360, clockwise from north.
    """

    coordinates: Coordinates
    altitude_m: float | None = None
    direction_degrees: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExifFacts:
    """The facts that people filter photos by. Unknown, and what cameras write for it, is ``None``.

    Attributes:
        taken: Local time, without a zone.
        utc_offset: How far the camera's clock was ahead of UTC.
        orientation: 1 (upright) to 8 (EXIF 2.32, 4.6.4 A).
        position: Personal; everything else is not.
    """

    make: str | None = None
    model: str | None = None
    lens: str | None = None
    focal_length_mm: float | None = None
    focal_length_35mm: float | None = None
    f_number: float | None = None
    exposure_s: float | None = None
    iso: int | None = None
    taken: datetime | None = None
    utc_offset: timezone | None = None
    orientation: int | None = None
    software: str | None = None
    position: Position | None = None


def facts_of(tags: Tags) -> ExifFacts:
    """Pick the facts out of a file's tags, whichever reader read them."""
    iso = _positive(tags, "ExifIFD:ISO")
    orientation = _number(tags, "IFD0:Orientation")
    return ExifFacts(
        make=_open_text(tags, "IFD0:Make"),
        model=_open_text(tags, "IFD0:Model"),
        lens=_open_text(tags, "ExifIFD:LensModel") or _open_text(tags, "XMP-aux:Lens"),
        focal_length_mm=_positive(tags, "ExifIFD:FocalLength"),
        focal_length_35mm=_positive(tags, "ExifIFD:FocalLengthIn35mmFormat"),
        f_number=_positive(tags, "ExifIFD:FNumber"),
        exposure_s=_positive(tags, "ExifIFD:ExposureTime"),
        iso=int(iso) if iso is not None and 1 <= iso < _NO_ISO else None,
        taken=_taken(tags),
        utc_offset=_utc_offset(tags),
        orientation=int(orientation) if orientation and orientation in _ORIENTATIONS else None,
        software=_open_text(tags, "IFD0:Software"),
        position=_position(tags),
    )


def _value(tags: Tags, full_name: str) -> object:
    group, _, name = full_name.partition(":")
    tag = tags.get(group, {}).get(name, Tag(value=None))
    return tag.value[0] if isinstance(tag.value, list) and tag.value else tag.value


def _text(tags: Tags, full_name: str) -> str | None:
    value = _value(tags, full_name)
    if value is None or isinstance(value, bool | dict | list):
        return None
    text = str(value)
    if text.startswith("base64:"):
        # Text that is no UTF-8: most often an accent from before there was any.
        with suppress(ValueError):  # Or someone really wrote that.
            text = base64.b64decode(text.removeprefix("base64:")).decode("latin-1")
    text = text.partition("\0")[0].strip()
    return None if text.lower() in _EMPTY else text


def _open_text(tags: Tags, full_name: str) -> str | None:
    """Return a text that may be kept in the clear; what may tell of a person is none."""
    text = _text(tags, full_name)
    if text is None or len(text) > _LONGEST_OPEN or _PERSONAL.search(text):
        return None
    return text


def _number(tags: Tags, full_name: str) -> float | None:
    value = _value(tags, full_name)
    # Several values in one text: the first one counts.
    found = _NUMBER.match(str(value))
    if found is None:
        return None
    number = float(found[0])
    return float(f"{number:.{_DIGITS}g}") if math.isfinite(number) else None


def _positive(tags: Tags, full_name: str) -> float | None:
    number = _number(tags, full_name)
    return number if number is not None and number > 0 else None


def _taken(tags: Tags) -> datetime | None:
    text = _text(tags, "ExifIFD:DateTimeOriginal") or ""
    if (found := _DATE.match(text)) is None:
        return None
    year, month, day, hour, minute, second = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 — local by design
    except ValueError:  # Cameras write zeros where they do not know.
        return None


def _utc_offset(tags: Tags) -> timezone | None:
    text = _text(tags, "ExifIFD:OffsetTimeOriginal") or _text(tags, "ExifIFD:OffsetTime")
    if (found := _OFFSET.match(text or "")) is None:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    try:
        return timezone(-offset if found[1] == "-" else offset)
    except ValueError:  # A day or more.
        return None


def _position(tags: Tags) -> Position | None:
    latitude = _signed(tags, "GPSLatitude", negative="S")
    longitude = _signed(tags, "GPSLongitude", negative="W")
    if latitude is None or longitude is None or latitude == longitude == 0:
        return None
    try:
        coordinates = Coordinates(latitude=latitude, longitude=longitude)
    except ValueError:
        return None
    altitude, below = _number(tags, "GPS:GPSAltitude"), _number(tags, "GPS:GPSAltitudeRef")
    direction = _number(tags, "GPS:GPSImgDirection")
    return Position(
        coordinates=coordinates,
        altitude_m=-altitude if altitude is not None and below in _BELOW else altitude,
        direction_degrees=direction if direction is not None and 0 <= direction <= 360 else None,  # noqa: PLR2004 — a full turn
    )


def _signed(tags: Tags, name: str, *, negative: str) -> float | None:
    degrees = _number(tags, f"GPS:{name}")
    if degrees is None:
        return None
    # A seventh decimal is a centimetre.
    degrees = round(abs(degrees), 7)
    side = (_text(tags, f"GPS:{name}Ref") or "").upper()
    is_negative = side.startswith(negative)
    if _has_minus(tags["GPS"][name]):
        # Programs write signs, too, though the standard has the reference for that. One that
        # contradicts the reference says nothing.
        if side and not is_negative:
            return None
        is_negative = True
    return -degrees if is_negative else degrees


def _has_minus(tag: Tag) -> bool:
    # Exiftool's own number has none: what stands in the file does.
    return (tag.rational or (str(tag.value),))[0].startswith("-")
