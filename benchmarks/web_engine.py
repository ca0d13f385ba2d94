"""Measure what answers the app: loading a million photos, counting them, following changes.

    uv run --extra mongod python benchmarks/web_engine.py --workspace /tmp/made

The workspace is filled with made photos if it is empty (benchmarks/made_photos.py). Times are of
the wall and, where it says so, of this process's processors: on a busy machine trust the latter.
"""

import argparse
import multiprocessing
import os
import resource
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from made_photos import fill, made_id
from pymongo import MongoClient

from smart_image_scraper.photo import BoundingBox, Filter, PhotoId, Stage, Threshold, Verdict
from smart_image_scraper.store import Review, Store
from smart_image_scraper.store.mongod import ManagedMongod
from smart_image_scraper.web.engine import Selection, select
from smart_image_scraper.web.library import Library
from smart_image_scraper.web.snapshot import Snapshot

FILTERS = {
    "nothing": Filter(),
    "one score": Filter(scores=(Threshold.parse("monkey>=0.3"),)),
    "three scores": Filter(
        scores=tuple(map(Threshold.parse, ("monkey>=0.2", "cage<0.8", "zoo<0.9")))
    ),
    "three scores, two countries": Filter(
        countries=("PH", "ID"),
        scores=tuple(map(Threshold.parse, ("monkey>=0.2", "cage<0.8", "zoo<0.9"))),
    ),
}
WORLD = BoundingBox(west=-180, south=-85, east=180, north=85)
ROUNDS = 15


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=1_000_000)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3, help="of loading")
    options = parser.parse_args()
    with ManagedMongod(options.workspace / "db") as uri:
        with MongoClient(uri) as client:
            if not client["sis"]["photos"].estimated_document_count():
                fill(uri, photos=options.photos)
        print(f"load average {os.getloadavg()[0]:.1f}")
        apart = multiprocessing.get_context("spawn")
        for _ in range(options.rounds):
            shutil.rmtree(options.workspace / "web", ignore_errors=True)
            run(apart, load, uri, options.workspace)
        run(apart, load, uri, options.workspace)  # on what the former one has put away
        run(apart, answer, uri, options.workspace)
        print(f"load average {os.getloadavg()[0]:.1f}")


def run(apart: multiprocessing.context.SpawnContext, *task: object) -> None:
    """Measure in a process of its own, whose memory is that of this alone."""
    process = apart.Process(target=task[0], args=task[1:])  # type: ignore[arg-type]
    process.start()
    process.join()


def load(uri: str, workspace: Path) -> None:
    """Load everything, and tell how long it takes and how much memory."""
    before = resident_mb()
    with Store.connect(uri, database="sis") as store:
        kept = (workspace / "web" / "lock").exists()
        begin, cpu = time.perf_counter(), time.process_time()
        library = Library(lambda: store, workspace, few=0)
        # The texts, and the files, come afterwards: what is measured is until photos can be seen.
        library.refresh()
        took, worked = time.perf_counter() - begin, time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(
            f"{'opened' if kept else 'loaded'} {len(library.snapshot()):,} photos: {took:.1f} s, "
            f"{worked:.1f} s of CPU; {before:.0f} MB before, {resident_mb():.0f} after, "
            f"{peak:.0f} at most"
        )
        library.close()


def answer(uri: str, workspace: Path) -> None:
    """Tell how long answers and changes take."""
    with Store.connect(uri, database="sis") as store:
        library = Library(lambda: store, workspace)
        library.refresh()
        wait_for_texts(library)
        snapshot = library.snapshot()
        for name, where in FILTERS.items():
            matching = select(snapshot, where).matching
            counts = measured(lambda: anew(snapshot, where).facets())  # noqa: B023 — called at once
            page = measured(
                lambda: snapshot.cards(select(snapshot, where).page("newest", offset=0, limit=64))  # noqa: B023 — as above
            )
            print(f"{name}: {matching:,} photos; counts {counts}; a page of 64 cards {page}")
        everything = select(snapshot, Filter())
        deep = measured(lambda: everything.page("views", offset=900_000, limit=64))
        print(f"a page at 900,000, the order kept: {deep}")
        for text in ("monkey", "猿", '"proboscis monkey"', "mac"):
            found = measured(lambda: anew(snapshot, Filter(text=text)).matching, rounds=5)  # noqa: B023 — as above
            print(f"text {text}: {anew(snapshot, Filter(text=text)).matching:,} photos, {found}")
        print(f"map of the world: {measured(lambda: everything.map(WORLD))}")
        follow(library, store)
        print(f"after all of it {resident_mb():.0f} MB")
        library.close()


def follow(library: Library, store: Store) -> None:
    """Tell how long it takes until changes are seen."""
    print(f"nothing has changed: {measured(library.refresh)}")
    number = len(library.snapshot())
    ids = [PhotoId(made_id(each)) for each in range(0, number, max(number // 1000, 1))]
    shown = list(store.get(ids))
    store.forget_files([each.photo for each in shown])
    print(f"{len(ids):,} photos have changed: {measured(library.refresh, rounds=1)}")
    column = {"monkey": np.full(len(ids), 0.1, np.float32)}
    store.scores.put("siglip2-b16-224@made", ids, columns=column)
    print(f"{len(ids):,} scores have changed: {measured(library.refresh, rounds=1)}")
    now = store.overview.clock()
    said = Review(photo=ids[0], verdict=Verdict.ACCEPT, by="benchmark", at=now)
    store.reviews.add([said])
    print(f"one review: {measured(library.refresh, rounds=1)}")
    store.put(shown, stages=(Stage.DOWNLOAD, Stage.INSPECT))


def wait_for_texts(library: Library) -> None:
    """Wait until the texts can be searched, and tell how long that took."""
    begin, cpu = time.perf_counter(), time.process_time()
    while library.state().texts < 1 or library.snapshot().texts is None:
        time.sleep(0.2)
    print(
        f"texts could be searched after {time.perf_counter() - begin:.0f} s, "
        f"{time.process_time() - cpu:.0f} s of CPU"
    )


def anew(snapshot: Snapshot, where: Filter) -> Selection:
    """Select without what was selected before, as when a slider moves."""
    snapshot.selections.clear()
    snapshot.masks.clear()
    return select(snapshot, where)


def measured(do: Callable[[], object], *, rounds: int = ROUNDS) -> str:
    """Return how long something takes: the median of some rounds, and the processors' part."""
    took, worked = [], []
    for _ in range(rounds):
        begin, cpu = time.perf_counter(), time.process_time()
        do()
        took.append(1000 * (time.perf_counter() - begin))
        worked.append(1000 * (time.process_time() - cpu))
    return f"{statistics.median(took):.1f} ms ({statistics.median(worked):.1f} of CPU)"


def resident_mb() -> float:
    """Return how much memory this process takes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


if __name__ == "__main__":
    main()
