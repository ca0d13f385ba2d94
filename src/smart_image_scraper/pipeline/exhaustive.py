"""Pipeline: search everything that a source has, a call at a time, and go on where it was."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import BudgetError
from smart_image_scraper.photo import Filter
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.pipeline.search import SearchSummary, begun_run, keep
from smart_image_scraper.search import Query
from smart_image_scraper.search.flickr import Cursor, ExhaustiveSearch, FlickrSource
from smart_image_scraper.store import Run, Store


async def search_exhaustively(
    source: FlickrSource,
    query: Query,
    *,
    store: Store,
    vault: Vault,
    progress: Progress,
    language: str | None = None,
    begun: ExhaustiveSearch | None = None,
) -> SearchSummary:
    """Find everything, beyond what the source shows of one search, and store it.

    What each call brings is stored before the next one, and then where to go on: a search that is
    killed at any moment and started again loses one call at most, and ends as if it had not been.

    Args:
        source: Where to search.
        query: What to look for.
        store: Where photos, the run's account and its cursor are kept.
        vault: Seals the photos.
        progress: Is told of the photos that are found.
        language: The language of the query's term, where its user said it.
        begun: A new search whose ``measure`` has been awaited, if the caller wanted to know first
            what it will cost; it is left aside where a former search goes on.

    Returns:
        What came of it; it is not finished if the budget of calls was used up, or the query's limit
        is reached.

    Raises:
        SisError: What ends the search; what it found until then is kept.
    """
    run_id = query.run_id(source.name)
    former = await asyncio.to_thread(unfinished_run, store, run_id)
    if former is None:
        run = begun_run(source.name, query, language=language)
        search = begun or source.search_exhaustively(query)
        if begun is None:
            await search.measure()  # before anything is changed: the source may refuse
    else:
        run = await asyncio.to_thread(_with_what_was_lost, former, store=store)
        run = replace(run, language=language or run.language)
        search = await asyncio.to_thread(_go_on, source, query, run=run, store=store)
    run = replace(run, account=search.account, cursor=search.cursor.as_document())
    run = await asyncio.to_thread(store.start_run, replace(run, started_at=datetime.now(UTC)))
    run = await _to_the_end(search, run, store=store, vault=vault, progress=progress)
    return SearchSummary.of(run, photos=())


def unfinished_run(store: Store, run_id: str) -> Run | None:
    """Return a run that was broken off and knows where to go on; ``None`` if there is none."""
    run = store.run(run_id)
    return run if run is not None and run.cursor is not None else None


def _with_what_was_lost(run: Run, *, store: Store) -> Run:
    """Return a run with the photos that were stored by the call after which it was killed."""
    lost = store.count(Filter(runs=(run.id,))) - run.account.photos
    if lost <= 0:
        return run
    account = run.account
    return replace(
        run,
        found=run.found + lost,
        new=run.new + lost,  # what nobody counted was, as a rule, not there before
        account=replace(
            account,
            calls=account.calls + 1,
            attempts=account.attempts + 1,
            rows=account.rows + lost,
            photos=account.photos + lost,
        ),
    )


def _go_on(source: FlickrSource, query: Query, *, run: Run, store: Store) -> ExhaustiveSearch:
    cursor = Cursor.from_document(run.cursor or {})
    known = store.found_by(run.id, since=cursor.moment) if cursor.moment is not None else ()
    return source.search_exhaustively(query, cursor=cursor, account=run.account, known=known)


async def _to_the_end(
    search: ExhaustiveSearch, run: Run, *, store: Store, vault: Vault, progress: Progress
) -> Run:
    with progress.stage("search", total=search.account.available) as advance, suppress(BudgetError):
        advance(run.found)
        async for photos in search:
            counts = await asyncio.to_thread(keep, photos, store=store, vault=vault)
            run = replace(
                run.with_more(len(photos), counts=counts),
                account=search.account,
                cursor=search.cursor.as_document(),
            )
            await asyncio.to_thread(store.save_run, run)
            advance(len(photos))
    if not search.cursor.to_do:
        run = replace(run, cursor=None, finished_at=datetime.now(UTC))
    run = replace(run, account=search.account)
    await asyncio.to_thread(store.save_run, run)
    return run
