"""Made rows and replies, in the form of Flickr's."""

import json
from collections.abc import Callable, Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

import pytest

from smart_image_scraper.photo import Photo, SearchHit
from smart_image_scraper.search.flickr.row import read_photo

ROW = {
    "id": "14898030836",
    "owner": "12037949754@N01",
    "secret": "0123456789",
    "server": "65535",
    "farm": "66",
    "title": "Langur on a gate",
    "ispublic": "1",
    "description": "Seen at noon.\n<b>Twice</b>.",
    "license": "4",
    "safety_level": "0",
    "dateupload": "1414001923",
    "lastupdate": "1414002000",
    "datetaken": "2014-10-19 11:21:20",
    "datetakengranularity": "0",
    "datetakenunknown": "0",
    "ownername": "Bees",
    "realname": "B. Ees",
    "pathalias": "bees",
    "tags": "monkey サル vision:night=77",
    "machine_tags": "vision:night=77",
    "views": "81",
    "count_faves": "3",
    "count_comments": "2",
    "latitude": "9.135158",
    "longitude": "40.083811",
    "accuracy": "16",
    "context": "2",
    "place_id": "shjV_KVUVLptOYqQ6w",
    "woeid": "8672628",
    "media": "photo",
    "url_o": "https://live.staticflickr.com/65535/14898030836_abcdef0123_o.jpg",
    "width_o": "3000",
    "height_o": "2000",
    "url_l": "https://live.staticflickr.com/65535/14898030836_0123456789_b.jpg",
    "width_l": "1024",
    "height_l": "683",
}
PAGE = {"page": "1", "pages": "1", "perpage": "500", "total": "1"}

MakeRow = Callable[..., dict[str, str]]


@pytest.fixture
def make_row() -> MakeRow:
    """Return a whole row, with some values changed and, where they are ``None``, taken out."""

    def make(**changes: str | None) -> dict[str, str]:
        return {name: text for name, text in {**ROW, **changes}.items() if text is not None}

    return make


@pytest.fixture
def photo_of(make_row: MakeRow) -> Callable[..., Photo]:
    """Return the photo that a changed row gives."""

    def read(**changes: str | None) -> Photo:
        return read_photo(make_row(**changes), hit=SearchHit(term="monkey", run="0123456789ab"))

    return read


@pytest.fixture
def xml_reply() -> Callable[..., bytes]:
    """Write rows as Flickr's XML."""

    def write(rows: Iterable[Mapping[str, str]], **told: str) -> bytes:
        reply = Element("rsp", stat="ok")
        photos = SubElement(reply, "photos", {**PAGE, **told})
        for row in rows:
            values = dict(row)
            description = values.pop("description", None)
            photo = SubElement(photos, "photo", values)
            if description is not None:
                SubElement(photo, "description").text = description
        return tostring(reply, encoding="utf-8", xml_declaration=True)

    return write


@pytest.fixture
def json_reply() -> Callable[..., bytes]:
    """Write rows as Flickr's JSON."""

    def write(rows: Iterable[object], **told: object) -> bytes:
        return json.dumps({"photos": {**PAGE, **told, "photo": list(rows)}, "stat": "ok"}).encode()

    return write
