"""A photo: what its source says of it, and what each stage has added.

Each field is marked once: with the stage that fills it, and as sensitive where it is personal.
What is pending, what a stage may write and what is encrypted all follow from these marks.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self

from smart_image_scraper.photo.dates import TakenDate
from smart_image_scraper.photo.details import (
    Comment,
    CommentTally,
    Note,
    StatedCamera,
    StatedPlace,
)
from smart_image_scraper.photo.geography import Coordinates, Place
from smart_image_scraper.photo.inspection import DuplicateGroup, Inspection
from smart_image_scraper.photo.license import License
from smart_image_scraper.photo.refresh import Gone, Relicensing
from smart_image_scraper.photo.scoring import Score


class Stage(StrEnum):
    """The stages that fill a photo's fields, in their order.

    ``DETAILS`` are those that cost a call to the photo's site for each photo, and are done only
    where they are asked for.
    """

    SEARCH = "search"
    DOWNLOAD = "download"
    INSPECT = "inspect"
    GEOCODE = "geocode"
    SCORE = "score"
    PLACES = "places"
    API_EXIF = "api-exif"
    COMMENTS = "comments"
    REFRESH = "refresh"


DETAILS = (Stage.PLACES, Stage.API_EXIF, Stage.COMMENTS)
"""The stages that ask the site about one photo at a time, the most useful first."""


def _filled_by(stage: Stage, *, sensitive: bool = False) -> Mapping[str, Any]:
    return {"stage": stage, "sensitive": sensitive}


class PhotoId(str):
    """A photo's key everywhere: the site that really holds it, a colon, its id there.

    Raises:
        ValueError: The text is not of the form ``flickr:14898030836``.
    """

    __slots__ = ()
    _FORM = re.compile(r"[a-z][a-z0-9-]*:[A-Za-z0-9._~-]{1,200}")

    def __new__(cls, text: str) -> Self:
        """Check the form and make the id."""
        if not cls._FORM.fullmatch(text):
            raise ValueError(f"{text!r} is no photo id; it looks like flickr:14898030836")
        return super().__new__(cls, text)

    @classmethod
    def trusted(cls, text: str) -> Self:
        """Make the id of a text that was one already: a tenth of the time, which 100,000 need."""
        return super().__new__(cls, text)

    @property
    def site(self) -> str:
        """The site that holds the photo, such as ``flickr``."""
        return self.partition(":")[0]

    @property
    def native(self) -> str:
        """The photo's id at that site."""
        return self.partition(":")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who published a photo. Every field is personal and rests encrypted.

    Attributes:
        id: The account's id, by which its owner is found wherever the photo was found: at Flickr
            the NSID, such as ``12037949754@N01``, elsewhere the site and the id there, such as
            ``commons:Example`` or ``inaturalist:12345``.
        name: The account's display name; at Wikimedia Commons the author's, as it is given there.
        path_alias: The account's name in addresses.
        real_name: The name that the owner gives as the real one.
        credit: How the owner asks to be credited, in the own words; it goes in place of the names.
    """

    id: str | None = None
    name: str | None = None
    path_alias: str | None = None
    real_name: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A size in which a photo's file is offered.

    Attributes:
        label: ``original``, or the longer edge the site names it by: ``2048``, ``1024``, ``640``.
        url: Where the file is.
        width: In pixels, where the site says it.
        height: In pixels, where the site says it.
    """

    label: str
    url: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One search that found the photo: equal for every time the same search is run.

    Attributes:
        term: The words or tag that were searched for.
        run: The id of the run's record, a digest of the whole query.
        older: What an older record says of that hit and cannot be derived (``import seed``).
    """

    term: str
    run: str
    older: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A photo's file in the workspace.

    Attributes:
        path: Relative to the workspace's ``files`` folder, ``ab/cd/<sha256>.<ending>``.
        sha256: Of the file's content, 64 lower-case hexadecimal digits.
        media_type: Told from the bytes, such as ``image/jpeg``.
        bytes: The file's length.
        width: In pixels, as stored (before any turning by EXIF).
        height: In pixels, as stored.
        url: Where it was downloaded from; ``None`` if it was imported from a folder.
        fetched_at: When, in UTC.
        replaces: The path of the file as it was fetched, with its metadata, until it is removed.
        license: The photo's licence when it was fetched; ``None`` if that was not noted.
    """

    path: str
    sha256: str
    media_type: str
    bytes: int
    width: int
    height: int
    url: str | None
    fetched_at: datetime
    replaces: str | None = None
    license: License | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a stage could not be done for a photo.

    Attributes:
        reason: The kind, in a word or two: ``not-found``, ``damaged``; summaries count it.
        message: For a person.
        retryable: Whether a later run tries again.
        at: When, in UTC.
    """

    reason: str
    message: str
    retryable: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo. It cannot be stored as it is: seal it into an ``EncryptedPhoto`` first.

    Unknown is ``None``; an empty text is a text that its owner left empty. Times that end in
    ``_at`` are in UTC with their zone; ``taken`` is local.

    Attributes:
        geo_accuracy: How exact the geotag is, Flickr's 1 (world) to 16 (street).
        geo_context: Flickr's 0 not said, 1 indoors, 2 outdoors.
        safety: Flickr's 0 safe, 1 moderate, 2 restricted.
        sizes: What the site offers, largest first.
        exif: The file's metadata as one text: JSON, or from older records whatever they hold.
        inspection: What the file tells that is not personal.
        duplicates: The groups of near-duplicates that it is in, as of the last ``sis duplicates``.
        stated_place: What the site itself calls the place, beside ``place``, which is ours.
        raw_tags: The tags as people typed them, where ``tags`` are stripped of all but letters.
        notes: ``None`` if there are none, too.
        api_exif: The metadata that the site shows, of a photo whose file has none: JSON as that of
            ``exif``, its reader ``flickr.photos.getExif``.
        comments: ``None`` if there are none, too.
        checked_at: When its site was last seen to show it, or not to.
        gone: That its site does not show it any more; ``None`` if it does, or nobody has looked.
        license_history: The changes of its licence that its site tells of, the oldest first.
        failures: By stage; a stage that succeeded later leaves none.
    """

    id: PhotoId
    title: str | None = field(default=None, metadata=_filled_by(Stage.SEARCH))
    description: str | None = field(default=None, metadata=_filled_by(Stage.SEARCH))
    tags: tuple[str, ...] = field(default=(), metadata=_filled_by(Stage.SEARCH))
    machine_tags: tuple[str, ...] = field(default=(), metadata=_filled_by(Stage.SEARCH))
    license: License = field(default=License.UNKNOWN, metadata=_filled_by(Stage.SEARCH))
    owner: Owner | None = field(default=None, metadata=_filled_by(Stage.SEARCH, sensitive=True))
    uploaded_at: datetime | None = field(default=None, metadata=_filled_by(Stage.SEARCH))
    changed_at: datetime | None = field(default=None, metadata=_filled_by(Stage.SEARCH))
    taken: TakenDate | None = field(default=None, metadata=_filled_by(Stage.SEARCH))
    coordinates: Coordinates | None = field(default=None, metadata=_filled_by(Stage.SEARCH))
    geo_accuracy: int | None = field(default=None, metadata=_filled_by(Stage.SEARCH))
    geo_context: int | None = field(default=None, metadata=_filled_by(Stage.SEARCH))
    woe_id: str | None = field(default=None, metadata=_filled_by(Stage.SEARCH))
    place_id: str | None = field(default=None, metadata=_filled_by(Stage.SEARCH))
    views: int | None = field(default=None, metadata=_filled_by(Stage.SEARCH))
    comment_count: int | None = field(default=None, metadata=_filled_by(Stage.SEARCH))
    favorite_count: int | None = field(default=None, metadata=_filled_by(Stage.SEARCH))
    safety: int | None = field(default=None, metadata=_filled_by(Stage.SEARCH))
    sizes: tuple[Size, ...] = field(default=(), metadata=_filled_by(Stage.SEARCH))
    searches: tuple[SearchHit, ...] = field(default=(), metadata=_filled_by(Stage.SEARCH))
    file: StoredFile | None = field(default=None, metadata=_filled_by(Stage.DOWNLOAD))
    exif: str | None = field(default=None, metadata=_filled_by(Stage.INSPECT, sensitive=True))
    inspection: Inspection | None = field(default=None, metadata=_filled_by(Stage.INSPECT))
    duplicates: tuple[DuplicateGroup, ...] = field(default=(), metadata=_filled_by(Stage.INSPECT))
    place: Place | None = field(default=None, metadata=_filled_by(Stage.GEOCODE))
    scores: tuple[Score, ...] = field(default=(), metadata=_filled_by(Stage.SCORE))
    stated_place: StatedPlace | None = field(default=None, metadata=_filled_by(Stage.PLACES))
    raw_tags: tuple[str, ...] = field(default=(), metadata=_filled_by(Stage.PLACES))
    notes: tuple[Note, ...] | None = field(
        default=None, metadata=_filled_by(Stage.PLACES, sensitive=True)
    )
    stated_camera: StatedCamera | None = field(default=None, metadata=_filled_by(Stage.API_EXIF))
    api_exif: str | None = field(default=None, metadata=_filled_by(Stage.API_EXIF, sensitive=True))
    comment_tally: CommentTally | None = field(default=None, metadata=_filled_by(Stage.COMMENTS))
    comments: tuple[Comment, ...] | None = field(
        default=None, metadata=_filled_by(Stage.COMMENTS, sensitive=True)
    )
    checked_at: datetime | None = field(default=None, metadata=_filled_by(Stage.REFRESH))
    gone: Gone | None = field(default=None, metadata=_filled_by(Stage.REFRESH))
    license_history: tuple[Relicensing, ...] = field(default=(), metadata=_filled_by(Stage.REFRESH))
    failures: Mapping[Stage, Failure] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def page_url(self) -> str | None:
        """The photo's page at its site, without the owner's name in it."""
        return page_url(self.id)


# Usual addresses hold the owner's alias, or a title with a name in it; these lead to them, and hold
# only the id.
_PAGES = {
    "commons": "https://commons.wikimedia.org/?curid=",
    "flickr": "https://www.flickr.com/photo.gne?id=",
    "inaturalist": "https://www.inaturalist.org/photos/",
}


def page_url(photo_id: PhotoId) -> str | None:
    """Return a photo's page at its site, without the owner's name in it."""
    form = _PAGES.get(photo_id.site)
    return form and f"{form}{photo_id.native}"
