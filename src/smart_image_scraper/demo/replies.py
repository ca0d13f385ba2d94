"""Demo: replies in Flickr's XML and JSON, with the attributes and types of recorded ones."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smart_image_scraper.demo.markup import (
    Element,
    Value,
    degrees_text,
    escaped,
    json_of,
    xml_attributes,
    xml_of,
)
from smart_image_scraper.demo.paging import Page
from smart_image_scraper.demo.record import ORIGINAL, SIZE_KINDS, MadePhoto

# JSON replies mix texts and numbers; these attributes are numbers in them.
_JSON_NUMBERS = frozenset(
    {
        *("farm", "ispublic", "isfriend", "isfamily", "context", "iconfarm"),
        *("geo_is_public", "geo_is_contact", "geo_is_friend", "geo_is_family"),
        *("height_sq", "width_sq", "height_n", "height_c", "height_h", "width_h"),
    }
)
_JSON_FLOATS = frozenset({"latitude", "longitude"})

Writer = Callable[[MadePhoto], dict[str, Value]]
"""Tells what an extra adds to a photo's attributes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer with ``stat="fail"``; its HTTP status is 200 all the same.

    Attributes:
        code: As documented, or 0 and 201, which only experience knows.
        message: For a person.
    """

    code: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """How a request wants its reply.

    Attributes:
        json: Rather than XML.
        callback: Whether JSON is wrapped into ``jsonFlickrApi(…)``.
    """

    json: bool = False
    callback: bool = False

    @property
    def content_type(self) -> str:
        """The reply's media type."""
        if not self.json:
            return "text/xml"
        return "text/javascript" if self.callback else "application/json"


def wire_of(arguments: Mapping[str, str]) -> Wire:
    """Return how a call wants its reply."""
    return Wire(
        json=arguments.get("format") == "json",
        callback=arguments.get("nojsoncallback", "0") in {"", "0"},
    )


def search_reply(page: Page, *, wire: Wire, extras: Collection[str], address: str) -> str:
    """Write the reply to a search.

    Args:
        page: What to write.
        wire: XML or JSON.
        extras: Which extra attributes were asked for.
        address: Host and port for the photos' addresses.
    """
    writers = [write for extra, write in _EXTRAS.items() if extra in extras]
    sizes = {
        kind.extra: (f"url_{kind.extra}", f"height_{kind.extra}", f"width_{kind.extra}")
        for kind in SIZE_KINDS
        if f"url_{kind.extra}" in extras
    }
    rows = [_row(photo, writers, sizes=sizes, address=address) for photo in page.photos]
    texts = [photo.description if "description" in extras else None for photo in page.photos]
    head = {"page": page.number, "pages": page.pages, "perpage": page.per_page}
    if wire.json:
        photos = [_json_row(row, text) for row, text in zip(rows, texts, strict=True)]
        body = {"photos": {**head, "total": str(page.total), "photo": photos}, "stat": "ok"}
        return _json_text(body, wire)
    inner = "".join(_xml_row(row, text) for row, text in zip(rows, texts, strict=True))
    tag = f"photos{xml_attributes({**head, 'total': page.total})}"
    return _xml_text("ok", f"<{tag}>\n{inner}</photos>" if rows else f"<{tag} />")


def element_reply(element: Element, *, wire: Wire) -> str:
    """Write the reply that is one element."""
    if wire.json:
        return _json_text({element.name: json_of(element), "stat": "ok"}, wire)
    return _xml_text("ok", xml_of(element).rstrip())


def list_reply(elements: Sequence[Element], *, name: str, wire: Wire) -> str:
    """Write the reply that is several elements of one name, without one around them."""
    if wire.json:
        return _json_text({name: [json_of(element) for element in elements], "stat": "ok"}, wire)
    return _xml_text("ok", "".join(xml_of(element) for element in elements).rstrip())


def refusal_reply(refusal: Refusal, *, wire: Wire) -> str:
    """Write the reply that refuses."""
    if wire.json:
        body = {"stat": "fail", "code": refusal.code, "message": refusal.message}
        return _json_text(body, wire)
    attributes = xml_attributes({"code": refusal.code, "msg": refusal.message})
    return _xml_text("fail", f"\t<err{attributes} />")


def _row(
    photo: MadePhoto,
    writers: Sequence[Writer],
    *,
    sizes: Mapping[str, tuple[str, str, str]],
    address: str,
) -> dict[str, Value]:
    row: dict[str, Value] = {
        "id": photo.id,
        "owner": photo.owner.nsid,
        "secret": photo.secret(),
        "server": photo.server,
        "farm": 66,
        "title": photo.title,
        "ispublic": 1,
        "isfriend": 0,
        "isfamily": 0,
    }
    for write in writers:
        row.update(write(photo))
    for kind, path, width, height in photo.sizes() if sizes else ():
        if names := sizes.get(kind.extra):
            url_name, height_name, width_name = names
            row[url_name] = f"http://{address}{path}"
            row[height_name] = height
            row[width_name] = width
    return row


def _taken(photo: MadePhoto) -> dict[str, Value]:
    return {
        "datetaken": photo.taken,
        "datetakengranularity": photo.granularity,
        "datetakenunknown": int(photo.taken_unknown),
    }


def _original(photo: MadePhoto) -> dict[str, Value]:
    if not photo.original_offered:
        return {}
    return {
        "originalsecret": photo.secret(ORIGINAL),
        "originalformat": photo.original_format,
    }


def _real_name(photo: MadePhoto) -> dict[str, Value]:
    return {"realname": photo.owner.real_name} if photo.owner.real_name else {}


def _dimensions(photo: MadePhoto) -> dict[str, Value]:
    return {"o_width": photo.width, "o_height": photo.height} if photo.original_offered else {}


def _geo_attributes(photo: MadePhoto) -> dict[str, Value]:
    attributes: dict[str, Value] = {
        "latitude": degrees_text(photo.latitude),
        "longitude": degrees_text(photo.longitude),
        "accuracy": photo.accuracy,
        "context": photo.context,
    }
    if not photo.is_geotagged:
        return attributes
    return attributes | {
        "place_id": "",
        "woeid": photo.woe_id,
        "geo_is_public": 1,
        "geo_is_contact": 0,
        "geo_is_friend": 0,
        "geo_is_family": 0,
    }


_EXTRAS: Mapping[str, Writer] = {
    "license": lambda photo: {"license": photo.license},
    "safety_level": lambda photo: {"safety_level": photo.safety},
    "content_type": lambda photo: {"content_type": photo.content_type},
    "date_upload": lambda photo: {"dateupload": photo.uploaded},
    "last_update": lambda photo: {"lastupdate": photo.changed},
    "date_taken": _taken,
    "owner_name": lambda photo: {"ownername": photo.owner.name},
    "icon_server": lambda _: {"iconserver": "65535", "iconfarm": 66},
    "realname": _real_name,
    "views": lambda photo: {"views": photo.views},
    "count_views": lambda photo: {"count_views": photo.views},
    "count_comments": lambda photo: {"count_comments": photo.comments},
    "count_faves": lambda photo: {"count_faves": photo.favorites},
    "tags": lambda photo: {"tags": " ".join(photo.tags)},
    "machine_tags": lambda photo: {"machine_tags": " ".join(photo.machine_tags)},
    "original_format": _original,
    "o_dims": _dimensions,
    "geo": _geo_attributes,
    "media": lambda photo: {"media": photo.media, "media_status": "ready"},
    "path_alias": lambda photo: {"pathalias": photo.owner.alias},
}


def _xml_text(stat: str, inner: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="{stat}">\n{inner}\n</rsp>\n'


def _xml_row(row: Mapping[str, Value], description: str | None) -> str:
    inner = ""
    if description is not None:
        text = escaped(description)
        inner = f"\t\t<description>{text}</description>\n" if text else "\t\t<description />\n"
    if not inner:
        return f"\t<photo{xml_attributes(row)} />\n"
    return f"\t<photo{xml_attributes(row)}>\n{inner}\t</photo>\n"


def _json_row(row: Mapping[str, Value], description: str | None) -> dict[str, Any]:
    typed = {name: _json_value(name, value) for name, value in row.items()}
    if description is not None:
        typed["description"] = {"_content": description}
    return typed


def _json_value(name: str, value: Any) -> Any:  # noqa: ANN401 — any JSON scalar
    if name == "pathalias":
        return value or None
    if name in _JSON_FLOATS:
        return float(value) or 0
    return int(value) if name in _JSON_NUMBERS else str(value)


def _json_text(body: dict[str, Any], wire: Wire) -> str:
    text = json.dumps(body).replace("/", "\\/")
    return f"jsonFlickrApi({text})" if wire.callback else text
