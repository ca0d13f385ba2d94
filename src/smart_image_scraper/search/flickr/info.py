"""Search: what ``flickr.photos.getInfo`` tells of one photo.

https://www.flickr.com/services/api/flickr.photos.getInfo.html. It names nothing of the files that
are offered, and no number of those who marked the photo as a favourite: a search does.
"""

from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from smart_image_scraper.photo import Note, Photo, PhotoId, StatedName, StatedPlace
from smart_image_scraper.search.flickr.client import FlickrClient
from smart_image_scraper.search.flickr.page import Row
from smart_image_scraper.search.flickr.reply import part, without
from smart_image_scraper.search.flickr.row import read_photo
from smart_image_scraper.search.flickr.values import whole_number, yes_or_no

_LEVELS = ("neighbourhood", "locality", "county", "region", "country")
# What a value is called in a row of a search, by where it stands here.
_ATTRIBUTES = {
    ".": {
        **{name: name for name in ("id", "license", "safety_level", "views")},
        "dateuploaded": "dateupload",
    },
    "owner": {
        "nsid": "owner",
        "username": "ownername",
        "realname": "realname",
        "path_alias": "pathalias",
    },
    "dates": {
        "posted": "dateupload",
        "lastupdate": "lastupdate",
        "taken": "datetaken",
        "takengranularity": "datetakengranularity",
        "takenunknown": "datetakenunknown",
    },
    "location": {
        name: name for name in ("latitude", "longitude", "accuracy", "context", "place_id", "woeid")
    },
}
_TEXTS = {"title": "title", "description": "description", "comments": "count_comments"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoInfo:
    """What Flickr tells of one photo.

    Attributes:
        photo: As a search would give it, but without sizes, favourites and searches; and with what
            only this method tells: ``stated_place``, ``raw_tags`` and ``notes``.
        is_public: Whether everyone may see it.
        may_download: Whether its owner lets others download it.
    """

    photo: Photo
    is_public: bool | None
    may_download: bool | None


async def get_info(flickr: FlickrClient, photo_id: PhotoId) -> PhotoInfo:
    """Ask what Flickr knows of a photo; see ``FlickrClient.ask``."""
    return await flickr.ask("flickr.photos.getInfo", photo_id, read=read_info)


def read_info(reply: Element) -> PhotoInfo:
    """Read what Flickr tells of a photo. A value that is missing or malformed becomes ``None``.

    Raises:
        TransientError: The reply holds no photo.
    """
    told = part(reply, "photo")
    try:
        photo = read_photo(_row(told))
    except ValueError as error:  # there is no id
        raise without("photo") from error
    usage, visibility = told.find("usage"), told.find("visibility")
    return PhotoInfo(
        photo=replace(
            photo,
            stated_place=_stated_place(told),
            raw_tags=tuple(raw for tag in told.iterfind("tags/tag") if (raw := tag.get("raw"))),
            notes=tuple(_note(note) for note in told.iterfind("notes/note")) or None,
        ),
        is_public=yes_or_no(_attribute(visibility, "ispublic")),
        may_download=yes_or_no(_attribute(usage, "candownload")),
    )


def _row(told: Element) -> Row:
    """Return the photo as the row of a search that it would have been."""
    row: dict[str, str] = {}
    for path, names in _ATTRIBUTES.items():
        found = told.find(path)
        values = {} if found is None else found.attrib
        row |= {names[name]: text for name, text in values.items() if name in names}
    for name, called in _TEXTS.items():
        if (text := told.findtext(name)) is not None:
            row[called] = text
    tags = [tag for tag in told.iterfind("tags/tag") if tag.text]
    row["tags"] = " ".join(tag.text or "" for tag in tags)
    row["machine_tags"] = " ".join(tag.text or "" for tag in tags if tag.get("machine_tag") == "1")
    return row


def _attribute(element: Element | None, name: str) -> str | None:
    return None if element is None else element.get(name)


def _stated_place(told: Element) -> StatedPlace:
    return StatedPlace(**{level: _stated_name(told, level) for level in _LEVELS})


def _stated_name(told: Element, level: str) -> StatedName | None:
    found = told.find(f"location/{level}")
    if found is None or not found.text:
        return None
    woe_id = found.get("woeid")
    return StatedName(
        name=found.text,
        woe_id=woe_id if woe_id != "0" else None,
        place_id=found.get("place_id") or None,
    )


def _note(told: Element) -> Note:
    return Note(
        id=told.get("id") or None,
        author_id=told.get("author") or None,
        author_name=told.get("authorname") or None,
        author_real_name=told.get("authorrealname") or None,
        author_is_deleted=yes_or_no(told.get("authorisdeleted")),
        left=whole_number(told.get("x")),
        top=whole_number(told.get("y")),
        width=whole_number(told.get("w")),
        height=whole_number(told.get("h")),
        text=told.text or "",
    )
