"""Geocode: distances on the Earth, taken as a sphere."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EARTH_KM = 6371.0088
"""The Earth's mean radius (IUGG). Distances are right to half a percent."""


def vectors(latitudes: Floats, longitudes: Floats) -> Floats:
    """Return points as vectors from the Earth's centre, in km, shape (N, 3).

    Distances between them are chords: they know no 180th meridian and no poles, and order points
    as distances along the surface do.
    """
    phi, theta = np.radians(latitudes), np.radians(longitudes)
    across = np.cos(phi) * EARTH_KM
    return np.column_stack([across * np.cos(theta), across * np.sin(theta), np.sin(phi) * EARTH_KM])


def arc_km(chords_km: Floats) -> Floats:
    """Return the distances along the surface that belong to chords; infinite ones stay so."""
    halves = np.minimum(chords_km / (2 * EARTH_KM), 1)
    return np.where(np.isinf(chords_km), np.inf, 2 * EARTH_KM * np.arcsin(halves))


def chord_km(arc_length_km: float) -> float:
    """Return the chord that belongs to a distance along the surface."""
    return float(2 * EARTH_KM * np.sin(arc_length_km / (2 * EARTH_KM)))
