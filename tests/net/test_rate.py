import asyncio

import pytest

from smart_image_scraper.net import RateLimiter


class Clock:
    """A clock that is put forward by hand, and by sleeping."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def make(clock: Clock, per_second: float | None, *, recovery_s: float = 120) -> RateLimiter:
    return RateLimiter(per_second, recovery_s=recovery_s, now=clock, sleep=clock.sleep)


async def send(limiter: RateLimiter, clock: Clock, *, times: int) -> None:
    """Send requests one after the other, each of which succeeds at once."""
    for _ in range(times):
        await limiter.acquire()
        limiter.succeeded(sent_at=clock.now)


async def test_requests_are_spaced_evenly(clock: Clock) -> None:
    limiter = make(clock, 100)

    await asyncio.gather(*(limiter.acquire() for _ in range(6)))

    assert clock.slept == [0.01] * 5


async def test_a_limiter_without_a_rate_never_waits(clock: Clock) -> None:
    limiter = make(clock, None)

    await send(limiter, clock, times=1000)

    assert clock.slept == []
    assert limiter.per_second is None


async def test_a_refusal_halves_the_rate(clock: Clock) -> None:
    limiter = make(clock, 2)
    await send(limiter, clock, times=30)

    limiter.refused(sent_at=clock.now)
    await limiter.acquire()
    await limiter.acquire()

    assert limiter.per_second == 1
    assert clock.slept[-2:] == [0.5, 1]


async def test_requests_that_are_refused_together_halve_it_once(clock: Clock) -> None:
    limiter = make(clock, 2)
    await send(limiter, clock, times=30)
    sent_at = clock.now
    clock.now += 0.2

    for _ in range(8):
        limiter.refused(sent_at=sent_at)

    assert limiter.per_second == 1


async def test_refusals_one_after_the_other_halve_it_down_to_one_in_ten_seconds(
    clock: Clock,
) -> None:
    limiter = make(clock, 2)
    rates = []

    for _ in range(6):
        clock.now += 30
        await limiter.acquire()
        limiter.refused(sent_at=clock.now)
        rates.append(limiter.per_second)

    assert rates == [1, 0.5, 0.25, 0.125, 0.1, 0.1]


async def test_a_rate_that_is_lower_from_the_start_stays(clock: Clock) -> None:
    limiter = make(clock, 0.05)

    limiter.refused(sent_at=clock.now)

    assert limiter.per_second == 0.05


async def test_it_recovers_evenly_up_to_its_limit_and_no_further(clock: Clock) -> None:
    limiter = make(clock, 2, recovery_s=120)
    await send(limiter, clock, times=30)
    limiter.refused(sent_at=clock.now)
    lowered_at = clock.now
    rates = {}

    while clock.now < lowered_at + 120:
        await send(limiter, clock, times=1)
        rates[round(clock.now - lowered_at, -1)] = limiter.per_second

    assert rates[30] == pytest.approx(1.5, abs=0.1)
    assert rates[50] == pytest.approx(1.83, abs=0.1)
    assert rates[70] == rates[120] == 2


async def test_an_answer_to_what_was_sent_before_the_refusal_raises_nothing(clock: Clock) -> None:
    limiter = make(clock, 2)
    await send(limiter, clock, times=30)
    sent_at = clock.now
    clock.now += 0.2
    limiter.refused(sent_at=sent_at)

    limiter.succeeded(sent_at=sent_at)

    assert limiter.per_second == 1


async def test_time_in_which_nothing_is_sent_raises_nothing(clock: Clock) -> None:
    limiter = make(clock, 2, recovery_s=120)
    await send(limiter, clock, times=30)
    limiter.refused(sent_at=clock.now)

    clock.now += 1000
    await send(limiter, clock, times=1)

    assert limiter.per_second == pytest.approx(1 + 2 / 120)


async def test_without_a_limit_a_refusal_makes_one_of_half_of_what_was_going_on(
    clock: Clock,
) -> None:
    limiter = make(clock, None)
    for _ in range(200):
        await limiter.acquire()
        clock.now += 0.02

    limiter.refused(sent_at=clock.now - 0.01)

    assert limiter.per_second == pytest.approx(25)


async def test_without_a_limit_it_recovers_beyond_what_was_going_on(clock: Clock) -> None:
    limiter = make(clock, None, recovery_s=10)
    for _ in range(200):
        await limiter.acquire()
        clock.now += 0.02
    limiter.refused(sent_at=clock.now)
    lowered_at = clock.now

    while clock.now < lowered_at + 10:
        await send(limiter, clock, times=1)

    assert limiter.per_second == pytest.approx(75, abs=1)


async def test_a_limit_far_above_what_was_going_on_does_not_make_a_refusal_go_unnoticed(
    clock: Clock,
) -> None:
    limiter = make(clock, 100)
    for _ in range(100):
        await limiter.acquire()
        clock.now += 0.25

    limiter.refused(sent_at=clock.now)

    assert limiter.per_second == pytest.approx(2, abs=0.1)


async def test_a_first_request_that_is_refused_at_once_is_no_high_rate(clock: Clock) -> None:
    limiter = make(clock, None)
    await limiter.acquire()

    limiter.refused(sent_at=clock.now)

    assert limiter.per_second == 5


async def test_a_request_that_was_refused_after_a_long_silence_was_a_slow_rate(
    clock: Clock,
) -> None:
    limiter = make(clock, None)
    await limiter.acquire()
    sent_at = clock.now
    clock.now += 20

    limiter.refused(sent_at=sent_at)

    assert limiter.per_second == 0.1
