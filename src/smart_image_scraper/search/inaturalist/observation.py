"""Search: one observation of iNaturalist, which is of one taxon, as photos: it can have several.

https://api.inaturalist.org/v1/docs/#!/Observations/get_observations
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from smart_image_scraper.photo import Owner, Photo, PhotoId, SearchHit, Size, TakenDate
from smart_image_scraper.photo.dates import Granularity
from smart_image_scraper.search.inaturalist.licenses import license_of
from smart_image_scraper.search.inaturalist.place import accuracy_of, coordinates_of
from smart_image_scraper.search.inaturalist.taxonomy import tags_of, title_of
from smart_image_scraper.search.values import (
    mapping,
    mappings,
    moment,
    taken_date,
    text,
    whole_number,
)

Observation = Mapping[str, Any]
Picture = Mapping[str, Any]

_FILE = re.compile(r"(https?://[^?#]+/photos/\d+/)square(\.[A-Za-z]{3,4})((?:\?.*)?)")
_SIZES = (("original", None), ("large", 1024), ("medium", 500), ("small", 240), ("thumb", 100))
"""The longer edges, from https://github.com/inaturalist/inaturalist-open-data; none is enlarged."""
_SQUARE = 75
# As in: (c) Ann Example, some rights reserved (CC BY), uploaded by ann.
_CREDIT = re.compile(r"\(c\) (.+), (?:some|all|no) rights reserved\b.*", re.DOTALL)


def pictures_of(observation: Observation) -> Sequence[Picture]:
    """Return what the API tells of each photo."""
    return mappings(observation.get("photos"))


def photo_id(picture: Picture, *, observation: Observation) -> PhotoId:
    """Return a photo's id.

    Raises:
        ValueError: There is none, or the photo is not to be shown: hidden, or someone says with
            it, its observation or its observer that something is wrong, and it is not settled.
    """
    if _is_flagged(picture) or _is_flagged(observation) or _is_suspect(observation):
        raise ValueError("the photo is flagged")
    number = whole_number(picture.get("id"))
    if picture.get("hidden") or not _FILE.fullmatch(str(picture.get("url", ""))):
        raise ValueError("the photo is not shown")
    if number is None:
        raise ValueError("the photo has no id")
    return PhotoId(f"inaturalist:{number}")


def read_photo(
    picture: Picture, *, observation: Observation, hit: SearchHit | None = None
) -> Photo:
    """Read a photo of an observation. A value that is missing or malformed becomes ``None``.

    Args:
        picture: The photo, as the API sent it.
        observation: The observation that it belongs to.
        hit: The search that found it, if one did.

    Raises:
        ValueError: The photo has no id, or is not to be shown.
    """
    identity = photo_id(picture, observation=observation)
    tags, machine_tags = tags_of(observation)
    point = coordinates_of(observation)
    return Photo(
        id=identity,
        title=title_of(observation),
        description=text(observation.get("description")),
        tags=tags,
        machine_tags=machine_tags,
        license=license_of(picture.get("license_code")),
        owner=_owner(picture, user=mapping(observation.get("user"))),
        uploaded_at=moment(observation.get("created_at")),
        changed_at=moment(observation.get("updated_at")),
        taken=_taken(observation),
        coordinates=point,
        geo_accuracy=accuracy_of(observation) if point else None,
        sizes=tuple(_sizes(picture)),
        searches=() if hit is None else (hit,),
    )


def _is_flagged(thing: Mapping[str, Any]) -> bool:
    return any(not flag.get("resolved") for flag in mappings(thing.get("flags")))


def _is_suspect(observation: Observation) -> bool:
    user = mapping(observation.get("user"))
    return bool(observation.get("spam") or user.get("spam") or user.get("suspended"))


def _owner(picture: Picture, *, user: Mapping[str, Any]) -> Owner | None:
    """Return the observer, by the name that the photo is to be credited to."""
    number, login = whole_number(user.get("id")), text(user.get("login"))
    credit = _CREDIT.fullmatch(str(picture.get("attribution", "")))
    name = credit[1] if credit else text(user.get("name")) or login
    if number is None and not name:
        return None
    account = None if number is None else f"inaturalist:{number}"
    return Owner(id=account, name=name, path_alias=login)


def _taken(observation: Observation) -> TakenDate | None:
    """Return when the observation was made, by the clock of where it was."""
    try:
        local = datetime.fromisoformat(str(observation.get("time_observed_at")))
    except ValueError:
        return _taken_on(mapping(observation.get("observed_on_details")))
    return TakenDate(local=local.replace(tzinfo=None), granularity=Granularity.SECOND)


def _taken_on(told: Mapping[str, Any]) -> TakenDate | None:
    parts = (whole_number(told.get(name)) for name in ("year", "month", "day"))
    known = [part for part in takewhile(bool, parts) if part]
    return taken_date(*known) if known else None


def _sizes(picture: Picture) -> Iterator[Size]:
    """Yield what may be asked for, largest first."""
    # Photos of licences that are open, and others, are at different hosts; one photo's are at one.
    file = _FILE.fullmatch(str(picture["url"]))
    if file is None:
        return
    told = mapping(picture.get("original_dimensions"))
    width, height = whole_number(told.get("width")), whole_number(told.get("height"))
    for name, edge in _SIZES:
        url = f"{file[1]}{name}{file[2]}{file[3]}"
        if edge is None:
            yield Size(label=name, url=url, width=width, height=height)
        elif width is None or height is None:
            yield Size(label=str(edge), url=url)
        elif edge < max(width, height):
            scale = edge / max(width, height)
            wide, high = max(1, round(width * scale)), max(1, round(height * scale))
            yield Size(label=str(edge), url=url, width=wide, height=high)
    url = f"{file[1]}square{file[2]}{file[3]}"
    yield Size(label=str(_SQUARE), url=url, width=_SQUARE, height=_SQUARE)
