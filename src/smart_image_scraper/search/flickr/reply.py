"""Search: the body of a Flickr reply, as rows or as a refusal.

XML is asked for, because all its values are text, while those of Flickr's JSON are now text, now
numbers. JSON is read too: Flickr has been seen to answer with it although XML was asked.
https://www.flickr.com/services/api/response.rest.html, …/response.json.html
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as SafeXml  # type: ignore[import-untyped]  # it ships no types

from smart_image_scraper.errors import TransientError
from smart_image_scraper.search.flickr.values import whole_number

_JSON_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:jsonFlickrApi\s*\(\s*)?\{")
_NO_XML_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CHARACTER_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));")
_LAST_CHARACTER = 0x10FFFF

Row = Mapping[str, str]
"""One photo of a reply: its values by Flickr's names, all as text; what is null is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of results.

    Attributes:
        rows: The photos, in Flickr's order.
        pages: How many pages Flickr says there are. Not capped at what it will show.
        per_page: How many rows Flickr puts on a full page.
        total: How many results Flickr says there are: an estimate, which differs from one page
            to the next by several per cent.
    """

    rows: tuple[Row, ...] = ()
    pages: int | None = None
    per_page: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A refusal, which Flickr sends with HTTP status 200.

    Attributes:
        code: Flickr's error code; ``None`` if it gave none.
        words: Flickr's own message.
    """

    code: int | None
    words: str


def read_reply(body: bytes) -> Page | Refusal:
    """Read the body of a reply to a search, be it XML or JSON.

    Characters that XML forbids, and that nobody can see, are dropped.

    Raises:
        TransientError: The body is neither, as the error page of a proxy, or it is cut short.
    """
    return _read_json(body) if _JSON_BEGINS.match(body) else _read_xml(body)


def _unreadable(body: bytes) -> TransientError:
    # The body is not quoted: a proxy's error page may repeat the address, and the key is in it.
    return TransientError(
        f"Flickr's answer ({len(body)} bytes) is not one of its replies: "
        "it was cut short, or another server answered in its place; try again later"
    )


def _read_xml(body: bytes) -> Page | Refusal:
    root = _parse_xml(body)
    if root.tag == "rsp" and root.get("stat") == "fail":
        error = root.find("err")
        told = {} if error is None else error.attrib
        return Refusal(code=whole_number(told.get("code")), words=told.get("msg", ""))
    photos = root.find("photos")
    if root.tag != "rsp" or root.get("stat") != "ok" or photos is None:
        raise _unreadable(body)
    return _page(photos.attrib, rows=tuple(_xml_row(photo) for photo in photos.iterfind("photo")))


def _parse_xml(body: bytes) -> Element:
    # People's titles hold control characters, which Flickr passes on and no XML parser accepts.
    for content in (body, _without_forbidden(body.decode("utf-8", errors="replace"))):
        try:
            root: Element = SafeXml.fromstring(content)
        except (ParseError, ValueError, LookupError) as error:
            # ValueError: a forbidden declaration or encoding; LookupError: an unknown encoding.
            unreadable = error
        else:
            return root
    raise _unreadable(body) from unreadable


def _without_forbidden(text: str) -> str:
    def keep(reference: re.Match[str]) -> str:
        hexadecimal, decimal = reference.groups()
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        allowed = code <= _LAST_CHARACTER and not _NO_XML_CHARACTER.match(chr(code))
        return reference[0] if allowed else ""

    return _CHARACTER_REFERENCE.sub(keep, _NO_XML_CHARACTER.sub("", text))


def _xml_row(photo: Element) -> Row:
    # The description is an element within the photo; everything else is an attribute.
    return {**{part.tag: part.text or "" for part in photo}, **photo.attrib}


def _read_json(body: bytes) -> Page | Refusal:
    text = body.decode("utf-8-sig", errors="replace")
    try:
        reply, end = json.JSONDecoder().raw_decode(text, text.index("{"))
    except (ValueError, RecursionError) as error:
        raise _unreadable(body) from error
    # What may follow: the end of a call to jsonFlickrApi, and the comma that was seen after an
    # error sent in place of XML.
    if text[end:].strip(" \t\r\n,);"):
        raise _unreadable(body)
    if reply.get("stat") == "fail":
        code = whole_number(_as_text(reply.get("code")))
        return Refusal(code=code, words=_as_text(reply.get("message")) or "")
    photos = reply.get("photos")
    rows = photos.get("photo", []) if isinstance(photos, dict) else None
    if reply.get("stat") != "ok" or not isinstance(rows, list):
        raise _unreadable(body)
    return _page(_json_row(photos), rows=tuple(_json_row(row) for row in rows))


def _json_row(values: object) -> Row:
    if not isinstance(values, dict):
        return {}
    texts = {name: _as_text(value) for name, value in values.items()}
    return {name: text for name, text in texts.items() if text is not None}


def _as_text(value: Any) -> str | None:  # noqa: ANN401 — any JSON value can come
    # Flickr's JSON wraps what its XML has as an element, such as the description.
    if isinstance(value, dict):
        value = value.get("_content")
    match value:
        case str():
            return _NO_XML_CHARACTER.sub("", value)
        case bool() | int():
            return str(int(value))
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case _:
            return None


def _page(told: Row, *, rows: tuple[Row, ...]) -> Page:
    return Page(
        rows=rows,
        pages=whole_number(told.get("pages")),
        per_page=whole_number(told.get("perpage"), least=1),
        total=whole_number(told.get("total")),
    )
