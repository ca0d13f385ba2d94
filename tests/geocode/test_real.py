import csv
import json
from pathlib import Path

import numpy as np

from smart_image_scraper.geocode import Geocoder, resolve_country
from smart_image_scraper.photo import Coordinates


def test_the_country_is_right_at_points_along_borders_and_at_sea(
    geocoder: Geocoder, shared: Path
) -> None:
    with (shared / "geo" / "border_points.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    latitudes, longitudes = (np.array([float(row[at]) for row in rows]) for at in (1, 2))

    codes = geocoder.places(latitudes, longitudes).country_codes()

    wrong = [
        (row[0], code)
        for row, code in zip(rows, codes, strict=True)
        if code not in row[3].split("|")
    ]
    assert len(wrong) <= 0.005 * len(rows), wrong


def test_real_records_keep_their_country_but_for_the_monkey_of_ko_tarutao(
    geocoder: Geocoder, shared: Path
) -> None:
    frame = json.loads((shared / "seed" / "df_100_per_search_encrypted.json").read_text())
    geotags = {
        row: Coordinates(latitude=float(latitude), longitude=float(frame["longitude"][row]))
        for row, latitude in frame["latitude"].items()
        if float(latitude or 0)
    }

    changed = {
        frame["filename"][row]: (frame["country"][row], place.country)
        for row, point in geotags.items()
        if (place := geocoder.place(point)).country_code != resolve_country(frame["country"][row])
    }

    assert len(geotags) == 50
    assert changed == {"flickr_monkey_wild-92.jpg": ("Malaysia", "Thailand")}
