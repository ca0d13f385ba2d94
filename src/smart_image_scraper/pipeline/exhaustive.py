"""Pipeline: search everything that a source has, a call at a time, and go on where it was."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import BudgetError, KeyRingError, TokenError
from smart_image_scraper.photo import Filter
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.pipeline.search import SearchSummary, begun_run, keep
from smart_image_scraper.search import Query
from smart_image_scraper.search.flickr import Cursor, ExhaustiveSearch, FlickrSource
from smart_image_scraper.search.flickr.page import Page
from smart_image_scraper.store import Run, Store

_REPLY = "reply"


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

    What a call brings is kept, sealed, as soon as it has come, then stored, and then where to go
    on. A search that is killed at any moment and started again ends as if it had not been, and asks
    again only for what was under way.

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
    run = await asyncio.to_thread(store.runs.start, replace(run, started_at=datetime.now(UTC)))
    run = await _to_the_end(search, run, store=store, vault=vault, progress=progress)
    return SearchSummary.of(run, photos=())


def unfinished_run(store: Store, run_id: str) -> Run | None:
    """Return a run that was broken off and knows where to go on; ``None`` if there is none."""
    run = store.runs.get(run_id)
    return run if run is not None and run.cursor is not None else None


def _with_what_was_lost(run: Run, *, store: Store) -> Run:
    """Return a run with the photos that were stored by the call after which it was killed."""
    account = run.account
    lost = max(0, store.count(Filter(runs=(run.id,))) - account.photos)
    # Nobody counted the call itself. An answer that was kept is counted when it is taken, and then
    # the photos of it that are stored already seem to have come before.
    was_kept = run.reply is not None
    account = replace(
        account,
        photos=account.photos + lost,
        rows=account.rows + (0 if was_kept else lost),
        repeated=account.repeated - (lost if was_kept else 0),
        calls=account.calls + int(lost > 0 and not was_kept),
        attempts=account.attempts + int(lost > 0 or was_kept),
    )
    # What nobody counted was, as a rule, not there before.
    return replace(run, found=run.found + lost, new=run.new + lost, account=account)


def _go_on(source: FlickrSource, query: Query, *, run: Run, store: Store) -> ExhaustiveSearch:
    cursor = Cursor.from_document(run.cursor or {})
    known = store.runs.photos(run.id, since=cursor.moment) if cursor.moment is not None else ()
    return source.search_exhaustively(query, cursor=cursor, account=run.account, known=known)


async def _to_the_end(
    search: ExhaustiveSearch, run: Run, *, store: Store, vault: Vault, progress: Progress
) -> Run:
    def windows() -> str:
        return f"{search.account.windows:,} windows"

    total = search.account.available
    with progress.stage("search", total=total, note=windows) as advance, suppress(BudgetError):
        advance(run.found)
        while not search.is_done:
            page = _kept_answer(run, vault=vault) or await _asked(
                search, run, store=store, vault=vault
            )
            photos = search.take(page)
            counts = await asyncio.to_thread(keep, photos, store=store, vault=vault)
            run = replace(
                run.with_more(len(photos), counts=counts),
                account=search.account,
                cursor=search.cursor.as_document(),
                reply=None,
            )
            await asyncio.to_thread(store.runs.save, run)
            advance(len(photos))
    if not search.cursor.to_do:
        run = replace(run, cursor=None, finished_at=datetime.now(UTC))
    run = replace(run, account=search.account)
    await asyncio.to_thread(store.runs.save, run)
    return run


async def _asked(search: ExhaustiveSearch, run: Run, *, store: Store, vault: Vault) -> Page:
    """Make the next call, and keep its answer until what it brought is stored."""
    page = await search.ask()

    def keep_answer() -> None:
        reply = vault.seal_text(page.as_text(), of=run.id, name=_REPLY)
        store.runs.save(replace(run, reply=reply))

    await asyncio.to_thread(keep_answer)
    return page


def _kept_answer(run: Run, *, vault: Vault) -> Page | None:
    if run.reply is None:
        return None
    try:
        return Page.from_text(vault.open_text(run.reply, of=run.id, name=_REPLY))
    except (KeyRingError, TokenError):
        return None  # sealed with a key that has gone since: the call is made again
