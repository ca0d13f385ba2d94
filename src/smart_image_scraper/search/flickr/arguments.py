"""Search: a query as the arguments of ``flickr.photos.search``.

https://www.flickr.com/services/api/flickr.photos.search.html
"""

import math
from datetime import datetime

from smart_image_scraper.photo import BoundingBox, Photo
from smart_image_scraper.search.flickr.licenses import license_numbers
from smart_image_scraper.search.flickr.row import SIZES
from smart_image_scraper.search.query import Order, Query

PER_PAGE = 500
"""Rows on a page, the most that Flickr gives."""

PER_GEO_PAGE = 250
"""Rows on a page of a search in a box, whatever is asked."""

_SORTS = {
    Order.RELEVANCE: "relevance",
    Order.INTERESTING: "interestingness-desc",
    Order.NEWEST: "date-posted-desc",
    Order.OLDEST: "date-posted-asc",
    Order.TAKEN_NEWEST: "date-taken-desc",
    Order.TAKEN_OLDEST: "date-taken-asc",
}
# Not in Flickr's documentation, but answered: url_w and those above url_l, count_…, can_download,
# realname, safety_level.
_EXTRAS = (
    "can_download",
    "count_comments",
    "count_faves",
    "date_taken",
    "date_upload",
    "description",
    "geo",
    "last_update",
    "license",
    "machine_tags",
    "media",
    "o_dims",
    "owner_name",
    "path_alias",
    "realname",
    "safety_level",
    "tags",
    "views",
    *(f"url_{suffix}" for suffix in SIZES),
)


def search_arguments(query: Query) -> tuple[dict[str, str], ...]:
    """Return the arguments of each search that the query takes: one for each of its boxes.

    Pages are always full ones, however few photos are wanted: Flickr counts calls, not rows, the
    order of the results does not come to depend on the limit, and photos that are left out
    (videos, repeated ones) need replacing.

    Raises:
        UsageError: The query asks for a licence that Flickr does not have.
    """
    arguments = {
        "text": query.text.strip(),
        # Flickr parts tags at commas, so a comma within one would make two of it.
        "tags": ",".join(tag.replace(",", " ") for tag in query.tags),
        "tag_mode": ("all" if query.all_tags else "any") if query.tags else "",
        "min_upload_date": _seconds(query.uploaded_from),
        "max_upload_date": _seconds(query.uploaded_to),
        "min_taken_date": _local_time(query.taken_from),
        "max_taken_date": _local_time(query.taken_to),
        "license": license_numbers(query.licenses),
        "sort": _SORTS[query.order],
        "safe_search": str(query.safe_search),
        "content_types": ",".join(str(kind) for kind in sorted(set(query.content_types))),
        "media": "photos",
        "extras": ",".join(_EXTRAS),
        "per_page": str(PER_PAGE),
    }
    given = {name: value for name, value in arguments.items() if value}
    if query.boxes is None:
        return (given,)
    return tuple({**given, **_geo_arguments(query, box=box)} for box in query.boxes)


def box_argument(box: BoundingBox) -> str:
    """Return a box that does not cross the 180th meridian as the ``bbox`` argument."""
    # Seven decimals are 1 cm, and unlike the shortest form they never become "1e-05".
    return ",".join(f"{edge:.7f}" for edge in (box.west, box.south, box.east, box.north))


def meets(photo: Photo, query: Query) -> bool:
    """Tell whether a photo meets those conditions that Flickr is known not to keep strictly.

    Args:
        photo: One that Flickr found for the query.
        query: What was asked for: its upload dates, its box and country are looked at.
    """
    # Windows of upload dates bring photos from outside of them:
    # https://github.com/WordPress/openverse-catalog/issues/26
    first, last, moment = query.uploaded_from, query.uploaded_to, photo.uploaded_at
    if first and moment and moment < first:
        return False
    if last and moment and moment > last:
        return False
    # A geotag that is not believed is none, so its photo is in no box.
    areas = [area for area in (query.bbox, query.country) if area is not None]
    point = photo.coordinates
    return not areas or (point is not None and all(area.contains(point) for area in areas))


def _geo_arguments(query: Query, *, box: BoundingBox) -> dict[str, str]:
    arguments = {"bbox": box_argument(box), "per_page": str(PER_GEO_PAGE)}
    # "If no limiting factor is passed we return only photos added in the last 12 hours", and
    # named as such factors are tags and the two dates below. An upload since the first second of
    # 1970 limits nothing, not even photos that their owners dated back (1970-01-01 00:33:33 was
    # seen); 0 might count as none at all.
    if not (query.tags or query.uploaded_from or query.taken_from):
        arguments["min_upload_date"] = "1"
    return arguments


def _seconds(moment: datetime | None) -> str:
    if moment is None:
        return ""
    # Flickr counts whole seconds. 0 or less might count as no limit at all, and find everything.
    return str(max(1, math.ceil(moment.timestamp())))


def _local_time(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(" ", "seconds")
