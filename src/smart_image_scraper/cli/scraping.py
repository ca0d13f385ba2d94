"""The commands that scrape: search and download, together and apart."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from smart_image_scraper.cli.detailing import details_pending, with_details
from smart_image_scraper.cli.groups import Command
from smart_image_scraper.cli.inspecting import (
    geocode_pending,
    inspect_pending,
    keep_metadata_option,
)
from smart_image_scraper.cli.options import (
    max_calls_option,
    with_filter,
    with_json,
    with_workspace,
)
from smart_image_scraper.cli.queries import QUERY_OPTIONS, queries_of, with_options
from smart_image_scraper.cli.running import run_async
from smart_image_scraper.cli.scoring import score_as_before
from smart_image_scraper.cli.searching import Wanted, plan_all, search_all
from smart_image_scraper.cli.selecting import tell_if_none
from smart_image_scraper.cli.session import Session, progress, session, tell
from smart_image_scraper.cli.summary import Report
from smart_image_scraper.photo import Filter, Stage

if TYPE_CHECKING:
    from smart_image_scraper.net import HttpClient
    from smart_image_scraper.pipeline import DownloadSummary

F = TypeVar("F", bound=Callable[..., Any])

_DOWNLOAD_OPTIONS = (
    click.option(
        "--size", help="original, or the longer edge in pixels.  [default: SIS_SIZE, else 1024]"
    ),
    click.option(
        "--images-per-second",
        type=float,
        help="Downloads begun in a second, 0: no limit.  [default: SIS_IMAGES_PER_SECOND, else 2]",
    ),
    click.option(
        "--connections",
        type=int,
        help="Downloads at the same time.  [default: SIS_CONNECTIONS, else 4]",
    ),
)
_COST_OPTIONS = (
    max_calls_option,
    click.option(
        "--dry-run",
        is_flag=True,
        help="Only say how much there is, and what finding all of it would cost; one call a term.",
    ),
)


@click.command()
@with_options(*QUERY_OPTIONS)
@with_options(*_DOWNLOAD_OPTIONS)
@keep_metadata_option
@with_details
@click.option("--download/--no-download", "with_files", default=True, help="Fetch files, or not.")
@with_options(*_COST_OPTIONS)
@with_json
@with_workspace
def scrape(
    *,
    details: Sequence[Stage],
    with_files: bool,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Search Flickr, or another source, for TERMs; download, inspect and geocode what is found.

    Each term, in any language, is a search of its own; a photo that several find is stored once.
    What `sis score` has looked for before is looked for in the new photos, too.
    Stop it at any time: the same command goes on where it was, and running it twice changes
    nothing.

    Flickr shows 4,000 results of a search, the most relevant ones. With --exhaustive, all there
    are, the oldest first, with an account of what may be missing; --dry-run says what it costs.
    Places, comments and the EXIF that Flickr shows cost a call for each photo, and come last.

    \b
    Example:
      sis scrape "monkey wild" "サル" -n 500 --country PH --license cc-by-2.0
      sis scrape --terms-file terms.txt --exhaustive --dry-run
      sis scrape "macaque" -n 200 --places --comments --max-calls 500
      sis scrape -t macaque -t monkey --all-tags --taken-from 2015 --order newest
      sis scrape "monkey" --source commons -n 500 --license cc-by-4.0
      sis scrape "Macaca nigra" --source inaturalist -n 500 --accept-terms inaturalist
    """
    settings, conditions = _split(options)
    wanted = queries_of(**conditions)
    if details and settings["source"] != "flickr":
        raise click.UsageError("places, EXIF and comments are Flickr's; leave these options out")
    report = Report(as_json=as_json)
    with session(**settings) as opened:
        if dry_run:
            return run_async(_plan(opened, wanted, details=len(details), as_json=as_json))
        found = run_async(_scrape(opened, wanted, report=report, with_files=with_files))
        if found is not None and with_files:
            report.add(inspect_pending(opened, found))
        if found is not None:
            report.add(geocode_pending(opened, found))
            if with_files and (scored := score_as_before(opened, found)) is not None:
                report.add(scored)
            details_pending(opened, found, details=details, report=report)
    return report.end()


@click.command()
@with_options(*QUERY_OPTIONS)
@with_options(*_COST_OPTIONS)
@with_json
@with_workspace
def search(*, dry_run: bool, as_json: bool, **options: Any) -> None:
    """Search Flickr, or another source, for TERMs and store what is found, without files.

    `sis download` fetches the files later.

    \b
    Example:
      sis search "野生の猿" -n 1000 --license cc-by-2.0 --license cc0-1.0
    """
    settings, conditions = _split(options)
    wanted = queries_of(**conditions)
    report = Report(as_json=as_json)
    with session(**settings) as opened:
        if dry_run:
            return run_async(_plan(opened, wanted, as_json=as_json))
        run_async(_scrape(opened, wanted, report=report, with_files=False))
    return report.end()


@click.command(cls=Command)
@with_filter
@click.option("--again", is_flag=True, help="Try once more what has failed for good, too.")
@with_options(*_DOWNLOAD_OPTIONS)
@with_json
@with_workspace
def download(*, where: Filter, again: bool, as_json: bool, **settings: Any) -> None:
    """Download the files that are still missing.

    A photo is tried again if its failure may pass, such as a timeout; one that is gone, or whose
    host opts out, is not, unless with --again. `sis list --failed download` shows them.

    \b
    Example:
      sis download
      SIS_MAX_MEGAPIXELS=400 sis download --again
      sis download --term "monkey wild" --size original
    """
    report = Report(as_json=as_json)
    with session(reading=True, **settings) as opened:
        tell_if_none(opened, where)
        report.add(run_async(_download_pending(opened, where, again=again)))
        if with_metadata := opened.store.count_pending(Stage.INSPECT):
            tell(f"{with_metadata:,} files have their metadata still; `sis inspect` takes it out")
    report.end()


_SETTINGS = frozenset(
    {"workspace", "source", "size", "images_per_second", "connections", "keep_metadata"}
    | {"max_calls", "accept_terms"}
)


def _split(options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    settings = {name: value for name, value in options.items() if name in _SETTINGS}
    return settings, {name: value for name, value in options.items() if name not in _SETTINGS}


async def _scrape(
    opened: Session,
    wanted: Wanted,
    *,
    report: Report,
    with_files: bool,
) -> Filter | None:
    """Search, and download what is found; return the filter for that, if it is anything."""
    from smart_image_scraper.cli.network import http_client, source_of

    async with http_client(opened) as client:
        source = source_of(opened, client=client)
        for query, _ in wanted:
            source.search(query)  # refuses what it cannot answer, before anything is changed
        found = await search_all(opened, source, wanted=wanted, report=report)
        if with_files and found is not None:
            report.add(await _download(opened, found, client=client))
    return found


async def _plan(opened: Session, wanted: Wanted, *, details: int = 0, as_json: bool) -> None:
    from smart_image_scraper.cli.network import http_client, source_of

    async with http_client(opened) as client:
        source = source_of(opened, client=client)
        await plan_all(opened, source, wanted=wanted, details=details, as_json=as_json)


async def _download_pending(opened: Session, where: Filter, *, again: bool) -> "DownloadSummary":
    from smart_image_scraper.cli.network import http_client

    async with http_client(opened) as client:
        return await _download(opened, where, again=again, client=client)


async def _download(
    opened: Session, where: Filter, *, again: bool = False, client: "HttpClient"
) -> "DownloadSummary":
    from smart_image_scraper import pipeline
    from smart_image_scraper.cli.network import downloader

    return await pipeline.download(
        opened.store,
        downloader(opened.settings, client=client, workspace=opened.workspace),
        where=where,
        again=again,
        workers=opened.settings.connections,
        progress=progress(),
    )
