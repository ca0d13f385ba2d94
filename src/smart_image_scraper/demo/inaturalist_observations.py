# ruff: noqa: PLR2004 — the many small probabilities are easiest to read where they are used
"""Demo: made photos as observations of iNaturalist, with one to several photos each."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from smart_image_scraper.demo.inaturalist_taxa import OF_SCENE, MadeTaxon, row_of
from smart_image_scraper.demo.members import COMMENTERS
from smart_image_scraper.demo.record import MadePhoto, Member

_CODES: Mapping[int, str] = MappingProxyType(
    {1: "cc-by-nc-sa", 2: "cc-by-nc", 3: "cc-by-nc-nd", 4: "cc-by", 5: "cc-by-sa", 6: "cc-by-nd"}
    | {7: "pd", 8: "pd", 9: "cc0", 10: "pd", 11: "cc-by", 12: "cc-by-sa", 13: "cc-by-nd"}
    | {14: "cc-by-nc", 15: "cc-by-nc-sa", 16: "cc-by-nc-nd"}
)
EDGES: Mapping[str, int] = MappingProxyType(
    {"original": 2048, "large": 1024, "medium": 500, "small": 240, "thumb": 100, "square": 75}
)
"""The longer edge of each size, in pixels, where the photo is not smaller."""

_FIRST_ID = 16_000_000
_CELL = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeObservation:
    """An observation: photos of one taxon, by one member, at one time and place.

    Attributes:
        id: Its number; later ones have higher numbers.
        photos: The first one tells when and where it was.
        taxon: What it was identified as.
    """

    id: int
    photos: tuple[MadePhoto, ...]
    taxon: MadeTaxon

    @property
    def lead(self) -> MadePhoto:
        """The photo that tells when and where it was."""
        return self.photos[0]

    @property
    def is_dated(self) -> bool:
        """Whether the day is known."""
        return not (self.lead.taken_unknown or self.lead.taken.startswith("0000"))

    @property
    def grade(self) -> str:
        """How sure people are; without a date or a place nothing is of use for research."""
        if not (self.is_dated and self.lead.is_geotagged):
            return "casual"
        share = self.lead.share("grade")
        return "research" if share < 0.8 else "needs_id" if share < 0.95 else "casual"

    @property
    def privacy(self) -> str | None:
        """``obscured`` or ``private`` if the place is withheld."""
        share = self.lead.share("privacy")
        return "obscured" if share < 0.2 else "private" if share < 0.25 else None

    @property
    def location(self) -> tuple[float, float] | None:
        """The latitude and longitude that everyone is told."""
        lead = self.lead
        if not lead.is_geotagged or self.privacy == "private":
            return None
        if self.privacy is None:
            return lead.latitude, lead.longitude
        south, west = (math.floor(value / _CELL) for value in (lead.latitude, lead.longitude))
        north, east = lead.share("north"), lead.share("east")
        return round((south + north) * _CELL, 6), round((west + east) * _CELL, 6)

    @property
    def created(self) -> datetime:
        """When it was uploaded."""
        return datetime.fromtimestamp(self.lead.uploaded, UTC)


def made_observations(photos: Iterable[MadePhoto]) -> list[MadeObservation]:
    """Return the observations that photos make, in the order of their numbers."""
    open_ones: dict[tuple[str, str], list[MadePhoto]] = {}
    groups: list[list[MadePhoto]] = []
    for photo in sorted(photos, key=lambda photo: (photo.uploaded, photo.id)):
        if photo.media != "photo" or photo.scene not in OF_SCENE:
            continue
        kind = (photo.owner.nsid, photo.scene.value)
        if kind in open_ones and photo.share("joined") < 0.35:
            open_ones[kind].append(photo)
            continue
        open_ones[kind] = [photo]
        groups.append(open_ones[kind])
    made = []
    for number, group in enumerate(groups):
        taxa = OF_SCENE[group[0].scene]
        share = group[0].share("taxon")
        taxon = taxa[0] if share < 0.8 else taxa[-1] if share < 0.9 else taxa[len(taxa) // 2]
        made.append(MadeObservation(id=_FIRST_ID + 7 * number, photos=tuple(group), taxon=taxon))
    return made


def license_code(photo: MadePhoto) -> str | None:
    """Return what the API calls the photo's licence."""
    return _CODES.get(photo.license)


def user_id(owner: Member) -> int:
    """Return the number of the owner's account."""
    return int(owner.nsid.partition("@")[0])


def is_shown(photo: MadePhoto) -> bool:
    """Tell whether nobody has an objection to the photo that is not settled."""
    return photo.share("objection") >= 0.05


def dimensions_of(photo: MadePhoto, *, size: str = "original") -> tuple[int, int]:
    """Return width and height of a size, in pixels; nothing is enlarged."""
    edge = EDGES[size]
    if size == "square":
        return edge, edge
    scale = min(1.0, edge / max(photo.width, photo.height))
    return max(1, round(photo.width * scale)), max(1, round(photo.height * scale))


def file_path(photo: MadePhoto, *, size: str) -> str:
    """Return where a file is."""
    ending = "jpeg" if photo.share("ending") < 0.2 else "jpg"
    return f"/photos/{photo.id}/{size}.{ending}"


def observation_row(made: MadeObservation, *, address: str) -> dict[str, Any]:
    """Return what a reply tells of an observation.

    Args:
        made: Which one.
        address: Host and port of the files.
    """
    pictures = [_picture(photo, address=address) for photo in made.photos]
    by_taxon = made.lead.share("whose privacy") < 0.5
    return {
        "id": made.id,
        "quality_grade": made.grade,
        "taxon": row_of(made.taxon),
        "species_guess": made.taxon.common,
        "description": made.lead.description or None,
        "tags": list(made.lead.raw_tags[:3]),
        "created_at": made.created.isoformat(),
        "updated_at": datetime.fromtimestamp(made.lead.changed, UTC).isoformat(),
        "user": _user(made.lead.owner),
        "spam": False,
        "flags": [],
        "uri": f"https://www.inaturalist.org/observations/{made.id}",
        "photos": pictures,
        "identifications": [{"user": _user(COMMENTERS[made.id % len(COMMENTERS)])}],
        "geoprivacy": None if by_taxon else made.privacy,
        "taxon_geoprivacy": made.privacy if by_taxon else "open",
        **_whereabouts(made),
        **_time(made),
    }


def _picture(photo: MadePhoto, *, address: str) -> dict[str, Any]:
    code, width_height = license_code(photo), dimensions_of(photo)
    owner = _user(photo.owner)
    rights = {None: "all rights reserved", "cc0": "no rights reserved"}.get(
        code, f"some rights reserved ({(code or '').upper()})"
    )
    told: dict[str, Any] = {
        "id": int(photo.id),
        "license_code": code,
        "attribution": f"(c) {owner['name'] or owner['login']}, {rights}",
        "original_dimensions": dict(zip(("width", "height"), width_height, strict=True)),
        "flags": [],
        "url": f"http://{address}{file_path(photo, size='square')}?{photo.uploaded}",
    }
    share = photo.share("objection")
    if share < 0.03:
        told["flags"] = [{"flag": "copyright infringement", "resolved": False}]
    elif share < 0.05:
        del told["url"]
        told["hidden"] = True
    elif share < 0.08:
        told["flags"] = [{"flag": "spam", "resolved": True}]
    if photo.share("undimensioned") < 0.05:
        told["original_dimensions"] = None
    return told


def _user(member: Member) -> dict[str, Any]:
    number = user_id(member)
    login = member.alias or f"made-{number}"
    return {"id": number, "login": login, "name": member.real_name or None, "suspended": False}


def _whereabouts(made: MadeObservation) -> dict[str, Any]:
    told: dict[str, Any] = {"obscured": made.privacy is not None, "location": None}
    if (location := made.location) is None:
        return told | {"geojson": None, "public_positional_accuracy": None}
    latitude, longitude = location
    # Its answers of several years have both in two forms.
    older = made.lead.share("form") < 0.2
    accuracy = 28_000 if made.privacy else {16: 12, 14: 600, 11: 8_000}.get(made.lead.accuracy)
    return told | {
        "location": [latitude, longitude] if older else f"{latitude},{longitude}",
        "geojson": {"type": "Point", "coordinates": [longitude, latitude]},
        "positional_accuracy": accuracy,
        "public_positional_accuracy": accuracy,
    }


def _time(made: MadeObservation) -> dict[str, Any]:
    if not made.is_dated:
        return {"observed_on": None, "time_observed_at": None, "observed_on_details": None}
    moment = datetime.fromisoformat(made.lead.taken)
    day = {"year": moment.year, "month": moment.month, "day": moment.day}
    told = {"observed_on": f"{moment:%Y-%m-%d}", "time_observed_at": None}
    if made.lead.share("time of day") < 0.8:
        told["time_observed_at"] = f"{moment:%Y-%m-%dT%H:%M:%S}+08:00"
    return told | {"observed_on_details": {"date": told["observed_on"], **day}}
