"""Every recorded search reply, value by value: what is in the row is in the photo."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import parse as parse_xml

import pytest

from smart_image_scraper.errors import (
    CredentialsError,
    GoneError,
    SisError,
    SourceError,
    TransientError,
)
from smart_image_scraper.photo import License, Owner, Photo, SearchHit, Size
from smart_image_scraper.search.flickr.licenses import license_of
from smart_image_scraper.search.flickr.page import Page, read_page
from smart_image_scraper.search.flickr.refusal import refusal_error
from smart_image_scraper.search.flickr.reply import Refusal, read_reply
from smart_image_scraper.search.flickr.row import read_photo

RECORDINGS = Path(__file__).parents[3] / "../shared/fixtures/flickr"
REPLIES = sorted((RECORDINGS / "search").glob("*.*"))
ERRORS = sorted(
    path for path in (RECORDINGS / "errors").glob("*.*") if not path.name.endswith(".headers.json")
)
HIT = SearchHit(term="botany", run="0123456789ab")

pytestmark = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason="the recorded replies are not on this machine"
)

LEFT = {
    "ispublic": "only public photos are found without a login, or one's own",
    "isfriend": "as ispublic",
    "isfamily": "as ispublic",
    "geo_is_public": "as ispublic",
    "geo_is_contact": "as ispublic",
    "geo_is_friend": "as ispublic",
    "geo_is_family": "as ispublic",
    "media_status": "of videos that are still being converted",
    "farm": "a part of old addresses; the addresses are kept",
    "server": "a part of the addresses",
    "secret": "a part of the addresses",
    "originalsecret": "a part of the original's address",
    "originalformat": "the ending of the original's address",
    "iconserver": "a part of the address of the owner's portrait",
    "iconfarm": "as iconserver",
}
GRANULARITIES = {"0": "second", "4": "month", "6": "year", "8": "circa"}

Row = Mapping[str, str]
Check = Callable[[Photo, str, Row], bool]


def owner(photo: Photo) -> Owner:
    return photo.owner or Owner()


def of_geotag(shown: Callable[[Photo], object], read: Callable[[str], object] = str) -> Check:
    def check(photo: Photo, text: str, row: Row) -> bool:
        if row["accuracy"] == "0":
            return shown(photo) is None
        return shown(photo) == (read(text) if text else None)

    return check


KEPT: dict[str, Check] = {
    "id": lambda photo, text, _: photo.id == f"flickr:{text}",
    "title": lambda photo, text, _: photo.title == text,
    "description": lambda photo, text, _: photo.description == text,
    "tags": lambda photo, text, _: list(photo.tags) == text.split(),
    "machine_tags": lambda photo, text, _: list(photo.machine_tags) == text.split(),
    "license": lambda photo, text, _: photo.license == license_of(text) != License.UNKNOWN,
    "owner": lambda photo, text, _: owner(photo).id == text,
    "ownername": lambda photo, text, _: (owner(photo).name or "") == text,
    "realname": lambda photo, text, _: (owner(photo).real_name or "") == text,
    "pathalias": lambda photo, text, _: (owner(photo).path_alias or "") == text,
    "dateupload": lambda photo, text, _: photo.uploaded_at.timestamp() == int(text),
    "lastupdate": lambda photo, text, _: photo.changed_at.timestamp() == int(text),
    "datetaken": lambda photo, text, _: (
        photo.taken is None or photo.taken.local.isoformat(" ") == text
    ),
    "datetakengranularity": lambda photo, text, _: (
        photo.taken is None or photo.taken.granularity == GRANULARITIES[text]
    ),
    "datetakenunknown": lambda photo, text, _: (photo.taken is None) == (text == "1"),
    "latitude": of_geotag(lambda photo: photo.coordinates and photo.coordinates.latitude, float),
    "longitude": of_geotag(lambda photo: photo.coordinates and photo.coordinates.longitude, float),
    "accuracy": of_geotag(lambda photo: photo.geo_accuracy, int),
    "context": of_geotag(lambda photo: photo.geo_context, int),
    "woeid": of_geotag(lambda photo: photo.woe_id),
    "place_id": of_geotag(lambda photo: photo.place_id),
    "views": lambda photo, text, _: photo.views == int(text),
    "count_views": lambda photo, text, _: photo.views == int(text),
    "count_comments": lambda photo, text, _: photo.comment_count == int(text),
    "count_faves": lambda photo, text, _: photo.favorite_count == int(text),
    "safety_level": lambda photo, text, _: photo.safety == int(text),
    "media": lambda _, text, __: text == "photo",
}


def size_of(photo: Photo, suffix: str, row: Row) -> Size | None:
    address = row.get(f"url_{suffix}", "").replace("http://", "https://")
    return next((size for size in photo.sizes if size.url == address), None)


def is_kept(photo: Photo, name: str, row: Row) -> bool:
    text = row[name]
    if name in KEPT:
        return KEPT[name](photo, text, row)
    first, _, second = name.partition("_")
    if first == "url":
        return size_of(photo, second, row) is not None
    if first in {"width", "height"}:
        return getattr(size_of(photo, second, row), first) == int(text)
    if first == "o":  # the pixels of an original, which often is not offered
        size = size_of(photo, first, row)
        return size is None or getattr(size, second) == int(text)
    return name in LEFT


def plain(value: Any) -> str:
    return plain(value["_content"]) if isinstance(value, dict) else str(value)


def recorded_rows(path: Path) -> Iterator[Row]:
    """Read rows in another way than the package does."""
    if path.suffix == ".json":
        for values in json.loads(path.read_text(encoding="utf-8"))["photos"]["photo"]:
            yield {name: plain(value) for name, value in values.items() if value is not None}
        return
    for photo in parse_xml(path).iter("photo"):
        yield {**photo.attrib, **{part.tag: part.text or "" for part in photo}}


def recorded_page(path: Path) -> Page:
    answer = read_reply(path.read_bytes())
    assert not isinstance(answer, Refusal)
    return read_page(answer)


@pytest.mark.parametrize("path", REPLIES, ids=lambda path: path.name)
def test_every_value_of_a_recorded_row_is_in_its_photo_or_left_on_purpose(path: Path) -> None:
    rows = list(recorded_rows(path))

    photos = [read_photo(row, hit=HIT) for row in recorded_page(path).rows]

    lost = {
        name
        for photo, row in zip(photos, rows, strict=True)
        for name in row
        if not is_kept(photo, name, row)
    }
    assert lost == set()


@pytest.mark.parametrize("path", REPLIES, ids=lambda path: path.name)
def test_sizes_of_recorded_photos_come_largest_first(path: Path) -> None:
    for row in recorded_page(path).rows:
        edges = [
            max(size.width, size.height)
            for size in read_photo(row, hit=HIT).sizes
            if size.width and size.height
        ]

        assert edges == sorted(edges, reverse=True)


def test_recorded_totals_are_read() -> None:
    read = recorded_page(RECORDINGS / "search/botany_2023-11-09_page1.xml")

    assert (len(read.rows), read.pages, read.per_page, read.total) == (100, 4048, 100, 404762)


def test_every_recorded_licence_has_the_page_that_flickr_names() -> None:
    recorded = parse_xml(RECORDINGS / "licenses/getInfo_2025-06-19_17licences.xml")

    licences = list(recorded.iter("license"))
    assert len(licences) == 17
    for told in licences:
        ours = license_of(told.get("id"))

        expected = None if ours == License.ALL_RIGHTS_RESERVED else told.get("url")
        assert (ours == License.UNKNOWN, ours.url) == (False, expected)


@pytest.mark.parametrize("path", ERRORS, ids=lambda path: path.name)
def test_every_recorded_error_becomes_the_right_exception(path: Path) -> None:
    expected: dict[str, tuple[type[SisError], int | None]] = {
        "100_invalid_key.json": (CredentialsError, 100),
        "100_invalid_key.xml": (CredentialsError, 100),
        "99_insufficient_permissions.xml": (SourceError, 99),
        "getInfo_1_invalid_id.xml": (GoneError, None),
        "getInfo_1_photo_not_found.xml": (GoneError, None),
        "getInfo_201_json_although_xml_asked.txt": (TransientError, None),
        "getInfo_201_unavailable.xml": (TransientError, None),
        "getInfo_2_private.xml": (GoneError, None),
        "http400_oauth_problem.txt": (TransientError, None),
        "people_5_user_deleted.xml": (SourceError, 5),
    }

    method = "flickr.people.getInfo" if "people" in path.name else "flickr.photos.getInfo"

    error = error_of(path.read_bytes(), method=method)

    assert (type(error), getattr(error, "code", None)) == expected[path.name]


def test_the_page_of_a_proxy_that_limits_the_rate_is_worth_another_try() -> None:
    body = (RECORDINGS / "http/429_body.html").read_bytes()

    error = error_of(body, method="flickr.photos.search")

    assert isinstance(error, TransientError)


def error_of(body: bytes, *, method: str) -> SisError | None:
    try:
        answer = read_reply(body)
    except TransientError as error:
        return error
    if not isinstance(answer, Refusal):
        return None
    return refusal_error(answer, method=method, api_key="0123")
