"""Pipeline: search everything that a source has, a call at a time, and go on where it was."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import BudgetError, KeyRingError, TokenError
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
    announce: Callable[[Run | Sequence[int]], None] = lambda _: None,
) -> SearchSummary:
    """Find everything, beyond what the source shows of one search, and store it.

    What a call brings is kept, sealed, as soon as it has come, then stored, and then where to go
    on. A search that is killed at any moment and started again ends as if it had not been, and asks
    again only for what was under way. Only one process may work on a run.

    Args:
        source: Where to search.
        query: What to look for.
        store: Where photos, the run's account and its cursor are kept.
        vault: Seals the photos.
        progress: Is told of the photos that are found.
        language: The language of the query's term, where its user said it.
        announce: Is told, before anything is stored, how many photos there are in each of the
            query's boxes, or with which run the search goes on.

    Returns:
        What came of it; it is not finished if the budget of calls was used up.

    Raises:
        SisError: What ends the search; what it found until then is kept.
    """
    former = await asyncio.to_thread(store.runs.get, query.run_id(source.name))
    if former is None or former.cursor is None:
        run = begun_run(source.name, query, language=language)
        search = source.search_exhaustively(query)
        announce(await search.measure())  # and the source may refuse
    else:
        run = replace(former, language=language or former.language)
        cursor = Cursor.from_document(former.cursor)
        search = source.search_exhaustively(query, cursor=cursor, account=former.account)
        announce(former)
    run = replace(run, account=search.account, cursor=search.cursor.as_document())
    run = await asyncio.to_thread(store.runs.start, replace(run, started_at=datetime.now(UTC)))
    run = await _to_the_end(search, run, store=store, vault=vault, progress=progress)
    return SearchSummary.of(run, photos=())


async def _to_the_end(
    search: ExhaustiveSearch, run: Run, *, store: Store, vault: Vault, progress: Progress
) -> Run:
    def windows() -> str:
        return f"{search.account.windows:,} windows"

    stage = progress.stage("search", total=_total(search), done=run.found, note=windows)
    with stage as advance, suppress(BudgetError):
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
    if search.is_done:
        run = replace(run, cursor=None, finished_at=datetime.now(UTC))
    run = replace(run, account=search.account)
    await asyncio.to_thread(store.runs.save, run)
    return run


def _total(search: ExhaustiveSearch) -> int | None:
    known = [each for each in (search.limit, search.account.available) if each is not None]
    return min(known, default=None)


async def _asked(search: ExhaustiveSearch, run: Run, *, store: Store, vault: Vault) -> Page:
    """Make the next call, and keep its answer until what it brought is stored."""
    page = await search.ask()

    def keep_answer() -> None:
        reply = vault.seal_text(page.as_text(), of=run.id, name=_REPLY)
        # The call itself is counted when its answer is taken.
        account = replace(run.account, attempts=search.account.attempts)
        store.runs.save(replace(run, reply=reply, account=account))

    await asyncio.to_thread(keep_answer)
    return page


def _kept_answer(run: Run, *, vault: Vault) -> Page | None:
    if run.reply is None:
        return None
    try:
        return Page.from_text(vault.open_text(run.reply, of=run.id, name=_REPLY))
    except (KeyRingError, TokenError):
        return None  # sealed with a key that has gone since: the call is made again
