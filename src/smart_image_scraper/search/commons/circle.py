"""Search: a box as the circle around it, which is how the search of MediaWiki takes a region.

https://www.mediawiki.org/wiki/Help:CirrusSearch#Geo_Search
"""

import math

from smart_image_scraper.photo import BoundingBox, Coordinates
from smart_image_scraper.photo.geography import great_circle_km

_HALF_A_TURN = 180
_HALF_THE_EARTH_KM = 20_038
# Both take the Earth for a sphere; whether for the same, is not said.
_MARGIN = 1.01


def around(box: BoundingBox) -> str:
    """Return the words that find what lies in the circle around a box.

    Args:
        box: It must not cross the 180th meridian.
    """
    centre = Coordinates(latitude=(box.south + box.north) / 2, longitude=(box.west + box.east) / 2)
    return f"nearcoord:{_radius_km(box, centre)}km,{centre.latitude:.5f},{centre.longitude:.5f}"


def _radius_km(box: BoundingBox, centre: Coordinates) -> int:
    # Up to half a turn, no point of a box is further from its middle than its corners are.
    if box.east - box.west > _HALF_A_TURN:
        return _HALF_THE_EARTH_KM
    corners = (
        Coordinates(latitude=latitude, longitude=box.east) for latitude in (box.south, box.north)
    )
    furthest_km = max(great_circle_km(centre, corner) for corner in corners)
    return math.ceil(furthest_km * _MARGIN) + 1
