"""Search: where an observation of iNaturalist was made, as far as that is told.

Of threatened species, and where an observer wishes it, iNaturalist tells a point drawn by lot in
the cell of 0.2 by 0.2 degrees that the true one lies in, or none at all (random_neighbor_lat_lon in
https://github.com/inaturalist/inaturalist/blob/main/app/models/observation.rb). A drawn point is
never taken for coordinates; but what holds the whole cell holds the true point.
"""

import math
from collections.abc import Mapping
from typing import Any

from smart_image_scraper.photo import Coordinates
from smart_image_scraper.search.values import point

_AXES = 2
_CELLS_PER_DEGREE = 5
_HIDING = ("obscured", "private")
# In metres, and Flickr's words for how exact a geotag is: 16 a street, 11 a city, 6 a region, 3 a
# country. What is beyond a city's extent must not be said to be in one.
_LEVELS = ((100, 16), (1_000, 14), (10_000, 11), (100_000, 7), (500_000, 3))
_WORLD = 1


def is_obscured(observation: Mapping[str, Any]) -> bool:
    """Tell whether the true coordinates are withheld."""
    privacies = (observation.get("geoprivacy"), observation.get("taxon_geoprivacy"))
    return bool(observation.get("obscured")) or any(word in _HIDING for word in privacies)


def coordinates_of(observation: Mapping[str, Any]) -> Coordinates | None:
    """Return the coordinates, unless they are withheld or not told."""
    return None if is_obscured(observation) else _told(observation)


def cell_of(observation: Mapping[str, Any]) -> tuple[Coordinates, ...]:
    """Return the corners of the cell that withheld coordinates lie in; none if that is unknown."""
    drawn = _told(observation) if is_obscured(observation) else None
    if drawn is None:
        return ()
    south, west = (
        math.floor(value * _CELLS_PER_DEGREE) for value in (drawn.latitude, drawn.longitude)
    )
    try:
        return tuple(
            Coordinates(
                latitude=latitude / _CELLS_PER_DEGREE, longitude=longitude / _CELLS_PER_DEGREE
            )
            for latitude in (south, south + 1)
            for longitude in (west, west + 1)
        )
    except ValueError:  # the pole itself
        return ()


def accuracy_of(observation: Mapping[str, Any]) -> int | None:
    """Return how exact the coordinates are, as Flickr counts it; ``None`` if nobody says.

    Two figures are told, that of the observer and that for the public; the coarser one counts.
    """
    names = ("positional_accuracy", "public_positional_accuracy")
    told = [metres for metres in map(observation.get, names) if isinstance(metres, int | float)]
    coarsest = max(told, default=0)
    if coarsest <= 0:
        return None
    return next((level for metres, level in _LEVELS if coarsest <= metres), _WORLD)


def _told(observation: Mapping[str, Any]) -> Coordinates | None:
    # "50.64,4.36" usually, a list of the two numbers sometimes.
    location = observation.get("location")
    parts = location.split(",") if isinstance(location, str) else location
    return point(*parts) if isinstance(parts, list) and len(parts) == _AXES else None
