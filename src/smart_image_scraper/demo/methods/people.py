"""Demo: ``flickr.people.getInfo`` (https://www.flickr.com/services/api/flickr.people.getInfo.html)."""

from collections.abc import Iterator

from smart_image_scraper.demo.markup import Element, Value
from smart_image_scraper.demo.members import COMMENTERS, MEMBERS
from smart_image_scraper.demo.methods.call import Call, RefusedError
from smart_image_scraper.demo.record import Member
from smart_image_scraper.demo.replies import element_reply

_EVERYBODY = {member.nsid: member for member in (*MEMBERS, *COMMENTERS)}
_PAGES = "https://www.flickr.com"
_SWITCHES = ("has_stats", "has_adfree", "has_free_standard_shipping")


def get_person(call: Call) -> str:
    """Answer with what a member tells about themselves."""
    member = _EVERYBODY.get(call.arguments.get("user_id", ""))
    if member is None:
        raise RefusedError(1, "User not found")
    if member.is_deleted or call.changes.is_closed(member.nsid):
        raise RefusedError(5, "User deleted")
    attributes: dict[str, Value] = {
        "id": member.nsid,
        "nsid": member.nsid,
        "ispro": 0,
        "is_deleted": 0,
        "iconserver": "65535",
        "iconfarm": 66,
        "path_alias": member.alias,
        **dict.fromkeys((*_SWITCHES, "has_free_educational_resources"), 0),
    }
    element = Element(name="person", attributes=attributes, children=tuple(_parts(member, call)))
    return element_reply(element, wire=call.wire)


def _parts(member: Member, call: Call) -> Iterator[Element]:
    yield Element(name="username", text=member.name)
    if member.real_name:
        yield Element(name="realname", text=member.real_name)
    yield Element(name="location", text=member.home)
    yield Element(name="description", text=member.about)
    yield Element(name="photosurl", text=f"{_PAGES}/photos/{member.path}/")
    yield Element(name="profileurl", text=f"{_PAGES}/people/{member.path}/")
    yield Element(name="mobileurl", text=f"{_PAGES}/photos/{member.path}/")
    photos = list(call.changes.public(call.index.owned_by(member.nsid)))
    first_taken = min((photo.taken for photo in photos), default="")
    first = min((str(photo.uploaded) for photo in photos), default="")
    yield Element(
        name="photos",
        children=(
            Element(name="firstdatetaken", text=first_taken),
            Element(name="firstdate", text=first),
            Element(name="count", text=str(len(photos))),
        ),
    )
