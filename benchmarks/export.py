"""Measure exports: WebDataset's rate against that of `tar` on the same files, and memory.

Run with:
    uv run --extra mongod --extra export python benchmarks/export.py

It takes up to 6 GB in the folder for temporary files, and gives them back; with ``--photos 200
--many 1000 --rounds 1`` it takes a minute at most.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from export_photos import made_photo, make_files, put_photos, stored_file
from memory import peak_kb

from smart_image_scraper.cli import run
from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.export import FORMATS
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.format import WriteOptions
from smart_image_scraper.store import Store
from smart_image_scraper.store.mongod import ManagedMongod

_BESIDE = {"json": b'{"key":"0123456789"}' * 80, "txt": b"A wild macaque sits on a branch"}


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
    print(peak_kb() // 1024)
    sys.exit(code)


def measure_rate(folder: Path, *, photos: int, rounds: int) -> None:
    """Compare photos a second with those of `tar` alone: of whole exports, and of writers."""
    files = sorted((folder / "files").rglob("*.jpg"))
    size = sum(path.stat().st_size for path in files)
    print(f"{photos:,} photos, {size / 1e9:.2f} GB")
    contenders: dict[str, Callable[[Path], None]] = {
        "tar": partial(run_tar, folder / "files"),
        "export": partial(run_export, folder),
        "the format": partial(write_format, made_entries(files)),
        "webdataset's writer": partial(write_with_webdataset, files),
    }
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    flushed: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds):
        for name, write in contenders.items():
            seconds, to_disk = timed(write, folder / "out")
            rates[name].append(photos / seconds)
            flushed[name].append(photos / to_disk)
        shown = ", ".join(f"{name} {of[-1]:,.0f}" for name, of in rates.items())
        print(f"round {number + 1}, photos/s: {shown}; load {os.getloadavg()[0]:.1f}")
    for name, of in rates.items():
        ratio = statistics.median(of) / statistics.median(rates["tar"])
        to_disk = statistics.median(flushed[name]) / statistics.median(flushed["tar"])
        print(
            f"{name}: {statistics.median(of):,.0f} photos/s (median), {ratio:.2f} of tar's rate, "
            f"{to_disk:.2f} with the flush to disk of both"
        )


def timed(write: Callable[[Path], None], to: Path) -> tuple[float, float]:
    """Return the seconds until it is written, and until it is on the disk; remove it."""
    to.mkdir()
    begun = time.monotonic()
    write(to)
    seconds = time.monotonic() - begun
    os.sync()
    to_disk = time.monotonic() - begun
    shutil.rmtree(to)
    os.sync()
    return seconds, to_disk


def run_tar(files: Path, to: Path) -> None:
    """Have `tar` write the files."""
    # They are links to fewer contents, and tar would store each content once.
    command = ["tar", "--hard-dereference", "-cf", to / "photos.tar", "-C", files, "."]
    subprocess.run(command, check=True)


def run_export(folder: Path, to: Path) -> None:
    """Have `sis export` write them, with all that it does besides; it flushes them itself."""
    arguments = ["export", str(to), "--format", "webdataset", "--workspace", str(folder)]
    subprocess.run(
        [sys.executable, "-m", "smart_image_scraper", *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def write_format(entries: Sequence[Entry], to: Path) -> None:
    """Write what leaves in the format, rows, JSON, captions and tables included."""
    FORMATS["webdataset"].write(iter(entries), folder=to, options=WriteOptions())


def made_entries(files: Sequence[Path]) -> list[Entry]:
    """Make what leaves the store for the files."""
    entries = []
    for number, path in enumerate(files):
        photo = made_photo(number, files=lambda photo_id, path=path: stored_file(photo_id, path))
        entries.append(
            Entry(
                photo=photo,
                license=photo.license,
                credit=f"“{photo.title}”, {photo.page_url}, CC BY 2.0 ({photo.license.url})",
                file=str(path),
                file_name=f"flickr-{photo.id.native}.jpg",
            )
        )
    return entries


def write_with_webdataset(files: Sequence[Path], to: Path) -> None:
    """Write the same by webdataset's own writer."""
    import webdataset  # noqa: PLC0415 — of the tests' libraries, to compare with

    pattern = str(to / "%05d.tar")
    writer = webdataset.ShardWriter(pattern, maxcount=1_000, verbose=0, encoder=False)
    for path in files:
        writer.write({"__key__": path.stem, "jpg": path.read_bytes(), **_BESIDE})
    writer.close()


def measure_memory(folder: Path, *, photos: int) -> None:
    """Print the most memory that exports of what is known of many photos take."""
    for form in ("parquet", "csv"):
        begun = time.monotonic()
        peak_mb = export(folder, form, "--split", "80/10/10", to=folder / "out")
        took = time.monotonic() - begun
        print(f"{photos:,} photos as {form}, split: {took:.1f} s, {peak_mb} MB at most")
        shutil.rmtree(folder / "out")


def export(folder: Path, form: str, *options: str, to: Path) -> int:
    """Have `sis export` write a data set; return its most memory in MB."""
    arguments = ["export", str(to), "--format", form, "--workspace", str(folder), *options]
    done = subprocess.run(
        [sys.executable, __file__, "--run", *arguments], check=True, stdout=subprocess.PIPE
    )
    return int(done.stdout.split()[-1])


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


if __name__ == "__main__":
    main()
