"""Geocode: what was found for many coordinates, as columns of numbers and tables of names."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.geocode.gazetteer import Gazetteer
from smart_image_scraper.photo import Place, PlaceMatch

MATCHES = tuple(PlaceMatch)
"""What the numbers of the column ``match`` mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The tables that the columns count in.

    Attributes:
        country_codes: ISO 3166-1 alpha-2, and XK.
        countries: Their names, in the same order.
        gazetteer: The places and regions.
        version: What to cite, such as ``OpenStreetMap 2024-12, GeoNames 2026-10``.
        date: Of the newest of the data.
    """

    country_codes: tuple[str, ...]
    countries: tuple[str, ...]
    gazetteer: Gazetteer
    version: str
    date: date


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlaceColumns:
    """Places of N coordinates, all columns of length N. ``columns[i]`` is one as a ``Place``.

    Attributes:
        match: Index into ``MATCHES``.
        country: Index into ``names.country_codes``; -1 is none, here and below.
        region: Index into ``names.gazetteer.region_names`` and ``region_codes``.
        city: Index into the gazetteer's places; ``names.gazetteer.name`` tells its name.
        distance_km: To the city; NaN where there is none, here and below.
        locality: As ``city``.
        locality_distance_km: To the locality.
        nearest_country: As ``country``, outside every country's waters.
        nearest_country_km: To the edge of that country's waters.
        names: What the indices count in.
    """

    match: NDArray[np.int8]
    country: NDArray[np.int16]
    region: NDArray[np.int32]
    city: NDArray[np.int32]
    distance_km: NDArray[np.float32]
    locality: NDArray[np.int32]
    locality_distance_km: NDArray[np.float32]
    nearest_country: NDArray[np.int16]
    nearest_country_km: NDArray[np.float32]
    names: Names

    def __len__(self) -> int:
        return len(self.match)

    def __getitem__(self, index: int) -> Place:
        """Return one point's place."""
        country, region = int(self.country[index]), int(self.region[index])
        nearest = int(self.nearest_country[index])
        codes, gazetteer = self.names.country_codes, self.names.gazetteer
        return Place(
            country_code=codes[country] if country >= 0 else None,
            country=self.names.countries[country] if country >= 0 else None,
            region=gazetteer.region_names[region] if region >= 0 else None,
            region_code=gazetteer.region_codes[region] if region >= 0 else None,
            city=self._place_name(self.city[index]),
            distance_km=_known(self.distance_km[index]),
            locality=self._place_name(self.locality[index]),
            locality_distance_km=_known(self.locality_distance_km[index]),
            match=MATCHES[self.match[index]],
            nearest_country_code=codes[nearest] if nearest >= 0 else None,
            nearest_country_km=_known(self.nearest_country_km[index]),
            gazetteer=self.names.version,
            gazetteer_date=self.names.date,
        )

    def country_codes(self) -> NDArray[np.str_]:
        """Return the countries' codes as text, empty where there is none."""
        return np.array([*self.names.country_codes, ""])[self.country]

    def _place_name(self, place: np.int32) -> str | None:
        return self.names.gazetteer.name(int(place)) if place >= 0 else None


def _known(number: np.float32) -> float | None:
    # A metre is finer than what places and borders are known to.
    return None if np.isnan(number) else round(float(number), 3)
