"""Build the places' file: GeoNames' places over 500 people, with their regions."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.geocode.archive import Archive, Source
from smart_image_scraper.geocode.borders import UNIT

Rows = Sequence[Sequence[str]]


def build(
    rows: Mapping[str, Rows], countries: Sequence[str], *, sources: tuple[Source, ...]
) -> Archive:
    """Return the archive; places of countries without borders are left out.

    Args:
        rows: The tables ``cities`` (name, GeoNames id, regions' numbers, country's number,
            population, latitude, longitude), ``subdivisions`` (name, ISO 3166-2 code, …) and
            ``countries`` (name, alpha-2, …). They number each other from 1.
        countries: The codes in their order.
        sources: For the header.
    """
    number_of = {code: number for number, code in enumerate(countries)}
    country_codes = [row[1] for row in rows["countries"]]
    places = [
        (number_of[code], region_number(row[2], rows["subdivisions"]), float(row[5]), row)
        for row in rows["cities"]
        if (code := country_codes[int(row[3]) - 1]) in number_of
    ]
    # Places of a region lie together, from south to north: so the file packs best.
    places.sort(key=lambda place: (place[0], place[1], place[2], place[3][1]))
    used = sorted({region for _, region, _, _ in places if region})
    region_of = {region: number for number, region in enumerate(used, start=1)} | {0: 0}
    regions = [rows["subdivisions"][region - 1] for region in used]
    table = [row for _, _, _, row in places]
    arrays = {
        "latitude_step": steps([row[5] for row in table]),
        "longitude_step": steps([row[6] for row in table]),
        "country": np.array([country for country, _, _, _ in places], dtype=np.uint8),
        "region": np.array([region_of[region] for _, region, _, _ in places], dtype=np.uint16),
        "population": np.array([int(row[4]) for row in table], dtype=np.uint32),
        "names": np.frombuffer("".join(f"{row[0]}\n" for row in table).encode(), dtype=np.uint8),
    }
    facts: dict[str, Any] = {
        "countries": countries,
        "region_codes": [row[1] for row in regions],
        "region_names": [upright(row[0]) for row in regions],
    }
    return Archive(form="places", sources=sources, facts=facts, arrays=arrays)


def region_number(numbers: str, subdivisions: Rows) -> int:
    """Choose the first-level division among a place's; 0 is none.

    ISO 3166-2 has units above it for a few countries, such as Indonesia's islands. GeoNames' codes
    tell the level: ID.02 is Bali, ID.02.5102 a part of it, and Nusa Tenggara has none.
    """
    several = [int(number) for number in numbers.split("|") if number]
    first = [number for number in several if subdivisions[number - 1][2].count(".") == 1]
    return next(iter([*first, *several]), 0)


def upright(name: str) -> str:
    """Turn a name of the ISO's lists, such as "Madrid, Comunidad de", as it is spoken."""
    sorted_by, comma, before = name.partition(", ")
    return f"{before} {sorted_by}" if comma and " y " not in before else name


def steps(degrees: Sequence[str]) -> NDArray[np.int32]:
    """Return the differences between numbers that follow each other, in the file's unit."""
    units = np.round(np.array(degrees, dtype=np.float64) / UNIT).astype(np.int32)
    return np.diff(units, prepend=np.int32(0)).astype(np.int32)
