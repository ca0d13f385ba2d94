"""Demo: made photos as the file pages of Wikimedia Commons."""

import hashlib
import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from smart_image_scraper.demo.record import MadePhoto

LICENSES: Mapping[int, tuple[str | None, str, str | None]] = {
    4: ("cc-by-2.0", "CC BY 2.0", "https://creativecommons.org/licenses/by/2.0"),
    5: ("cc-by-sa-2.0", "CC BY-SA 2.0", "https://creativecommons.org/licenses/by-sa/2.0/deed.en"),
    7: (None, "No restrictions", "https://www.flickr.com/commons/usage/"),
    8: ("pd", "Public domain", None),
    9: ("cc0", "CC0", "http://creativecommons.org/publicdomain/zero/1.0/deed.en"),
    10: ("pd", "Public domain", "https://creativecommons.org/publicdomain/mark/1.0/deed.en"),
    11: ("cc-by-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0"),
    12: ("cc-by-sa-3.0-de", "CC BY-SA 3.0 de", "https://creativecommons.org/licenses/by-sa/3.0/de"),
}
"""By Flickr's ids, those that Commons takes: the short word, the name, and the page."""

STEPS = (20, 40, 60, 120, 250, 330, 500, 960, 1280, 1920, 3840)
"""The widths in which Wikimedia makes thumbnails."""

_NOT_IN_TITLES = re.compile(r"[\x00-\x1f#<>\[\]|{}/:_]+")
_LACKING = (
    '<div class="boilerplate metadata" id="cleanup" lang="en" style="text-align: center;">'
    "This file is lacking <b>author</b> information.\n</div>"
)
_UNKNOWN = '<div class="fn value">\n<span lang="en">Unknown</span>\n</div>'
_AUTHOR = "commons author"
# How authors are told: up to these shares by a link to an account there, by one to Flickr, by name,
# as unknown, and not at all.
_LINKED, _AT_FLICKR, _NAMED, _SAID_UNKNOWN = 0.6, 0.8, 0.9, 0.95
_TO_THE_SECOND = 0.8
_NAMED_FILES = 0.5
_BOT = "Made file mover"


def file_name(photo: MadePhoto) -> str:
    """Return the name of a photo's file, which is its page's title, and often names the author."""
    title = " ".join(_NOT_IN_TITLES.sub(" ", photo.title).split()) or "Untitled"
    by = (
        f" {photo.owner.name}"
        if has_account(photo) and photo.share("named file") < _NAMED_FILES
        else ""
    )
    return f"{title}{by} ({photo.id}).{photo.original_format}"


def user_name(photo: MadePhoto) -> str:
    """Return the account of the owner at Wikimedia."""
    return photo.owner.name


def has_account(photo: MadePhoto) -> bool:
    """Tell whether the author is linked to the account; others are told in other ways."""
    return photo.share(_AUTHOR) < _LINKED


def links_flickr(photo: MadePhoto) -> bool:
    """Tell whether the author is linked to the account at Flickr."""
    return _LINKED <= photo.share(_AUTHOR) < _AT_FLICKR


def categories_of(photo: MadePhoto) -> tuple[str, ...]:
    """Return what the photo is filed under, but for what is about its author."""
    return photo.raw_tags or photo.tags


def thumbnail_path(photo: MadePhoto, *, width: int) -> str:
    """Return where a thumbnail is."""
    name = _wired(file_name(photo))
    return f"/wikipedia/commons/thumb/{_folder(photo)}/{name}/{width}px-{name}"


def original_path(photo: MadePhoto) -> str:
    """Return where the file is as it was uploaded."""
    return f"/wikipedia/commons/{_folder(photo)}/{_wired(file_name(photo))}"


def stub_of(photo: MadePhoto, *, index: int) -> dict[str, Any]:
    """Return what a reply has of every page of its batch."""
    title = f"File:{file_name(photo)}"
    return {"pageid": int(photo.id), "ns": 6, "title": title, "index": index}


def image_info_of(photo: MadePhoto, *, address: str, width: int) -> dict[str, Any]:
    """Return what ``imageinfo`` tells of a page's file.

    Args:
        photo: Which one.
        address: Host and port of the files.
        width: That of the thumbnail that is asked for.
    """
    at = f"http://{address}"
    # What is not wider is shown as it is.
    shown = [step for step in STEPS if width <= step < photo.width]
    thumb = thumbnail_path(photo, width=shown[0]) if shown else original_path(photo)
    return {
        "timestamp": _moment(photo.uploaded),
        "user": user_name(photo) if has_account(photo) else _BOT,
        "size": photo.width * photo.height // 8,
        "width": photo.width,
        "height": photo.height,
        "thumburl": f"{at}{thumb}",
        "thumbwidth": shown[0] if shown else photo.width,
        "thumbheight": round(photo.height * (shown[0] / photo.width if shown else 1)),
        "url": f"{at}{original_path(photo)}",
        "descriptionurl": f"https://commons.wikimedia.org/wiki/File:{_wired(file_name(photo))}",
        "mediatype": "BITMAP",
        "extmetadata": _metadata(photo),
    }


def _metadata(photo: MadePhoto) -> dict[str, Any]:
    word, name, page = LICENSES[photo.license]
    told: dict[str, str | None] = {
        "Artist": _artist(photo),
        "Categories": "|".join((*categories_of(photo), f"Files by User:{user_name(photo)}")),
        "DateTimeOriginal": _taken(photo),
        "GPSLatitude": f"{photo.latitude:.6f}" if photo.is_geotagged else None,
        "GPSLongitude": f"{photo.longitude:.6f}" if photo.is_geotagged else None,
        "ImageDescription": photo.description.replace("\n", "<br>") or None,
        "License": word,
        "LicenseShortName": name,
        "LicenseUrl": page,
        "UsageTerms": name,
    }
    source = "commons-desc-page"
    return {key: {"value": text, "source": source} for key, text in told.items() if text}


def _artist(photo: MadePhoto) -> str:
    name = html.escape(photo.owner.name)
    if has_account(photo):
        user = quote(photo.owner.name.replace(" ", "_"))
        return f'<a href="//commons.wikimedia.org/wiki/User:{user}" title="User:{name}">{name}</a>'
    if links_flickr(photo):
        address = f"https://www.flickr.com/people/{photo.owner.nsid}"
        return f'<a rel="nofollow" class="external text" href="{address}">{name}</a> from afar'
    if (share := photo.share(_AUTHOR)) < _NAMED:
        return f"<bdi>{name}\n</bdi>"
    return _UNKNOWN if share < _SAID_UNKNOWN else _LACKING


def _taken(photo: MadePhoto) -> str | None:
    if photo.taken_unknown or photo.taken.startswith("0000"):
        return None
    day, year = photo.taken[:10], photo.taken[:4]
    exact = photo.taken if photo.share("commons date") < _TO_THE_SECOND else day
    hidden = f'<div style="display: none;">date QS:P,+{year}-00-00T00:00:00Z/9</div>'
    return {0: exact, 4: photo.taken[:7], 6: f"{year}{hidden}", 8: f"circa {year}"}[
        photo.granularity
    ]


def _moment(unix: int) -> str:
    return f"{datetime.fromtimestamp(unix, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _folder(photo: MadePhoto) -> str:
    digest = hashlib.md5(_wired(file_name(photo)).encode(), usedforsecurity=False).hexdigest()
    return f"{digest[0]}/{digest[:2]}"


def _wired(name: str) -> str:
    return quote(name.replace(" ", "_"), safe="()',!")
