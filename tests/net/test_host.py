import time

from smart_image_scraper.net import RateLimiter
from smart_image_scraper.net.breaker import Breaker
from smart_image_scraper.net.host import Host


class Refused:
    """A limiter, and the host refuses another request while somebody waits in it."""

    def __init__(self, *, times: int) -> None:
        self.acquired = 0
        self.times = times
        self.host: Host | None = None

    async def acquire(self) -> None:
        self.acquired += 1
        if self.host is not None and self.acquired <= self.times:
            self.host.refused(sent_at=time.monotonic(), asked_s=None)


async def test_a_request_that_a_pause_overtakes_takes_a_new_turn_after_it() -> None:
    limiter = Refused(times=2)
    breaker = Breaker("images.test", base_s=0.02, max_s=1)
    limiter.host = Host(limiter=limiter, breaker=breaker, connections=4)

    await limiter.host.turn()

    assert limiter.acquired == 3
    assert breaker.left_s == 0


async def test_a_refusal_pauses_and_lowers_the_rate_and_a_success_raises_it() -> None:
    rate = RateLimiter(4, recovery_s=1)
    breaker = Breaker("images.test", base_s=0.01, max_s=1)
    host = Host(limiter=rate, breaker=breaker, connections=4)
    await host.turn()

    host.refused(sent_at=time.monotonic(), asked_s=None)
    lowered = rate.per_second
    await host.turn()
    host.succeeded(sent_at=time.monotonic())

    assert lowered == 2
    assert rate.per_second == 4


async def test_a_limiter_of_another_kind_is_told_nothing() -> None:
    limiter = Refused(times=0)
    breaker = Breaker("api.test", base_s=0.01, max_s=1)
    host = Host(limiter=limiter, breaker=breaker, connections=4)

    host.refused(sent_at=time.monotonic(), asked_s=None)
    await host.turn()
    host.succeeded(sent_at=time.monotonic())

    assert limiter.acquired == 1
