# /// script
# requires-python = ">=3.11"
# ///
"""Fetch what the web app brings along, ``src/smart_image_scraper/web/static/vendor``, from npm.

    uv run tools/vendor_web.py

Downloads with ``npm pack``, checks against the digests below, and writes each as an ES module that
a browser loads as it is, without a build step:

- ``preact`` 11.2.0 (MIT) and ``htm`` 3.1.1 (Apache-2.0): the page's components
- ``leaflet`` 1.9.4 (BSD-2-Clause): the map
- ``topojson-client`` 3.1.0 (ISC): reads the shapes
- ``world-atlas`` 2.0.2 (ISC; the shapes are Natural Earth 4.1.0, public domain): land, and borders
  between countries as they are controlled on the ground. The countries' names are left out: the
  map draws lines and names nobody.

The same versions make the same bytes. ``NOTICE`` has the licences.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "src/smart_image_scraper/web/static/vendor"
DIGESTS = {
    "htm@3.1.1": "2425b9bee11409177bcabc7f32e319926fc6690c1701c0b257c88bdff2d5ba90",
    "leaflet@1.9.4": "84c65a256e50657896f54c33bd857b6849ebe94c817803be818bf32a3dde0b77",
    "preact@11.2.0": "3c4456766bd32b6b534d52bf4e9c2a29b33e7eedf6e96ed479300ba1a7888ebf",
    "topojson-client@3.1.0": "889fadb422f6236d0f8337a236ce6499f258b75e44b81733b13bd971067322bf",
    "world-atlas@2.0.2": "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
}
NAMED_IMPORTS = {"preact": "./preact.js", "htm": "./htm.js"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file of a package, and the name that it has here."""

    package: str
    path: str
    name: str


MODULES = (
    Part(package="preact", path="dist/preact.mjs", name="preact.js"),
    Part(package="preact", path="hooks/dist/hooks.mjs", name="preact_hooks.js"),
    Part(package="htm", path="dist/htm.mjs", name="htm.js"),
    Part(package="htm", path="preact/index.mjs", name="htm_preact.js"),
    *(
        Part(package="topojson-client", path=f"src/{name}.js", name=f"topojson/{name}.js")
        for name in ("feature", "identity", "mesh", "reverse", "stitch", "transform")
    ),
)
# It fills `exports` where there is one, and has no lighter form that a browser imports.
UNIVERSAL = Part(package="leaflet", path="dist/leaflet.js", name="leaflet.js")
STYLES = (
    Part(package="leaflet", path="dist/leaflet.css", name="leaflet.css"),
    *(
        Part(package="leaflet", path=f"dist/images/{name}.png", name=f"images/{name}.png")
        for name in ("layers", "layers-2x", "marker-icon")
    ),
)
SHAPES = tuple(
    Part(package="world-atlas", path=f"{name}.json", name=f"{name}.json")
    for name in ("countries-110m", "countries-50m")
)


def download(folder: Path) -> None:
    """Download all packages, check them, and unpack each into a folder of its name."""
    for package, digest in DIGESTS.items():
        name, _, version = package.rpartition("@")
        subprocess.run(
            ["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
        tarball = folder / f"{name}-{version}.tgz"
        if hashlib.sha256(tarball.read_bytes()).hexdigest() != digest:
            sys.exit(f"{tarball.name} is not the file that this script was written for")
        with tarfile.open(tarball) as packed:
            packed.extractall(folder / name, filter="data")


def as_module(part: Part, source: str) -> str:
    """Make of a published script a module that imports by path and looks for no other file."""
    source = re.sub(r"\n//# sourceMappingURL=\S+\s*$", "\n", source)
    if part == UNIVERSAL:
        return f"const exports = {{}}, module = {{ exports }};\n{source}export default exports;\n"
    return re.sub(
        r"\bfrom\s*([\"'])([a-z][^\"']*)\1",
        lambda found: f'from"{NAMED_IMPORTS[found[2]]}"',
        source,
    )


def without_names(source: str) -> str:
    """Leave of an atlas the arcs, the land, and the countries as shapes alone."""
    atlas = json.loads(source)
    for country in atlas["objects"]["countries"]["geometries"]:
        country.pop("properties", None)
        country.pop("id", None)
    return json.dumps(atlas, separators=(",", ":")) + "\n"


def main() -> None:
    """Write all files anew."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="sis-vendor-") as folder:
        download(Path(folder))
        for part in (*MODULES, UNIVERSAL, *STYLES, *SHAPES):
            source = Path(folder, part.package, "package", part.path).read_bytes()
            if part.name.endswith(".js"):
                source = as_module(part, source.decode()).encode()
            elif part in SHAPES:
                source = without_names(source.decode()).encode()
            path = VENDOR / part.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(source)
            print(f"{part.name}: {len(source):,} bytes")


if __name__ == "__main__":
    main()
