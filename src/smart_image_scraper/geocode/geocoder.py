"""Geocode: from coordinates to places, one or a million at a time."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smart_image_scraper.errors import CountryError, GeocodeError
from smart_image_scraper.geocode import archive, rules
from smart_image_scraper.geocode.borders import Borders
from smart_image_scraper.geocode.columns import MATCHES, Names, PlaceColumns
from smart_image_scraper.geocode.countries import COUNTRIES_FILE, Countries
from smart_image_scraper.geocode.gazetteer import Gazetteer, query_points
from smart_image_scraper.geocode.sphere import Floats
from smart_image_scraper.photo import Coordinates, Place, PlaceMatch

# What a million points need at once is 1 GB; so many need 50 MB, and are not slower.
_AT_ONCE = 50_000

_INSIDE, _NEAR, _SEA, _NONE = map(
    MATCHES.index, (PlaceMatch.INSIDE, PlaceMatch.NEAR, PlaceMatch.SEA, PlaceMatch.NONE)
)
_ANTARCTICA = "AQ"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Geocoder:
    """Tell where coordinates are, from data in memory. Threads may share one.

    Attributes:
        borders: The countries' polygons.
        names: The countries' names, the places and regions.
    """

    borders: Borders
    names: Names

    @classmethod
    def load(cls, folder: Path = archive.DATA) -> Self:
        """Read the data, which takes half a second and 150 MB of memory.

        Raises:
            GeocodeError: A file is missing, damaged or of another version, or the files do not
                belong together.
        """
        borders = archive.read(folder / "borders.xz", form="borders")
        places = archive.read(folder / "places.xz", form="places")
        codes = tuple(borders.facts["countries"])
        countries = Countries.load(folder / COUNTRIES_FILE.name).names
        if codes != tuple(places.facts["countries"]) or not set(codes) <= countries.keys():
            raise GeocodeError(
                f"{folder}: the files of borders, places and countries were not made together; "
                "install smart-image-scraper again"
            )
        sources = (*borders.sources, *places.sources)
        names = Names(
            country_codes=codes,
            countries=tuple(countries[code] for code in codes),
            gazetteer=Gazetteer.of(places),
            version=", ".join(f"{source.name} {source.date:%Y-%m}" for source in sources),
            date=max(source.date for source in sources),
        )
        return cls(borders=Borders.of(borders), names=names)

    def place(self, coordinates: Coordinates, *, accuracy: int | None = None) -> Place:
        """Tell where one point is.

        Args:
            coordinates: The point.
            accuracy: How exact it is, Flickr's 1 (world) to 16 (street). Up to 6 it gets a
                country only, up to 10 a country and a region. ``None`` and 0 are "not said", and
                taken as exact. For coordinates that were obscured on purpose, give 6.
        """
        return self.places(
            [coordinates.latitude], [coordinates.longitude], accuracies=[accuracy or 0]
        )[0]

    def places(
        self, latitudes: ArrayLike, longitudes: ArrayLike, *, accuracies: ArrayLike | None = None
    ) -> PlaceColumns:
        """Tell where many points are.

        Args:
            latitudes: N numbers in degrees. Where one is NaN or out of range, the point gets the
                match ``none``, as 0, 0 does.
            longitudes: N numbers, -180..180.
            accuracies: N whole numbers as for :meth:`place`, 0 where not said; or ``None``.

        Raises:
            ValueError: The columns differ in length.
        """
        latitude = np.atleast_1d(np.asarray(latitudes, dtype=np.float64))
        longitude = np.atleast_1d(np.asarray(longitudes, dtype=np.float64))
        accuracy = np.zeros(len(latitude)) if accuracies is None else np.atleast_1d(accuracies)
        if not latitude.shape == longitude.shape == accuracy.shape or latitude.ndim > 1:
            raise ValueError("latitudes, longitudes and accuracies are not columns of one length")
        found = _empty(len(latitude), names=self.names)
        usable = np.flatnonzero(rules.usable(latitude, longitude))
        # Neighbours in the columns become neighbours on the Earth: the trees then stay in cache.
        order = usable[np.lexsort((longitude[usable], np.floor(latitude[usable])))]
        exact = np.where(accuracy == 0, rules.FINEST, accuracy)
        for start in range(0, len(order), _AT_ONCE):
            part = order[start : start + _AT_ONCE]
            self._fill_countries(found, part, points=(latitude[part], longitude[part]))
            part = part[(found.country[part] >= 0) & (exact[part] >= rules.REGION_ACCURACY)]
            self._fill_places(found, part, points=(latitude[part], longitude[part]))
        _forget(found, (exact < rules.CITY_ACCURACY) | (found.distance_km > rules.CITY_KM))
        return found

    def contains(
        self, code: str, *, latitudes: ArrayLike, longitudes: ArrayLike
    ) -> NDArray[np.bool_]:
        """Tell which points are geocoded to a country.

        Raises:
            CountryError: There is no such code.
        """
        if code not in self.names.country_codes:
            raise CountryError(f"{code!r} is no country's ISO 3166 code, such as PH")
        # Country alone: an accuracy that tells no region spares the search for places.
        count = np.size(np.asarray(latitudes))
        found = self.places(latitudes, longitudes, accuracies=np.ones(count))
        return np.asarray(found.country == self.names.country_codes.index(code))

    def _fill_countries(
        self, found: PlaceColumns, part: NDArray[np.intp], *, points: tuple[Floats, Floats]
    ) -> None:
        latitude, longitude = points
        # 180 and -180 are one meridian, of which the polygons know both sides.
        longitude = np.where(longitude == -180, 180.0, longitude)  # noqa: PLR2004 — degrees
        country = self.borders.country_at(latitude, longitude)
        match = np.where(country >= 0, _INSIDE, _SEA)
        sea = np.flatnonzero(country < 0)
        if len(sea):
            nearest, distance_km = self.borders.nearest(latitude[sea], longitude[sea])
            found.nearest_country[part[sea]] = nearest
            found.nearest_country_km[part[sea]] = distance_km
            antarctic = self.names.country_codes.index(_ANTARCTICA)
            near = (distance_km <= rules.NEAR_KM) & (nearest != antarctic)
            country[sea[near]] = nearest[near]
            match[sea[near]] = _NEAR
        found.country[part] = country
        found.match[part] = match

    def _fill_places(
        self, found: PlaceColumns, part: NDArray[np.intp], *, points: tuple[Floats, Floats]
    ) -> None:
        gazetteer = self.names.gazetteer
        query = query_points(*points, country=found.country[part])
        locality, locality_km = gazetteer.nearest(query)
        city = gazetteer.city(query, nearest=locality)
        found.locality[part] = locality
        found.locality_distance_km[part] = np.where(locality >= 0, locality_km, np.nan)
        found.city[part] = city
        found.distance_km[part] = np.where(city >= 0, gazetteer.distance_km(query, city), np.nan)
        found.region[part] = np.where(city >= 0, gazetteer.region[city], -1)


def _empty(count: int, *, names: Names) -> PlaceColumns:
    return PlaceColumns(
        match=np.full(count, _NONE, dtype=np.int8),
        country=np.full(count, -1, dtype=np.int16),
        region=np.full(count, -1, dtype=np.int32),
        city=np.full(count, -1, dtype=np.int32),
        distance_km=np.full(count, np.nan, dtype=np.float32),
        locality=np.full(count, -1, dtype=np.int32),
        locality_distance_km=np.full(count, np.nan, dtype=np.float32),
        nearest_country=np.full(count, -1, dtype=np.int16),
        nearest_country_km=np.full(count, np.nan, dtype=np.float32),
        names=names,
    )


def _forget(found: PlaceColumns, unsure: NDArray[np.bool_]) -> None:
    """Take the city away where the geotag is too coarse, or the city too far, to tell it."""
    found.city[unsure] = found.locality[unsure] = -1
    found.distance_km[unsure] = found.locality_distance_km[unsure] = np.nan
