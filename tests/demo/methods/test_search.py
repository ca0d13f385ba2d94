from collections.abc import Awaitable, Callable
from xml.etree.ElementTree import Element

import pytest

from smart_image_scraper.demo import Catalogue, FlickrSite, MadePhoto, Quirks

Ask = Callable[..., Awaitable[Element]]
WINDOW = {"min_upload_date": "1300000000", "max_upload_date": "1500000000"}


@pytest.fixture(scope="module")
def straying(catalogue: Catalogue) -> Catalogue:
    return Catalogue.of(catalogue.photos, quirks=Quirks(strays=0.1, repeated=0))


def split(reply: Element) -> tuple[list[str], list[str]]:
    """Return the ids of the rows within the window, and of those outside."""
    first, last = (int(moment) for moment in WINDOW.values())
    inside: list[str] = []
    outside: list[str] = []
    for row in reply.iter("photo"):
        is_within = first <= int(row.get("dateupload", "")) <= last
        (inside if is_within else outside).append(row.get("id", ""))
    return inside, outside


async def test_a_window_shows_strays_in_addition(ask: Ask, straying: Catalogue) -> None:
    truth = [photo.id for photo in straying.find(text="monkey", **WINDOW)]
    asked = {"text": "monkey", "extras": "date_upload", "per_page": "30"} | WINDOW

    async with FlickrSite(straying) as site:
        pages = [split(await ask(site, page=str(page), **asked)) for page in range(1, 4)]
        beyond = split(await ask(site, page="40", **asked))

    inside = [photo_id for page, _ in pages for photo_id in page]
    outside = [photo_id for _, strays in pages for photo_id in strays]
    assert inside == truth[:90]
    assert len(outside) == len(set(outside)) == 9
    assert set(outside) <= {photo.id for photo in straying.find(text="monkey")}
    assert beyond == ([], [])


async def test_strays_meet_everything_but_the_dates(ask: Ask, straying: Catalogue) -> None:
    async with FlickrSite(straying) as site:
        reply = await ask(site, extras="date_upload,license", license="0", text="monkey", **WINDOW)

    assert split(reply)[1]
    assert {row.get("license") for row in reply.iter("photo")} == {"0"}


async def test_without_a_window_there_are_no_strays(ask: Ask, straying: Catalogue) -> None:
    async with FlickrSite(straying) as site:
        reply = await ask(site, text="monkey", per_page="50")

    assert len(list(reply.iter("photo"))) == 50


async def test_the_pages_of_different_searches_are_not_mixed_up(site: FlickrSite, ask: Ask) -> None:
    first = await ask(site, text="monkey", per_page="5")
    other = await ask(site, text="monkey", per_page="5", license="4")
    again = await ask(site, text="monkey", per_page="5", extras="license")

    ids = [[row.get("id") for row in reply.iter("photo")] for reply in (first, other, again)]
    assert ids[0] == ids[2] != ids[1]


@pytest.mark.parametrize(
    ("arguments", "meets"),
    [
        ({"license": "4,9"}, lambda photo: photo.license in {4, 9}),
        ({"content_types": "1,2"}, lambda photo: photo.content_type in {1, 2}),
        ({"has_geo": "1"}, lambda photo: photo.is_geotagged),
        ({"has_geo": "0"}, lambda photo: not photo.is_geotagged),
        (
            {"bbox": "100,-10,130,20"},
            lambda photo: (
                photo.is_geotagged and 100 <= photo.longitude <= 130 and -10 <= photo.latitude <= 20
            ),
        ),
        (WINDOW, lambda photo: 1_300_000_000 <= photo.uploaded <= 1_500_000_000),
    ],
)
def test_conditions_are_exact(
    catalogue: Catalogue, arguments: dict[str, str], meets: Callable[[MadePhoto], bool]
) -> None:
    everything = catalogue.find(text="-nosuchword")

    found = catalogue.find(text="-nosuchword", **arguments)

    assert set(found) == {photo for photo in everything if meets(photo)}
    assert 0 < len(found) < len(everything)
