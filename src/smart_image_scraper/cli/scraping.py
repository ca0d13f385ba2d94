"""The commands that scrape: search and download, together and apart."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC
from typing import TYPE_CHECKING, Any, TypeVar

import click

from smart_image_scraper.cli.exit_codes import SOME_PHOTOS_FAILED
from smart_image_scraper.cli.options import (
    Box,
    LicenseWord,
    Moment,
    with_filter,
    with_json,
    with_workspace,
)
from smart_image_scraper.cli.running import run_async
from smart_image_scraper.cli.session import Session, progress, session, tell
from smart_image_scraper.cli.summary import download_line, search_line
from smart_image_scraper.photo import Filter

if TYPE_CHECKING:
    from smart_image_scraper.net import HttpClient
    from smart_image_scraper.pipeline import DownloadSummary, SearchSummary
    from smart_image_scraper.search import Query

F = TypeVar("F", bound=Callable[..., Any])

_ORDERS = ("relevance", "interesting", "newest", "oldest", "taken-newest", "taken-oldest")
_QUERY_OPTIONS = (
    click.argument("terms", nargs=-1, metavar="[TERM]..."),
    click.option("-s", "--search", "more_terms", multiple=True, help="A search term (repeatable)."),
    click.option("-t", "--tag", "tags", multiple=True, help="A tag; any of them matches."),
    click.option("--all-tags", is_flag=True, help="Every tag must match."),
    click.option(
        "-n",
        "--number",
        "limit",
        type=click.IntRange(min=1),
        default=100,
        show_default=True,
        help="At most so many photos for each term.",
    ),
    click.option("-b", "--bbox", type=Box(), help="Taken in this box, as in 116,4,127,22."),
    click.option(
        "--license",
        "licenses",
        multiple=True,
        type=LicenseWord(),
        help="With this licence, such as cc-by-2.0 (repeatable).",
    ),
    click.option("--taken-from", type=Moment(last=False), help="Taken then or later, local time."),
    click.option("--taken-to", type=Moment(last=True), help="Taken then or earlier."),
    click.option("--uploaded-from", type=Moment(last=False), help="Uploaded then or later, UTC."),
    click.option("--uploaded-to", type=Moment(last=True), help="Uploaded then or earlier."),
    click.option(
        "--order",
        type=click.Choice(_ORDERS),
        default="relevance",
        show_default=True,
        help="What comes first, and so what is left out when there is more.",
    ),
    click.option(
        "--safe-search",
        type=click.IntRange(1, 3),
        default=1,
        show_default=True,
        help="The most that is let in: 1 safe, 2 moderate, 3 restricted.",
    ),
    click.option(
        "--content-type",
        "content_types",
        multiple=True,
        type=click.IntRange(0, 3),
        default=(0,),
        show_default=True,
        help="0 photos, 1 screenshots, 2 other, 3 virtual photography (repeatable).",
    ),
)
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


def _with(*options: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@click.command()
@_with(*_QUERY_OPTIONS)
@_with(*_DOWNLOAD_OPTIONS)
@click.option("--download/--no-download", "with_files", default=True, help="Fetch files, or not.")
@with_json
@with_workspace
def scrape(*, with_files: bool, as_json: bool, **options: Any) -> None:
    """Search Flickr for TERMs and download what is found.

    Each term, in any language, is a search of its own; a photo that several find is stored once.
    Stop it at any time: the same command goes on where it was, and running it twice changes
    nothing.

    \b
    Example:
      sis scrape "monkey wild" "サル" -n 500 --bbox 116,4,127,22 --license cc-by-2.0
      sis scrape -t macaque -t monkey --all-tags --taken-from 2015 --order newest
    """
    settings, conditions = _split(options)
    queries = _queries(**conditions)
    with session(**settings) as opened:
        searches, downloads = run_async(_scrape(opened, queries, with_files=with_files))
    _report(searches, downloads, as_json=as_json)


@click.command()
@_with(*_QUERY_OPTIONS)
@with_json
@with_workspace
def search(*, as_json: bool, **options: Any) -> None:
    """Search Flickr for TERMs and store what is found, without files.

    `sis download` fetches the files later.

    \b
    Example:
      sis search "野生の猿" -n 1000 --license cc-by-2.0 --license cc0-1.0
    """
    settings, conditions = _split(options)
    queries = _queries(**conditions)
    with session(**settings) as opened:
        searches, downloads = run_async(_scrape(opened, queries, with_files=False))
    _report(searches, downloads, as_json=as_json)


@click.command()
@with_filter
@click.option("--again", is_flag=True, help="Try once more what has failed for good, too.")
@_with(*_DOWNLOAD_OPTIONS)
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
    with session(reading=True, **settings) as opened:
        downloads = run_async(_download_pending(opened, where, again=again))
    _report([], downloads, as_json=as_json)


_SETTINGS = frozenset({"workspace", "size", "images_per_second", "connections"})


def _split(options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    settings = {name: value for name, value in options.items() if name in _SETTINGS}
    return settings, {name: value for name, value in options.items() if name not in _SETTINGS}


def _queries(
    *, terms: tuple[str, ...], more_terms: tuple[str, ...], order: str, **conditions: Any
) -> list["Query"]:
    from smart_image_scraper.search import Order, Query

    for name in ("uploaded_from", "uploaded_to"):
        if conditions[name] is not None:
            conditions[name] = conditions[name].replace(tzinfo=UTC)
    texts = dict.fromkeys((*terms, *more_terms)) or [""]
    return [Query(text=text, order=Order(order), **conditions) for text in texts]


async def _scrape(
    opened: Session, queries: Sequence["Query"], *, with_files: bool
) -> tuple[list["SearchSummary"], "DownloadSummary | None"]:
    from smart_image_scraper import pipeline
    from smart_image_scraper.cli.network import flickr_source, http_client

    shown = progress()
    async with http_client(opened.settings) as client:
        source = flickr_source(opened.settings, client=client)
        for query in queries:
            source.search(query)  # refuses what Flickr cannot answer, before anything is changed
        vault = opened.vault()
        searches = [
            await pipeline.search(source, query, store=opened.store, vault=vault, progress=shown)
            for query in queries
        ]
        if not with_files:
            return searches, None
        found = dict.fromkeys(photo for summary in searches for photo in summary.photos)
        if not found:
            return searches, None
        return searches, await _download(opened, Filter(ids=tuple(found)), client=client)


async def _download_pending(opened: Session, where: Filter, *, again: bool) -> "DownloadSummary":
    from smart_image_scraper.cli.network import http_client

    async with http_client(opened.settings) as client:
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


def _numbers(summary: "SearchSummary") -> dict[str, Any]:
    return {name: value for name, value in asdict(summary).items() if name != "photos"}


def _report(
    searches: Sequence["SearchSummary"], downloads: "DownloadSummary | None", *, as_json: bool
) -> None:
    if as_json:
        for summary in searches:
            click.echo(json.dumps({"stage": "search"} | _numbers(summary), ensure_ascii=False))
        if downloads is not None:
            click.echo(json.dumps({"stage": "download"} | asdict(downloads)))
    else:
        for summary in searches:
            click.echo(search_line(summary))
        if downloads is not None:
            click.echo(download_line(downloads))
    if downloads is not None and downloads.failed:
        tell("some photos failed; `sis list --failed download` shows them")
        sys.exit(SOME_PHOTOS_FAILED)
