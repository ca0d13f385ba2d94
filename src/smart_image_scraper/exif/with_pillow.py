"""Inspect: metadata without exiftool: the same facts, and of the rest what Pillow can read."""

import base64
import contextlib
import math
import re
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from PIL import ExifTags, Image, IptcImagePlugin
from PIL.TiffImagePlugin import IFDRational

from smart_image_scraper.damage import PILLOW_ERRORS
from smart_image_scraper.exif.tags import Json, Tag
from smart_image_scraper.images import opened

_IFDS = {"ExifIFD": 0x8769, "GPS": 0x8825, "InteropIFD": 0xA005, "IFD1": ExifTags.IFD.IFD1}
# Names of the exif standard that exiftool calls otherwise.
_NAMES = {
    0x0132: "ModifyDate",
    0x8827: "ISO",
    0x9004: "CreateDate",
    0xA405: "FocalLengthIn35mmFormat",
}
# Blocks that are read apart: XMP, IPTC, Photoshop, ICC.
_LEFT_OUT = frozenset({0x02BC, 0x83BB, 0x8649, 0x8773})
# Longer ones are previews that a maker put into its notes, and other films of its own.
_MAX_BYTES = 32_768
_NUMBERS = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_DEGREES = frozenset({"GPSLatitude", "GPSLongitude", "GPSDestLatitude", "GPSDestLongitude"})
_IPTC_NAMES = {
    (2, 5): "ObjectName",
    (2, 25): "Keywords",
    (2, 80): "By-line",
    (2, 90): "City",
    (2, 95): "Province-State",
    (2, 101): "Country-PrimaryLocationName",
    (2, 110): "Credit",
    (2, 116): "CopyrightNotice",
    (2, 120): "Caption-Abstract",
}

Groups = dict[str, dict[str, Tag]]
_Read = Callable[[Image.Image], Iterator[tuple[str, str, Tag]]]


def read_with_pillow(content: bytes) -> tuple[Groups, tuple[str, ...]]:
    """Read what Pillow can of a file's metadata: EXIF, XMP, IPTC, comments.

    It is for one thread at a time, since it catches Python's warnings.

    Returns:
        The tags, and a sentence for each part that is damaged.
    """
    groups: Groups = {}
    problems = list[str]()
    with _warnings() as warned:
        for part, read in _PARTS.items():
            try:
                _add(read, content, groups=groups)
            except PILLOW_ERRORS as error:
                problems.append(f"{part} is damaged: {error or type(error).__name__}")
    problems += sorted({str(warning.message) for warning in warned})
    return groups, tuple(problems)


_ONE_AT_A_TIME = threading.Lock()


@contextlib.contextmanager
def _warnings() -> Iterator[list[warnings.WarningMessage]]:
    """Catch what Pillow leaves out and warns of."""
    # The list of warnings is one for all threads of the process.
    with _ONE_AT_A_TIME, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        yield warned


def _add(read: _Read, content: bytes, *, groups: Groups) -> None:
    with opened(content) as image:
        for group, name, tag in read(image):
            groups.setdefault(group, {})[name] = tag


def exif_by_number(content: bytes) -> Mapping[tuple[str, int], tuple[str, Tag]]:
    """Return names and tags of a file's EXIF by group and number, as far as they are readable."""
    found: dict[tuple[str, int], tuple[str, Tag]] = {}
    # What is damaged is missing: this only completes what exiftool reads.
    with _warnings(), contextlib.suppress(*PILLOW_ERRORS), opened(content) as image:
        for group, number, name, tag in _numbered(image):
            found[group, number] = (name, tag)
    return found


def _loaded(image: Image.Image) -> Image.Exif:
    """Return a file's EXIF, without what Pillow puts in from elsewhere, and damage raised."""
    if image.format in {"TIFF", "PNG"} and "exif" not in image.info:
        # A TIFF is made of EXIF; a PNG may have it as a text, as ImageMagick wrote it.
        return image.getexif()
    # ``getexif`` takes an orientation from XMP, and the damage that it met when the file was
    # opened for nothing.
    exif = Image.Exif()
    exif.load(image.info.get("exif", b""))
    return exif


def _values(image: Image.Image) -> Iterator[tuple[str, int, Any]]:
    exif = _loaded(image)
    for number, value in exif.items():
        if number not in _LEFT_OUT:
            yield "IFD0", number, value
    for group, pointer in _IFDS.items():
        yield from ((group, number, value) for number, value in exif.get_ifd(pointer).items())


def _numbered(image: Image.Image) -> Iterator[tuple[str, int, str, Tag]]:
    for group, number, value in _values(image):
        if isinstance(value, bytes) and len(value) > _MAX_BYTES:
            continue
        names = ExifTags.GPSTAGS if group == "GPS" else ExifTags.TAGS
        name = _NAMES.get(number) or names.get(number) or f"Tag0x{number:04x}"
        known = _degrees(value) if group == "GPS" and name in _DEGREES else _json(value)
        yield group, number, name, Tag(value=known, rational=_fractions(value))


def _exif(image: Image.Image) -> Iterator[tuple[str, str, Tag]]:
    yield from ((group, name, tag) for group, _, name, tag in _numbered(image))


def _xmp(image: Image.Image) -> Iterator[tuple[str, str, Tag]]:
    raw = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    if raw:
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
        yield "XMP", "XMP", Tag(value=text)
    for description in _descriptions(image.getxmp()):
        if isinstance(lens := description.get("Lens"), str):
            yield "XMP-aux", "Lens", Tag(value=lens)


def _descriptions(xmp: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rdf = xmp.get("xmpmeta", xmp).get("RDF") or {}
    found = rdf.get("Description", [])
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]


def _iptc(image: Image.Image) -> Iterator[tuple[str, str, Tag]]:
    for key, value in (IptcImagePlugin.getiptcinfo(image) or {}).items():  # type: ignore[arg-type]  # it takes any image
        name = _IPTC_NAMES.get(key, f"Record{key[0]}-{key[1]}")
        yield "IPTC", name, Tag(value=_json(value))


def _comment(image: Image.Image) -> Iterator[tuple[str, str, Tag]]:
    if comment := image.info.get("comment"):
        yield "File", "Comment", Tag(value=_json(comment))
    for name, text in getattr(image, "text", {}).items():
        yield "PNG", name, Tag(value=str(text))


_PARTS: dict[str, _Read] = {
    "EXIF": _exif,
    "XMP": _xmp,
    "IPTC": _iptc,
    "a comment": _comment,
}


def _fractions(value: object) -> tuple[str, ...] | None:
    parts = value if isinstance(value, tuple) else (value,)
    if not parts or not all(isinstance(part, IFDRational) for part in parts):
        return None
    return tuple(f"{part.numerator}/{part.denominator}" for part in parts)


def _degrees(value: object) -> Json:
    """Return degrees, minutes and seconds as one number; some programs leave the last ones out."""
    if isinstance(value, bytes):
        return _json(value)
    parts = value if isinstance(value, tuple) else (value,)
    if isinstance(value, str):
        # Some write a text, as "33,30.5S", which the standard does not have.
        parts = tuple(map(float, _NUMBERS.findall(value)[:3]))
    parts = parts or (math.nan,)
    degrees = sum(abs(float(part)) / 60**power for power, part in enumerate(parts))
    return _json(math.copysign(degrees, parts[0]))


def _json(value: object) -> Json:
    if isinstance(value, bytes):
        # A single byte is a number, such as GPSAltitudeRef.
        return value[0] if len(value) == 1 else _text_or_base64(value)
    if isinstance(value, str):
        # Pillow takes all EXIF text for Latin-1.
        return _text_or_base64(value.encode("latin-1", "replace")) if value else ""
    if isinstance(value, float | IFDRational):
        # A fraction of nothing: JSON has no word for it.
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, tuple | list):
        return [_json(part) for part in value]
    if isinstance(value, bool | int):
        return value
    return str(value)


def _text_or_base64(value: bytes) -> str:
    try:
        text = value.rstrip(b"\0").decode()
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(value).decode()
    return text if text.isprintable() else "base64:" + base64.b64encode(value).decode()
