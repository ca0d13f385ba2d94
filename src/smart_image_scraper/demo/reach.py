"""Demo: which photos a search can show at all, however it is divided."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from smart_image_scraper.demo.record import MadePhoto


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Photos that no condition of a search tells apart, and more than a search shows.

    Attributes:
        uploaded: Unix time.
        license: Flickr's licence id.
        content_type: Flickr's number.
        size: How many there are.
    """

    uploaded: int
    license: int
    content_type: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What can be found, and what the cap hides.

    Attributes:
        found: The ids of photos that can be found.
        hidden: Those of the rest, if the oldest come first; as many of others if they do not.
        crowds: Where these are.
    """

    found: frozenset[str]
    hidden: frozenset[str]
    crowds: tuple[Crowd, ...]


def reach_of(photos: Iterable[MadePhoto], *, max_results: int) -> Reach:
    """Tell what can be found by searches for single seconds, licences, content types and boxes.

    A box can be divided until one place is left, so geotagged photos are hidden behind those of the
    same place alone. Photos without a geotag are in no box.

    Args:
        photos: All that one search would find.
        max_results: How many it shows.
    """
    cells: defaultdict[tuple[object, ...], list[MadePhoto]] = defaultdict(list)
    for photo in sorted(photos, key=lambda photo: (photo.uploaded, photo.id)):
        place = (photo.latitude, photo.longitude) if photo.is_geotagged else None
        cells[photo.uploaded, photo.license, photo.content_type, place].append(photo)
    crowded = [cell for cell in cells.values() if len(cell) > max_results]
    hidden = frozenset(photo.id for cell in crowded for photo in cell[max_results:])
    everything = frozenset(photo.id for cell in cells.values() for photo in cell)
    crowds = (
        Crowd(
            uploaded=cell[0].uploaded,
            license=cell[0].license,
            content_type=cell[0].content_type,
            size=len(cell),
        )
        for cell in crowded
    )
    return Reach(found=everything - hidden, hidden=hidden, crowds=tuple(crowds))
