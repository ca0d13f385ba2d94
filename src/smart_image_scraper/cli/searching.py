"""Searching for several terms, and saying first what an exhaustive search will cost."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from smart_image_scraper.cli.running import alone_at
from smart_image_scraper.cli.session import Session, progress, say, tell
from smart_image_scraper.cli.summary import Report
from smart_image_scraper.cli.wording import counted, duration
from smart_image_scraper.errors import BudgetError, UsageError
from smart_image_scraper.photo import Filter, PhotoId

if TYPE_CHECKING:
    from smart_image_scraper.pipeline import SearchSummary
    from smart_image_scraper.search import Query, Source
    from smart_image_scraper.search.flickr import FlickrSource, Plan
    from smart_image_scraper.store import Run

Wanted = Sequence[tuple["Query", str | None]]
"""Queries, each with the language of its term where it is known."""


async def search_all(
    opened: Session, source: "Source", *, wanted: Wanted, report: Report
) -> Filter | None:
    """Search for each query, report what came of it, and return the filter for what was found.

    Returns:
        ``None`` if nothing was found.
    """
    from smart_image_scraper.cli.network import budget_is_spent

    photos: dict[PhotoId, None] = {}
    runs: list[str] = []
    for position, (query, language) in enumerate(wanted):
        find = _search_exhaustively if query.exhaustive else _search
        try:
            done = await find(opened, source, query=query, language=language)
        except BudgetError:
            # What other terms found is worth its files.
            budget_is_spent(opened)
            _name_the_rest(wanted[position:])
            break
        runs += [done.run] * query.exhaustive
        photos |= dict.fromkeys(done.photos)
        report.add(done)
        if not done.finished and budget_is_spent(opened):
            _name_the_rest(wanted[position + 1 :])
            break
        if source.name == "flickr":
            _say_what_is_hidden(opened, query, done=done)
    return Filter(ids=tuple(photos), runs=tuple(runs)) if photos or runs else None


async def plan_all(
    opened: Session, source: "Source", *, wanted: Wanted, details: int, as_json: bool
) -> None:
    """Say what exhaustive searches would cost; that takes a call for each box of each query.

    Args:
        opened: Has the settings.
        source: Is asked how much there is.
        wanted: What to look for.
        details: How many kinds of details are wanted of each photo.
        as_json: Whether to write JSON.

    Raises:
        UsageError: The source cannot be searched for all there is, or the budget is too small.
    """
    flickr = _exhaustible(source)
    for query, _ in wanted:
        everything = _all_of(query)
        try:
            available = await flickr.search_exhaustively(everything).measure()
        except BudgetError as error:
            raise UsageError(
                "a plan takes a call for each term and each of its boxes, which is more than "
                "--max-calls allows"
            ) from error
        found = min(sum(available), query.limit or sum(available))
        planned = _plan(opened, everything, available=available, detail_calls=details * found)
        if as_json:
            say(json.dumps({"stage": "plan"} | asdict(planned), ensure_ascii=False))
        else:
            say(f"plan {planned.term!r}: {_cost(planned)}")


def _exhaustible(source: "Source") -> "FlickrSource":
    """Return the source if it can be searched for all there is, and planned.

    Raises:
        UsageError: It cannot.
    """
    from smart_image_scraper.search.flickr import FlickrSource

    if not isinstance(source, FlickrSource):
        raise UsageError(
            f"the source {source.name} does not tell how much there is; leave --exhaustive and "
            "--dry-run out"
        )
    return source


async def _search(
    opened: Session, source: "Source", *, query: "Query", language: str | None
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
    opened: Session, source: "Source", *, query: "Query", language: str | None
) -> "SearchSummary":
    from smart_image_scraper import pipeline

    def announce(begun: "Run | Sequence[int]") -> None:
        if isinstance(begun, Sequence):
            how = _cost(_plan(opened, query, available=begun))
        else:
            how = (
                f"going on after {counted(begun.account.windows, 'window')} and "
                f"{counted(begun.found, 'photo')}"
            )
        tell(f"searching for all of {query.term!r}: {how}")

    vault, run_id = opened.vault(), query.run_id(source.name)
    with alone_at(opened.workspace / "locks" / f"run-{run_id}", what=f"run {run_id}"):
        return await pipeline.search_exhaustively(
            _exhaustible(source),
            query,
            store=opened.store,
            vault=vault,
            progress=progress(),
            language=language,
            announce=announce,
        )


def _name_the_rest(wanted: Wanted) -> None:
    if wanted:
        terms = ", ".join(repr(query.term) for query, _ in wanted)
        tell(f"not searched for yet: {terms}")


def _say_what_is_hidden(opened: Session, query: "Query", *, done: "SearchSummary") -> None:
    """Say what else there is, and what it would cost, where Flickr's cap cut a search short."""
    from smart_image_scraper.search.flickr import MOST_RESULTS

    available = done.account.available or 0
    asked = min(query.limit or available, available)
    if query.exhaustive or available <= MOST_RESULTS or done.found >= asked:
        return
    everything = _all_of(query)
    boxes = len(query.boxes or (None,))
    planned = _plan(opened, everything, available=[available // boxes] * boxes)
    tell(
        f"Flickr shows {MOST_RESULTS:,} results of a search, and has more of {query.term!r}; "
        f"--exhaustive would find them: {_cost(planned)}"
    )


def _all_of(query: "Query") -> "Query":
    """Return the exhaustive form of a query; one that is exhaustive keeps its limit."""
    from dataclasses import replace

    from smart_image_scraper.search import Order

    if query.exhaustive:
        return query
    return replace(query, exhaustive=True, order=Order.OLDEST, limit=None)


def _plan(
    opened: Session, query: "Query", *, available: Sequence[int], detail_calls: int = 0
) -> "Plan":
    from smart_image_scraper.search.flickr import plan

    return plan(
        query,
        available=available,
        calls_per_hour=opened.settings.flickr_calls_per_hour,
        detail_calls=detail_calls,
    )


def _cost(planned: "Plan") -> str:
    windows = counted(planned.windows, "window", plural="windows of upload dates")
    details = f" and at most {planned.detail_calls:,} for details" if planned.detail_calls else ""
    return (
        f"about {planned.available:,} photos in {windows}, "
        f"about {planned.calls:,} calls or more{details}, "
        f"{duration(planned.hours)} at the rate that Flickr allows"
    )
