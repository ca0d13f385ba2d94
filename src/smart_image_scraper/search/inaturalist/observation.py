"""Search: one observation of iNaturalist, which is of one taxon, as photos: it can have several.

https://api.inaturalist.org/v1/docs/#!/Observations/get_observations
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from smart_image_scraper.photo import Owner, Photo, PhotoId, SearchHit, Size, TakenDate
from smart_image_scraper.photo.dates import Granularity
from smart_image_scraper.search.inaturalist.licenses import license_of
from smart_image_scraper.search.inaturalist.place import accuracy_of, coordinates_of
from smart_image_scraper.search.inaturalist.taxonomy import tags_of, title_of

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
    told = observation.get("photos")
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []


def photo_id(picture: Picture, *, observation: Observation) -> PhotoId:
    """Return a photo's id.

    Raises:
        ValueError: There is none, or the photo is not to be shown: hidden, or someone says with
            it, its observation or its observer that something is wrong, and it is not settled.
    """
    if _is_flagged(picture) or _is_flagged(observation) or _is_suspect(observation):
        raise ValueError("the photo is flagged")
    number = picture.get("id")
    if picture.get("hidden") or not _FILE.fullmatch(str(picture.get("url", ""))):
        raise ValueError("the photo is not shown")
    if not isinstance(number, int):
        raise ValueError("the photo has no id")  # noqa: TRY004 — of values, as those before it
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
        description=_text(observation.get("description")),
        tags=tags,
        machine_tags=machine_tags,
        license=license_of(picture.get("license_code")),
        owner=_owner(picture, user=observation.get("user")),
        uploaded_at=_moment(observation.get("created_at")),
        changed_at=_moment(observation.get("updated_at")),
        taken=_taken(observation),
        coordinates=point,
        geo_accuracy=accuracy_of(observation) if point else None,
        sizes=tuple(_sizes(picture)),
        searches=() if hit is None else (hit,),
    )


def _is_flagged(thing: Mapping[str, Any]) -> bool:
    flags = thing.get("flags") or ()
    return any(not flag.get("resolved", False) for flag in flags)


def _is_suspect(observation: Observation) -> bool:
    user = observation.get("user") or {}
    return bool(observation.get("spam") or user.get("spam") or user.get("suspended"))


def _text(value: Any) -> str | None:  # noqa: ANN401 — whatever JSON can hold
    return None if value is None else str(value)


def _owner(picture: Picture, *, user: Mapping[str, Any] | None) -> Owner | None:
    """Return the observer, by the name that the photo is to be credited to."""
    user = user or {}
    number, login = user.get("id"), user.get("login") or None
    credit = _CREDIT.fullmatch(str(picture.get("attribution", "")))
    name = credit[1] if credit else user.get("name") or login
    if number is None and not name:
        return None
    account = None if number is None else f"inaturalist:{number}"
    return Owner(id=account, name=name, path_alias=login)


def _moment(text: Any) -> datetime | None:  # noqa: ANN401 — whatever JSON can hold
    try:
        moment = datetime.fromisoformat(str(text))
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _taken(observation: Observation) -> TakenDate | None:
    """Return when the observation was made, by the clock of where it was."""
    try:
        moment = datetime.fromisoformat(str(observation.get("time_observed_at")))
    except ValueError:
        return _taken_on(observation.get("observed_on_details") or {})
    return TakenDate(local=moment.replace(tzinfo=None), granularity=Granularity.SECOND)


def _taken_on(told: Mapping[str, Any]) -> TakenDate | None:
    parts = []
    for name in ("year", "month", "day"):
        if not isinstance(told.get(name), int):
            break
        parts.append(told[name])
    if not parts:
        return None
    known = (Granularity.YEAR, Granularity.MONTH, Granularity.DAY)[len(parts) - 1]
    try:
        local = datetime(*parts, *(1, 1)[len(parts) - 1 :])  # noqa: DTZ001 — no zone is told
    except ValueError:
        return None
    return TakenDate(local=local, granularity=known)


def _sizes(picture: Picture) -> Iterator[Size]:
    """Yield what may be asked for, largest first."""
    # Photos of licences that are open, and others, are at different hosts; one photo's are at one.
    file = _FILE.fullmatch(str(picture["url"]))
    if file is None:
        return
    told = picture.get("original_dimensions") or {}
    width, height = told.get("width") or None, told.get("height") or None
    longest = max(width, height) if width and height else None
    for name, edge in _SIZES:
        url = f"{file[1]}{name}{file[2]}{file[3]}"
        if edge is None:
            yield Size(label=name, url=url, width=width, height=height)
        elif longest is None:
            yield Size(label=str(edge), url=url)
        elif edge < longest:
            scale = edge / longest
            wide, high = max(1, round(width * scale)), max(1, round(height * scale))
            yield Size(label=str(edge), url=url, width=wide, height=high)
    url = f"{file[1]}square{file[2]}{file[3]}"
    yield Size(label=str(_SQUARE), url=url, width=_SQUARE, height=_SQUARE)
