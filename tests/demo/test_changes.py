"""What owners change while the site runs."""

from collections.abc import Awaitable, Callable
from xml.etree.ElementTree import Element

import aiohttp
import pytest

from smart_image_scraper.demo import Catalogue, FlickrSite, MadePhoto

Ask = Callable[..., Awaitable[Element]]


@pytest.fixture
def photo(catalogue: Catalogue) -> MadePhoto:
    return next(one for one in catalogue.find(text="monkey", license="4") if one.comments)


def code(reply: Element) -> str | None:
    error = reply.find("err")
    return None if error is None else error.get("code")


async def codes(ask: Ask, site: FlickrSite, photo: MadePhoto) -> list[str | None]:
    methods = ("getInfo", "getExif", "getSizes", "comments.getList", "licenses.getLicenseHistory")
    return [
        code(await ask(site, method=f"flickr.photos.{method}", photo_id=photo.id))
        for method in methods
    ]


async def found(ask: Ask, site: FlickrSite, **arguments: str) -> set[str | None]:
    reply = await ask(site, text="monkey", per_page="500", **arguments)
    return {row.get("id") for row in reply.iter("photo")}


async def status(client: aiohttp.ClientSession, site: FlickrSite, photo: MadePhoto) -> int:
    path = next(photo.sizes()).path
    async with client.get(f"http://{site.image_address}{path}") as reply:
        return reply.status


async def test_a_removed_photo_is_gone_from_everything(
    site: FlickrSite, ask: Ask, client: aiohttp.ClientSession, photo: MadePhoto
) -> None:
    before = await found(ask, site)

    site.remove(photo.id)

    assert await found(ask, site) == before - {photo.id}
    assert await codes(ask, site, photo) == ["1"] * 5
    assert await status(client, site, photo) == 404


async def test_a_private_photo_is_known_to_exist_by_two_methods_alone(
    site: FlickrSite, ask: Ask, client: aiohttp.ClientSession, photo: MadePhoto
) -> None:
    site.make_private(photo.id)

    assert photo.id not in await found(ask, site)
    assert await codes(ask, site, photo) == ["1", "2", "2", "1", "1"]
    assert await status(client, site, photo) == 404


async def test_a_vanished_photo_is_still_found_and_told_of(
    site: FlickrSite, ask: Ask, client: aiohttp.ClientSession, photo: MadePhoto
) -> None:
    site.vanish(photo.id)

    assert photo.id in await found(ask, site)
    assert code(await ask(site, method="flickr.photos.getInfo", photo_id=photo.id)) is None
    assert await status(client, site, photo) == 404


async def test_another_licence_is_told_by_searches_and_calls(
    site: FlickrSite, ask: Ask, photo: MadePhoto
) -> None:
    site.relicense(photo.id, 0, at=2_000_000_000)

    info = (await ask(site, method="flickr.photos.getInfo", photo_id=photo.id)).find("photo")
    assert info is not None
    assert info.get("license") == "0"
    assert [dates.get("lastupdate") for dates in info.iter("dates")] == ["2000000000"]
    assert photo.id not in await found(ask, site, license="4")
    assert photo.id in await found(ask, site, license="0")
    assert {one.id for one in site.find(text="monkey", license="0")} >= {photo.id}


async def test_who_leaves_takes_all_photos_along(
    site: FlickrSite, ask: Ask, photo: MadePhoto
) -> None:
    owned = {one.id for one in site.catalogue.photos if one.owner == photo.owner}
    before = await found(ask, site)

    site.close_account(photo.owner.nsid)

    assert await found(ask, site) == before - owned != before
    assert await codes(ask, site, photo) == ["1"] * 5
    assert code(await ask(site, user_id=photo.owner.nsid)) == "5"


async def test_comments_of_who_left_stay_and_say_so(
    site: FlickrSite, ask: Ask, photo: MadePhoto
) -> None:
    method = "flickr.photos.comments.getList"
    comment = next((await ask(site, method=method, photo_id=photo.id)).iter("comment"))

    site.close_account(comment.get("author", ""))

    again = next((await ask(site, method=method, photo_id=photo.id)).iter("comment"))
    assert again.get("author_is_deleted") == "1"
    assert again.text == comment.text


async def test_changes_at_one_site_are_not_seen_at_another(
    site: FlickrSite, ask: Ask, photo: MadePhoto
) -> None:
    site.remove(photo.id)

    async with FlickrSite(site.catalogue) as other:
        assert photo.id in await found(ask, other)


def test_what_is_not_there_cannot_be_changed(catalogue: Catalogue, photo: MadePhoto) -> None:
    site = FlickrSite(catalogue)

    with pytest.raises(ValueError, match="the catalogue has no photo '1'"):
        site.remove("1")
    with pytest.raises(ValueError, match="Flickr has no licence 17; its ids are 0 to 16"):
        site.relicense(photo.id, 17)
