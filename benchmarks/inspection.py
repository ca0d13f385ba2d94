"""Measure the inspect stage: photos a second, and a million hashes into groups.

    uv run --with exifread python benchmarks/inspection.py photos --photos ../shared/seed/photos
    uv run python benchmarks/inspection.py groups

``photos`` inspects a folder of photos as the stage does, in three threads: read metadata, strip,
write the file and its thumbnail, hash, measure. Beside it, in turn, the same steps are done with
ExifRead and Pillow in two processes; three rounds, medians, and in each a first pass over all
photos that is not timed: programs start and load in it. The script is not called ``inspect``:
Python's own module is.
"""

import argparse
import hashlib
import io
import resource
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from smart_image_scraper.download import Files
from smart_image_scraper.exif import MetadataReader
from smart_image_scraper.fingerprint import group_array, measure, perceptual_hash
from smart_image_scraper.fingerprint.hashing import CROPS, HASH_BYTES
from smart_image_scraper.photo import Photo, PhotoId, StoredFile
from smart_image_scraper.pipeline.inspect_file import FileInspector

CORES = 2
ROUNDS = 3
THUMBNAIL = (320, 320)


class Stage:
    """The stage's own code, without the database."""

    def __init__(self, *, readers: ExitStack) -> None:
        self._readers = readers
        self._of_thread = threading.local()

    def begin_thread(self) -> None:
        """Make the reader of a thread."""
        self._of_thread.reader = self._readers.enter_context(MetadataReader.installed())
        self._of_thread.inspectors = {}

    def inspect(self, path: Path) -> int:
        """Do all of the stage's steps on one photo; return the number of its tags."""
        with Image.open(path) as image:
            width, height = image.size
        file = StoredFile(
            path=path.name,
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            media_type="image/jpeg",
            bytes=path.stat().st_size,
            width=width,
            height=height,
            url=None,
            fetched_at=datetime.now(UTC),
        )
        photo = Photo(id=PhotoId("folder:1"), file=file)
        inspectors = self._of_thread.inspectors
        if path.parent not in inspectors:
            files, thumbnails = Files(path.parent), Files(path.parent.with_name("thumbs"))
            reader = self._of_thread.reader
            inspector = FileInspector(files, reader=reader, keep_metadata=False)
            inspectors[path.parent] = (inspector, thumbnails)
        inspector, thumbnails = inspectors[path.parent]
        inspected = inspector.inspect(photo)
        thumbnails.write(inspected.thumbnail, sha256=inspected.file.sha256, ending="jpg")
        return int(inspected.inspection.tag_count)


def one_after_the_other(folder: Path, path: Path) -> int:
    """Do the same as is usual: ExifRead for the tags, Pillow for everything else."""
    import exifread  # noqa: PLC0415 — only where it is installed

    with path.open("rb") as file:
        tags = exifread.process_file(file)
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    image = Image.open(io.BytesIO(content)).convert("RGB")
    clean = io.BytesIO()
    # Pillow cannot leave the metadata out without encoding anew.
    image.save(clean, "JPEG", quality=95)
    hashlib.sha256(clean.getvalue())
    (folder / f"{digest}.jpg").write_bytes(clean.getvalue())
    perceptual_hash(image)
    image.thumbnail((512, 512))
    measure(image)
    image.thumbnail(THUMBNAIL)
    image.save(folder / f"{digest}-small.jpg", "JPEG", quality=80)
    return len(tags)


def timed(
    step: Callable[[Path], int], first: list[Path], *, paths: list[Path], pool: Executor
) -> tuple[float, list[int]]:
    """Return photos a second of the second pass, and the numbers of tags."""
    list(pool.map(step, first))
    began = time.perf_counter()
    counts = list(pool.map(step, paths))
    return len(paths) / (time.perf_counter() - began), counts


def ours(paths: list[Path]) -> tuple[float, list[int]]:
    """Measure the stage."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as readers:
        passes = [Path(name) / number / "files" for number in ("first", "second")]
        for folder in passes:
            folder.mkdir(parents=True)
            for path in paths:
                shutil.copy(path, folder)
        first, second = ([folder / path.name for path in paths] for folder in passes)
        stage = Stage(readers=readers)
        with ThreadPoolExecutor(CORES + 1, initializer=stage.begin_thread) as pool:
            return timed(stage.inspect, first, paths=second, pool=pool)


def theirs(paths: list[Path], *, processes: int) -> tuple[float, list[int]]:
    """Measure the usual way."""
    with tempfile.TemporaryDirectory() as name, ProcessPoolExecutor(processes) as pool:
        return timed(partial(one_after_the_other, Path(name)), paths, paths=paths, pool=pool)


def photos(folder: Path) -> None:
    """Measure the stage on a folder of photos, side by side with the usual way."""
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    rounds = [
        (ours(paths), theirs(paths, processes=CORES), theirs(paths, processes=1))
        for _ in range(ROUNDS)
    ]
    names = ("the stage, 3 threads", "ExifRead and Pillow, 2 processes", "the same, 1 process")
    for index, name in enumerate(names):
        rates = [each[index][0] for each in rounds]
        tags = sum(rounds[0][index][1])
        print(f"{name}: {statistics.median(rates):.1f} photos/s, {tags} tags")
    for index in (1, 2):
        ratios = [each[0][0] / each[index][0] for each in rounds]
        print(f"the stage against {names[index]}: {statistics.median(ratios):.2f} times")
    pairs = zip(rounds[0][0][1], rounds[0][1][1], strict=True)
    print(
        f"photos with fewer tags than ExifRead finds: {sum(mine < other for mine, other in pairs)}"
    )


def groups() -> None:
    """Measure the index on a million photos, a tenth of them copies of others."""
    count, copies = 1_000_000, 100_000
    rng = np.random.default_rng(1)
    hashes = rng.integers(0, 256, (count, 1 + len(CROPS), HASH_BYTES), dtype=np.uint8)
    bits = np.unpackbits(hashes[:copies, 0], axis=1)
    flipped = rng.integers(0, 256, (copies, 16))
    np.put_along_axis(bits, flipped, 1 - np.take_along_axis(bits, flipped, 1), 1)
    hashes[-copies:, 0] = np.packbits(bits, axis=1)
    began = time.perf_counter()
    first = group_array(hashes)
    seconds = time.perf_counter() - began
    found = np.mean(first[-copies:] == np.arange(copies))
    wrong = np.count_nonzero(first[:-copies] != np.arange(count - copies))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{count} photos grouped in {seconds:.1f} s, at most {peak_mb} MB")
    print(f"copies found: {found:.2%}; others wrongly grouped: {wrong}")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["photos", "groups"])
    parser.add_argument("--photos", type=Path, default=Path("../shared/seed/photos"))
    options = parser.parse_args()
    if options.what == "photos":
        photos(options.photos)
    else:
        groups()


if __name__ == "__main__":
    main()
