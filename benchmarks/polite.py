"""Draw what downloads do when the host throttles them: docs/images/polite.svg.

    uv run python benchmarks/polite.py --write docs/images/polite.svg

The imitation's image host refuses everything for two seconds, twice, the second time with a
Retry-After of 5 s; later it lets only five requests a second through. Six workers download from it
meanwhile, at most twelve files a second, through the client and the downloader that ``sis`` uses.
All pauses are a tenth of the usual ones: the first is 3 s, and the rate would take 12 s from
nothing to whole. The picture has every request as the host saw it.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from smart_image_scraper.demo import DEMO_KEY, Catalogue, FlickrSite, Part
from smart_image_scraper.download import Downloader
from smart_image_scraper.errors import DownloadError
from smart_image_scraper.net import HttpClient, RateLimiter
from smart_image_scraper.photo import Photo
from smart_image_scraper.search import Query
from smart_image_scraper.search.flickr import FlickrSource

WORKERS = 6
PER_SECOND = 12
PAUSE_S = 3
BURSTS_S = {15: None, 42: 5}
THROTTLED_FROM_S = 75
THROTTLED_TO = 5
END_S = 130


@dataclass
class Record:
    """What happened, in seconds since the beginning.

    Attributes:
        sent: Moment, worker, and whether it was refused, of every request.
        rates: Moment and rate, ten times a second.
        pauses: Beginning and end of every pause, as it was announced.
    """

    sent: list[tuple[float, int, bool]] = field(default_factory=list)
    rates: list[tuple[float, float]] = field(default_factory=list)
    pauses: list[tuple[float, float]] = field(default_factory=list)


async def measure() -> Record:
    """Download for a while, and record it."""
    record, worker_of = Record(), dict[str, int]()
    rate = RateLimiter(PER_SECOND, recovery_s=4 * PAUSE_S)
    catalogue = Catalogue.made(3000).with_plain_files()
    async with FlickrSite(catalogue, latency_s=0.15) as site:
        began = time.monotonic()

        def note_pause(_host: str, seconds: float) -> None:
            now = time.monotonic() - began
            record.pauses.append((now, now + seconds))

        with tempfile.TemporaryDirectory(prefix="sis-polite-") as folder:
            async with HttpClient(
                user_agent="benchmark",
                limiters={site.image_address: rate},
                allow=site.addresses,
                attempts=20,
                backoff_s=0.01,
                pause_s=PAUSE_S,
                connections_per_host=WORKERS,
                on_wait=note_pause,
            ) as client:
                source = FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)
                photos = [photo async for photo in source.search(Query(text="-qqqq", limit=2000))]
                downloader = Downloader(client, files=Path(folder), size="240")
                began = time.monotonic()
                tasks = [
                    asyncio.create_task(work(downloader, photos, number=number, taken=worker_of))
                    for number in range(WORKERS)
                ]
                tasks.append(asyncio.create_task(sample(rate, record, began=began)))
                await trouble(site)
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        for served in site.served:
            if served.part is Part.IMAGES:
                worker = worker_of[served.name.partition("_")[0]]
                record.sent.append((served.at_s - began, worker, served.fault is not None))
    return record


async def work(
    downloader: Downloader, photos: list[Photo], *, number: int, taken: dict[str, int]
) -> None:
    """Download one photo after the other."""
    while photos:
        photo = photos.pop()
        taken[photo.id.native] = number
        try:
            await downloader.download(photo)
        except DownloadError:
            continue  # owners who opt out


async def sample(rate: RateLimiter, record: Record, *, began: float) -> None:
    """Note the rate ten times a second."""
    while True:
        record.rates.append((time.monotonic() - began, rate.per_second or 0))
        await asyncio.sleep(0.1)


async def trouble(site: FlickrSite) -> None:
    """Let the host refuse, as the module says."""
    now = 0
    for moment, retry_after_s in BURSTS_S.items():
        await asyncio.sleep(moment - now)
        now = moment
        site.burst(Part.IMAGES, seconds=2, retry_after_s=retry_after_s)
    await asyncio.sleep(THROTTLED_FROM_S - now)
    site.throttle_images(THROTTLED_TO)
    await asyncio.sleep(END_S - THROTTLED_FROM_S)


LEFT, RIGHT, TOP, PLOT, GAP, ROW = 60, 940, 34, 200, 44, 17
BOTTOM = TOP + PLOT + GAP + WORKERS * ROW
STYLE = """
text { font: 12px sans-serif; fill: #333 }
.pause { fill: #dfe3ea } .grid { stroke: #ddd }
.rate { fill: none; stroke: #1b62b5; stroke-width: 2 }
.sent { fill: #7a8aa0 } .good { stroke: #54657d; stroke-width: 1.2 }
.refused { stroke: #c0282d; stroke-width: 2.2 } .limit { stroke: #c0282d; stroke-dasharray: 5 4 }
"""


def x_of(moment_s: float) -> float:
    """Return where a moment is."""
    return round(LEFT + (RIGHT - LEFT) * moment_s / END_S, 1)


def y_of(per_second: float) -> float:
    """Return where a rate is."""
    return round(TOP + PLOT * (1 - per_second / (PER_SECOND + 2)), 1)


def row_of(worker: int) -> int:
    """Return where a worker's line begins."""
    return TOP + PLOT + GAP + worker * ROW


def svg(record: Record) -> str:
    """Draw a record."""
    parts = [*axes(), *pauses(record), *rates(record), *requests(record)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {RIGHT + 20} {BOTTOM + 40}">'
        f"<style>{STYLE}</style>"
        f'<rect width="{RIGHT + 20}" height="{BOTTOM + 40}" fill="#fff"/>' + "\n".join(parts)
    ) + "</svg>\n"


def axes() -> Iterator[str]:
    """Draw lines and labels."""
    yield f'<text x="{LEFT}" y="20">downloads a second: what the client allows itself (line), '
    yield "what it sent (dots)</text>"
    for rate in range(0, PER_SECOND + 1, 3):
        yield f'<line class="grid" x1="{LEFT}" x2="{RIGHT}" y1="{y_of(rate)}" y2="{y_of(rate)}"/>'
        yield f'<text x="{LEFT - 10}" y="{y_of(rate) + 4}" text-anchor="end">{rate}</text>'
    label = TOP + PLOT + GAP - 12
    yield f'<text x="{LEFT}" y="{label}">requests of each of the {WORKERS} workers '
    yield "(red: refused); grey: pauses</text>"
    for worker in range(WORKERS):
        y = row_of(worker) + 12
        yield f'<text x="{LEFT - 10}" y="{y}" text-anchor="end">{worker + 1}</text>'
    for moment in range(0, END_S + 1, 10):
        yield f'<text x="{x_of(moment)}" y="{BOTTOM + 18}" text-anchor="middle">{moment}</text>'
    yield f'<text x="{RIGHT}" y="{BOTTOM + 34}" text-anchor="end">seconds</text>'


def pauses(record: Record) -> Iterator[str]:
    """Draw the pauses behind everything."""
    for begin, end in record.pauses:
        for top, height in ((TOP, PLOT), (row_of(0), WORKERS * ROW)):
            width = round(x_of(min(end, END_S)) - x_of(begin), 1)
            yield (
                f'<rect class="pause" x="{x_of(begin)}" width="{width}" y="{top}" '
                f'height="{height}"/>'
            )


def rates(record: Record) -> Iterator[str]:
    """Draw what the client allowed itself, what it sent, and what the host let through."""
    y = y_of(THROTTLED_TO)
    yield f'<line class="limit" x1="{x_of(THROTTLED_FROM_S)}" x2="{RIGHT}" y1="{y}" y2="{y}"/>'
    label = x_of(THROTTLED_FROM_S - 1)
    yield f'<text x="{label}" y="{y + 4}" text-anchor="end">what the host allows</text>'
    turns = [record.rates[0]]
    for before, after in pairwise(record.rates):
        if after[1] != before[1]:
            turns += [before, after]
    points = " ".join(f"{x_of(at)},{y_of(rate)}" for at, rate in [*turns, record.rates[-1]])
    yield f'<polyline class="rate" points="{points}"/>'
    for second in range(END_S):
        count = sum(second <= at < second + 1 for at, *_ in record.sent)
        yield f'<circle class="sent" cx="{x_of(second + 0.5)}" cy="{y_of(count)}" r="2.2"/>'


def requests(record: Record) -> Iterator[str]:
    """Draw every request as a tick in its worker's line; those that were refused above others."""
    for kind in (False, True):
        lines = [
            f"M{x_of(at)} {row_of(worker) + 3}v{ROW - 6}"
            for at, worker, refused in record.sent
            if refused is kind
        ]
        yield f'<path class="{"refused" if kind else "good"}" d="{"".join(lines)}"/>'


def main() -> None:
    """Read the options, measure and draw."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", type=Path, required=True, help="the picture")
    options = parser.parse_args()
    record = asyncio.run(measure())
    options.write.parent.mkdir(parents=True, exist_ok=True)
    options.write.write_text(svg(record), encoding="utf-8")
    refused = sum(refused for *_, refused in record.sent)
    print(f"{len(record.sent)} requests, {refused} refused, {len(record.pauses)} pauses")


if __name__ == "__main__":
    main()
