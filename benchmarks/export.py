"""Measure exports: WebDataset's rate against that of `tar` on the same files, and memory.

Run with:
    uv run --extra mongod --extra export python benchmarks/export.py

It takes up to 6 GB in the folder for temporary files, and gives them back.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image

from smart_image_scraper.cli import run
from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.photo import (
    Coordinates,
    Inspection,
    License,
    Owner,
    Photo,
    PhotoId,
    Place,
    SearchHit,
    Stage,
    StoredFile,
    TakenDate,
)
from smart_image_scraper.store import Store
from smart_image_scraper.store.mongod import ManagedMongod

DISTINCT = 200
_BATCH = 5_000
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_WORDS = ("A", "wild", "macaque", "sits", "on", "a", "branch", "of", "an", "old", "tree")


def main() -> None:
    """Measure what was asked for, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=20_000, help="for the rate")
    parser.add_argument("--many", type=int, default=200_000, help="for memory, without files")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="for temporary files")
    parser.add_argument("--run", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run_measured(options.run)
    with workspace(options.folder) as (folder, store, vault):
        files = make_files(folder)
        put_photos(store, vault, files=files, count=options.photos)
        measure_rate(folder, photos=options.photos, rounds=options.rounds)
    with workspace(options.folder) as (folder, store, vault):
        put_photos(store, vault, files=make_files(folder, linked=False), count=options.many)
        measure_memory(folder, photos=options.many)


def run_measured(arguments: list[str]) -> None:
    """Run a command of `sis`, and say at the end how much memory this process took at most."""
    code = run(arguments)
    # Not getrusage: what that says at first is the parent's.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    print(int(status["VmHWM"].split()[0]) // 1024)
    sys.exit(code)


def measure_rate(folder: Path, *, photos: int, rounds: int) -> None:
    """Compare photos a second of whole exports with those of `tar` alone, in turn."""
    size = sum(path.stat().st_size for path in (folder / "files").rglob("*.jpg"))
    print(f"{photos:,} photos, {size / 1e9:.2f} GB")
    tar: list[float] = []
    flushed: list[float] = []
    exports: list[float] = []
    for number in range(rounds):
        seconds, to_disk = tar_time(folder)
        tar.append(photos / seconds)
        flushed.append(photos / to_disk)
        took, peak_mb = export(folder, "webdataset")
        exports.append(photos / took)
        print(
            f"round {number + 1}: tar {tar[-1]:,.0f} photos/s, {flushed[-1]:,.0f} with the flush "
            f"to disk; export {exports[-1]:,.0f}, {peak_mb} MB; load {os.getloadavg()[0]:.1f}"
        )
    ratio = statistics.median(exports) / statistics.median(tar)
    to_disk = statistics.median(exports) / statistics.median(flushed)
    print(f"medians: export is {ratio:.2f} of tar's rate, {to_disk:.2f} of tar's with the flush")


def measure_memory(folder: Path, *, photos: int) -> None:
    """Print the most memory that exports of what is known of many photos take."""
    for form in ("parquet", "csv", "json-lines", "geojson"):
        took, peak_mb = export(folder, form, "--split", "80/10/10")
        print(f"{photos:,} photos as {form}, split: {took:.1f} s, {peak_mb} MB at most")


def tar_time(folder: Path) -> tuple[float, float]:
    """Return the seconds that `tar` takes, and those until its file is on the disk."""
    to = folder / "photos.tar"
    begun = time.monotonic()
    # The files are links to fewer contents, and tar would store each content once.
    command = ["tar", "--hard-dereference", "-cf", to, "-C", folder / "files", "."]
    subprocess.run(command, check=True)
    seconds = time.monotonic() - begun
    with to.open("rb") as file:
        os.fsync(file.fileno())
    to_disk = time.monotonic() - begun
    to.unlink()
    os.sync()
    return seconds, to_disk


def export(folder: Path, form: str, *options: str) -> tuple[float, int]:
    """Return the seconds that `sis export` takes, from its start, and its most memory in MB."""
    to = folder / "data-set"
    arguments = ["export", str(to), "--format", form, "--workspace", str(folder), *options]
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, __file__, "--run", *arguments], check=True, stdout=subprocess.PIPE
    )
    took = time.monotonic() - begun
    shutil.rmtree(to)
    os.sync()
    return took, int(done.stdout.split()[-1])


@contextmanager
def workspace(parent: Path | None) -> Iterator[tuple[Path, Store, Vault]]:
    """Make a workspace, and a database for it."""
    ring = KeyRing.new()
    with tempfile.TemporaryDirectory(dir=parent) as name:
        folder = Path(name)
        (folder / "keys").touch(0o600)
        (folder / "keys").write_text(ring.to_text())
        with ManagedMongod(folder / "db") as uri, Store.connect(uri) as store:
            yield folder, store, Vault(ring)


def make_files(folder: Path, *, linked: bool = True) -> Callable[[PhotoId], StoredFile]:
    """Make some JPEGs of 150 to 300 kB, and return what stores one of them for a photo.

    A photo's file is a link: 20,000 contents would take 4.5 GB more.
    """
    sources = []
    for number in range(DISTINCT if linked else 1):
        path = folder / f"source-{number}.jpg"
        draw(number).save(path, quality=60 + number % 25)
        sources.append(path)

    def store_file(photo_id: PhotoId) -> StoredFile:
        digest = sha256(photo_id.encode()).hexdigest()
        source = sources[int(digest[:8], 16) % len(sources)]
        path = f"{digest[:2]}/{digest[2:4]}/{digest}.jpg"
        if linked:
            (folder / "files" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "files" / path).hardlink_to(source)
        return StoredFile(
            path=path,
            sha256=digest,
            media_type="image/jpeg",
            bytes=source.stat().st_size,
            width=1024,
            height=683,
            url=f"https://live.staticflickr.com/65535/{photo_id.native}_{digest[:10]}_b.jpg",
            fetched_at=_NOW,
            license=License("cc-by-2.0"),
        )

    return store_file


def draw(number: int) -> Image.Image:
    """Draw a picture with smooth forms and grain, which compresses as photos do."""
    random = np.random.default_rng(number)
    forms = Image.fromarray(random.integers(0, 255, (43, 64, 3), np.uint8), "RGB")
    smooth = np.asarray(forms.resize((1024, 683), Image.Resampling.BICUBIC), np.int16)
    grain = random.normal(0, 14, smooth.shape).astype(np.int16)
    return Image.fromarray((smooth + grain).clip(0, 255).astype(np.uint8))


def put_photos(
    store: Store, vault: Vault, *, files: Callable[[PhotoId], StoredFile], count: int
) -> None:
    """Put so many photos into the store, each with what a scrape knows of one."""
    for first in range(0, count, _BATCH):
        numbers = range(first, min(first + _BATCH, count))
        photos = [vault.seal(made_photo(number, files=files)) for number in numbers]
        store.put(photos, stages=(Stage.SEARCH, Stage.DOWNLOAD, Stage.INSPECT, Stage.GEOCODE))


def made_photo(number: int, *, files: Callable[[PhotoId], StoredFile]) -> Photo:
    """Make a photo of one of some hundred owners, with texts, tags, a place and a camera."""
    photo_id = PhotoId(f"flickr:{10_000_000_000 + 37 * number}")
    taken_at = _NOW - timedelta(minutes=number)
    owner = number % 997
    return Photo(
        id=photo_id,
        title=" ".join(_WORDS[number % 7 : number % 7 + 6]),
        description=" ".join(_WORDS * 2),
        tags=tuple(_WORDS[:10]),
        license=License("cc-by-2.0"),
        owner=Owner(id=f"{owner}@N01", name=f"Owner {owner}", path_alias=f"owner-{owner}"),
        uploaded_at=taken_at,
        taken=TakenDate(local=taken_at.replace(tzinfo=None)),
        coordinates=Coordinates(latitude=number % 180 - 90.0, longitude=number % 360 - 180.0),
        views=number,
        searches=(SearchHit(term="monkey wild", run="0123456789ab"),),
        file=files(photo_id),
        inspection=made_inspection(photo_id),
        place=Place(country_code="MY", country="Malaysia", city="Sandakan", gazetteer="made"),
    )


def made_inspection(photo_id: PhotoId) -> Inspection:
    """Make what an inspection finds in a file whose metadata it has taken out."""
    return Inspection(
        reader="made",
        tag_count=100,
        stripped=True,
        fetched_sha256=sha256(photo_id.encode()).hexdigest(),
        make="Canon",
        model="Canon EOS 7D",
        f_number=5.6,
        sharpness=0.1,
        brightness=0.5,
        contrast=0.2,
        colourfulness=40.0,
        size_class="medium",
        perceptual_hash=bytes(32),
        crop_hashes=bytes(320),
    )


if __name__ == "__main__":
    main()
