"""Search: the conditions of a query that are checked on what a source answers."""

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Photo
from smart_image_scraper.search.query import Query


def meets(photo: Photo, query: Query) -> bool:
    """Tell whether a photo has the dates, the place and the licence that are asked for.

    What is not known of it is none of that: a photo without coordinates is in no box, and one of
    which only the year is known was taken in May only if it was in any month.
    """
    return _is_there(photo, query) and _was_then(photo, query) and _has_license(photo, query)


def refuse_unanswerable(query: Query, *, site: str) -> None:
    """Refuse what only Flickr answers.

    Args:
        query: What is asked for.
        site: What people call the source.

    Raises:
        UsageError: The query is exhaustive, or asks for more than what is safe, or for another
            kind than photos.
    """
    wrong = {
        "--exhaustive": query.exhaustive,
        "--safe-search": query.safe_search != 1,
        "--content-type": set(query.content_types) != {0},
    }
    for option, is_given in wrong.items():
        if is_given:
            raise UsageError(f"{site} cannot answer {option}, which is Flickr's; leave it out")


def _is_there(photo: Photo, query: Query) -> bool:
    areas = [area for area in (query.bbox, query.country) if area is not None]
    point = photo.coordinates
    return not areas or (point is not None and all(area.contains(point) for area in areas))


def _was_then(photo: Photo, query: Query) -> bool:
    uploaded, taken = photo.uploaded_at, photo.taken
    # A year whose end nobody can tell, as in "circa 1900", is in no range.
    last = None if taken is None else taken.last
    return all(
        (
            not query.uploaded_from or (uploaded and uploaded >= query.uploaded_from),
            not query.uploaded_to or (uploaded and uploaded <= query.uploaded_to),
            not query.taken_from or (taken and last and taken.local >= query.taken_from),
            not query.taken_to or (last and last <= query.taken_to),
        )
    )


def _has_license(photo: Photo, query: Query) -> bool:
    return not query.licenses or photo.license in query.licenses
