"""Demo: elements of a reply, written as Flickr's XML or as the JSON that it makes of that.

JSON replies hold an attribute as a value, a text as ``{"_content": …}`` and what can occur several
times as a list. Numbers and texts are mixed in them, and who has no alias has a null: the recorded
ones show it.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_MARKUP = re.compile("""[&<>"']""")

Value = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """An element with attributes, and a text or elements in it.

    Attributes:
        name: The tag's.
        attributes: In their order. JSON keeps the type, XML has texts alone.
        text: ``None`` for an element that holds elements or nothing.
        children: Elements, each of another name unless ``listed``.
        listed: The name of those children that JSON shows as a list, even of one or none.
    """

    name: str
    attributes: Mapping[str, Value] = field(default_factory=dict)
    text: str | None = None
    children: Sequence["Element"] = ()
    listed: str = ""


def xml_of(element: Element, *, depth: int = 0) -> str:
    """Write an element and all in it, a line each, indented by tabs."""
    indent = "\t" * depth
    tag = f"{element.name}{xml_attributes(element.attributes)}"
    if element.text:
        return f"{indent}<{tag}>{escaped(element.text)}</{element.name}>\n"
    if not element.children:
        return f"{indent}<{tag} />\n"
    inner = "".join(xml_of(child, depth=depth + 1) for child in element.children)
    return f"{indent}<{tag}>\n{inner}{indent}</{element.name}>\n"


def json_of(element: Element) -> dict[str, Any]:
    """Return what JSON shows of an element, without its name."""
    content: dict[str, Any] = dict(element.attributes)
    if content.get("path_alias") == "":
        content["path_alias"] = None
    if element.text is not None:
        content["_content"] = element.text
    if element.listed:
        content[element.listed] = [
            json_of(child) for child in element.children if child.name == element.listed
        ]
    single = (child for child in element.children if child.name != element.listed)
    return content | {child.name: json_of(child) for child in single}


def xml_attributes(values: Mapping[str, Value]) -> str:
    """Write attributes, each with a space before it."""
    return "".join(
        [
            f' {name}="{value if value.__class__ is int else _xml_value(value)}"'
            for name, value in values.items()
        ]
    )


def escaped(text: str) -> str:
    """Write a text with the references that Flickr uses."""
    if not _MARKUP.search(text):
        return text
    return html.escape(text).replace("&#x27;", "&#039;")


def degrees_text(value: float) -> str:
    """Write degrees with up to six digits after the point."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _xml_value(value: Value) -> str:
    if isinstance(value, str):
        return escaped(value)
    return degrees_text(value) if isinstance(value, float) else str(value)
