"""How often a host may be asked, and how often in all."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from smart_image_scraper.errors import BudgetError, WorkspaceError

_HOUR_S = 3600.0
_DAY_S = 24 * _HOUR_S
_LOCK_TIMEOUT_S = 30.0


class Limiter(Protocol):
    """Something that spaces requests."""

    async def acquire(self) -> None:
        """Wait until one more request may be sent."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """A call that has its place in the count.

    Attributes:
        row: Which row of the table it is.
        moment: When it may be made, in seconds since 1970.
        wait_s: The seconds until then.
    """

    row: int | None
    moment: float
    wait_s: float


class SharedLimiter:
    """Keep an hourly limit, a daily one and a rate together with every process of this machine.

    Flickr counts calls by API key, whoever makes them, and disables keys that exceed 3,600 an hour
    (https://www.flickr.com/services/developer/api/); so the count outlives the process. Each
    caller reserves its moment in one transaction and sleeps until then: nobody polls, and callers
    are served in their order. Who wakes up late, after the machine was suspended for example,
    moves its call in the count to when it is really made, and waits again where that hour, or day,
    is full. A moment that was reserved and not used stays counted.

    Written over ``sqlite3`` because pyrate-limiter 4.5, whose SQLite bucket has the same purpose,
    waits for its file lock on the event loop, lets processes race for every free place, and after
    a correction of the clock believes calls of the future for as long as the clock was wrong.

    Args:
        path: The SQLite file, made on first use. One for each key; not named by the key itself.
        per_hour: Calls in any 3,600 s.
        per_day: Calls in any 24 hours; ``None`` for any number.
        per_second: Calls a second, evenly spaced.
        on_wait: Called with the seconds of every wait, before it.
        now: The clock, in seconds since 1970: it must go on over restarts.
        sleep: Waits for seconds of that clock.
    """

    def __init__(
        self,
        path: Path,
        *,
        per_hour: int = 3300,
        per_day: int | None = None,
        per_second: float = 1,
        on_wait: Callable[[float], None] | None = None,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._path = path
        self._limits = ((per_hour, _HOUR_S), *(((per_day, _DAY_S),) if per_day else ()))
        self._longest_s = self._limits[-1][1]
        self._spacing_s = 1 / per_second
        self._on_wait = on_wait
        self._now = now
        self._sleep = sleep

    async def acquire(self) -> None:
        """Wait until one more call may be made.

        Raises:
            WorkspaceError: The file cannot be read or written, or is no such file.
        """
        call = await asyncio.to_thread(self._reserve)
        while call.wait_s > 0:
            if self._on_wait is not None:
                self._on_wait(call.wait_s)
            await self._sleep(call.wait_s)
            call = await asyncio.to_thread(self._confirm, call)

    def _reserve(self) -> _Call:
        """Reserve the earliest moment that is free."""
        with self._transaction() as calls:
            now = self._now()
            calls.execute("DELETE FROM calls WHERE moment <= ?", (now - self._longest_s,))
            # No wait is much longer than an hour, or a day: later moments were written under a
            # clock that has been put back since. They count as calls of this moment.
            latest = now + 2 * self._longest_s
            calls.execute("UPDATE calls SET moment = ? WHERE moment > ?", (now, latest))
            last = _newest(calls, 1)
            spaced = now if last is None else last + self._spacing_s
            return _put(calls, max(now, spaced, self._free_from(calls)), now=now)

    def _confirm(self, call: _Call) -> _Call:
        """Move a call to the moment at which it is made, or to a later one if all are taken."""
        with self._transaction() as calls:
            now = self._now()
            # The event loop's clock may wake a caller a tick early.
            made = max(now, call.moment)
            calls.execute(
                "DELETE FROM calls WHERE rowid = ? AND moment = ?", (call.row, call.moment)
            )
            free_from = self._free_from(calls, until=made)
            if free_from > made:
                return _put(calls, free_from, now=now)
            _put(calls, made, now=now)
            return _Call(row=None, moment=made, wait_s=0)

    def _free_from(self, calls: sqlite3.Connection, *, until: float = float("inf")) -> float:
        """Return from when on no limit is reached by the calls until a moment."""
        filling = ((_newest(calls, most, until=until), window) for most, window in self._limits)
        return max((full + window for full, window in filling if full is not None), default=0.0)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(
                sqlite3.connect(self._path, timeout=_LOCK_TIMEOUT_S, isolation_level=None)
            ) as calls:
                calls.execute("BEGIN IMMEDIATE")
                calls.execute("CREATE TABLE IF NOT EXISTS calls (moment REAL NOT NULL)")
                yield calls
                calls.execute("COMMIT")
        except sqlite3.Error as error:
            raise WorkspaceError(
                f"{self._path}: the count of calls cannot be kept ({error}); "
                "check that the folder can be written, or delete a damaged file"
            ) from error


class Budget:
    """Let so many calls through to a limiter, and no more.

    Args:
        limiter: Says when each call may be made.
        most: How many there may be; ``None`` for any number.

    Attributes:
        used: Calls so far. As Flickr counts, every attempt is one, also one that is refused or
            brings an answer that cannot be read. A turn that is given up because the host asks
            for a pause meanwhile is one, too.
    """

    def __init__(self, limiter: Limiter, *, most: int | None = None) -> None:
        self.used = 0
        self._limiter = limiter
        self._most = most

    @property
    def left(self) -> int | None:
        """How many calls are left; ``None`` for any number."""
        return None if self._most is None else self._most - self.used

    async def acquire(self) -> None:
        """Wait until one more call may be made.

        Raises:
            BudgetError: There have been as many calls as there may be.
        """
        if self.left == 0:
            raise BudgetError(
                f"the budget of {self._most:,} calls (--max-calls) is used up; what was found is "
                "kept, and the same command goes on where it was"
            )
        # Before waiting, so that those who wait at the same time are in it.
        self.used += 1
        try:
            await self._limiter.acquire()
        except BaseException:  # who is cancelled while waiting does not call
            self.used -= 1
            raise


def _newest(calls: sqlite3.Connection, nth: int, *, until: float = float("inf")) -> float | None:
    """Return the moment of the nth newest call; ``None`` if there are fewer."""
    found = calls.execute(
        "SELECT moment FROM calls WHERE moment <= ? ORDER BY moment DESC LIMIT 1 OFFSET ?",
        (until, nth - 1),
    ).fetchone()
    return None if found is None else float(found[0])


def _put(calls: sqlite3.Connection, moment: float, *, now: float) -> _Call:
    row = calls.execute("INSERT INTO calls VALUES (?)", (moment,)).lastrowid
    return _Call(row=row, moment=moment, wait_s=moment - now)
