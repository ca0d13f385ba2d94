"""Made pages, in the form of Wikimedia Commons'."""

from collections.abc import Callable
from typing import Any

import pytest

METADATA = {
    "Artist": '<a href="//commons.wikimedia.org/wiki/User:Bee_keeper" title="User:Bee keeper">Bee '
    "&amp; Co.</a>",
    "Categories": "Langurs in Sri Lanka|Files by User:Bee keeper|Photographs by Bee & Co.",
    "DateTimeOriginal": "2014-10-19 11:21:20",
    "GPSLatitude": "7.957",
    "GPSLongitude": "80.760",
    "ImageDescription": "Seen at <b>noon</b>.<br>Twice.",
    "License": "cc-by-sa-4.0",
    "LicenseShortName": "CC BY-SA 4.0",
    "LicenseUrl": "https://creativecommons.org/licenses/by-sa/4.0",
    "UsageTerms": "Creative Commons Attribution-Share Alike 4.0",
}
FILES = "https://upload.wikimedia.org/wikipedia/commons"
FILE = {
    "timestamp": "2014-10-22T18:18:43Z",
    "user": "Bee keeper",
    "width": 3000,
    "height": 2000,
    "thumburl": f"{FILES}/thumb/2/25/Langur.jpg/250px-Langur.jpg",
    "url": f"{FILES}/2/25/Langur.jpg",
    "mediatype": "BITMAP",
}

MakePage = Callable[..., dict[str, Any]]


@pytest.fixture
def make_page() -> MakePage:
    """Return a whole page, with some values changed, and taken out where they are ``None``."""

    def make(*, metadata: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        told = {
            name: {"value": value, "source": "commons-desc-page"}
            for name, value in {**METADATA, **(metadata or {})}.items()
            if value is not None
        }
        file = {name: value for name, value in {**FILE, **changes}.items() if value is not None}
        return {
            "pageid": 36285,
            "ns": 6,
            "title": "File:Langur on a gate.jpg",
            "index": 1,
            "imageinfo": [{**file, "extmetadata": told}],
        }

    return make
