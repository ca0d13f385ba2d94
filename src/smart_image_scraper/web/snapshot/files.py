"""Serve: a snapshot in files, from which the next start goes on. Nothing in them is personal.

A folder holds one moment, whole: it is written under another name, flushed to the disk, and then
renamed. Columns are memory-mapped: what nobody looks at takes no memory. The folder of the moment
before is removed; whoever still has its files mapped keeps them.
"""

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.web.snapshot.columns import Column, Columns, Vocabularies
from smart_image_scraper.web.snapshot.photos import Photos, no_photos
from smart_image_scraper.web.snapshot.raw_scores import RawScores

FORM = 1
"""Which form of the files this code reads and writes; others are as if they were not there."""

BESIDE = frozenset({"text_numbers", "text_digests"})
"""The columns beside the photos'."""

_MANIFEST = "snapshot.json"
_NAME = "snapshot-"
_BEGUN = ".new-"
# An empty file of an array ends too early.
_DAMAGE = (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is in the files.

    Attributes:
        photos: With their columns memory-mapped.
        scores: Likewise.
        beside: Columns beside the photos', by name.
        notes: What else is to be known of them.
    """

    photos: Photos
    scores: RawScores
    beside: Columns
    notes: Mapping[str, Any]


def write_snapshot(root: Path, kept: Kept) -> Kept:
    """Write a snapshot into a folder of its own, and return it as it is read from there.

    Args:
        root: Holds the folders.
        kept: With at least one photo: files of nothing cannot be mapped.

    Raises:
        WorkspaceError: It cannot be written.
    """
    photos = kept.photos
    try:
        place = Path(mkdtemp(prefix=_BEGUN, dir=root))
        for group, columns in _groups(kept).items():
            _write(place / group, columns)
        manifest = {
            "form": FORM,
            "identity": photos.identity,
            "seen_at": photos.seen_at.isoformat(),
            "owners": int(photos.columns["owner"].max()) + 1,
            "vocabularies": photos.vocabularies.values(),
            "answers": list(photos.answers),
            "scored": list(kept.scores.columns),
            "versions": dict(kept.scores.versions),
            "notes": dict(kept.notes),
        }
        _flushed(place / _MANIFEST, json.dumps(manifest).encode())
        former = _folders(root)
        folder = root / f"{_NAME}{_number(former[-1]) + 1 if former else 1:08}"
        place.rename(folder)
        for each in former:
            shutil.rmtree(each, ignore_errors=True)
    except OSError as error:
        raise WorkspaceError(
            f"{root}: the snapshot cannot be written ({error.strerror or error}); free some space"
        ) from error
    return _read(folder, manifest)


def read_snapshot(root: Path, *, identity: str) -> Kept | None:
    """Return the latest snapshot of a collection of photos; ``None`` without a whole one."""
    for begun in root.glob(f"{_BEGUN}*"):
        shutil.rmtree(begun, ignore_errors=True)
    for folder in reversed(_folders(root)):
        # Whatever is wrong with the files, all of it can be read anew from the database.
        with suppress(*_DAMAGE):
            manifest = json.loads((folder / _MANIFEST).read_bytes())
            if manifest["form"] == FORM and manifest["identity"] == identity:
                return _read(folder, manifest)
    return None


def remove_snapshots(root: Path) -> None:
    """Remove all snapshots, such as those of photos that are no more."""
    for folder in _folders(root):
        shutil.rmtree(folder, ignore_errors=True)


def _groups(kept: Kept) -> dict[str, Columns]:
    scored = {str(number): each for number, each in enumerate(kept.scores.columns.values())}
    answers = {str(number): each for number, each in enumerate(kept.photos.answers.values())}
    titles = kept.photos.titles if len(kept.photos.titles) else np.zeros(1, np.uint8)
    return {
        "columns": kept.photos.columns | {"titles": titles},
        "answers": answers,
        "scores": scored,
        "beside": kept.beside,
    }


def _read(folder: Path, manifest: Mapping[str, Any]) -> Kept:
    columns = _mapped(folder / "columns")
    titles = columns.pop("titles")
    vocabularies = Vocabularies(manifest["vocabularies"])
    vocabularies.owner.reserve(manifest["owners"])
    answers, scores = _mapped(folder / "answers"), _mapped(folder / "scores")
    photos = Photos(
        identity=manifest["identity"],
        seen_at=datetime.fromisoformat(manifest["seen_at"]),
        columns=columns,
        answers={name: answers[str(number)] for number, name in enumerate(manifest["answers"])},
        titles=titles,
        vocabularies=vocabularies,
    )
    beside = _mapped(folder / "beside")
    if missing := (no_photos("", seen_at=photos.seen_at).columns.keys() - columns.keys()) | (
        BESIDE - beside.keys()
    ):
        raise ValueError(f"{folder}: there is no column {', '.join(missing)}")
    groups = (columns, answers, scores, beside)
    if {len(column) for group in groups for column in group.values()} != {len(photos)}:
        raise ValueError(f"{folder}: the columns have different lengths")
    scored = {
        (model, concept): scores[str(number)]
        for number, (model, concept) in enumerate(manifest["scored"])
    }
    return Kept(
        photos=photos,
        scores=RawScores(columns=scored, versions=manifest["versions"]),
        beside=beside,
        notes=manifest["notes"],
    )


def _write(folder: Path, columns: Columns) -> None:
    folder.mkdir()
    for name, column in columns.items():
        with (folder / f"{name}.npy").open("wb") as file:
            np.save(file, column)
            file.flush()
            os.fsync(file.fileno())


def _mapped(folder: Path) -> Columns:
    return {path.stem: _map(path) for path in sorted(folder.glob("*.npy"))}


def _map(path: Path) -> Column:
    # As a plain array over the map: a memmap's own methods make every slice slow.
    return np.asarray(np.load(path, mmap_mode="r"))


def _flushed(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _folders(root: Path) -> list[Path]:
    return sorted(path for path in root.glob(f"{_NAME}*") if path.name[len(_NAME) :].isdecimal())


def _number(folder: Path) -> int:
    return int(folder.name[len(_NAME) :])
