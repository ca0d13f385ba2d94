"""Export: what people wrote of a photo, without positions on the Earth."""

import math
import re
from collections.abc import Iterable

from smart_image_scraper.export.letters import without_form
from smart_image_scraper.export.texts import LEFT_OUT
from smart_image_scraper.photo import Coordinates

_PART = r"\d{1,2}(?:[.,]\d+)?"
_DEGREE = r"(?:[°º˚]|(?i:deg(?:rees?)?\b\.?))"
_MINUTE = r"(?:['\u2032\u2019\u00b4]|(?i:m(?:in(?:utes?)?)?\b\.?))"
_SECOND = r"(?:[\"\u2033\u201d'\u2032\u2019\u00b4]+|(?i:s(?:ec(?:onds?)?)?\b\.?))"
_SIDE = r"(?:\s*[NSEWO]\b)?"
_NUMBER = r"[-+]?\d{1,3}[.,]\d{3,}"
_FORMS = (
    # 5°50'21.8"N, 5° 50' N, 5 deg 50' 21.8" N, 5°50.364
    rf"\d{{1,3}}\s*{_DEGREE}\s*{_PART}\s*{_MINUTE}(?:\s*{_PART}\s*{_SECOND})?{_SIDE}",
    rf"\d{{1,3}}\s*{_DEGREE}\s*\d{{1,2}}[.,]\d+{_SIDE}",
    # 5d50m21.8s
    r"\d{1,3}d\s?\d{1,2}m\s?\d{1,2}(?:[.,]\d+)?s?\b",
    # 5 50 21.8 N, 5 50.364 N, N 5:50:21
    r"\b\d{1,3}[ :]\d{1,2}(?:[ :]\d{1,2}(?:[.,]\d+)?|[.,]\d+)\s?[NSEW]\b",
    r"\b[NSEW]\s?\d{1,3}(?:[ :]\d{1,2}){2}(?:[.,]\d+)?\b",
    r"(?:\b[NSEW]\s*)?\d{1,3}[.,]\d{2,}\s*[°º˚]?\s*[NSEW]\b",
    r"\b[NSEW]\s*\d{1,3}(?:[.,]\d{2,}|\s+\d{1,2}[.,]\d+)\b",
    r"\d{1,3}[.,]\d{2,}\s*[°º˚]",
    rf"{_NUMBER}\s*[,;/|x ]\s*{_NUMBER}",
    r"(?i:\b(?:lat|lon|lng)\w*)\s*[:=]?\s*[-+]?\d{1,3}(?:[.,]\d+|(?:[ :]\d{1,2}){2}(?:[.,]\d+)?)",
    # UTM, Open Location Code, MGRS, what3words.
    r"\b\d{1,2}[C-HJ-NP-X],?\s+E?\s?\d{5,7}\s?m?E?,?\s+N?\s?\d{6,8}\b",
    r"\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b",
    r"\b\d{1,2}[C-HJ-NP-X]\s?[A-HJ-NP-Z]{2}\s?\d{2,5}\s?\d{2,5}\b",
    r"///\w+\.\w+\.\w+",
)
_FORM = re.compile("|".join(_FORMS))
_SIGN = re.compile(r"\d|\+|///")
_MAY_BE_POSITION = re.compile(
    r"[°º˚+%\u00ad\u200b-\u200f\u2060\ufeff]|&(?!amp;)|///|\d[.,\uff0c\uff0e]\d\d|\d\s?[dC-X]|"
    r"[NSEW]\s?\d|(?i:\d\s?deg|\bl(?:at|on|ng)\w*\s*[:=]?\s*[-+]?\d)"
)
"""What each of the forms has. Most texts have no sign of one, and few with a digit have this."""
_DECIMAL = re.compile(r"\d{1,3}[.,]\d{2,}")
_DIGITS = re.compile(r"\d{4,}")


def without_positions(text: str, point: Coordinates | None) -> str:
    """Return a text without positions on the Earth.

    Args:
        text: Written by anyone.
        point: Where the photo was taken: numbers that are its latitude or longitude, however
            rounded, go even where they stand alone.
    """
    if not (_SIGN.search(text) and _MAY_BE_POSITION.search(text)):
        return text
    return without_form(text, lambda plain: _without_form(plain, point))


def tells_position(tag: str, point: Coordinates | None) -> bool:
    """Tell whether a tag is a position.

    Sites strip tags of all but letters and digits: 5.8394 is the tag 58394.

    Args:
        tag: As anyone typed it, or as its site writes it.
        point: Where the photo was taken.
    """
    if not _SIGN.search(tag):
        return False
    if without_positions(tag, point) != tag:
        return True
    runs = _DIGITS.findall(tag)
    if not runs or point is None:
        return False
    own = [_digits(abs(degrees)) for degrees in (point.latitude, point.longitude)]
    return any(run.startswith(digits) for run in runs for digits in own)


def _without_form(text: str, point: Coordinates | None) -> str:
    text = _FORM.sub(LEFT_OUT, text)
    if point is None:
        return text
    own = (abs(point.latitude), abs(point.longitude))
    return _DECIMAL.sub(lambda found: LEFT_OUT if _tells(found[0], own) else found[0], text)


def _tells(number: str, own: Iterable[float]) -> bool:
    text = number.replace(",", ".")
    decimals = len(text.partition(".")[2])
    return any(abs(float(text) - value) <= 10.0**-decimals for value in own)


def _digits(degrees: float) -> str:
    """Return the digits of a number of degrees, with three decimals, which tell a street."""
    return f"{math.floor(degrees * 1_000) / 1_000:.3f}".replace(".", "")
