"""What can be found at all, held against a search that divides as far as it goes."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree

from smart_image_scraper.demo import UNEVEN_TAG, Catalogue, Crowd, Quirks
from smart_image_scraper.demo.changes import Changes

BURSTS = (450, 250, 300)
SHOWN = 200
FIRST, LAST = 1_070_000_000, 1_735_000_000
Box = tuple[float, float, float, float]


@pytest.fixture(scope="module", params=[0, 0.15], ids=["without repeats", "15 % repeated"])
def uneven(request: pytest.FixtureRequest) -> Catalogue:
    quirks = Quirks(max_results=SHOWN, geo_per_page=50, repeated=request.param, strays=0.05)
    return Catalogue.uneven(2_000, bursts=BURSTS, quirks=quirks)


@dataclass
class Division:
    """A search that divides until nothing is left to divide, in the simplest way."""

    catalogue: Catalogue
    found: set[str] = field(default_factory=set)
    saturated: list[dict[str, str]] = field(default_factory=list)

    def ask(self, arguments: dict[str, str]) -> Element:
        asked = {"method": "flickr.photos.search", "text": UNEVEN_TAG, "sort": "date-posted-asc"}
        asked |= {"extras": "date_upload"} | arguments
        body = self.catalogue.answers.answer(asked, address="", changes=Changes())
        photos: Element = ElementTree.fromstring(body)[0]
        return photos

    def walk(self, first: int, last: int) -> None:
        window = {"min_upload_date": str(first), "max_upload_date": str(last)}
        if not self.is_too_much(window):
            self.read(window)
        elif first < last:
            middle = (first + last + 1) // 2
            self.walk(first, middle - 1)
            self.walk(middle, last)
        else:
            for license_id in range(17):
                self.divide(window | {"license": str(license_id)}, box=(-180, -90, 180, 90))

    def divide(self, arguments: dict[str, str], *, box: Box) -> None:
        if not self.is_too_much(arguments):
            self.read(arguments)
            return
        self.read(arguments)
        quarters = [arguments | {"bbox": ",".join(map(str, part))} for part in quartered(box)]
        if not any(int(self.ask(quarter).get("total", "")) for quarter in quarters):
            self.saturated.append(arguments)
            return
        for quarter, part in zip(quarters, quartered(box), strict=True):
            self.divide(quarter, box=part)

    def is_too_much(self, arguments: dict[str, str]) -> bool:
        return int(self.ask(arguments | {"per_page": "1"}).get("total", "")) > SHOWN * 0.75

    def read(self, arguments: dict[str, str]) -> None:
        first, last = int(arguments["min_upload_date"]), int(arguments["max_upload_date"])
        seen: set[str] = set()
        for page in count(1):
            rows = self.ask(arguments | {"per_page": "50", "page": str(page)})
            new = {
                row.get("id", "") for row in rows if first <= int(row.get("dateupload", "")) <= last
            } - seen
            if not new:
                break
            seen |= new
        self.found |= seen


def quartered(box: Box) -> Iterator[Box]:
    west, south, east, north = box
    across, up = (west + east) / 2, (south + north) / 2
    yield from ((west, south, across, up), (across, south, east, up))
    yield from ((west, up, across, north), (across, up, east, north))


def test_a_search_that_divides_finds_exactly_what_can_be_found(uneven: Catalogue) -> None:
    division = Division(uneven)
    reach = uneven.reach(text=UNEVEN_TAG)

    division.walk(FIRST, LAST)

    assert division.found == reach.found
    assert len(reach.hidden) == BURSTS[2] - SHOWN
    [crowd] = reach.crowds
    [saturated] = division.saturated
    assert saturated["min_upload_date"] == saturated["max_upload_date"] == str(crowd.uploaded)
    assert saturated["license"] == str(crowd.license)


def test_what_is_hidden_is_told_by_second_licence_and_content_type(uneven: Catalogue) -> None:
    [crowd] = uneven.reach(text=UNEVEN_TAG).crowds

    found = uneven.find(
        text=UNEVEN_TAG,
        min_upload_date=str(crowd.uploaded),
        max_upload_date=str(crowd.uploaded),
        license=str(crowd.license),
        content_types=str(crowd.content_type),
        has_geo="0",
    )

    assert crowd == replace(crowd, size=len(found))
    assert crowd.size == BURSTS[2]


def test_geotags_at_one_place_hide_each_other(catalogue: Catalogue) -> None:
    same = {"uploaded": 1_400_000_000, "license": 4, "content_type": 0, "safety": 0}
    there = {"latitude": 1.5, "longitude": 2.5, "accuracy": 16}
    photos = [replace(photo, **same, **there) for photo in catalogue.photos[:30]]  # type: ignore[arg-type]
    apart = [replace(photo, longitude=n / 1_000) for n, photo in enumerate(photos)]

    crowded, spread = (
        Catalogue.of(some, quirks=Quirks(max_results=20)).reach(min_upload_date="1")
        for some in (photos, apart)
    )

    assert len(crowded.hidden) == 10
    assert crowded.crowds == (Crowd(uploaded=1_400_000_000, license=4, content_type=0, size=30),)
    assert spread.hidden == frozenset()
    assert len(spread.found) == 30
