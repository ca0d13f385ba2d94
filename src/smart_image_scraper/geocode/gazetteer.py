"""Geocode: the populated places of each country, and which of them a point is said to be in.

A place reaches 0.01·√population km: a million people 10 km, ten thousand 1 km. A point is in the
most populous place that reaches it, else in the nearest. The nearest alone names quarters: Chalk
Farm, Nezu, Hansaviertel, where a person says London, Tokyo, Berlin.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from smart_image_scraper.geocode.archive import Archive
from smart_image_scraper.geocode.borders import degrees
from smart_image_scraper.geocode.sphere import EARTH_KM, Floats, arc_km, chord_km, vectors

FARTHEST_KM = 500.0
"""A place farther away than this tells nothing of a point, not even its region."""

CITY_POPULATION = 10_000
"""From this many people on a place reaches beyond the points it is nearest to."""

_REACH_KM = 0.01
# The axis that keeps countries apart: no two points on the Earth are so far from each other.
_APART_KM = 4 * EARTH_KM
_MOST = 4

Indices = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gazetteer:
    """Places, counted from 0; regions likewise; -1 is none.

    Attributes:
        names: The places' names in UTF-8, with an end of line after each.
        name_ends: Where each name ends.
        population: Of each place; 0 if not known.
        region: Of each place.
        points: As :func:`query_points` makes them.
        nearest_tree: Over ``points``.
        cities: The places that reach beyond themselves, and -1 after the last.
        city_tree: Over the cities' points, with a fifth axis: √(widest² - reach²). So a point of
            the same country, at 0 there, is within ``widest_km`` of just the cities that reach it.
        widest_km: How far the most populous place reaches.
        region_codes: ISO 3166-2, where there is one.
        region_names: As GeoNames or ISO write them.
    """

    names: bytes
    name_ends: NDArray[np.int64]
    population: NDArray[np.uint32]
    region: Indices
    points: Floats
    nearest_tree: cKDTree
    cities: Indices
    city_tree: cKDTree
    widest_km: float
    region_codes: tuple[str | None, ...]
    region_names: tuple[str, ...]

    @classmethod
    def of(cls, archive: Archive) -> Self:
        """Unpack the places' file."""
        arrays = archive.arrays
        latitudes, longitudes = degrees(arrays["latitude_step"]), degrees(arrays["longitude_step"])
        points = query_points(latitudes, longitudes, country=arrays["country"])
        population = arrays["population"]
        cities = np.flatnonzero(population >= CITY_POPULATION).astype(np.int32)
        reach_km = _REACH_KM * np.sqrt(population[cities].astype(np.float64))
        widest_km = float(reach_km.max())
        lift = np.sqrt(widest_km**2 - reach_km**2)
        codes, names = archive.facts["region_codes"], archive.facts["region_names"]
        return cls(
            names=arrays["names"].tobytes(),
            name_ends=np.flatnonzero(arrays["names"] == ord("\n")),
            population=population,
            region=arrays["region"].astype(np.int32) - 1,
            points=points,
            nearest_tree=cKDTree(points, balanced_tree=False, compact_nodes=False),
            cities=np.append(cities, np.int32(-1)),
            city_tree=cKDTree(np.column_stack([points[cities], lift])),
            widest_km=widest_km,
            region_codes=tuple(code or None for code in codes),
            region_names=tuple(names),
        )

    def name(self, place: int) -> str:
        """Return a place's name."""
        start = self.name_ends[place - 1] + 1 if place else 0
        return self.names[start : self.name_ends[place]].decode()

    def nearest(self, points: Floats) -> tuple[Indices, Floats]:
        """Return for each point the nearest place of its country, and its distance in km.

        Args:
            points: As :func:`query_points` makes them.

        Returns:
            -1 and an infinite distance where no place is within ``FARTHEST_KM``.
        """
        limit = chord_km(FARTHEST_KM)
        chords, places = self.nearest_tree.query(points, distance_upper_bound=limit)
        return np.where(np.isinf(chords), -1, places).astype(np.int32), arc_km(chords)

    def city(self, points: Floats, *, nearest: Indices) -> Indices:
        """Return for each point the most populous city that reaches it, else the nearest place."""
        best = nearest.copy()
        lifted = np.column_stack([points, np.zeros(len(points))])
        # Found are only those within the radius, and mostly there is none or one.
        radius = self.widest_km * (1 + 1e-12)
        most, asked = _MOST, np.arange(len(points))
        while len(asked):
            _, found = self.city_tree.query(lifted[asked], k=most, distance_upper_bound=radius)
            best[asked] = self._most_populous(found, otherwise=nearest[asked])
            asked = asked[found[:, -1] < self.city_tree.n]
            most *= 4
        return best

    def distance_km(self, points: Floats, places: Indices) -> Floats:
        """Return how far each point is from a place; infinite where the place is -1."""
        chords = np.linalg.norm(points[:, :3] - self.points[places, :3], axis=1)
        return np.where(places >= 0, arc_km(chords), np.inf)

    def _most_populous(self, found: NDArray[np.int64], *, otherwise: Indices) -> Indices:
        """Choose from the cities in each row, those beyond the last being no city."""
        places = self.cities[found]
        among = np.where(places >= 0, self.population[places].astype(np.int64), -1)
        rows, at = np.arange(len(found)), among.argmax(axis=1)
        return np.where(among[rows, at] >= 0, places[rows, at], otherwise).astype(np.int32)


def query_points(latitudes: Floats, longitudes: Floats, *, country: NDArray[np.integer]) -> Floats:
    """Return points as :class:`Gazetteer` takes them: vectors, and the country as a fourth axis."""
    return np.column_stack([vectors(latitudes, longitudes), country * _APART_KM])
