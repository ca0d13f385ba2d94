"""Measure how long the queue of photos to judge takes, by how many reviews there are.

    uv run --extra mongod python benchmarks/judging.py --workspace /tmp/made

The workspace is filled with made photos if it is empty (benchmarks/made_photos.py). `sis serve`
answers in a process of its own; reviews are added between its runs, long ago, so that it reads them
all when it begins and none again.
"""

import argparse
import os
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bson import ObjectId
from made_photos import fill, made_id
from pymongo import MongoClient
from web import read, served

from smart_image_scraper.store.mongod import ManagedMongod

ROUNDS = 20
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=200_000)
    parser.add_argument("--reviews", type=int, nargs="+", default=[0, 5_000, 50_000])
    parser.add_argument("--workspace", type=Path, required=True)
    options = parser.parse_args()
    for number in options.reviews:
        with ManagedMongod(options.workspace / "db") as uri:
            prepare(uri, photos=options.photos, reviews=number)
        with served(options.workspace) as (address, process):
            queue = f"{address}/api/reviews/next?concept=monkey&number=24"
            while read(f"{address}/api/state")["photos"] < options.photos:
                time.sleep(0.2)
            reviewed = read(queue)["reviewed"]
            busy = sum(process.cpu_times()[:2])
            took = [timed(queue) for _ in range(ROUNDS)]
            busy = (sum(process.cpu_times()[:2]) - busy) / ROUNDS
            print(
                f"{reviewed:,} photos reviewed: the next 24 after {statistics.median(took):.0f} ms "
                f"(at best {min(took):.0f}), {busy * 1000:.0f} ms of CPU; "
                f"load {os.getloadavg()[0]:.1f}"
            )


def prepare(uri: str, *, photos: int, reviews: int) -> None:
    """Have so many photos, and so many reviews of one concept."""
    with MongoClient(uri) as client:
        database = client["sis"]
        if not database["photos"].estimated_document_count():
            fill(uri, photos=photos)
        database["reviews"].delete_many({})
        if reviews:
            database["reviews"].insert_many(made_review(number) for number in range(reviews))


def made_review(number: int) -> dict[str, Any]:
    """Return the document of a review of long ago."""
    return {
        # What the app tells by when it was added.
        "_id": ObjectId(f"{int(LONG_AGO.timestamp()):08x}{number:016x}"),
        "photo": made_id(number),
        "verdict": "accept" if number % 2 else "reject",
        "concept": "monkey",
        "by": "benchmark",
        "at": LONG_AGO + timedelta(milliseconds=number),
    }


def timed(address: str) -> float:
    """Return how many milliseconds an answer takes."""
    begin = time.perf_counter()
    read(address)
    return (time.perf_counter() - begin) * 1000


if __name__ == "__main__":
    main()
