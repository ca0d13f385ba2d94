"""The shape of made replies, held against recorded ones."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree

from smart_image_scraper.demo import COMMENTERS, MEMBERS, Catalogue

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
