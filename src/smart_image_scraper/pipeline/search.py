"""Pipeline: search, encrypt, store, in batches."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import SisError
from smart_image_scraper.photo import Photo, PhotoId
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
        available: How many the source says there are; an estimate.
        photos: The ids of the photos that the source returned, in its order.
    """

    stage: ClassVar = "search"
    term: str
    run: str
    found: int
    new: int
    known: int
    erased: int
    available: int | None
    photos: tuple[PhotoId, ...]


async def search(
    source: Source, query: Query, *, store: Store, vault: Vault, progress: Progress
) -> SearchSummary:
    """Find photos and store them, their personal fields encrypted.

    Photos are stored as they come, so a search that ends with an error, or is stopped, keeps what
    it has found; running it again changes nothing of that.

    Raises:
        StoreError: A photo that was just written does not come back as it was.
        SisError: What the source and the store raise.
    """
    run = Run(
        id=query.run_id(source.name),
        source=source.name,
        term=query.term,
        params=query.as_params(),
        started_at=datetime.now(UTC),
    )
    found = source.search(query)
    photos: list[PhotoId] = []
    with progress.stage("search", total=query.limit) as advance:
        async for batch in _batches(found, size=BATCH_SIZE):
            if not photos:
                # Not before: a search that the source refuses is no run.
                run = await asyncio.to_thread(store.start_run, run)
            photos += [photo.id for photo in batch]
            counts = await asyncio.to_thread(keep, batch, store=store, vault=vault)
            run = replace(
                run,
                found=run.found + len(batch),
                new=run.new + counts.new,
                known=run.known + counts.known,
                api_calls=found.account.calls,
                available=found.account.available,
            )
            await asyncio.to_thread(store.save_run, run)
            advance(len(batch))
    if not photos:
        run = await asyncio.to_thread(store.start_run, run)
    await asyncio.to_thread(store.save_run, replace(run, finished_at=datetime.now(UTC)))
    return _summary(run, photos=photos)


def keep(photos: Sequence[Photo], *, store: Store, vault: Vault) -> Counts:
    """Encrypt photos and store them; read a sample back, open it and compare.

    Raises:
        StoreError: A photo does not come back as it was.
    """
    seen_at = datetime.now(UTC)
    counts = store.put(vault.seal(replace(photo, checked_at=seen_at)) for photo in photos)
    check_stored(sample(photos), store=store, vault=vault)
    return counts


def _summary(run: Run, *, photos: Sequence[PhotoId]) -> SearchSummary:
    return SearchSummary(
        term=run.term,
        run=run.id,
        found=run.found,
        new=run.new,
        known=run.known,
        erased=run.found - run.new - run.known,
        available=run.available,
        photos=tuple(photos),
    )


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
