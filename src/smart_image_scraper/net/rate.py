"""The rate of a host: it falls when the host refuses, and recovers while all goes well."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

# What TCP does, and for its reason: several who halve their rates when refused, and raise them
# evenly, come to equal shares of what a host gives, without knowing of each other
# (RFC 5681 §3.1; Chiu and Jain, 1989).
_LOWERED_TO = 0.5
# One request in ten seconds burdens no host, and still finds out that it is well again.
_LEAST = 0.1
# What was going on is measured over so long, and so many requests, before the refusal …
_MEASURED_OVER_S = 10.0
_MEASURED = 100
# … and over no less than this: a first request that is refused at once is no high rate.
_MEASURED_OVER_AT_LEAST_S = 0.1


class RateLimiter:
    """Keep a rate within this process: one request in every ``1 / per_second`` seconds.

    When the host refuses, the rate is halved: what was really sent in a second, if that was less
    than the limit. Every success then raises it a little, so that it grows evenly in time and gets
    from nothing to its limit within ``recovery_s``. Without a limit, the first refusal makes one
    of half of what was going on, and it grows for as long as all goes well.

    Args:
        per_second: Requests a second; ``None`` for no limit until the host refuses.
        recovery_s: How long the rate takes from nothing to ``per_second``; without a limit, to
            what was going on at the first refusal.
        now: The clock, in seconds.
        sleep: Waits for seconds of that clock.
    """

    def __init__(
        self,
        per_second: float | None,
        *,
        recovery_s: float = 120,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._most = per_second
        self._per_second = per_second
        self._growth = 0.0 if per_second is None else per_second / recovery_s
        self._recovery_s = recovery_s
        self._now = now
        self._sleep = sleep
        self._next = 0.0
        self._lowered_at = float("-inf")
        self._moments: deque[float] = deque(maxlen=_MEASURED)

    @property
    def per_second(self) -> float | None:
        """The present rate; ``None`` if there is no limit."""
        return self._per_second

    async def acquire(self) -> None:
        """Wait until one more request may be sent; callers are served in their order."""
        now = self._now()
        mine = max(now, self._next)
        self._next = mine + (1 / self._per_second if self._per_second else 0)
        if mine > now:
            await self._sleep(mine - now)
        self._moments.append(mine)

    def refused(self, *, sent_at: float) -> None:
        """Lower the rate, because the host refused a request.

        Args:
            sent_at: When the request was sent. Requests that were under way together are refused
                together: they lower the rate once.
        """
        if sent_at <= self._lowered_at:
            return
        now = self._now()
        going_on = self._measured(now, sent_at=sent_at)
        if self._per_second is None:
            self._growth = going_on / self._recovery_s
        else:
            going_on = min(going_on, self._per_second)
        least = _LEAST if self._most is None else min(_LEAST, self._most)
        self._per_second = max(_LOWERED_TO * going_on, least)
        self._lowered_at = now
        self._moments.clear()

    def succeeded(self, *, sent_at: float) -> None:
        """Raise the rate, unless the request was sent before it was lowered."""
        if self._per_second is None or sent_at <= self._lowered_at:
            return
        # A success stands for the time between two requests, so that idle time raises nothing.
        raised = self._per_second + self._growth / self._per_second
        self._per_second = raised if self._most is None else min(raised, self._most)

    def _measured(self, now: float, *, sent_at: float) -> float:
        """Return how many requests a second were sent lately."""
        lately = [moment for moment in self._moments if moment > now - _MEASURED_OVER_S]
        begun = lately[0] if lately else sent_at
        return max(len(lately), 1) / max(now - begun, _MEASURED_OVER_AT_LEAST_S)
