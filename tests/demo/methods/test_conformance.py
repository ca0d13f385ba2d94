"""The shape of made replies, held against recorded ones."""

import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree

from smart_image_scraper.demo import COMMENTERS, MEMBERS, Catalogue, FlickrSite, hides_exif

AskJson = Callable[..., Awaitable[dict[str, Any]]]
Get = Callable[..., Awaitable[Element]]
Signature = tuple[str, tuple[str, ...]]

FOLDERS = {
    "photos.getInfo": "getInfo",
    "photos.getSizes": "getSizes",
    "photos.getExif": "getExif",
    "photos.comments.getList": "comments",
    "people.getInfo": "people",
    "photos.licenses.getInfo": "licenses",
    "photos.licenses.getLicenseHistory": "licenses",
}


def signatures(element: Element, path: str = "") -> Iterator[Signature]:
    """Yield each element's path with its attributes in their order."""
    here = f"{path}/{element.tag}"
    yield here, tuple(element.attrib)
    for child in element:
        yield from signatures(child, here)


def is_in_order(part: Signature, recorded: set[Signature]) -> bool:
    """Whether a recorded element has at least these attributes, in this order."""
    path, names = part
    others = (rest for known, rest in recorded if known == path)
    return any(names == tuple(name for name in other if name in names) for other in others)


@pytest.mark.parametrize("method", FOLDERS)
async def test_elements_and_attributes_are_those_of_recorded_replies(
    catalogue: Catalogue, get: Get, shared: Path, method: str
) -> None:
    files = sorted((shared / "fixtures/flickr" / FOLDERS[method]).glob("*.xml"))
    recorded = {part for file in files for part in signatures(ElementTree.parse(file).getroot())}
    there = [member for member in (*MEMBERS, *COMMENTERS) if not member.is_deleted]
    asked = [{"photo_id": photo.id} for photo in catalogue.photos[:150]]
    if method == "people.getInfo":
        asked = [{"user_id": member.nsid} for member in there]

    replies = [await get(method, **arguments) for arguments in asked]

    made = {part for reply in replies for part in signatures(reply)}
    assert len(files) > 0
    assert {part for part in made if not is_in_order(part, recorded)} == set()
    assert len(made) > 1


def types(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the type of each value, with the keys that lead to it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from types(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from types(inner, f"{path}[]")
    else:
        yield path, type(value).__name__


@pytest.mark.parametrize(
    ("method", "recording"),
    [
        ("photos.getInfo", "getInfo/json_2013.json"),
        ("photos.getSizes", "getSizes/json_2013.json"),
        ("photos.getExif", "getExif/json_2013.json"),
        ("photos.licenses.getInfo", "licenses/getInfo_2013.json"),
    ],
)
async def test_values_have_the_types_of_recorded_json(
    site: FlickrSite, ask_json: AskJson, shared: Path, method: str, recording: str
) -> None:
    recorded = set(types(json.loads((shared / "fixtures/flickr" / recording).read_text())))
    known = {path for path, _ in recorded}
    photos = [photo for photo in site.catalogue.photos if not hides_exif(photo)][:80]

    replies = [
        await ask_json(site, method=f"flickr.{method}", photo_id=photo.id) for photo in photos
    ]

    made = {one for reply in replies for one in types(reply) if one[0] in known}
    # Whoever recorded the replies had no alias.
    expected = recorded | {("/photo/owner/path_alias", "str")}
    assert made - expected == set()
    assert len(made) > 3


@pytest.mark.parametrize(
    ("method", "photo_id", "recording"),
    [
        ("photos.getInfo", "1", "errors/getInfo_1_invalid_id.xml"),
        ("photos.getInfo", "35366357641", "errors/getInfo_1_photo_not_found.xml"),
        ("photos.getExif", "1", "getExif/error_1_not_found.xml"),
        ("photos.comments.getList", "1", "comments/error_1_not_found.xml"),
        ("photos.licenses.getLicenseHistory", "-1", "licenses/history_error_1.xml"),
    ],
)
async def test_refusals_are_recorded_ones(
    get: Get, shared: Path, method: str, photo_id: str, recording: str
) -> None:
    known = ElementTree.parse(shared / "fixtures/flickr" / recording).getroot()

    refused = await get(method, photo_id=photo_id)

    assert ElementTree.tostring(refused) == ElementTree.tostring(known)


async def test_the_licences_are_the_recorded_ones(get: Get, shared: Path) -> None:
    path = shared / "fixtures/flickr/licenses/getInfo_2025-06-19_17licences.xml"

    made = await get("photos.licenses.getInfo")

    recorded = ElementTree.parse(path).getroot()
    assert ElementTree.tostring(made) == ElementTree.tostring(recorded)
