"""Export: what people wrote, however its letters are encoded, and where something stands in it."""

import html
import re
from collections.abc import Callable, Iterator
from unicodedata import category, normalize
from urllib.parse import unquote

_IN_ADDRESSES = "(?:%[0-9a-f]{2})+"
_IN_HTML = r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]\w{1,30});"
_PIECE = re.compile(f"{_IN_ADDRESSES}|{_IN_HTML}|.", re.IGNORECASE | re.DOTALL)
_ESCAPE = re.compile(f"{_IN_ADDRESSES}|{_IN_HTML}", re.IGNORECASE)
# Sites write &amp; for every &, which is in no form.
_MAY_BE_READ_OTHERWISE = re.compile(
    f"(?!&amp;){_IN_HTML}|[\u00ad\u200b-\u200f\u2060\ufeff\uff01-\uff5e]", re.IGNORECASE
)
# Soft hyphens, what joins or parts letters unseen, and what turns their direction.
_UNSEEN = dict.fromkeys(
    (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
)
_AS_READ = {**_UNSEEN, **{0xFF00 + number: 0x20 + number for number in range(1, 0x5F)}}
# Letters that have no form without their mark in Unicode, and other forms of the apostrophe.
_PLAIN: dict[int, str | None] = {
    **{ord(letter): plain for letter, plain in zip("\u0131øłđð", "ioldd", strict=True)},
    **{ord(letter): plain for letter, plain in (("þ", "th"), ("æ", "ae"), ("œ", "oe"))},
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u00b4`"), "'"),
    **dict.fromkeys(range(0x300, 0x370)),
    **_UNSEEN,
}


def with_sign_for_signs(text: str, sign: str, *, besides: str = "") -> str:
    """Return a text with one sign in place of every letter that words do not have.

    Words have letters, digits, the line below, and the marks that many scripts put on letters.

    Args:
        text: Written by anyone.
        sign: What to write instead.
        besides: What stays as well.
    """
    told: list[str] = []
    for letter in text:
        is_mark = category(letter).startswith("M") and told and told[-1] != sign
        is_told = is_mark or letter == "_" or letter.isalnum() or letter in besides
        told.append(letter if is_told else sign)
    return "".join(told)


def without_form(text: str, take_out: Callable[[str], str]) -> str:
    """Return a text without what is to be taken out, however its letters are encoded.

    A text in which there is nothing more than is seen stays encoded as it is.

    Args:
        text: Written by anyone.
        take_out: Returns a text without what it finds.
    """
    told = take_out(text)
    if not (text.isascii() and "&" not in text) and _MAY_BE_READ_OTHERWISE.search(text):
        # What joins letters that nothing was between may hide a form, too: the least is told.
        more = min(take_out(_as_read(text)), take_out(_as_read(told)), key=len)
        told = told if more == _as_read(told) else more
    if "%" in told:
        # Not before: an address ends at a space.
        plain = unquote(told)
        more = take_out(plain)
        told = told if more == plain else more
    return told


def folded(text: str) -> str:
    """Return a text's letters alone, as it is read: no case, no marks above letters."""
    if "%" in text or "&" in text:
        text = _ESCAPE.sub(lambda found: html.unescape(unquote(found[0])), text)
    return _folded(text)


def spans_of(form: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield where a form stands in a text, if that is folded."""
    letters: list[str] = []
    starts: list[int] = []
    for piece in _PIECE.finditer(text):
        of_piece = folded(piece[0])
        letters.append(of_piece)
        starts += [piece.start()] * len(of_piece)
    # Marks that follow a letter belong to it.
    starts.append(len(text))
    for found in form.finditer("".join(letters)):
        yield starts[found.start()], starts[found.end()]


def _as_read(text: str) -> str:
    plain = _ESCAPE.sub(lambda found: html.unescape(found[0]), text)
    return plain.translate(_AS_READ)


def _folded(text: str) -> str:
    text = text.casefold()
    return text if text.isascii() else normalize("NFKD", text).translate(_PLAIN)
