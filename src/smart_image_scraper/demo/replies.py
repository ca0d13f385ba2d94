"""Demo: replies in Flickr's XML and JSON, with the attributes and types of recorded ones."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smart_image_scraper.demo.markup import (
    Element,
    degrees_text,
    escaped,
    json_of,
    xml_attributes,
    xml_of,
)
from smart_image_scraper.demo.paging import Page
from smart_image_scraper.demo.record import ORIGINAL, MadePhoto

# JSON replies mix texts and numbers; these attributes are numbers in them.
_JSON_NUMBERS = frozenset(
    {
        *("farm", "ispublic", "isfriend", "isfamily", "context", "iconfarm"),
        *("geo_is_public", "geo_is_contact", "geo_is_friend", "geo_is_family"),
        *("height_sq", "width_sq", "height_n", "height_c", "height_h", "width_h"),
    }
)
_JSON_FLOATS = frozenset({"latitude", "longitude"})


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
    rows = [dict(_attributes(photo, extras=extras, address=address)) for photo in page.photos]
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


def _attributes(
    photo: MadePhoto, *, extras: Collection[str], address: str
) -> Iterator[tuple[str, Any]]:
    yield from {
        "id": photo.id,
        "owner": photo.owner.nsid,
        "secret": photo.secret(),
        "server": photo.server,
        "farm": 66,
        "title": photo.title,
        "ispublic": 1,
        "isfriend": 0,
        "isfamily": 0,
    }.items()
    for extra, attributes in _extra_attributes(photo).items():
        if extra in extras:
            yield from attributes.items()
    for size in photo.sizes():
        extra = size.kind.extra
        if f"url_{extra}" in extras:
            yield f"url_{extra}", f"http://{address}{size.path}"
            yield f"height_{extra}", size.height
            yield f"width_{extra}", size.width


def _extra_attributes(photo: MadePhoto) -> dict[str, dict[str, Any]]:
    owner = photo.owner
    original = {
        "originalsecret": photo.secret(ORIGINAL),
        "originalformat": photo.original_format,
    }
    return {
        "license": {"license": photo.license},
        "safety_level": {"safety_level": photo.safety},
        "content_type": {"content_type": photo.content_type},
        "date_upload": {"dateupload": photo.uploaded},
        "last_update": {"lastupdate": photo.changed},
        "date_taken": {
            "datetaken": photo.taken,
            "datetakengranularity": photo.granularity,
            "datetakenunknown": int(photo.taken_unknown),
        },
        "owner_name": {"ownername": owner.name},
        "icon_server": {"iconserver": "65535", "iconfarm": 66},
        "realname": {"realname": owner.real_name} if owner.real_name else {},
        "views": {"views": photo.views},
        "count_views": {"count_views": photo.views},
        "count_comments": {"count_comments": photo.comments},
        "count_faves": {"count_faves": photo.favorites},
        "tags": {"tags": " ".join(photo.tags)},
        "machine_tags": {"machine_tags": " ".join(photo.machine_tags)},
        "original_format": original if photo.original_offered else {},
        "o_dims": _dimensions(photo),
        "geo": _geo_attributes(photo),
        "media": {"media": photo.media, "media_status": "ready"},
        "path_alias": {"pathalias": owner.alias},
    }


def _dimensions(photo: MadePhoto) -> dict[str, Any]:
    return {"o_width": photo.width, "o_height": photo.height} if photo.original_offered else {}


def _geo_attributes(photo: MadePhoto) -> dict[str, Any]:
    attributes: dict[str, Any] = {
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


def _xml_text(stat: str, inner: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="{stat}">\n{inner}\n</rsp>\n'


def _xml_row(row: dict[str, Any], description: str | None) -> str:
    inner = ""
    if description is not None:
        text = escaped(description)
        inner = f"\t\t<description>{text}</description>\n" if text else "\t\t<description />\n"
    if not inner:
        return f"\t<photo{xml_attributes(row)} />\n"
    return f"\t<photo{xml_attributes(row)}>\n{inner}\t</photo>\n"


def _json_row(row: dict[str, Any], description: str | None) -> dict[str, Any]:
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
