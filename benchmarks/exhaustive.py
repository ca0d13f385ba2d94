"""Is an exhaustive search complete, what does it cost, and what is lost when it is killed?

    uv run --extra mongod python benchmarks/exhaustive.py [--photos 60000] [--kills 20]

An imitation of Flickr holds photos with uneven upload dates, a third of them in bursts of thousands
in one second; it repeats 15 % of each page on the next, adds rows from outside of the dates asked
for, and its totals are off by up to 3 %. ``sis search --exhaustive`` searches it once without
faults, once under the full mix of faults, and once with ``kill -9`` at random moments, each
followed by the same command. What is found is compared with what can be found at all, and what is
named as hidden with what is hidden. Calls are spaced by a second, as Flickr's limit asks for, where
kills are counted: how many calls a kill loses depends on how long it waits between them.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from smart_image_scraper.demo import (
    DEMO_KEY,
    UNEVEN_TAG,
    Catalogue,
    Fault,
    Faults,
    FlickrSite,
    Part,
    Quirks,
)

QUIRKS = Quirks(repeated=0.15, strays=0.05, total_error=0.03)
CONTENT_TYPES = "0123"
SEARCH = ("search", "-t", UNEVEN_TAG, "--exhaustive", "--json")
FIRST_KILL_S, LAST_KILL_S = 2, 18
Figures = dict[str, Any]


@contextmanager
def served(catalogue: Catalogue, *, faults: Faults | None) -> Iterator[FlickrSite]:
    """Serve a catalogue from a thread of this process."""
    site, loop = FlickrSite(catalogue, faults=faults), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(site.__aenter__(), loop).result()
    try:
        yield site
    finally:
        asyncio.run_coroutine_threadsafe(site.__aexit__(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def settings(site: FlickrSite, folder: Path, *, calls_per_second: float) -> dict[str, str]:
    """Return the environment of a command."""
    return os.environ | {
        "SIS_WORKSPACE": str(folder / "workspace"),
        "SIS_STATE_DIR": str(folder / "state"),
        "SIS_FLICKR_URL": site.endpoint,
        "SIS_FLICKR_KEY": DEMO_KEY,
        "SIS_ALLOW_ADDRESSES": ",".join(site.addresses),
        "SIS_FLICKR_CALLS_PER_SECOND": str(calls_per_second),
    }


def search(environment: dict[str, str], *, kill_after_s: float | None = None) -> bool:
    """Run the search, and kill it after a while; return whether it came to its end."""
    kinds = [word for kind in CONTENT_TYPES for word in ("--content-type", kind)]
    command = [sys.executable, "-m", "smart_image_scraper", *SEARCH, *kinds]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            _, said = process.communicate(timeout=kill_after_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return False
    if process.returncode != 0:
        raise SystemExit(f"the search ended with {process.returncode}: {said[-2000:]}")
    return True


def asked(environment: dict[str, str], *words: str) -> Any:  # noqa: ANN401 — whatever it answers
    """Return the JSON lines of a command."""
    command = [sys.executable, "-m", "smart_image_scraper", *words, "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def measured(
    catalogue: Catalogue, *, faults: Faults | None = None, kills: int = 0, calls_per_second: float
) -> Figures:
    """Search until the end, killed so often before; compare with what there is."""
    moments = random.Random(20)
    broken = 0
    with (
        tempfile.TemporaryDirectory(prefix="sis-exhaustive-") as folder,
        served(catalogue, faults=faults) as site,
    ):
        environment = settings(site, Path(folder), calls_per_second=calls_per_second)
        begun = time.monotonic()
        while broken < kills:
            after = moments.uniform(FIRST_KILL_S, LAST_KILL_S)
            if search(environment, kill_after_s=after):
                break
            broken += 1
        search(environment)
        seconds = time.monotonic() - begun
        found = {photo["id"].removeprefix("flickr:") for photo in asked(environment, "list")}
        (status,) = asked(environment, "status")
    (run,) = status["runs"]
    return (
        compared(catalogue, found=found, run=run)
        | calls_of(site)
        | {
            "seconds": round(seconds, 1),
            "kills": broken,
        }
    )


def compared(catalogue: Catalogue, *, found: set[str], run: Figures) -> Figures:
    """Compare what was found, and what was named as hidden, with what there is."""
    reach = catalogue.reach(tags=UNEVEN_TAG, media="photos", content_types=",".join(CONTENT_TYPES))
    named = {window["uploaded_from"][:19] for window in run["account"]["saturated"]}
    hidden = {
        time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(crowd.uploaded)) for crowd in reach.crowds
    }
    return {
        "can be found": len(reach.found),
        "found": len(found),
        "not found": len(reach.found - found),
        "hidden by the cap": len(reach.hidden),
        "said to be missing": run["account"]["missing"],
        "the windows named are those that hide": named == hidden,
        "account": {k: v for k, v in run["account"].items() if isinstance(v, int)},
    }


def calls_of(site: FlickrSite) -> Figures:
    """Return how many calls came, and how many of them had brought an answer before."""
    answered = Counter(
        frozenset(one.arguments.items())
        for one in site.served
        if one.part is Part.API and one.fault in {None, Fault.SLOW}
    )
    return {
        "requests": site.calls(),
        "answered": answered.total(),
        "wasted": answered.total() - len(answered),
    }


def main() -> None:
    """Run all three, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=60_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    catalogue = Catalogue.uneven(options.photos, seed=options.seed, quirks=QUIRKS)
    runs: dict[str, Figures] = {
        "without faults": {"calls_per_second": 1000},
        "full mix of faults": {
            "calls_per_second": 1000,
            "faults": Faults.full_mix(seed=options.seed),
        },
        "killed": {"calls_per_second": 1, "kills": options.kills},
    }
    for name, how in runs.items():
        figures = measured(catalogue, **how)
        share = figures["answered"] / (options.photos / 250)
        wasted = figures["wasted"] / figures["answered"]
        print(f"== {name}")
        for key, value in figures.items():
            print(f"{key}: {value}")
        print(f"calls for each 250 photos: {share:.2f}; wasted: {wasted:.1%}", flush=True)


if __name__ == "__main__":
    main()
