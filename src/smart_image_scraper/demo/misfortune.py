"""Demo: which reply is struck by which fault."""

import random
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from smart_image_scraper.demo.faults import Fault, Faults, Part

Clock = Callable[[], float]
"""Seconds from some moment on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """A fault about to strike one reply.

    Attributes:
        fault: Which.
        retry_after_s: What a 429 or 503 says in ``Retry-After``; ``None`` for no such header.
        slow_s: How long a slow reply takes.
    """

    fault: Fault
    retry_after_s: int | None
    slow_s: float


class Misfortune:
    """Decides which reply is struck: bursts first, then scripted faults, then by probability.

    Args:
        faults: How often what goes wrong.
        clock: Measures bursts.
    """

    def __init__(self, faults: Faults, *, clock: Clock = time.monotonic) -> None:
        self._faults = faults
        self._clock = clock
        self._rng = random.Random(f"faults {faults.seed}")  # noqa: S311 — no secrets
        self._queued: defaultdict[Part, deque[Strike | None]] = defaultdict(deque)
        self._bursts: dict[Part, tuple[Strike, float]] = {}

    def script(
        self, part: Part, fault: Fault | None, *, times: int = 1, retry_after_s: int | None = None
    ) -> None:
        """Strike the next replies of a part, after those that are scripted already.

        Args:
            part: Which replies.
            fault: What happens to them; ``None`` for nothing at all.
            times: How many replies.
            retry_after_s: What a 429 or 503 says in ``Retry-After``.
        """
        strike = None if fault is None else self._strike(fault, retry_after_s)
        self._queued[part] += [strike] * times

    def burst(self, part: Part, *, seconds: float, retry_after_s: int | None = None) -> None:
        """Strike every reply of a part with a 429 for some time; what is scripted waits."""
        strike = self._strike(Fault.TOO_MANY, retry_after_s)
        self._bursts[part] = strike, self._clock() + seconds

    def next(self, part: Part) -> Strike | None:
        """Return what happens to the next reply of a part; ``None`` if all is well."""
        if part in self._bursts:
            strike, end = self._bursts[part]
            if self._clock() < end:
                return self._with_some_headers(strike)
            del self._bursts[part]
        if self._queued[part]:
            return self._queued[part].popleft()
        return self._drawn(part)

    def _drawn(self, part: Part) -> Strike | None:
        draw = self._rng.random()
        for fault, probability in self._faults.of(part).items():
            draw -= probability
            if draw < 0:
                strike = self._strike(fault, self._faults.retry_after_s)
                self._queued[part] += [strike] * (self._faults.burst - 1)
                if fault is Fault.TOO_MANY and self._faults.burst_s:
                    self._bursts[part] = strike, self._clock() + self._faults.burst_s
                return self._with_some_headers(strike)
        return None

    def _with_some_headers(self, strike: Strike) -> Strike:
        share = self._faults.retry_after_share
        if share == 1 or self._rng.random() < share:
            return strike
        return replace(strike, retry_after_s=None)

    def _strike(self, fault: Fault, retry_after_s: int | None) -> Strike:
        return Strike(fault=fault, retry_after_s=retry_after_s, slow_s=self._faults.slow_s)


class Throttle:
    """A token bucket: lets through what comes at a sustained rate, and refuses the rest.

    What is refused costs nothing: whoever comes too fast is still served at the rate.

    Args:
        rate_per_s: How many may come per second, and at once after a pause of a second.
        retry_after_s: What a refusal says in ``Retry-After``; ``None`` for no such header.
        clock: Measures the rate.

    Raises:
        ValueError: The rate is not above zero.
    """

    def __init__(
        self,
        rate_per_s: float,
        *,
        retry_after_s: int | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        if rate_per_s <= 0:
            raise ValueError(f"a rate of {rate_per_s} per second lets nothing through")
        self._rate_per_s = rate_per_s
        self._strike = Strike(fault=Fault.TOO_MANY, retry_after_s=retry_after_s, slow_s=0)
        self._clock = clock
        self._room = max(rate_per_s, 1)
        self._tokens = self._room
        self._filled_at = clock()

    def next(self) -> Strike | None:
        """Return what refuses the next request; ``None`` if it is let through."""
        now = self._clock()
        gained = (now - self._filled_at) * self._rate_per_s
        self._tokens = min(self._tokens + gained, self._room)
        self._filled_at = now
        if self._tokens < 1:
            return self._strike
        self._tokens -= 1
        return None
