"""Search: the HTML in which Wikimedia Commons tells of a file, as plain text.

Authors, dates and descriptions are what templates made of wikitext: links, boxes, dates for
programs that are not shown (https://commons.wikimedia.org/wiki/Commons:Machine-readable_data).
"""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

_EMPTY = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_NEW_LINE = frozenset({"br", "div", "dd", "dl", "dt", "hr", "li", "ol", "p", "table", "tr", "ul"})
_UNSEEN = frozenset({"script", "style"})
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# Boxes such as "This file is lacking author information", and "English:" before a description.
_NOT_SAID = frozenset({"boilerplate", "language"})
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n\s*")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[str] = []
        self._unsaid: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _NEW_LINE:
            self.parts.append("\n")
        if tag == "a" and not self._unsaid:
            self.links.append(given.get("href") or "")
        if tag in _EMPTY:
            return
        if self._unsaid or _is_unsaid(tag, given):
            self._unsaid.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _NEW_LINE:
            self.parts.append("\n")
        if tag in self._unsaid:
            while self._unsaid.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._unsaid:
            # Line breaks within HTML are spaces.
            self.parts.append(data.replace("\n", " "))


def _is_unsaid(tag: str, given: Mapping[str, str | None]) -> bool:
    classes = (given.get("class") or "").split()
    return (
        tag in _UNSEEN
        or _HIDDEN.search(given.get("style") or "") is not None
        or not _NOT_SAID.isdisjoint(classes)
    )


def plain_text(value: Any) -> str | None:  # noqa: ANN401 — whatever JSON can hold
    """Return what a reader sees of a value; ``None`` if that is nothing.

    Args:
        value: HTML, or HTML by language, of which English is taken, or else the first.
    """
    reader = _read(_in_one_language(value))
    text = _LINES.sub("\n", _SPACES.sub(" ", "".join(reader.parts))).strip()
    return text or None


def links_in(value: Any) -> tuple[str, ...]:  # noqa: ANN401 — whatever JSON can hold
    """Return the addresses that a value links to, in their order."""
    return tuple(_read(_in_one_language(value)).links)


def _read(markup: str) -> _Reader:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader


def _in_one_language(value: Any) -> str:  # noqa: ANN401 — whatever JSON can hold
    if isinstance(value, dict):
        texts = {name: text for name, text in value.items() if not name.startswith("_")}
        value = texts.get("en") or next(iter(texts.values()), "")
    return "" if value is None else str(value)
