"""Demo: the imitation of Flickr in a process of its own.

Prints one JSON line with ``endpoint``, ``addresses`` and ``key`` when it is ready, and ends on
SIGTERM, on SIGINT or, if asked to, when its standard input closes. With ``--account``, a file then
tells how often each method was called, how many images were asked for, and what struck them.
"""

import asyncio
import json
import os
import signal
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from smart_image_scraper.demo.catalogue import Catalogue
from smart_image_scraper.demo.faults import Fault, Faults, Part
from smart_image_scraper.demo.paging import USUAL_QUIRKS, Quirks
from smart_image_scraper.demo.site import DEMO_KEY, FlickrSite


class _FaultOption(click.ParamType[tuple[Part, Fault, float]]):
    name = "part:fault=probability"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Part, Fault, float]:
        part, _, rest = str(value).partition(":")
        fault, _, probability = rest.partition("=")
        try:
            return Part(part), Fault(fault), float(probability)
        except ValueError:
            example = "images:429=0.05"
            self.fail(f"{value!r} is no fault; write it as in {example}", param, ctx)


@click.command()
@click.option("--photos", default=500, show_default=True, help="How many made photos there are.")
@click.option("--seed", default=1, show_default=True, help="Other seeds make other photos.")
@click.option("--uneven", is_flag=True, help="Uploaded unevenly, with a tag that finds them all.")
@click.option("--burst", "bursts", multiple=True, type=int, help="Uneven: so many in one second.")
@click.option("--repeated", default=USUAL_QUIRKS.repeated, help="Share of a page on the next.")
@click.option("--total-error", default=USUAL_QUIRKS.total_error, help="How far totals are off.")
@click.option("--strays", default=0.0, help="Share of rows outside of a window of dates.")
@click.option("--port", default=0, help="Where to listen; a free port without it.")
@click.option("--latency", default=0.0, help="Seconds by which every answer is held back.")
@click.option("--fault", "faults", multiple=True, type=_FaultOption(), help="What goes wrong.")
@click.option("--fault-mix", type=float, help="All that can go wrong, with this probability.")
@click.option("--retry-after", type=int, help="What a 429 or 503 says in Retry-After.")
@click.option("--vanished", default=0.0, help="The share of photos whose files are gone.")
@click.option("--image-rate", type=float, help="More images per second than so many get a 429.")
@click.option("--image-retry-after", type=int, help="What these 429s say in Retry-After.")
@click.option("--plain-files", is_flag=True, help="Grey files, which take no time to draw.")
@click.option("--replies", type=click.Path(path_type=Path, exists=True), help="Recorded searches.")
@click.option("--files", type=click.Path(path_type=Path, exists=True), help="Real photos to serve.")
@click.option("--account", type=click.Path(path_type=Path), help="At the end: what was served.")
@click.option("--until-stdin-closes", is_flag=True, help="End when standard input does.")
def main(  # noqa: D103 — the module says it; click would print it
    *,
    photos: int,
    seed: int,
    uneven: bool,
    bursts: tuple[int, ...],
    repeated: float,
    total_error: float,
    strays: float,
    port: int,
    latency: float,
    faults: tuple[tuple[Part, Fault, float], ...],
    fault_mix: float | None,
    retry_after: int | None,
    vanished: float,
    image_rate: float | None,
    image_retry_after: int | None,
    plain_files: bool,
    replies: Path | None,
    files: Path | None,
    account: Path | None,
    until_stdin_closes: bool,
) -> None:
    if fault_mix is not None and (faults or retry_after is not None or vanished):
        raise click.UsageError("--fault-mix says all; leave out --fault, --retry-after, --vanished")
    if bursts and not uneven:
        raise click.UsageError("--burst is for --uneven")
    try:
        quirks = Quirks(repeated=repeated, total_error=total_error, strays=strays)
        if replies or files:
            catalogue = Catalogue.recorded(replies or (), files)
        elif uneven:
            catalogue = Catalogue.uneven(photos, bursts=bursts or None, seed=seed, quirks=quirks)
        else:
            catalogue = Catalogue.made(photos, seed=seed, quirks=quirks)
        site = FlickrSite(
            catalogue.with_plain_files() if plain_files else catalogue,
            faults=_troubles(
                faults, mix=fault_mix, retry_after=retry_after, vanished=vanished, seed=seed
            ),
            latency_s=latency,
            port=port,
            image_rate_per_s=image_rate,
            image_retry_after_s=image_retry_after,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    asyncio.run(_serve(site, until_stdin_closes=until_stdin_closes))
    if account:
        account.write_text(json.dumps(_account(site)), encoding="utf-8")


def _troubles(
    faults: tuple[tuple[Part, Fault, float], ...],
    *,
    mix: float | None,
    retry_after: int | None,
    vanished: float,
    seed: int,
) -> Faults:
    if mix is not None:
        return Faults.full_mix(seed=seed, share=mix)
    return Faults(
        api={fault: share for part, fault, share in faults if part is Part.API},
        images={fault: share for part, fault, share in faults if part is Part.IMAGES},
        retry_after_s=retry_after,
        vanished=vanished,
        seed=seed,
    )


def _account(site: FlickrSite) -> dict[str, Any]:
    calls = Counter(one.name for one in site.served if one.part is Part.API)
    struck = Counter(f"{one.part}:{one.fault}" for one in site.served if one.fault)
    return {"calls": calls, "fetches": site.fetches(), "faults": struck, "busiest": site.busiest}


async def _serve(site: FlickrSite, *, until_stdin_closes: bool) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if until_stdin_closes:
        threading.Thread(target=_watch_stdin, args=(loop, stop), daemon=True).start()
    async with site:
        ready = {"endpoint": site.endpoint, "addresses": site.addresses, "key": DEMO_KEY}
        click.echo(json.dumps(ready))
        await stop.wait()


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # os.read rather than sys.stdin: a thread that holds the latter's lock breaks the exit.
    while os.read(0, 4096):
        pass
    # A signal may have ended the loop meanwhile.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(stop.set)


if __name__ == "__main__":
    main()
