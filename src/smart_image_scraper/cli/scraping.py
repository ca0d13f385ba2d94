"""The commands that scrape: search and download, together and apart."""

from collections.abc import Callable, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any, TypeVar

import click

from smart_image_scraper.cli.inspecting import (
    geocode_pending,
    inspect_pending,
    keep_metadata_option,
)
from smart_image_scraper.cli.options import (
    Box,
    CountryWord,
    LicenseWord,
    Moment,
    with_filter,
    with_json,
    with_workspace,
)
from smart_image_scraper.cli.running import run_async
from smart_image_scraper.cli.scoring import score_as_before
from smart_image_scraper.cli.session import Session, progress, session, tell
from smart_image_scraper.cli.summary import Report
from smart_image_scraper.photo import Coordinates, Filter, PhotoId, Stage

if TYPE_CHECKING:
    from smart_image_scraper.net import HttpClient
    from smart_image_scraper.pipeline import DownloadSummary
    from smart_image_scraper.search import Country, Query

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
        "--country",
        type=CountryWord(),
        help="Taken in this country: its name or ISO code, as in PH.",
    ),
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
@keep_metadata_option
@click.option("--download/--no-download", "with_files", default=True, help="Fetch files, or not.")
@with_json
@with_workspace
def scrape(*, with_files: bool, as_json: bool, **options: Any) -> None:
    """Search Flickr for TERMs, and download, inspect and geocode what is found.

    Each term, in any language, is a search of its own; a photo that several find is stored once.
    What `sis score` has looked for before is looked for in the new photos, too.
    Stop it at any time: the same command goes on where it was, and running it twice changes
    nothing.

    \b
    Example:
      sis scrape "monkey wild" "サル" -n 500 --country PH --license cc-by-2.0
      sis scrape -t macaque -t monkey --all-tags --taken-from 2015 --order newest
    """
    settings, conditions = _split(options)
    queries = _queries(**conditions)
    report = Report(as_json=as_json)
    with session(**settings) as opened:
        found = run_async(_scrape(opened, queries, report=report, with_files=with_files))
        if found.ids and with_files:
            report.add(inspect_pending(opened, found))
        if found.ids:
            report.add(geocode_pending(opened, found))
        if found.ids and with_files and (scored := score_as_before(opened, found)) is not None:
            report.add(scored)
    report.end()


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
    report = Report(as_json=as_json)
    with session(**settings) as opened:
        run_async(_scrape(opened, queries, report=report, with_files=False))
    report.end()


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
    report = Report(as_json=as_json)
    with session(reading=True, **settings) as opened:
        report.add(run_async(_download_pending(opened, where, again=again)))
        if with_metadata := opened.store.count_pending(Stage.INSPECT):
            tell(f"{with_metadata:,} files have their metadata still; `sis inspect` takes it out")
    report.end()


_SETTINGS = frozenset({"workspace", "size", "images_per_second", "connections", "keep_metadata"})


def _split(options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    settings = {name: value for name, value in options.items() if name in _SETTINGS}
    return settings, {name: value for name, value in options.items() if name not in _SETTINGS}


def _queries(
    *,
    terms: tuple[str, ...],
    more_terms: tuple[str, ...],
    order: str,
    country: str | None,
    **conditions: Any,
) -> list["Query"]:
    from smart_image_scraper.search import Order, Query

    conditions["country"] = country and _country(country)
    for name in ("uploaded_from", "uploaded_to"):
        if conditions[name] is not None:
            conditions[name] = conditions[name].replace(tzinfo=UTC)
    texts = dict.fromkeys((*terms, *more_terms)) or [""]
    return [Query(text=text, order=Order(order), **conditions) for text in texts]


def _country(code: str) -> "Country":
    from smart_image_scraper.geocode import country_boxes
    from smart_image_scraper.search import Country

    def contains(point: Coordinates) -> bool:
        from smart_image_scraper.pipeline import load_geocoder

        return load_geocoder().place(point).country_code == code

    return Country(code=code, boxes=country_boxes(code), contains=contains)


async def _scrape(
    opened: Session, queries: Sequence["Query"], *, report: Report, with_files: bool
) -> Filter:
    """Search, and download what is found; return the filter for that."""
    from smart_image_scraper import pipeline
    from smart_image_scraper.cli.network import flickr_source, http_client

    found: dict[PhotoId, None] = {}
    async with http_client(opened.settings) as client:
        source = flickr_source(opened.settings, client=client)
        for query in queries:
            source.search(query)  # refuses what Flickr cannot answer, before anything is changed
        vault, shown = opened.vault(), progress()
        for query in queries:
            done = await pipeline.search(
                source, query, store=opened.store, vault=vault, progress=shown
            )
            report.add(done)
            found |= dict.fromkeys(done.photos)
        where = Filter(ids=tuple(found))
        if with_files and found:
            report.add(await _download(opened, where, client=client))
    return where


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
