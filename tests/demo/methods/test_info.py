from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from smart_image_scraper.demo import COMMENTERS, Catalogue, FlickrSite, MadePhoto, notes_on, spot_of

Ask = Callable[..., Awaitable[Element]]
AskJson = Callable[..., Awaitable[dict[str, Any]]]
Get = Callable[..., Awaitable[Element]]


def attribute(reply: Element, path: str, name: str) -> str | None:
    element = reply.find(path)
    assert element is not None, path
    return element.get(name)


async def test_it_tells_what_a_search_tells_and_more(get: Get, photo: MadePhoto) -> None:
    reply = await get("photos.getInfo", photo_id=photo.id)

    assert reply.findtext("photo/title") == photo.title
    assert reply.findtext("photo/description") == photo.description
    assert reply.findtext("photo/comments") == str(photo.comments)
    assert attribute(reply, "photo", "license") == str(photo.license)
    assert attribute(reply, "photo", "views") == str(photo.views)
    assert attribute(reply, "photo/owner", "nsid") == photo.owner.nsid
    assert attribute(reply, "photo/owner", "location") == photo.owner.home
    assert attribute(reply, "photo/dates", "posted") == str(photo.uploaded)
    assert attribute(reply, "photo/dates", "taken") == photo.taken
    assert attribute(reply, "photo/usage", "candownload") == "1"
    assert reply.findtext("photo/urls/url") == photo.page


async def test_tags_come_as_they_were_typed_and_as_search_shows_them(
    get: Get, catalogue: Catalogue
) -> None:
    photo = next(one for one in catalogue.photos if "Puerto Princesa" in one.raw_tags)

    reply = await get("photos.getInfo", photo_id=photo.id)

    tags = {tag.text: tag for tag in reply.iter("tag") if tag.text}
    assert set(tags) == set(photo.tags)
    assert tags["puertoprincesa"].get("raw") == "Puerto Princesa"
    assert {tag for tag in tags if tags[tag].get("machine_tag") == "1"} == set(photo.machine_tags)


async def test_a_few_tags_are_empty(get: Get, catalogue: Catalogue) -> None:
    photo = next(one for one in catalogue.photos if one.share("empty tag") < 0.01)

    reply = await get("photos.getInfo", photo_id=photo.id)

    [empty] = [tag for tag in reply.iter("tag") if not tag.text]
    assert empty.get("raw") == ""


async def test_a_place_is_told_from_the_neighbourhood_to_the_country(
    get: Get, catalogue: Catalogue
) -> None:
    spots = {one: spot_of(one) for one in catalogue.photos}
    photos = [one for one, spot in spots.items() if spot and spot.name == "Puerto Princesa"]
    replies = [await get("photos.getInfo", photo_id=photo.id) for photo in photos]

    for reply in replies:
        assert reply.findtext("photo/location/locality") == "Puerto Princesa"
        assert reply.find("photo/location/county") is None
        assert reply.findtext("photo/location/region") == "Palawan"
        assert reply.findtext("photo/location/country") == "Philippines"
        assert reply.findtext("photo/location/neighbourhood") == "San Pedro"
    ids = {attribute(reply, "photo/location/locality", "woeid") for reply in replies}
    assert ids == {None, "56000002"}


async def test_a_photo_without_geotag_has_no_place(get: Get, catalogue: Catalogue) -> None:
    photo = next(one for one in catalogue.photos if not one.is_geotagged)

    reply = await get("photos.getInfo", photo_id=photo.id)

    assert reply.find("photo/location") is None
    assert reply.find("photo/geoperms") is None


async def test_notes_lie_on_a_part_of_the_picture(get: Get, catalogue: Catalogue) -> None:
    photo = next(one for one in catalogue.photos if notes_on(one))

    reply = await get("photos.getInfo", photo_id=photo.id)

    notes = list(reply.iter("note"))
    assert [note.text for note in notes] == [note.text for note in notes_on(photo)]
    assert {note.get("author") for note in notes} <= {member.nsid for member in COMMENTERS}
    assert all(int(note.get(side, "")) < 500 for note in notes for side in "xywh")


async def test_an_original_that_is_not_offered_has_no_secret(
    get: Get, catalogue: Catalogue
) -> None:
    photo = next(one for one in catalogue.photos if not one.original_offered)

    reply = await get("photos.getInfo", photo_id=photo.id)

    assert attribute(reply, "photo", "originalsecret") is None
    assert attribute(reply, "photo/usage", "candownload") == "0"


async def test_json_has_the_types_of_the_recorded_reply(
    site: FlickrSite, ask_json: AskJson, photo: MadePhoto
) -> None:
    reply = await ask_json(site, method="flickr.photos.getInfo", photo_id=photo.id)

    told = reply["photo"]
    assert (told["farm"], told["license"], told["views"]) == (
        66,
        str(photo.license),
        str(photo.views),
    )
    assert told["title"] == {"_content": photo.title}
    assert told["location"]["latitude"] == photo.latitude
    assert told["location"]["accuracy"] == str(photo.accuracy)
    assert told["location"]["country"]["_content"]
    assert told["notes"]["note"] == []
    assert [tag["_content"] for tag in told["tags"]["tag"] if tag["_content"]] == list(photo.tags)
    assert told["urls"]["url"] == [{"type": "photopage", "_content": photo.page}]


@pytest.mark.parametrize("tags", [(), ("nothing", "of", "this", "was", "typed")])
async def test_tags_that_a_test_gave_a_photo_are_their_own_raw_form(
    ask: Ask, photo: MadePhoto, tags: tuple[str, ...]
) -> None:
    async with FlickrSite(Catalogue.of([replace(photo, tags=tags)])) as site:
        reply = await ask(site, method="flickr.photos.getInfo", photo_id=photo.id)

    assert [tag.get("raw") for tag in reply.iter("tag") if tag.text] == list(tags)
