"""Search: the body of a Flickr reply, as a tree of elements or as a refusal.

XML is asked for, because all its values are text, while those of Flickr's JSON are now text, now
numbers. JSON is read too, into the same tree: Flickr has been seen to answer with it although XML
was asked. https://www.flickr.com/services/api/response.rest.html, …/response.json.html
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement

import defusedxml.ElementTree as SafeXml  # type: ignore[import-untyped]  # it ships no types

from smart_image_scraper.errors import TransientError
from smart_image_scraper.search.flickr.values import whole_number

_JSON_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:jsonFlickrApi\s*\(\s*)?\{")
_NO_XML_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CHARACTER_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));")
_LAST_CHARACTER = 0x10FFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A refusal, which Flickr sends with HTTP status 200.

    Attributes:
        code: Flickr's error code; ``None`` if it gave none.
        words: Flickr's own message.
    """

    code: int | None
    words: str


def read_reply(body: bytes) -> Element | Refusal:
    """Read the body of a reply to any method, be it XML or JSON.

    Characters that XML forbids, and that nobody can see, are dropped.

    Returns:
        The element ``rsp`` with what was asked for in it. JSON becomes the element that Flickr's
        XML would have been, all values text; what is null is not there.

    Raises:
        TransientError: The body is neither, as the error page of a proxy, or it is cut short.
    """
    root = _read_json(body) if _JSON_BEGINS.match(body) else _read_xml(body)
    status = root.get("stat") if root.tag == "rsp" else None
    if status == "fail":
        return _refusal(root)
    if status != "ok":
        raise _unreadable(body)
    return root


def part(root: Element, name: str) -> Element:
    """Return the part of a reply that holds what was asked for.

    Raises:
        TransientError: It is not there.
    """
    found = root.find(name)
    if found is None:
        raise without(name)
    return found


def without(name: str) -> TransientError:
    """Return the error of a reply that does not hold what was asked for."""
    return TransientError(
        f"Flickr's answer has no <{name}>, for which it was asked: another server answered in its "
        "place, or Flickr has changed; try again later"
    )


def _unreadable(body: bytes) -> TransientError:
    # The body is not quoted: a proxy's error page may repeat the address, and the key is in it.
    return TransientError(
        f"Flickr's answer ({len(body)} bytes) is not one of its replies: "
        "it was cut short, or another server answered in its place; try again later"
    )


def _refusal(root: Element) -> Refusal:
    error = root.find("err")
    if error is not None:
        return Refusal(code=whole_number(error.get("code")), words=error.get("msg", ""))
    # As JSON has it.
    words = root.get("message") or root.findtext("message") or ""
    return Refusal(code=whole_number(root.get("code")), words=words)


def _read_xml(body: bytes) -> Element:
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


def _read_json(body: bytes) -> Element:
    text = body.decode("utf-8-sig", errors="replace")
    root = Element("rsp")
    try:
        reply, end = json.JSONDecoder().raw_decode(text, text.index("{"))
        _fill(root, reply)
    except (ValueError, RecursionError) as error:
        raise _unreadable(body) from error
    # What may follow: the end of a call to jsonFlickrApi, and the comma that was seen after an
    # error sent in place of XML.
    if text[end:].strip(" \t\r\n,);"):
        raise _unreadable(body)
    return root


def _fill(element: Element, value: object) -> None:
    """Put a JSON value into an element, as Flickr's XML has it there."""
    if not isinstance(value, dict):
        element.text = _as_text(value)
        return
    for name, item in value.items():
        if name == "_content":
            element.text = _as_text(item)
        elif isinstance(item, dict | list):
            for each in item if isinstance(item, list) else [item]:
                _fill(SubElement(element, name), each)
        elif (text := _as_text(item)) is not None:
            element.set(name, text)


def _as_text(value: Any) -> str | None:  # noqa: ANN401 — any JSON value can come
    match value:
        case str():
            return _NO_XML_CHARACTER.sub("", value)
        case bool() | int():
            return str(int(value))
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case _:
            return None
