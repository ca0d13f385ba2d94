"""Export: what a file's metadata says, but for where the photo was taken."""

import json
import re
from collections.abc import Iterable
from typing import Any

from smart_image_scraper.export.positions import without_positions
from smart_image_scraper.photo import Coordinates

# Of EXIF, IPTC, XMP and makers' notes, as exiftool and Flickr name them.
_TELLS_THE_PLACE = re.compile(
    "gps|geo|latitude|longitude|altitude|position|location|city|country|province|state|region|"
    "area|place|landmark|address|bearing|direction|dest|map",
    re.IGNORECASE,
)


def metadata_without_place(text: str | None, point: Coordinates | None) -> str | None:
    """Return a file's metadata without the tags that tell the place, and positions in the others.

    Args:
        text: As ``Photo.exif`` has it. Older records hold it in forms that cannot be read tag by
            tag; of these nothing is returned.
        point: Where the photo was taken, as its site says.
    """
    if text is None:
        return None
    try:
        values = json.loads(text)
    except ValueError:
        return None
    if not isinstance(values, dict) or "groups" not in values:
        return None
    points = [each for each in (point, _own_position(values)) if each is not None]
    return json.dumps(_told(values, points), ensure_ascii=False)


def _own_position(values: dict[str, Any]) -> Coordinates | None:
    position = values.get("position")
    if not isinstance(position, dict):
        return None
    return Coordinates(latitude=position["latitude"], longitude=position["longitude"])


def _told(value: Any, points: Iterable[Coordinates]) -> Any:  # noqa: ANN401 — what JSON holds
    if isinstance(value, dict):
        return {
            name: _told(item, points)
            for name, item in value.items()
            if not _TELLS_THE_PLACE.search(name)
        }
    if isinstance(value, list):
        return [_told(item, points) for item in value]
    if isinstance(value, str):
        value = without_positions(value, None)
        for point in points:
            value = without_positions(value, point)
    return value
