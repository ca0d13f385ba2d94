"""Demo: ``flickr.photos.getInfo`` (https://www.flickr.com/services/api/flickr.photos.getInfo.html).

Elements, attributes and their order are those of replies recorded in 2023 to 2025; what only a
reply of 2013 in JSON has is left out.
"""

from collections.abc import Iterator

from smart_image_scraper.demo.making import normalised
from smart_image_scraper.demo.markup import Element, Value
from smart_image_scraper.demo.methods.call import Call, PhotoNotFoundError
from smart_image_scraper.demo.record import ORIGINAL, MadePhoto
from smart_image_scraper.demo.remarks import Remark, notes_on
from smart_image_scraper.demo.replies import element_reply
from smart_image_scraper.demo.words import Spot, spot_of

_SHORTEST_ID = 6
_EMPTY_TAG_SHARE = 0.01
_PEOPLE_SHARE = 0.02
_WOE_IDS_SHARE = 0.3
_PLACE_SIZES = ("locality", "county", "region", "country", "neighbourhood")


def get_info(call: Call) -> str:
    """Answer with everything about a photo but its EXIF, its sizes and the comments themselves."""
    photo_id = call.arguments.get("photo_id", "")
    if not photo_id.isdecimal() or len(photo_id) < _SHORTEST_ID:
        # This method alone tells an id that cannot be from one that is not there.
        raise PhotoNotFoundError(f'Photo "{photo_id}" not found (invalid ID)')
    photo = call.photo()
    element = Element(name="photo", attributes=_head(photo), children=tuple(_parts(photo, call)))
    return element_reply(element, wire=call.wire)


def _head(photo: MadePhoto) -> dict[str, Value]:
    original: dict[str, Value] = {
        "originalsecret": photo.secret(ORIGINAL),
        "originalformat": photo.original_format,
    }
    return {
        "id": photo.id,
        "secret": photo.secret(),
        "server": photo.server,
        "farm": 66,
        "dateuploaded": str(photo.uploaded),
        "isfavorite": 0,
        "license": str(photo.license),
        "safety_level": str(photo.safety),
        "rotation": 0,
        **(original if photo.original_offered else {}),
        "views": str(photo.views),
        "media": photo.media,
    }


def _parts(photo: MadePhoto, call: Call) -> Iterator[Element]:
    yield _owner(photo)
    yield Element(name="title", text=photo.title)
    yield Element(name="description", text=photo.description)
    yield Element(name="visibility", attributes={"ispublic": 1, "isfriend": 0, "isfamily": 0})
    yield _dates(photo)
    yield Element(name="editability", attributes={"cancomment": 0, "canaddmeta": 0})
    yield Element(name="publiceditability", attributes={"cancomment": 1, "canaddmeta": 0})
    usage = {"candownload": int(photo.original_offered), "canblog": 0, "canprint": 0, "canshare": 1}
    yield Element(name="usage", attributes=usage)
    yield Element(name="comments", text=str(photo.comments))
    yield _notes(photo, call)
    has_people = int(photo.share("people") < _PEOPLE_SHARE)
    yield Element(name="people", attributes={"haspeople": has_people})
    yield Element(name="tags", children=tuple(_tags(photo)), listed="tag")
    if photo.is_geotagged:
        yield _location(photo)
        public = {"ispublic": 1, "iscontact": 0, "isfriend": 0, "isfamily": 0}
        yield Element(name="geoperms", attributes=public)
    page = Element(name="url", attributes={"type": "photopage"}, text=photo.page)
    yield Element(name="urls", children=(page,), listed="url")


def _owner(photo: MadePhoto) -> Element:
    owner = photo.owner
    durations = (Element(name="eligible_durations"),) * 3
    gift = Element(
        name="gift",
        attributes={"gift_eligible": 1, "new_flow": 1},
        children=durations,
        listed="eligible_durations",
    )
    attributes: dict[str, Value] = {
        "nsid": owner.nsid,
        "username": owner.name,
        "realname": owner.real_name,
        "location": owner.home,
        "iconserver": "65535",
        "iconfarm": 66,
        "path_alias": owner.alias,
    }
    return Element(name="owner", attributes=attributes, children=(gift,))


def _dates(photo: MadePhoto) -> Element:
    attributes: dict[str, Value] = {
        "posted": str(photo.uploaded),
        "taken": photo.taken,
        "takengranularity": str(photo.granularity),
        "takenunknown": str(int(photo.taken_unknown)),
        "lastupdate": str(photo.changed),
    }
    return Element(name="dates", attributes=attributes)


def _notes(photo: MadePhoto, call: Call) -> Element:
    notes = tuple(_note(photo, note, call=call) for note in notes_on(photo))
    return Element(name="notes", children=notes, listed="note")


def _note(photo: MadePhoto, note: Remark, *, call: Call) -> Element:
    author = note.author
    attributes: dict[str, Value] = {
        "id": f"7215761{note.number:010d}",
        "photo_id": photo.id,
        "author": author.nsid,
        "authorname": author.name,
        "authorrealname": author.real_name,
        "authorispro": 0,
        "authorisdeleted": int(author.is_deleted or call.changes.is_closed(author.nsid)),
    }
    box = zip("xywh", map(str, note.box or ()), strict=False)
    return Element(name="note", attributes=attributes | dict(box), text=note.text)


def _tags(photo: MadePhoto) -> Iterator[Element]:
    raw = {normalised(tag): tag for tag in photo.raw_tags}
    tags = {tag: raw.get(tag, tag) for tag in photo.tags}
    if photo.share("empty tag") < _EMPTY_TAG_SHARE:
        # Of a tag that was nothing but an emoji, nothing is left: neither raw nor normalised.
        tags[""] = ""
    account = photo.owner.nsid.partition("@")[0]
    for number, (tag, typed) in enumerate(tags.items()):
        attributes: dict[str, Value] = {
            "id": f"{account}-{photo.id}-{1_000 + number}",
            "author": photo.owner.nsid,
            "authorname": photo.owner.name,
            "raw": typed,
            "machine_tag": int(tag in photo.machine_tags),
        }
        yield Element(name="tag", attributes=attributes, text=tag)


def _location(photo: MadePhoto) -> Element:
    attributes: dict[str, Value] = {
        "latitude": float(photo.latitude),
        "longitude": float(photo.longitude),
        "accuracy": str(photo.accuracy),
        "context": str(photo.context),
    }
    spot = spot_of(photo)
    places = () if spot is None else tuple(_places(photo, spot))
    return Element(name="location", attributes=attributes, children=places)


def _places(photo: MadePhoto, spot: Spot) -> Iterator[Element]:
    # Most recorded replies name places without their ids, one of 2023 has them; a size that
    # nothing is known of is left out, but the neighbourhood is there and empty.
    has_ids = photo.share("woe ids") < _WOE_IDS_SHARE
    names = (spot.name, spot.county, spot.region, spot.country, spot.neighbourhood)
    for level, (size, name) in enumerate(zip(_PLACE_SIZES, names, strict=True)):
        if name or size == "neighbourhood":
            woe_id = str(int(spot.woe_id) + 1_000 * level) if name else "0"
            attributes: dict[str, Value] = {"woeid": woe_id} if has_ids else {}
            yield Element(name=size, attributes=attributes, text=name)
