"""Geocode: what counts as near, and how much a coarse geotag is allowed to say."""

import numpy as np
from numpy.typing import NDArray

KM_PER_DEGREE = 111.195
"""Of latitude, on the sphere that distances are taken on."""

NEAR_KM = 50.0
"""Up to here from a country's territorial waters, a point at sea is said to be in the country.

Territorial waters end 22 km (12 nautical miles) off the coast; day trips to whales and seabirds go
two or three times as far, and no other country is nearer.
"""

CITY_KM = 100.0
"""A place farther away than this is not said to be where a point is; its region still is."""

ANTARCTIC_LATITUDE = -60.0
"""South of it all is Antarctica, its seas included, as ISO 3166 defines AQ."""

REGION_ACCURACY = 7
"""From this accuracy on, of Flickr's 1 (world) to 16 (street), a geotag tells a region: Flickr
calls 3 a country, 6 a region and 11 a city, and 6 may be off by the width of one."""

CITY_ACCURACY = 11
"""From this accuracy on a geotag tells a city."""

FINEST = 16


def usable(latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which coordinates are a place on the Earth: in range, and not 0, 0."""
    # Comparisons with NaN are false. 0, 0 stands for "not known" in too many files to be believed.
    in_range = (np.abs(latitudes) <= 90) & (np.abs(longitudes) <= 180)  # noqa: PLR2004 — degrees
    return np.asarray(in_range & ((latitudes != 0) | (longitudes != 0)))
