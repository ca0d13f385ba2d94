"""Measure the memory that the app takes: reading photos, indexing texts, following a large change.

    uv run --extra mongod python benchmarks/web_memory.py --photos 200000 --workspace /tmp/made-few

The workspace is filled with made photos if it is empty (benchmarks/made_photos.py). Of each step it
prints what the process has then, the files that it has mapped included, how much of that is its own
and no file's, and the most that it had meanwhile. Linux alone tells that.
"""

import argparse
import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from made_photos import fill, made_id
from memory import forget_peak, peak_kb
from pymongo import MongoClient

from smart_image_scraper.photo import Filter
from smart_image_scraper.store import Store
from smart_image_scraper.store.mongod import ManagedMongod
from smart_image_scraper.web.engine import select
from smart_image_scraper.web.library import Library

PROCESS = Path("/proc/self")
WRITTEN_AFTER_S = 61.0
AT_ONCE = 10_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=200_000)
    parser.add_argument("--change", type=float, default=0.5, help="the share that changes at last")
    parser.add_argument("--workspace", type=Path, required=True)
    options = parser.parse_args()
    with ManagedMongod(options.workspace / "db") as uri, MongoClient(uri) as client:
        if not client["sis"]["photos"].estimated_document_count():
            fill(uri, photos=options.photos)
        print(f"load average {os.getloadavg()[0]:.1f}")
        shutil.rmtree(options.workspace / "web", ignore_errors=True)
        with Store.connect(uri, database="sis") as store:
            follow(store, client, workspace=options.workspace, share=options.change)
        print(f"load average {os.getloadavg()[0]:.1f}")


def follow(store: Store, client: MongoClient, *, workspace: Path, share: float) -> None:
    """Tell of each step what memory it takes."""
    tell("before")
    library = Library(lambda: store, workspace, few=0)
    library.refresh()
    tell("photos read")
    while library.state().texts < 1 or library.snapshot().texts is None:
        time.sleep(0.2)
    tell("texts indexed")
    look(library)
    tell("looked at")
    number = len(library.snapshot())
    for changes in (1_000, int(number * share)):
        change(client, step=number // changes)
        begin, cpu = time.perf_counter(), time.process_time()
        library.refresh()
        took, worked = time.perf_counter() - begin, time.process_time() - cpu
        tell(f"{changes:,} changed, {took:.0f} s, {worked:.1f} of CPU")
        look(library)
        tell("looked at")
    time.sleep(WRITTEN_AFTER_S)
    library.refresh()
    tell("a minute later, written")
    library.close()


def look(library: Library) -> None:
    """Count and order as a visitor has it done."""
    for where in (Filter(), Filter(text="monkey"), Filter(text="猿")):
        selection = select(library.snapshot(), where)
        selection.facets()
        for order in ("score:monkey", "newest"):
            selection.page(order, offset=0, limit=64)


def change(client: MongoClient, *, step: int) -> None:
    """Change every so-manieth photo, its title included."""
    photos = client["sis"]["photos"]
    ids = [made_id(number) for number in range(0, photos.estimated_document_count(), step)]
    fields = {
        "views": {"$add": ["$views", 1]},
        "title": {"$concat": ["$title", " again"]},
        "updated_at": datetime.now(UTC),
    }
    for begin in range(0, len(ids), AT_ONCE):
        photos.update_many({"_id": {"$in": ids[begin : begin + AT_ONCE]}}, [{"$set": fields}])


def tell(what: str) -> None:
    """Print the memory that the process has, and the most since this was asked last."""
    rollup = (PROCESS / "smaps_rollup").read_text("ascii").splitlines()[1:]
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1000 for line in rollup}
    most = peak_kb() / 1000
    print(
        f"{what}: {sizes['Rss']:.0f} MB, {sizes['Anonymous']:.0f} its own; {most:.0f} at most",
        flush=True,
    )
    forget_peak()


if __name__ == "__main__":
    main()
