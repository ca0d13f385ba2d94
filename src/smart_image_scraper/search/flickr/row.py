"""Search: one row of a Flickr reply, as a photo.

Left out are values that say nothing of a published photo (``ispublic``, ``geo_is_public``,
``media_status`` and their like), and the parts of an image's address (``server``, ``secret``),
which stand whole in the addresses of the sizes.
"""

import re
from urllib.parse import urlsplit

from smart_image_scraper.photo import Coordinates, Owner, Photo, PhotoId, SearchHit, Size
from smart_image_scraper.search.flickr.licenses import license_of
from smart_image_scraper.search.flickr.page import Row
from smart_image_scraper.search.flickr.values import taken_date, unix_time, whole_number

SIZES = {
    "o": "original",
    "6k": "6144",
    "5k": "5120",
    "4k": "4096",
    "f": "4096",  # of photos twice as wide as high
    "3k": "3072",
    "k": "2048",
    "h": "1600",
    "l": "1024",
    "c": "800",
    "z": "640",
    "m": "500",
    "w": "400",
    "n": "320",
    "s": "240",
    "q": "150",  # cut to a square, as the next but one
    "t": "100",
    "sq": "75",
}
"""Flickr's suffixes for sizes, largest first, and their longer edge in pixels.

https://www.flickr.com/services/api/misc.urls.html
"""

# They have eleven digits by now; so many fit into 64 bits.
_ID = re.compile(r"[1-9][0-9]{0,17}")
_STREET = 16
_OUTDOORS = 2
_RESTRICTED = 2


def photo_id(row: Row) -> PhotoId:
    """Return the row's photo id.

    Raises:
        ValueError: There is none, or it is none that Flickr would give.
    """
    number = row.get("id", "")
    if not _ID.fullmatch(number):
        raise ValueError(f"{number!r} is no photo id of Flickr's")
    return PhotoId(f"flickr:{number}")


def is_video(row: Row) -> bool:
    """Tell whether the row is a video, which comes now and then although photos were asked."""
    return row.get("media", "photo") != "photo"


def read_photo(row: Row, *, hit: SearchHit | None = None) -> Photo:
    """Read a row. A value that is missing, empty or malformed becomes ``None``.

    Args:
        row: As Flickr sent it.
        hit: The search that found it, if one did.

    Raises:
        ValueError: The row has no photo id.
    """
    located = _located(row)
    return Photo(
        id=photo_id(row),
        title=row.get("title"),
        description=row.get("description"),
        tags=tuple(row.get("tags", "").split()),
        machine_tags=tuple(row.get("machine_tags", "").split()),
        license=license_of(row.get("license")),
        owner=_owner(row),
        uploaded_at=unix_time(row.get("dateupload")),
        changed_at=unix_time(row.get("lastupdate")),
        taken=taken_date(row),
        coordinates=_coordinates(located),
        geo_accuracy=whole_number(located.get("accuracy"), least=1, most=_STREET),
        geo_context=whole_number(located.get("context"), most=_OUTDOORS),
        woe_id=located.get("woeid") or None,
        place_id=located.get("place_id") or None,
        views=whole_number(row.get("views", row.get("count_views"))),
        comment_count=whole_number(row.get("count_comments")),
        favorite_count=whole_number(row.get("count_faves")),
        safety=whole_number(row.get("safety_level"), most=_RESTRICTED),
        sizes=_sizes(row),
        searches=() if hit is None else (hit,),
    )


def _owner(row: Row) -> Owner | None:
    owner = Owner(
        id=row.get("owner") or None,
        name=row.get("ownername") or None,
        path_alias=row.get("pathalias") or None,
        real_name=row.get("realname") or None,
    )
    return None if owner == Owner() else owner


def _located(row: Row) -> Row:
    """Return the row if its geotag is to be believed, and otherwise an empty one."""
    # Accuracy 0 means "no geotag", also where other coordinates than 0, 0 stand beside it. And a
    # few photos carry 0, 0 with the accuracy of a street: they are not in the Gulf of Guinea.
    return row if row.get("accuracy") != "0" and _coordinates(row) is not None else {}


def _coordinates(row: Row) -> Coordinates | None:
    try:
        point = Coordinates(
            latitude=float(row.get("latitude", "")), longitude=float(row.get("longitude", ""))
        )
    except ValueError:
        return None
    return None if point.latitude == 0 and point.longitude == 0 else point


def _sizes(row: Row) -> tuple[Size, ...]:
    # Flickr asks not to download photos whose owner has switched downloads off, although it lists
    # their sizes: https://github.com/gil/DownFlickr/pull/2
    if "0" in {row.get("can_download"), row.get("candownload")}:
        return ()
    sizes = (_size(row, suffix=suffix) for suffix in SIZES)
    return tuple(size for size in sizes if size is not None)


def _size(row: Row, *, suffix: str) -> Size | None:
    url = image_url(row.get(f"url_{suffix}", ""))
    if url is None:
        return None
    # The extra "o_dims" brings "o_width", the extra "url_o" brings "width_o".
    width, height = (
        whole_number(row.get(f"{side}_{suffix}", row.get(f"{suffix}_{side}")), least=1)
        for side in ("width", "height")
    )
    return Size(label=SIZES[suffix], url=url, width=width, height=height)


def image_url(text: str) -> str | None:
    """Return the address of an image, by https where it is Flickr's; ``None`` if it is none."""
    try:
        url = urlsplit(text)
    except ValueError:
        return None
    if url.scheme not in {"http", "https"} or not url.hostname:
        return None
    # Replies of before 2014 name the image hosts with http; they have long answered to https.
    if url.hostname.endswith(".staticflickr.com"):
        url = url._replace(scheme="https")
    return url.geturl()
