"""Pipeline: work on many photos at a time, and record what comes of it every second."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import islice

from smart_image_scraper.errors import SisError
from smart_image_scraper.photo import EncryptedPhoto

READ_SIZE = 200
RECORD_EVERY_S = 1.0


class Workers:
    """Do the same for each of many photos, several at a time.

    Args:
        work: Takes a photo, returns it as it is to be recorded.
        record: Writes photos; called in a thread, every second and at the end.
        advance: Is told of every photo that is done.
        count: So many photos at a time.
    """

    def __init__(
        self,
        work: Callable[[EncryptedPhoto], Awaitable[EncryptedPhoto]],
        *,
        record: Callable[[list[EncryptedPhoto]], object],
        advance: Callable[[int], None],
        count: int,
    ) -> None:
        self._work = work
        self._record_photos = record
        self._advance = advance
        self._count = count
        # Taken out by the thread that writes them, so none is in nobody's hands.
        self._results: deque[EncryptedPhoto] = deque()
        self._recorded_at = time.monotonic()

    async def run(self, photos: Iterator[EncryptedPhoto]) -> None:
        """Work on all photos; whatever ends the run, record what was done until then."""
        queue: asyncio.Queue[EncryptedPhoto | None] = asyncio.Queue(maxsize=2 * self._count)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._feed(queue, photos))
                for _ in range(self._count):
                    group.create_task(self._take(queue))
        except BaseException as error:
            # What ended the run is what to say, not that the results could not be written either.
            with suppress(SisError):
                self._record()
            if isinstance(error, ExceptionGroup):
                raise _first(error) from None
            raise
        self._record()

    async def _feed(
        self, queue: asyncio.Queue[EncryptedPhoto | None], photos: Iterator[EncryptedPhoto]
    ) -> None:
        while some := await asyncio.to_thread(lambda: list(islice(photos, READ_SIZE))):
            for photo in some:
                await queue.put(photo)
        for _ in range(self._count):
            await queue.put(None)

    async def _take(self, queue: asyncio.Queue[EncryptedPhoto | None]) -> None:
        while (photo := await queue.get()) is not None:
            self._results.append(await self._work(photo))
            self._advance(1)
            if time.monotonic() - self._recorded_at >= RECORD_EVERY_S:
                self._recorded_at = time.monotonic()
                await asyncio.to_thread(self._record)

    def _record(self) -> None:
        """Write the results so far; what cannot be written stays for the next time."""
        taken: list[EncryptedPhoto] = []
        with suppress(IndexError):
            while True:
                taken.append(self._results.popleft())
        try:
            self._record_photos(taken)
        except SisError:
            self._results.extendleft(reversed(taken))
            raise


def _first(errors: ExceptionGroup) -> Exception:
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, ExceptionGroup) else error
