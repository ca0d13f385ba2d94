"""Where a photo was taken: coordinates, boxes of them, and the places they lie in."""

import math
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

_EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinates:
    """A point on the Earth, WGS 84, in decimal degrees.

    Raises:
        ValueError: A value is not finite, or outside -90..90 (latitude) or -180..180 (longitude).
    """

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        _check_degrees("latitude", self.latitude, limit=90)
        _check_degrees("longitude", self.longitude, limit=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundingBox:
    """A box of latitudes and longitudes, in decimal degrees.

    A box whose ``west`` is larger than its ``east`` crosses the 180th meridian.

    Raises:
        ValueError: A value is out of range, ``south`` is not below ``north``, or the box is empty.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        _check_degrees("west", self.west, limit=180)
        _check_degrees("south", self.south, limit=90)
        _check_degrees("east", self.east, limit=180)
        _check_degrees("north", self.north, limit=90)
        if self.south >= self.north:
            raise ValueError(
                f"the southern edge {self.south:g} must be below the northern edge {self.north:g}"
            )
        if self.west == self.east or (self.west, self.east) == (180, -180):
            raise ValueError(f"the western and the eastern edge are both {self.west:g}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"116,4,127,22"`` or ``"116 4 127 22"``: west, south, east, north.

        Raises:
            ValueError: There are not four numbers, or they are no box.
        """
        parts = re.split(r"[,\s]+", text.strip())
        try:
            west, south, east, north = map(float, parts)
        except ValueError:
            raise ValueError(
                f"{text!r} is not four numbers: west, south, east, north, as in 116,4,127,22"
            ) from None
        return cls(west=west, south=south, east=east, north=north)

    @property
    def crosses_antimeridian(self) -> bool:
        """Whether the box crosses the 180th meridian."""
        return self.west > self.east

    def split(self) -> tuple[Self, ...]:
        """Return the box as one or two boxes that do not cross the 180th meridian."""
        if not self.crosses_antimeridian:
            return (self,)
        edges = [(self.west, 180.0), (-180.0, self.east)]
        return tuple(
            type(self)(west=west, south=self.south, east=east, north=self.north)
            for west, east in edges
            if west != east
        )

    def overlap(self, other: Self) -> Self | None:
        """Return what two boxes share; ``None`` if that is nothing. Neither may cross 180°."""
        west, east = max(self.west, other.west), min(self.east, other.east)
        south, north = max(self.south, other.south), min(self.north, other.north)
        if west >= east or south >= north:
            return None
        return type(self)(west=west, south=south, east=east, north=north)

    def contains(self, point: Coordinates) -> bool:
        """Tell whether a point lies in the box, its edges included."""
        if not self.south <= point.latitude <= self.north:
            return False
        if self.crosses_antimeridian:
            return point.longitude >= self.west or point.longitude <= self.east
        return self.west <= point.longitude <= self.east

    def __str__(self) -> str:
        # Nine significant digits tell apart points 11 cm from each other; "g" alone keeps six.
        return ",".join(f"{edge:.9g}" for edge in (self.west, self.south, self.east, self.north))


class PlaceMatch(StrEnum):
    """How coordinates and a country belong together."""

    INSIDE = "inside"
    """They lie in the country, or in its territorial waters."""

    NEAR = "near"
    """They lie off its coast, outside its waters, and nearer to it than to another country."""

    SEA = "sea"
    """They lie far from every country; only the nearest one is told."""

    NONE = "none"
    """They say nothing: 0, 0, which cameras and sites write for "not known"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The country and the populated place that coordinates lie in or near.

    Attributes:
        country_code: ISO 3166-1 alpha-2, upper case, or XK; ``None`` if only a name is known.
        country: The country's name, as the gazetteer writes it.
        region: The first administrative division.
        region_code: Its ISO 3166-2 code, where it has one.
        city: The city, town or village within the country that a person would name.
        distance_km: From the coordinates to the city.
        locality: The nearest populated place within the country, often a quarter of the city.
        locality_distance_km: From the coordinates to the locality.
        match: How the country was found; ``None`` in older records.
        nearest_country_code: Of coordinates outside every country's waters, the nearest country.
        nearest_country_km: From the coordinates to the edge of that country's waters.
        gazetteer: What named the place, with its version.
        gazetteer_date: The date of its data.
    """

    country_code: str | None = None
    country: str | None = None
    region: str | None = None
    region_code: str | None = None
    city: str | None = None
    distance_km: float | None = None
    locality: str | None = None
    locality_distance_km: float | None = None
    match: PlaceMatch | None = None
    nearest_country_code: str | None = None
    nearest_country_km: float | None = None
    gazetteer: str
    gazetteer_date: date | None = None


def great_circle_km(one: Coordinates, other: Coordinates) -> float:
    """Return the distance along the surface of the Earth, taken for a sphere, in km."""
    south, north = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    haversine = (
        math.sin((north - south) / 2) ** 2
        + math.cos(south) * math.cos(north) * math.sin(east / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, haversine)))


def _check_degrees(name: str, value: float, *, limit: int) -> None:
    if not math.isfinite(value) or abs(value) > limit:
        raise ValueError(f"{name} {value:g} is outside -{limit}..{limit} degrees")
