"""Serve: the store, one for all threads, which may not be there yet or not any more."""

import threading
import time
from collections.abc import Callable

from smart_image_scraper.errors import SisError
from smart_image_scraper.store import Store

RETRY_S = 2.0
"""So long after a failure nobody waits for the next one."""


class SharedStore:
    """Opens the store when it is first needed, and again when it has failed.

    Args:
        connect: Opens the store, or sees that the one it opened before is there still and returns
            that; raises ``SisError`` while there is none. It may take seconds.
        clock: Seconds that only ever grow.
    """

    def __init__(
        self, connect: Callable[[], Store], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._connect = connect
        self._clock = clock
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._failure: SisError | None = None
        self._failed_at = 0.0

    def __call__(self) -> Store:
        """Return the store.

        Raises:
            SisError: There is none, or nobody answers; the sentence says what to do.
        """
        with self._lock:
            if self._store is not None:
                return self._store
            if self._failure is not None and self._clock() - self._failed_at < RETRY_S:
                raise self._failure
            try:
                self._store = self._connect()
            except SisError as error:
                self._failure, self._failed_at = error, self._clock()
                raise
            return self._store

    def doubt(self) -> None:
        """Note that a request of the store has failed: the next call sees whether it is there."""
        with self._lock:
            self._store = None
