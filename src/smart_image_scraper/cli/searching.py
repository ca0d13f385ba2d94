"""Searching for several terms, and saying first what an exhaustive search will cost."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from smart_image_scraper.cli.session import Session, progress, tell
from smart_image_scraper.cli.summary import Report
from smart_image_scraper.errors import BudgetError
from smart_image_scraper.photo import Filter, PhotoId

if TYPE_CHECKING:
    from smart_image_scraper.pipeline import SearchSummary
    from smart_image_scraper.search import Query
    from smart_image_scraper.search.flickr import ExhaustiveSearch, FlickrSource, Plan

Wanted = Sequence[tuple["Query", str | None]]
"""Queries, each with the language of its term where it is known."""


async def search_all(
    opened: Session, source: "FlickrSource", *, wanted: Wanted, report: Report
) -> Filter | None:
    """Search for each query, report what came of it, and return the filter for what was found.

    Returns:
        ``None`` if nothing was found.
    """
    from smart_image_scraper.cli.network import budget_is_spent

    photos: dict[PhotoId, None] = {}
    runs: list[str] = []
    for query, language in wanted:
        find = _search_exhaustively if query.exhaustive else _search
        try:
            done = await find(opened, source, query=query, language=language)
        except BudgetError as error:
            # What other terms found is worth its files.
            tell(str(error))
            break
        runs += [done.run] * query.exhaustive
        photos |= dict.fromkeys(done.photos)
        report.add(done)
        if not done.finished and budget_is_spent(opened):
            break
        _say_what_is_hidden(opened, query, done=done)
    return Filter(ids=tuple(photos), runs=tuple(runs)) if photos or runs else None


async def plan_all(
    opened: Session, source: "FlickrSource", *, wanted: Wanted, details: int, as_json: bool
) -> None:
    """Say what exhaustive searches would cost; that takes a call for each box of each query.

    Args:
        opened: Has the settings.
        source: Is asked how much there is.
        wanted: What to look for.
        details: How many kinds of details are wanted of each photo.
        as_json: Whether to write JSON.
    """
    from dataclasses import replace

    from smart_image_scraper.search import Order

    for query, _ in wanted:
        everything = replace(query, exhaustive=True, order=Order.OLDEST, limit=None)
        search = source.search_exhaustively(everything)
        planned = _plan(opened, query, available=await search.measure(), details=details)
        if as_json:
            click.echo(json.dumps({"stage": "plan"} | asdict(planned), ensure_ascii=False))
        else:
            click.echo(f"plan {planned.term!r}: {_cost(planned)}")


async def _search(
    opened: Session, source: "FlickrSource", *, query: "Query", language: str | None
) -> "SearchSummary":
    from smart_image_scraper import pipeline

    return await pipeline.search(
        source,
        query,
        store=opened.store,
        vault=opened.vault(),
        progress=progress(),
        language=language,
    )


async def _search_exhaustively(
    opened: Session, source: "FlickrSource", *, query: "Query", language: str | None
) -> "SearchSummary":
    from smart_image_scraper import pipeline

    vault = opened.vault()
    former = pipeline.unfinished_run(opened.store, query.run_id(source.name))
    begun: ExhaustiveSearch | None = None
    if former is None:
        begun = source.search_exhaustively(query)
        planned = _plan(opened, query, available=await begun.measure())
        tell(f"searching for all of {query.term!r}: {_cost(planned)}")
    else:
        tell(
            f"searching for all of {query.term!r}: going on after {former.account.windows:,} "
            f"windows and {former.found:,} photos"
        )
    return await pipeline.search_exhaustively(
        source,
        query,
        store=opened.store,
        vault=vault,
        progress=progress(),
        language=language,
        begun=begun,
    )


def _say_what_is_hidden(opened: Session, query: "Query", *, done: "SearchSummary") -> None:
    """Say what else there is, and what it would cost, where Flickr's cap cut a search short."""
    from smart_image_scraper.search.flickr import MOST_RESULTS

    available = done.account.available or 0
    asked = min(query.limit or available, available)
    if query.exhaustive or available <= MOST_RESULTS or done.found >= asked:
        return
    planned = _plan(opened, query, available=available)
    tell(
        f"Flickr shows {MOST_RESULTS:,} results of a search, and has more of {query.term!r}; "
        f"--exhaustive would find them: {_cost(planned)}"
    )


def _plan(opened: Session, query: "Query", *, available: int, details: int = 0) -> "Plan":
    from smart_image_scraper.search.flickr import plan

    return plan(
        query,
        available=available,
        calls_per_hour=opened.settings.flickr_calls_per_hour,
        details=details,
    )


def _cost(planned: "Plan") -> str:
    windows = "window" if planned.windows == 1 else "windows of upload dates"
    details = f" and at most {planned.detail_calls:,} for details" if planned.detail_calls else ""
    return (
        f"about {planned.available:,} photos in {planned.windows:,} {windows}, "
        f"about {planned.calls:,} calls{details}, "
        f"{planned.hours:,.2g} hours at the rate that Flickr allows"
    )
