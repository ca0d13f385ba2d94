"""Scrape 20,000 photos from a site at which everything goes wrong, be killed meanwhile, and check.

    uv run --extra mongod python benchmarks/soak.py

The imitation of Flickr runs in a process of its own with every fault that it has: one reply in ten
is struck, one photo in fifty has lost its files. A scraping process searches all its photos by
windows of upload dates, downloads their files (240 pixels, so that the ways of the network are
tested and not the decoder) and stores them in the managed MongoDB. It is killed (SIGKILL) several
times and started again. What fails for a while is tried again in later rounds, as running
``sis download`` again would; pauses are a hundredth of the usual ones.

At the end, and against the imitation's own catalogue: every photo is in the store, none twice; each
has its file or a recorded reason; nothing is kept of owners who opt out, and nobody else's photo is
taken for theirs; the files on the disk are those of the records, whole, and nothing else is there.
Memory is the scraping process's, sampled twice a second while its last, longest execution
downloads.
"""

import argparse
import asyncio
import hashlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from quiet import Quiet

from smart_image_scraper import pipeline
from smart_image_scraper.demo import DEMO_KEY, Catalogue, MadePhoto
from smart_image_scraper.download import Downloader
from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import Filter, Photo, Stage
from smart_image_scraper.search import Order, Query
from smart_image_scraper.search.flickr import FlickrSource
from smart_image_scraper.store import Store
from smart_image_scraper.store.mongod import ManagedMongod

# Of the made photos about 87 in 100 are safe and photos, and so found.
FOUND_SHARE = 0.85
WINDOW = 2500
ROUNDS = 10
WORKERS = 16
# Excluding a word that is nowhere finds everything: Flickr refuses a search without a word.
EVERYTHING = "-qqqqqq"
FINDABLE = {"safe_search": "1", "content_types": "0", "media": "photos"}
SITE = [sys.executable, "-m", "smart_image_scraper.demo", "--until-stdin-closes", "--plain-files"]
ROUGH = ["--repeated", "0.15", "--total-error", "0.05"]


def windows(found: Sequence[MadePhoto]) -> Iterator[tuple[int, int]]:
    """Yield disjoint windows of upload dates, in Unix time, that hold everything."""
    uploads = sorted(photo.uploaded for photo in found)
    first = uploads[0]
    for last in [*uploads[WINDOW - 1 :: WINDOW], uploads[-1]]:
        if last >= first:
            yield first, last
        first = max(first, last + 1)


async def scrape(job: dict[str, Any]) -> None:
    """Search what is not searched yet, and download what is missing."""
    folder = Path(job["folder"])
    with ManagedMongod(folder / "db") as uri, Store.connect(uri) as store:
        client = HttpClient(
            user_agent="soak",
            allow=job["addresses"],
            timeout_s=2,
            transfer_timeout_s=3,
            backoff_s=0.01,
            pause_s=0.3,
            connections_per_host=WORKERS,
        )
        async with client:
            await search(store, client, job=job)
            print("searched", flush=True)
            downloader = Downloader(client, files=folder / "files", size="240")
            for _ in range(ROUNDS):
                if not store.count_pending(Stage.DOWNLOAD):
                    break
                done = await pipeline.download(
                    store, downloader, where=Filter(), workers=WORKERS, progress=Quiet()
                )
                print(f"downloaded {done.downloaded}, failed {dict(done.failed)}", flush=True)


async def search(store: Store, client: HttpClient, *, job: dict[str, Any]) -> None:
    """Search every window whose run is not finished."""
    vault = Vault(KeyRing.ensure(Path(job["folder"]) / "keys"))
    source = FlickrSource(client, api_key=DEMO_KEY, endpoint=job["endpoint"])
    finished = {run.id for run in store.runs.all() if run.finished_at}
    for first, last in job["windows"]:
        query = Query(
            text=EVERYTHING,
            uploaded_from=datetime.fromtimestamp(first, UTC),
            uploaded_to=datetime.fromtimestamp(last, UTC),
            order=Order.OLDEST,
            limit=4000,
        )
        if query.run_id(source.name) not in finished:
            await pipeline.search(source, query, store=store, vault=vault, progress=Quiet())


@contextmanager
def site(count: int, *, share: float, account: Path) -> Iterator[dict[str, Any]]:
    """Run the imitation, and yield its addresses; at the end it writes its account."""
    options = {"--photos": count, "--fault-mix": share, "--account": account}
    words = [str(part) for pair in options.items() for part in pair]
    with subprocess.Popen(
        [*SITE, *ROUGH, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # it complains of those that hang up, as a killed process does
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()


def run_with_kills(job: dict[str, Any], *, kills: int, within_s: float) -> tuple[int, list[float]]:
    """Run the scraping process to its end, and kill it so often before, each time within so long.

    Returns:
        The executions that were killed, and the memory of the last one, in megabytes.
    """
    moments = random.Random(20)
    for _ in range(kills):
        with start(job) as process:
            try:
                process.wait(timeout=moments.uniform(1, within_s))
            except subprocess.TimeoutExpired:
                process.kill()
            else:
                raise SystemExit("it ended before it was killed; give more photos or fewer kills")
    with start(job) as process:
        assert process.stdout is not None
        while (line := process.stdout.readline()) and line != "searched\n":
            pass
        samples = list(memory_mb(process))
    if process.returncode:
        raise SystemExit(f"the scraping process ended with {process.returncode}")
    return kills, samples


def start(job: dict[str, Any]) -> subprocess.Popen[str]:
    """Start a scraping process."""
    command = [sys.executable, __file__, "--job", json.dumps(job)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def memory_mb(process: subprocess.Popen[str]) -> Iterator[float]:
    """Yield what a process holds, twice a second until it ends."""
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            yield watched.memory_info().rss / 1e6
        except psutil.NoSuchProcess:
            return
        time.sleep(0.5)


def check(folder: Path, found: Sequence[MadePhoto]) -> Counter[str]:
    """See that nothing was lost, doubled or left over; return the photos by how they ended."""
    made = {f"flickr:{photo.id}": photo for photo in found}
    with ManagedMongod(folder / "db") as uri, Store.connect(uri) as store:
        photos = [stored.photo for stored in store.find(Filter())]
    stored = [str(photo.id) for photo in photos]
    expect("every photo is in the store, once", sorted(stored), sorted(made))
    unexplained = [str(photo.id) for photo in photos if ending(photo) == "nothing"]
    expect("every photo has its file or a reason", unexplained, [])
    opted_out = {photo_id for photo_id, photo in made.items() if photo.owner.opted_out}
    kept = [str(photo.id) for photo in photos if photo.file and str(photo.id) in opted_out]
    expect("nothing is kept of owners who opt out", kept, [])
    taken_for = {str(photo.id) for photo in photos if ending(photo) == "opted-out"} - opted_out
    expect("nobody else's photo is taken for theirs", sorted(taken_for), [])
    recorded = {photo.file.path: photo.file for photo in photos if photo.file}
    on_disk = {
        str(path.relative_to(folder / "files")): path
        for path in (folder / "files").rglob("*")
        if path.is_file()
    }
    expect("the files are those of the records", sorted(on_disk), sorted(recorded))
    damaged = [path for path, file in recorded.items() if digest(on_disk[path]) != file.sha256]
    expect("every file is whole", damaged, [])
    return Counter(ending(photo) for photo in photos)


def ending(photo: Photo) -> str:
    """Return how a photo's download ended."""
    failure = photo.failures.get(Stage.DOWNLOAD)
    if photo.file is not None:
        return "file" if failure is None else "nothing"
    return failure.reason if failure is not None else "nothing"


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def expect(what: str, seen: Sequence[str], wanted: Sequence[str]) -> None:
    """Say that something holds, or end with what does not."""
    if seen != wanted:
        lost, more = set(wanted) - set(seen), set(seen) - set(wanted)
        raise SystemExit(
            f"NOT SO: {what}: {len(seen)}, not {len(wanted)}; missing {sorted(lost)[:5]}, "
            f"too many {sorted(more)[:5]}"
        )
    print(f"holds: {what}")


def soak(photos: int, *, kills: int, share: float, folder: Path) -> None:
    """Run all of it, and print the figures."""
    count = round(photos / FOUND_SHARE)
    found = Catalogue.made(count).find(**FINDABLE, sort="date-posted-asc")
    newest = found[:photos][-1].uploaded
    found = tuple(photo for photo in found if photo.uploaded <= newest)
    began = time.monotonic()
    with site(count, share=share, account=folder / "account.json") as addresses:
        job = {**addresses, "folder": str(folder), "windows": list(windows(found))}
        killed, samples = run_with_kills(job, kills=kills, within_s=2 + photos / 1500)
    seconds = time.monotonic() - began
    endings = check(folder, found)
    account = json.loads((folder / "account.json").read_text())
    print(
        f"{len(found):,} photos in {seconds:,.0f} s, {killed} kills, load {os.getloadavg()[0]:.1f}"
    )
    print(", ".join(f"{reason} {number:,}" for reason, number in endings.most_common()))
    print(f"the site's account: {account}")
    quarter = max(len(samples) // 4, 1)
    quarters = [samples[begin : begin + quarter] for begin in range(0, 4 * quarter, quarter)]
    medians = [f"{statistics.median(each):.0f}" for each in quarters if each]
    print(f"memory in MB, medians of the quarters of the last execution: {' '.join(medians)}")


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--share", type=float, default=0.1, help="of replies that are struck")
    parser.add_argument("--job", type=json.loads, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        asyncio.run(scrape(options.job))
        return
    with tempfile.TemporaryDirectory(prefix="sis-soak-") as folder:
        soak(options.photos, kills=options.kills, share=options.share, folder=Path(folder))


if __name__ == "__main__":
    main()
