"""Build the borders' file: disjoint simplified polygons, a grid over them, and countries' boxes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import box, shape

from smart_image_scraper.geocode.archive import Archive, Source
from smart_image_scraper.geocode.borders import (
    BORDER,
    CELLS_PER_DEGREE,
    NO_COUNTRY,
    UNIT,
    Borders,
    grid_cells,
)
from smart_image_scraper.geocode.rules import ANTARCTIC_LATITUDE

TOLERANCE = 0.002  # degrees: 220 m
SLIVER_ROUNDNESS = 0.05  # of a circle's 1
SLIVER_SIZE = 0.01  # square degrees: 100 km² and less
MOST_BOXES = 6
WORTH_A_BOX = 4  # square degrees of ocean
Geometries = NDArray[np.object_]
Edges = tuple[float, float, float, float]


def build(
    features: Sequence[Mapping[str, Any]],
    country_rows: Sequence[Sequence[str]],
    *,
    sources: tuple[Source, ...],
) -> tuple[tuple[str, ...], Archive]:
    """Return the countries' codes in their order, and the archive."""
    alpha2 = {row[2]: row[1] for row in reversed(country_rows)} | {"XKX": "XK"}
    areas = {
        alpha2[feature["properties"]["isoA3"]]: polygonal(shape(feature["geometry"]))
        for feature in features
    }
    countries = tuple(sorted(areas))
    disjoint = without_overlaps(np.array([areas[code] for code in countries], dtype=object))
    simplified = shapely.coverage_simplify(disjoint, TOLERANCE)
    # The source has the square of web maps there, which ends at 85 degrees. "South of 60" is
    # meant strictly, and the last unit keeps 60 itself out.
    simplified[countries.index("AQ")] = box(-180, -90, 180, ANTARCTIC_LATITUDE - UNIT)
    arrays = packed(simplified)
    facts = {"countries": countries, "boxes": boxes(simplified, countries)}
    grid = np.full(180 * CELLS_PER_DEGREE * 360 * CELLS_PER_DEGREE, NO_COUNTRY, dtype=np.uint8)
    content = Archive(form="borders", sources=sources, facts=facts, arrays=arrays | {"grid": grid})
    arrays["grid"] = filled_grid(content)
    return countries, Archive(form="borders", sources=sources, facts=facts, arrays=arrays)


def polygonal(area: shapely.Geometry) -> shapely.MultiPolygon:
    """Return an area as valid polygons."""
    # The other method of make_valid loses the West Bank, with 346 towns.
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(area, method="structure")))
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])


def without_overlaps(areas: Geometries) -> Geometries:
    """Take from each country those that are smaller than it.

    Territories lie inside their states there (Réunion in France, Hong Kong in China), and where
    two states claim an area, one of them has to be chosen. What is left around a territory's
    islands goes to the territory.
    """
    sizes = shapely.area(areas)
    smaller: dict[int, list[int]] = defaultdict(list)
    for one, other in zip(*shapely.STRtree(areas).query(areas, "intersects"), strict=True):
        if (sizes[other], other) < (sizes[one], one):
            smaller[one].append(other)
    disjoint = areas.copy()
    for one in sorted(smaller, key=lambda country: (sizes[country], country)):
        others = smaller[one]
        taken = shapely.union_all(disjoint[others])
        parts = shapely.get_parts(areas[one])
        kept = []
        for part in parts:
            rest = shapely.difference(part, taken)
            owner = (
                territory_of(part, disjoint, others)
                if part.area < max(shapely.area(parts))
                else None
            )
            if owner is None:
                kept.append(rest)
            else:
                disjoint[owner] = polygonal(shapely.union(disjoint[owner], rest))
        disjoint[one] = without_slivers(polygonal(shapely.union_all(kept)))
    return disjoint


def territory_of(part: shapely.Polygon, areas: Geometries, others: Sequence[int]) -> int | None:
    """Return the territory whose island a part of its state is; the waters around are its own."""
    inside = [
        other
        for other in others
        if shapely.area(shapely.intersection(areas[other], part))
        > 0.99 * shapely.area(areas[other])
    ]
    return max(inside, key=lambda other: shapely.area(areas[other]), default=None)


def without_slivers(area: shapely.MultiPolygon) -> shapely.MultiPolygon:
    """Drop what is left of a country where two drawings of one border differ."""
    parts = shapely.get_parts(area)
    roundness = 4 * np.pi * shapely.area(parts) / shapely.length(parts) ** 2
    return shapely.MultiPolygon(
        list(parts[(roundness > SLIVER_ROUNDNESS) | (shapely.area(parts) > SLIVER_SIZE)])
    )


def packed(areas: Geometries) -> dict[str, NDArray[Any]]:
    """Return all polygons as arrays of small numbers, the smaller polygons first."""
    polygons, country = shapely.get_parts(areas, return_index=True)
    order = np.argsort(shapely.area(polygons), kind="stable")
    polygons, country = polygons[order], country[order]
    _, points, (rings, first_rings) = shapely.to_ragged_array(polygons)
    units = np.round(points / UNIT).astype(np.int32)
    steps = np.diff(units, axis=0, prepend=np.zeros((1, 2), dtype=np.int32))
    return {
        "longitude_step": np.ascontiguousarray(steps[:, 0]),
        "latitude_step": np.ascontiguousarray(steps[:, 1]),
        "ring_length": np.diff(rings).astype(np.uint32),
        "polygon_rings": np.diff(first_rings).astype(np.uint16),
        "polygon_country": country.astype(np.uint8),
        "shared": np.packbits(shared_edges(units)),
    }


def shared_edges(units: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Tell for each point whether the edge from it to the next is in two polygons."""
    keys = (units[:, 0].astype(np.int64) + 2**31) * 2**32 + units[:, 1] + 2**31
    following = np.append(keys[1:], keys[-1])
    edges = np.column_stack([np.minimum(keys, following), np.maximum(keys, following)])
    _, at, counts = np.unique(edges, axis=0, return_inverse=True, return_counts=True)
    return np.asarray(counts[at.ravel()] > 1)


def filled_grid(content: Archive) -> NDArray[np.uint8]:
    """Return which country each cell of the grid lies in, if no border crosses it."""
    borders = Borders.of(content)
    grid = np.full(borders.grid.shape, NO_COUNTRY, dtype=np.uint8)
    centre = (np.arange(360 * CELLS_PER_DEGREE) + 0.5) / CELLS_PER_DEGREE - 180
    grid[crossed_cells(borders.polygons)] = BORDER
    borders = Borders.of(_all_by_polygon(content))
    for row in range(180 * CELLS_PER_DEGREE):
        latitude = np.full(len(centre), (row + 0.5) / CELLS_PER_DEGREE - 90)
        # Between two borders of a row lies one country: asking for the first cell is enough.
        starts = np.flatnonzero(np.diff(grid[row].astype(int), prepend=-1) != 0)
        found = borders.country_at(latitude[starts], centre[starts])
        lengths = np.diff(np.append(starts, len(centre)))
        country = np.repeat(np.where(found < 0, NO_COUNTRY, found), lengths)
        grid[row] = np.where(grid[row] == BORDER, BORDER, country)
    return grid.ravel()


def _all_by_polygon(content: Archive) -> Archive:
    everywhere = np.full_like(content.arrays["grid"], BORDER)
    arrays = {**content.arrays, "grid": everywhere}
    return Archive(form="borders", sources=content.sources, facts=content.facts, arrays=arrays)


def crossed_cells(polygons: Geometries) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return all cells that a border crosses or touches, and few others."""
    lines = shapely.segmentize(shapely.boundary(polygons), 0.25 / CELLS_PER_DEGREE)
    points = shapely.get_coordinates(lines)
    ring = np.cumsum(np.concatenate([[0], shapely.get_num_coordinates(shapely.get_parts(lines))]))
    same = np.ones(len(points) - 1, dtype=bool)
    same[ring[1:-1] - 1] = False
    low = np.minimum(points[:-1], points[1:])[same] - UNIT
    high = np.maximum(points[:-1], points[1:])[same] + UNIT
    corners = [(x, y) for x in (low[:, 0], high[:, 0]) for y in (low[:, 1], high[:, 1])]
    cells = [grid_cells(np.clip(y, -90, 90), np.clip(x, -180, 180)) for x, y in corners]
    return np.concatenate([row for row, _ in cells]), np.concatenate([col for _, col in cells])


def boxes(areas: Geometries, countries: Sequence[str]) -> dict[str, list[Edges]]:
    """Return for each country a few boxes that hold it and little else."""
    return {
        code: few_boxes([tuple(edges) for edges in shapely.bounds(shapely.get_parts(area))])
        for code, area in zip(countries, areas, strict=True)
    }


def few_boxes(parts: list[Edges]) -> list[Edges]:
    """Join boxes while little is added by it, and until they are few."""
    while len(parts) > 1:
        cost, one, other = min(
            (extent(joined(a, b)) - 1.5 * (extent(a) + extent(b)), i, j)
            for (i, a), (j, b) in combinations(enumerate(parts), 2)
        )
        if cost > WORTH_A_BOX and len(parts) <= MOST_BOXES:
            break
        together = joined(parts[one], parts[other])
        parts = [part for at, part in enumerate(parts) if at not in (one, other)] + [together]
    return sorted(outwards(part) for part in parts)


def joined(a: Edges, b: Edges) -> Edges:
    """Return the box around two boxes."""
    return (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))


def extent(edges: Edges) -> float:
    """Return a box's extent in square degrees."""
    west, south, east, north = edges
    return (east - west) * (north - south)


def outwards(edges: Edges) -> Edges:
    """Round a box to four digits, such that it holds what it held."""
    west, south = (float(np.floor(edge * 1e4) / 1e4) for edge in edges[:2])
    east, north = (float(np.ceil(edge * 1e4) / 1e4) for edge in edges[2:])
    return (max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0))
