"""What a photo's site tells of it when asked about it alone: comments, notes, places, EXIF."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What someone wrote below a photo. Every field is personal and rests encrypted.

    The address of the comment is not kept: it holds the owner's name, and the photo's page, ``#``,
    ``comment`` and the last part of the id lead there as well.

    Attributes:
        id: At the site.
        author_id: The author's account; at Flickr the NSID.
        author_name: The account's display name.
        author_path_alias: The account's name in addresses.
        author_real_name: The name that the author gives as the real one.
        author_is_deleted: Whether the account is no more.
        written_at: When, in UTC.
        text: May hold HTML, mostly links.
    """

    id: str | None = None
    author_id: str | None = None
    author_name: str | None = None
    author_path_alias: str | None = None
    author_real_name: str | None = None
    author_is_deleted: bool | None = None
    written_at: datetime | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What someone wrote upon a part of a photo. Every field is personal and rests encrypted.

    Attributes:
        id: At the site.
        author_id: The author's account; at Flickr the NSID.
        author_name: The account's display name.
        author_real_name: The name that the author gives as the real one.
        author_is_deleted: Whether the account is no more.
        left: Of the part's left edge, in pixels of the size whose longer edge is 500; ``top``,
            ``width`` and ``height`` likewise.
        text: May hold HTML.
    """

    id: str | None = None
    author_id: str | None = None
    author_name: str | None = None
    author_real_name: str | None = None
    author_is_deleted: bool | None = None
    left: int | None = None
    top: int | None = None
    width: int | None = None
    height: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentTally:
    """What is known of a photo's comments without opening them.

    Attributes:
        count: How many came.
        announced: How many there were, as its site said in the search before; when it says another
            number later, the comments are pending again.
        read_at: When they came, in UTC.
    """

    count: int
    announced: int | None = None
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedName:
    """A place as the photo's site names it.

    Attributes:
        name: In the language of whoever named it.
        woe_id: Its number in Yahoo's gazetteer "Where On Earth", where the site tells it.
        place_id: Its id at the site, likewise.
    """

    name: str
    woe_id: str | None = None
    place_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPlace:
    """Where a photo was taken, as its site says; all ``None`` if the site says nothing."""

    neighbourhood: StatedName | None = None
    locality: StatedName | None = None
    county: StatedName | None = None
    region: StatedName | None = None
    country: StatedName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedCamera:
    """What the photo's site, not its file, says of the camera: nothing of it is personal.

    Attributes:
        tag_count: How many tags of EXIF, IPTC and XMP the site showed.
        make: As in ``Inspection``, and likewise all that follow.
    """

    tag_count: int
    make: str | None = None
    model: str | None = None
    lens: str | None = None
    focal_length_mm: float | None = None
    focal_length_35mm: float | None = None
    f_number: float | None = None
    exposure_s: float | None = None
    iso: int | None = None


def write_written(written: Iterable[Comment | Note]) -> str:
    """Write comments or notes as one text, JSON, to be sealed."""
    return json.dumps([_known(each) for each in written], ensure_ascii=False)


def read_comments(text: str) -> tuple[Comment, ...]:
    """Read what :func:`write_written` wrote of comments."""
    return tuple(Comment(**each | _moment(each)) for each in json.loads(text))


def read_notes(text: str) -> tuple[Note, ...]:
    """Read what :func:`write_written` wrote of notes."""
    return tuple(Note(**each) for each in json.loads(text))


def _known(written: Comment | Note) -> dict[str, Any]:
    values = {part.name: getattr(written, part.name) for part in fields(written)}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
        if value is not None
    }


def _moment(values: dict[str, Any]) -> dict[str, Any]:
    text = values.get("written_at")
    return {} if text is None else {"written_at": datetime.fromisoformat(text)}
