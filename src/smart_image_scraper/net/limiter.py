"""How often a host may be asked."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Protocol

from smart_image_scraper.errors import WorkspaceError

_HOUR_S = 3600.0
_LOCK_TIMEOUT_S = 30.0


class Limiter(Protocol):
    """Something that spaces requests."""

    async def acquire(self) -> None:
        """Wait until one more request may be sent."""
        ...


class RateLimiter:
    """Keep a rate within this process: one request in every ``1 / per_second`` seconds.

    Args:
        per_second: Requests a second; ``None`` for no limit.
    """

    def __init__(self, per_second: float | None) -> None:
        self._spacing_s = 0.0 if per_second is None else 1 / per_second
        self._next = 0.0

    async def acquire(self) -> None:
        """Wait until one more request may be sent; callers are served in their order."""
        now = time.monotonic()
        mine = max(now, self._next)
        self._next = mine + self._spacing_s
        if mine > now:
            await asyncio.sleep(mine - now)


class SharedLimiter:
    """Keep an hourly limit and a rate together with every process of this machine.

    Flickr counts calls by API key, whoever makes them, and disables keys that exceed 3,600 an hour
    (https://www.flickr.com/services/developer/api/); so the count outlives the process. Each
    caller reserves its moment in one transaction and sleeps until then: nobody polls, and callers
    are served in their order. A moment that was reserved and not used stays counted.

    Written over ``sqlite3`` because pyrate-limiter 4.5, whose SQLite bucket has the same purpose,
    waits for its file lock on the event loop, lets processes race for every free place, and after
    a correction of the clock believes calls of the future for as long as the clock was wrong.

    Args:
        path: The SQLite file, made on first use. One for each key; not named by the key itself.
        per_hour: Calls in any 3,600 s.
        per_second: Calls a second, evenly spaced.
        on_wait: Called with the seconds of every wait, before it.
        now: The clock, in seconds since 1970: it must go on over restarts.
    """

    def __init__(
        self,
        path: Path,
        *,
        per_hour: int = 3300,
        per_second: float = 1,
        on_wait: Callable[[float], None] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._path = path
        self._per_hour = per_hour
        self._spacing_s = 1 / per_second
        self._on_wait = on_wait
        self._now = now

    async def acquire(self) -> None:
        """Wait until one more call may be made.

        Raises:
            WorkspaceError: The file cannot be read or written, or is no such file.
        """
        wait_s = await asyncio.to_thread(self._reserve)
        if wait_s > 0:
            if self._on_wait is not None:
                self._on_wait(wait_s)
            await asyncio.sleep(wait_s)

    def _reserve(self) -> float:
        """Reserve the earliest moment that is free; return the seconds until then."""
        try:
            with closing(
                sqlite3.connect(self._path, timeout=_LOCK_TIMEOUT_S, isolation_level=None)
            ) as calls:
                calls.execute("BEGIN IMMEDIATE")
                now = self._now()
                moment = self._earliest(calls, now=now)
                calls.execute("INSERT INTO calls VALUES (?)", (moment,))
                calls.execute("COMMIT")
        except sqlite3.Error as error:
            raise WorkspaceError(
                f"{self._path}: the count of calls cannot be kept ({error}); "
                "check that the folder can be written, or delete a damaged file"
            ) from error
        return moment - now

    def _earliest(self, calls: sqlite3.Connection, *, now: float) -> float:
        calls.execute("CREATE TABLE IF NOT EXISTS calls (moment REAL NOT NULL)")
        calls.execute("DELETE FROM calls WHERE moment <= ?", (now - _HOUR_S,))
        # No wait is much longer than an hour: later moments were written under a clock that has
        # been put back since. They count as calls of this moment.
        calls.execute("UPDATE calls SET moment = ? WHERE moment > ?", (now, now + 2 * _HOUR_S))
        newest = "SELECT moment FROM calls ORDER BY moment DESC LIMIT 1 OFFSET ?"
        last = calls.execute(newest, (0,)).fetchone()
        full = calls.execute(newest, (self._per_hour - 1,)).fetchone()
        spaced = last[0] + self._spacing_s if last else now
        counted = full[0] + _HOUR_S if full else now
        return float(max(now, spaced, counted))
