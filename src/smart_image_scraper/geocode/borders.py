"""Geocode: the countries' borders, on land and around their territorial waters.

A grid answers for the cells that no border crosses; for the others, the polygons do. No two
polygons overlap. Longitudes run from -180 to 180 there, and polygons that cross the 180th meridian
are cut at it.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from smart_image_scraper.geocode.archive import Archive
from smart_image_scraper.geocode.sphere import Floats, arc_km, vectors

CELLS_PER_DEGREE = 10
NO_COUNTRY = 254
"""What the grid says of a cell that lies in no country."""

BORDER = 255
"""What the grid says of a cell that a border crosses."""

UNIT = 1e-5
"""The unit of coordinates in the file, in degrees: about a metre."""

_SPACING_KM = 2.0

Codes = NDArray[np.int16]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Borders:
    """Where countries are. They are counted as in ``countries``; -1 is none."""

    countries: tuple[str, ...]
    grid: NDArray[np.uint8]
    polygons: NDArray[np.object_]
    polygon_tree: shapely.STRtree
    polygon_country: Codes
    coast: cKDTree
    coast_country: Codes

    @classmethod
    def of(cls, archive: Archive) -> Self:
        """Unpack the borders' file."""
        arrays = archive.arrays
        longitudes, latitudes = degrees(arrays["longitude_step"]), degrees(arrays["latitude_step"])
        rings = _starts(arrays["ring_length"])
        points = np.column_stack([longitudes, latitudes])
        parts = (rings, _starts(arrays["polygon_rings"]))
        polygons = shapely.from_ragged_array(shapely.GeometryType.POLYGON, points, parts)
        shapely.prepare(polygons)
        country = arrays["polygon_country"].astype(np.int16)
        ring_country = np.repeat(country, arrays["polygon_rings"])
        coast, coast_country = _coast(
            points, rings=rings, ring_country=ring_country, shared=arrays["shared"]
        )
        shape = (180 * CELLS_PER_DEGREE, 360 * CELLS_PER_DEGREE)
        return cls(
            countries=tuple(archive.facts["countries"]),
            grid=arrays["grid"].reshape(shape),
            polygons=polygons,
            polygon_tree=shapely.STRtree(polygons),
            polygon_country=country,
            coast=cKDTree(coast, balanced_tree=False, compact_nodes=False),
            coast_country=coast_country,
        )

    def country_at(self, latitudes: Floats, longitudes: Floats) -> Codes:
        """Tell for each point which country it lies in, its territorial waters included."""
        found = self.grid[grid_cells(latitudes, longitudes)].astype(np.int16)
        crossed = np.flatnonzero(found == BORDER)
        found[crossed] = self._by_polygon(latitudes[crossed], longitudes[crossed])
        found[found == NO_COUNTRY] = -1
        return np.asarray(found)

    def nearest(self, latitudes: Floats, longitudes: Floats) -> tuple[Codes, Floats]:
        """Return for each point at sea the nearest country, and the km to its waters' edge."""
        chords, at = self.coast.query(vectors(latitudes, longitudes))
        return self.coast_country[at], arc_km(chords)

    def _by_polygon(self, latitudes: Floats, longitudes: Floats) -> Codes:
        point, polygon = self.polygon_tree.query(shapely.points(longitudes, latitudes))
        inside = shapely.intersects_xy(self.polygons[polygon], longitudes[point], latitudes[point])
        point, polygon = point[inside], polygon[inside]
        # A point on a border belongs to both sides; the polygons are sorted, and the first wins.
        first = np.full(len(latitudes), len(self.polygons))
        np.minimum.at(first, point, polygon)
        return np.asarray(np.append(self.polygon_country, np.int16(-1))[first])


def degrees(steps: NDArray[np.int32]) -> Floats:
    """Return the coordinates that a file has as steps from each to the next."""
    return np.cumsum(steps, dtype=np.int32).astype(np.float64) * UNIT


def grid_cells(latitudes: Floats, longitudes: Floats) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return for each point the row and the column of its cell in the grid."""
    rows = ((latitudes + 90) * CELLS_PER_DEGREE).astype(np.int64)
    columns = ((longitudes + 180) * CELLS_PER_DEGREE).astype(np.int64)
    return (
        np.minimum(rows, 180 * CELLS_PER_DEGREE - 1),
        np.minimum(columns, 360 * CELLS_PER_DEGREE - 1),
    )


def _starts(lengths: NDArray[Any]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def _coast(
    points: Floats, *, rings: NDArray[np.int64], ring_country: Codes, shared: NDArray[np.uint8]
) -> tuple[Floats, Codes]:
    """Return points on the borders that no other country shares, at most 2 km apart."""
    country = np.repeat(ring_country, np.diff(rings))
    alone = np.unpackbits(shared, count=len(points)) == 0
    alone[rings[1:] - 1] = False  # from the end of a ring no edge leads to the next point
    at = np.flatnonzero(alone)
    ends = [vectors(points[index, 1], points[index, 0]) for index in (at, at + 1)]
    length_km = np.linalg.norm(ends[1] - ends[0], axis=1)
    pieces = np.maximum(np.ceil(length_km / _SPACING_KM), 1).astype(np.int64)
    edge = np.repeat(at, pieces)
    step = np.arange(len(edge)) - np.repeat(_starts(pieces)[:-1], pieces)
    share = (step / np.repeat(pieces, pieces))[:, np.newaxis]
    along = points[edge] + share * (points[edge + 1] - points[edge])
    return vectors(along[:, 1], along[:, 0]), country[edge]
