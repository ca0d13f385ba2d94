from collections.abc import Awaitable, Callable
from xml.etree.ElementTree import Element

from smart_image_scraper.demo import COMMENTERS, MEMBERS, Catalogue, FlickrSite

Get = Callable[..., Awaitable[Element]]


def code(reply: Element) -> str | None:
    error = reply.find("err")
    return None if error is None else error.get("code")


async def test_a_member_tells_who_they_are_and_how_many_photos_there_are(
    get: Get, catalogue: Catalogue
) -> None:
    member = next(one for one in MEMBERS if one.real_name and one.alias and one.home)
    owned = [photo for photo in catalogue.photos if photo.owner is member]

    reply = await get("people.getInfo", user_id=member.nsid)

    assert reply.findtext("person/username") == member.name
    assert reply.findtext("person/realname") == member.real_name
    assert reply.findtext("person/location") == member.home
    assert reply.findtext("person/profileurl") == f"https://www.flickr.com/people/{member.alias}/"
    assert reply.findtext("person/photos/count") == str(len(owned))
    assert reply.findtext("person/photos/firstdate") == str(min(one.uploaded for one in owned))


async def test_commenters_are_members_too(get: Get) -> None:
    member = next(one for one in COMMENTERS if not one.is_deleted)

    reply = await get("people.getInfo", user_id=member.nsid)

    assert reply.findtext("person/username") == member.name
    assert reply.findtext("person/photos/count") == "0"


async def test_nobody_and_who_left_are_refused(get: Get, site: FlickrSite) -> None:
    gone = next(one for one in COMMENTERS if one.is_deleted)
    site.close_account(MEMBERS[0].nsid)

    assert code(await get("people.getInfo", user_id="1@N00")) == "1"
    assert code(await get("people.getInfo", user_id=gone.nsid)) == "5"
    assert code(await get("people.getInfo", user_id=MEMBERS[0].nsid)) == "5"
