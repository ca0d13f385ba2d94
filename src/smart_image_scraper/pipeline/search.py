"""Pipeline: search, encrypt, store, in batches."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar, Self

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import BudgetError, SisError
from smart_image_scraper.photo import Photo, PhotoId, SearchAccount
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.pipeline.reading_back import check_stored, sample
from smart_image_scraper.search import Query, Source
from smart_image_scraper.store import Counts, Run, Store

BATCH_SIZE = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSummary:
    """What came of one search.

    Attributes:
        term: What was searched for.
        run: The id of the run's record.
        found: Photos that the source returned.
        new: Of these, how many were not in the store.
        known: How many were.
        erased: How many had been erased on request, and were not stored again.
        finished: Whether the source has no more of what was asked for.
        account: What the search has cost and brought.
        photos: The ids of the photos that the source returned, in its order; empty of an
            exhaustive search, whose photos are those of its run.
    """

    stage: ClassVar = "search"
    term: str
    run: str
    found: int
    new: int
    known: int
    erased: int
    finished: bool
    account: SearchAccount
    photos: tuple[PhotoId, ...]

    @classmethod
    def of(cls, run: Run, *, photos: Sequence[PhotoId]) -> Self:
        """Return what came of a run."""
        return cls(
            term=run.term,
            run=run.id,
            found=run.found,
            new=run.new,
            known=run.known,
            erased=run.erased,
            finished=run.finished_at is not None,
            account=run.account,
            photos=tuple(photos),
        )


async def search(
    source: Source,
    query: Query,
    *,
    store: Store,
    vault: Vault,
    progress: Progress,
    language: str | None = None,
) -> SearchSummary:
    """Find photos and store them, their personal fields encrypted.

    Photos are stored as they come, so a search that ends with an error, or is stopped, keeps what
    it has found; running it again changes nothing of that.

    Args:
        source: Where to search.
        query: What to look for.
        store: Where photos and the run are kept.
        vault: Seals the photos.
        progress: Is told of the photos that are found.
        language: The language of the query's term, where its user said it.

    Returns:
        What came of it; it is not finished if the budget of calls was used up.

    Raises:
        StoreError: A photo that was just written does not come back as it was.
        SisError: What the source and the store raise.
    """
    run = begun_run(source.name, query, language=language)
    found = source.search(query)
    photos: list[PhotoId] = []
    finished_at = None
    with progress.stage("search", total=query.limit) as advance, suppress(BudgetError):
        async for batch in _batches(found, size=BATCH_SIZE):
            if not photos:
                # Not before: a search that the source refuses is no run.
                run = await asyncio.to_thread(store.runs.start, run)
            photos += [photo.id for photo in batch]
            counts = await asyncio.to_thread(keep, batch, store=store, vault=vault)
            run = replace(run.with_more(len(batch), counts=counts), account=found.account)
            await asyncio.to_thread(store.runs.save, run)
            advance(len(batch))
        finished_at = datetime.now(UTC)
    if not photos:
        run = await asyncio.to_thread(store.runs.start, run)
    run = replace(run, account=found.account, finished_at=finished_at)
    await asyncio.to_thread(store.runs.save, run)
    return SearchSummary.of(run, photos=photos)


def begun_run(source: str, query: Query, *, language: str | None) -> Run:
    """Return the record of a query that begins now."""
    return Run(
        id=query.run_id(source),
        source=source,
        term=query.term,
        language=language,
        params=query.as_params(),
        started_at=datetime.now(UTC),
    )


def keep(photos: Sequence[Photo], *, store: Store, vault: Vault) -> Counts:
    """Encrypt photos and store them; read a sample back, open it and compare.

    Raises:
        StoreError: A photo does not come back as it was.
    """
    seen_at = datetime.now(UTC)
    counts = store.put(vault.seal(replace(photo, checked_at=seen_at)) for photo in photos)
    check_stored(sample(photos), store=store, vault=vault)
    return counts


async def _batches(photos: AsyncIterable[Photo], *, size: int) -> AsyncIterator[list[Photo]]:
    """Yield lists of at most ``size``; what came before an error comes before the error, too."""
    batch: list[Photo] = []
    broken_off: SisError | None = None
    try:
        async for photo in photos:
            batch.append(photo)
            if len(batch) == size:
                yield batch
                batch = []
    except SisError as error:
        broken_off = error
    if batch:
        yield batch
    if broken_off is not None:
        raise broken_off
