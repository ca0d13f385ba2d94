"""Fetch photos in one of several ways, in a process of its own, and print what it cost.

    python benchmarks/contenders.py sis --port 40123 --count 2000 --folder /tmp/x

Used by ``download.py``. Prints one JSON object: photos, seconds, CPU seconds (its own, its
children's, its database's) and the most memory that all of them held at once, in megabytes.
"""

import argparse
import asyncio
import hashlib
import json
import os
import resource
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import psutil

from smart_image_scraper import pipeline
from smart_image_scraper.download import Downloader
from smart_image_scraper.download.images import examine
from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import Filter, Owner, Photo, PhotoId, SearchHit, Size
from smart_image_scraper.store import Store
from smart_image_scraper.store.mongod import ManagedMongod

CONNECTIONS = 32
MAX_PIXELS = 200_000_000
CHUNK = 1 << 16


class Cost:
    """Measures what happens between ``begin`` and ``end``."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.peak_mb = 0.0
        self.marks: list[tuple[int, float]] = []
        self.database: psutil.Process | None = None
        self._done = threading.Event()

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Measure the block, and print what it cost."""
        watcher = threading.Thread(target=self._watch)
        watcher.start()
        seconds, cpu = time.perf_counter(), self._cpu_s()
        yield
        seconds, cpu = time.perf_counter() - seconds, self._cpu_s() - cpu
        self._done.set()
        watcher.join()
        cost = {"photos": self.count, "seconds": seconds, "cpu_s": cpu, "peak_mb": self.peak_mb}
        print(json.dumps(cost | {"marks": self.marks}))

    def _cpu_s(self) -> float:
        own = resource.getrusage(resource.RUSAGE_SELF)
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
        if self.database is not None:
            used += sum(self.database.cpu_times()[:2])
        return used

    def _watch(self) -> None:
        while not self._done.wait(0.25):
            self.peak_mb = max(self.peak_mb, self.memory_mb())

    def memory_mb(self) -> float:
        """Return what this process, its children and its database hold."""
        own = psutil.Process()
        processes = [own, *own.children(recursive=True), *filter(None, [self.database])]
        total = 0
        for process in processes:
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return total / 1e6


def sis(cost: Cost, *, base: str, folder: Path) -> None:
    """Download, check, hash, keep, and record in the managed database."""
    with ManagedMongod(folder / "db") as uri, Store.connect(uri) as store:
        vault = Vault(KeyRing.new())
        photos = [_photo(number, base=base) for number in range(cost.count)]
        store.put(vault.seal(photo) for photo in photos)
        servers = psutil.process_iter(["cmdline"])
        cost.database = next(
            each
            for each in servers
            if str(folder) in str(each.info["cmdline"]) and _is_mongod(each)
        )
        with cost.measured():
            summary = asyncio.run(_sis(store, base=base, folder=folder, cost=cost))
    if summary.downloaded != cost.count:
        raise SystemExit(f"only {summary.downloaded} of {cost.count} photos came: {summary.failed}")


async def _sis(store: Store, *, base: str, folder: Path, cost: Cost) -> pipeline.DownloadSummary:
    client = HttpClient(
        user_agent="benchmark",
        allow=[base.removeprefix("http://")],
        connections_per_host=CONNECTIONS,
    )
    async with client:
        return await pipeline.download(
            store,
            Downloader(client, files=folder / "files"),
            where=Filter(),
            workers=CONNECTIONS,
            progress=MemoryMarks(cost),
        )


class MemoryMarks:
    """A progress that notes the memory at every thousandth photo."""

    def __init__(self, cost: Cost) -> None:
        self.cost = cost

    @contextmanager
    def stage(self, _name: str, **_: object) -> Iterator[Callable[[int], None]]:
        """Count photos."""
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            if done % 1000 == 0:
                self.cost.marks.append((done, round(self.cost.memory_mb())))

        yield advance


def curl(cost: Cost, *, base: str, folder: Path) -> None:
    """Fetch with ``curl --parallel``; nothing is checked."""
    config = folder / "curl.txt"
    config.write_text(
        "".join(
            f'url = "{base}/{number}.jpg"\noutput = "{folder}/{number}.jpg"\n'
            for number in range(cost.count)
        )
    )
    with cost.measured():
        command = [
            "curl",
            "--silent",
            "--show-error",
            "--no-progress-meter",
            "--parallel",
            "--parallel-max",
            str(CONNECTIONS),
        ]
        subprocess.run([*command, "--config", config], check=True)


def img2dataset(cost: Cost, *, base: str, folder: Path) -> None:
    """Fetch with img2dataset as it comes; ``--resize_mode no`` checks nothing."""
    urls = folder / "urls.txt"
    urls.write_text("".join(f"{base}/{number}.jpg\n" for number in range(cost.count)))
    options = {
        "url_list": urls,
        "output_folder": folder / "out",
        "output_format": "files",
        "resize_mode": "no",
        "processes_count": 2,
        "thread_count": CONNECTIONS // 2,
        "number_sample_per_shard": 250,
    }
    program = os.environ["IMG2DATASET"]
    with cost.measured():
        subprocess.run(
            [program, *(f"--{name}={value}" for name, value in options.items())],
            check=True,
            capture_output=True,
        )
    came = len(list((folder / "out").rglob("*.jpg")))
    if came != cost.count:
        raise SystemExit(f"img2dataset: only {came} of {cost.count} photos came")


def sequential(cost: Cost, *, base: str, folder: Path) -> None:
    """Fetch one photo after the other, as the older scripts did."""
    with cost.measured():
        for number in range(cost.count):
            with urllib.request.urlopen(f"{base}/{number}.jpg") as reply:
                (folder / f"{number}.jpg").write_bytes(reply.read())


def parts(cost: Cost, *, base: str, folder: Path) -> None:
    """Do each part of the work by itself on one core: fetch, check, hash, write."""
    bodies = [asyncio.run(_fetch_all(base=base, count=1))[0]]
    with cost.measured():
        bodies = asyncio.run(_fetch_all(base=base, count=cost.count))
        for body in bodies:
            examine(body, name="benchmark", max_pixels=MAX_PIXELS)
        for number, body in enumerate(bodies):
            hashlib.sha256(body).hexdigest()
            _write(folder / str(number), body)


async def _fetch_all(*, base: str, count: int) -> list[bytes]:
    gate = asyncio.Semaphore(CONNECTIONS)
    async with aiohttp.ClientSession() as session:

        async def fetch(number: int) -> bytes:
            async with gate, session.get(f"{base}/{number}.jpg") as reply:
                return b"".join([chunk async for chunk in reply.content.iter_chunked(CHUNK)])

        return await asyncio.gather(*map(fetch, range(count)))


def _write(path: Path, body: bytes) -> None:
    with path.with_suffix(".part").open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    path.with_suffix(".part").replace(path)


def _photo(number: int, *, base: str) -> Photo:
    return Photo(
        id=PhotoId(f"folder:{number}"),
        title=f"photo {number}",
        owner=Owner(id=f"{number % 300}@N01", name=f"owner {number % 300}"),
        sizes=(Size(label="1024", url=f"{base}/{number}.jpg"),),
        searches=(SearchHit(term="benchmark", run="benchmark"),),
    )


def _is_mongod(process: psutil.Process) -> bool:
    return process.name() == "mongod"


def main() -> None:
    """Read the options and run a contender."""
    contenders = {each.__name__: each for each in (sis, curl, img2dataset, sequential, parts)}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("contender", choices=contenders)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    base = f"http://127.0.0.1:{options.port}"
    contenders[options.contender](Cost(options.count), base=base, folder=options.folder)


if __name__ == "__main__":
    main()
