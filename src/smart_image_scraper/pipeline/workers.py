"""Pipeline: work on many photos at a time that waits for the network, recorded every second."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Generic, TypeVar

from smart_image_scraper.errors import SisError
from smart_image_scraper.photo import EncryptedPhoto

T = TypeVar("T")

READ_SIZE = 200
RECORD_EVERY_S = 1.0
ENDING_S = 5.0
"""How long work under way may go on after an error has ended the run: its calls are made."""


class Workers(Generic[T]):
    """Work on photos, so many at a time, and record what comes of it.

    Args:
        work: Makes the result of a photo. A ``SisError`` of it ends the run: no other photo is
            begun, and those under way get a moment to come to their end.
        record: Writes results; it is called in a thread. What it cannot write, it gets again with
            the next results.
        advance: Is told of every photo that is done.
    """

    def __init__(
        self,
        work: Callable[[EncryptedPhoto], Awaitable[T]],
        *,
        record: Callable[[Sequence[T]], None],
        advance: Callable[[int], None],
    ) -> None:
        self._result = work
        self._write = record
        self._advance = advance
        # Taken out by the thread that writes them, so none is in nobody's hands.
        self._results: deque[T] = deque()
        self._recorded_at = time.monotonic()
        self._workers: set[asyncio.Task[None]] = set()
        self._ending = asyncio.Event()

    async def run(self, photos: Iterator[EncryptedPhoto], *, workers: int) -> None:
        """Work on all photos; whatever ends the run, record what was done until then.

        Args:
            photos: Read in a thread, a few ahead.
            workers: So many at a time.

        Raises:
            SisError: What ended the run.
        """
        queue: asyncio.Queue[EncryptedPhoto | None] = asyncio.Queue(maxsize=2 * workers)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_feed(queue, photos=photos, workers=workers))
                self._workers = {group.create_task(self._work(queue)) for _ in range(workers)}
        except BaseException as error:
            # What ended the run is what to say, not that the results could not be written either.
            with suppress(SisError):
                self._record()
            if isinstance(error, ExceptionGroup):
                raise _first(error) from None
            raise
        self._record()

    async def _work(self, queue: asyncio.Queue[EncryptedPhoto | None]) -> None:
        while not self._ending.is_set() and (photo := await queue.get()) is not None:
            try:
                result = await self._result(photo)
            except SisError:
                if self._ending.is_set():
                    return  # The first error is the one to tell.
                await self._end_others()
                raise
            self._results.append(result)
            self._advance(1)
            if time.monotonic() - self._recorded_at >= RECORD_EVERY_S:
                self._recorded_at = time.monotonic()
                await asyncio.to_thread(self._record)

    async def _end_others(self) -> None:
        self._ending.set()
        if others := {task for task in self._workers if task is not asyncio.current_task()}:
            await asyncio.wait(others, timeout=ENDING_S)

    def _record(self) -> None:
        """Write the results so far; what cannot be written stays for the next time."""
        taken: list[T] = []
        with suppress(IndexError):
            while True:
                taken.append(self._results.popleft())
        try:
            self._write(taken)
        except SisError:
            self._results.extendleft(reversed(taken))
            raise


async def _feed(
    queue: asyncio.Queue[EncryptedPhoto | None],
    *,
    photos: Iterator[EncryptedPhoto],
    workers: int,
) -> None:
    while page := await asyncio.to_thread(lambda: list(islice(photos, READ_SIZE))):
        for photo in page:
            await queue.put(photo)
    for _ in range(workers):
        await queue.put(None)


def _first(errors: ExceptionGroup) -> Exception:
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, ExceptionGroup) else error
