"""A host: when it may be asked, and what its answers mean for the next ones."""

import asyncio

from smart_image_scraper.net.breaker import Breaker
from smart_image_scraper.net.limiter import Limiter
from smart_image_scraper.net.rate import RateLimiter


class Host:
    """What is kept for each host: its limiter, its breaker, and its places.

    Args:
        limiter: Spaces its requests. A ``RateLimiter`` is told of refusals, and lowers the rate.
        breaker: Pauses all its requests after a refusal.
        connections: Requests at a time.

    Attributes:
        places: To be held from before a request until its answer is read.
        sent: Requests so far, the ones that were repeated included.
    """

    def __init__(self, *, limiter: Limiter, breaker: Breaker, connections: int) -> None:
        self.places = asyncio.Semaphore(connections)
        self.sent = 0
        self._limiter = limiter
        self._breaker = breaker
        self._rate = limiter if isinstance(limiter, RateLimiter) else None

    async def turn(self) -> None:
        """Wait until the host may be asked.

        Raises:
            PauseTooLongError: The host asked for a longer pause than is waited for.
            SisError: What the limiter raises.
        """
        await self._breaker.wait()
        await self._limiter.acquire()
        while self._breaker.left_s > 0:
            # A pause has begun while this request waited for its turn. It takes a new one after
            # the pause: else all that wait would be sent at its end, in one moment.
            await self._breaker.wait()
            await self._limiter.acquire()

    def refused(self, *, sent_at: float, asked_s: float | None) -> None:
        """Pause, and go on at a lower rate.

        Args:
            sent_at: When the refused request was sent, by ``time.monotonic``.
            asked_s: The seconds that the host asks to wait, if it says so.
        """
        self._breaker.refused(sent_at=sent_at, asked_s=asked_s)
        if self._rate is not None:
            self._rate.refused(sent_at=sent_at)

    def succeeded(self, *, sent_at: float) -> None:
        """Go on, at a rate that recovers."""
        self._breaker.succeeded()
        if self._rate is not None:
            self._rate.succeeded(sent_at=sent_at)
