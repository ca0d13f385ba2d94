import asyncio
import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smart_image_scraper.errors import BudgetError, WorkspaceError
from smart_image_scraper.net import Budget, RateLimiter, SharedLimiter

MakeLimiter = Callable[..., SharedLimiter]

# Callers print what the limiter read from their clock when it let a call through.
CALLER = """
import asyncio, sys, time
from pathlib import Path
from smart_image_scraper.net import SharedLimiter

moments = []

def now():
    moments.append(time.time())
    return moments[-1]

async def main():
    limiter = SharedLimiter(Path(sys.argv[1]), per_second=20, now=now)
    for _ in range(5):
        await limiter.acquire()
        print(moments[-1])

asyncio.run(main())
"""

# An hour of this caller's clock is a second.
HASTY_CALLER = """
import asyncio, sys, time
from pathlib import Path
from smart_image_scraper.net import SharedLimiter

began, moments = float(sys.argv[2]), []

def now():
    moments.append((time.time() - began) * 3600)
    return moments[-1]

async def sleep(seconds):
    await asyncio.sleep(seconds / 3600)

async def main():
    limiter = SharedLimiter(Path(sys.argv[1]), per_hour=50, now=now, sleep=sleep)
    for _ in range(25):
        await limiter.acquire()
        print(moments[-1])

asyncio.run(main())
"""


class Clock:
    """A clock that is put forward by hand, and by sleeping."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.slept: list[float] = []
        self.late_s = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds + self.late_s


class Open:
    """A limiter that never waits."""

    def __init__(self) -> None:
        self.acquired = 0

    async def acquire(self) -> None:
        self.acquired += 1


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limiter(tmp_path: Path, clock: Clock) -> Callable[..., SharedLimiter]:
    """Make limiters over the same count, on the clock that is put forward."""

    def make(**limits: Any) -> SharedLimiter:
        return SharedLimiter(tmp_path / "calls", now=clock, sleep=clock.sleep, **limits)

    return make


def run_together(script: str, *arguments: str) -> list[float]:
    """Run a script in four processes at once; return the moments that they print, in order."""
    command = [sys.executable, "-c", script, *arguments]
    callers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = [caller.communicate(timeout=60) for caller in callers]
    assert [complaint for _, complaint in said] == [""] * 4
    return sorted(float(line) for moments, _ in said for line in moments.split())


async def test_calls_of_one_key_are_spaced_evenly(clock: Clock, limiter: MakeLimiter) -> None:
    calls = limiter(per_second=2)

    for _ in range(3):
        await calls.acquire()

    assert clock.slept == [0.5, 0.5]


async def test_the_hour_is_full_until_its_first_call_is_an_hour_old(
    clock: Clock, limiter: MakeLimiter
) -> None:
    calls = limiter(per_hour=3, per_second=10)

    for _ in range(5):
        await calls.acquire()

    assert clock.slept == [0.1, 0.1, 3599.8, 0.1]


async def test_the_day_is_full_until_its_first_call_is_a_day_old(
    clock: Clock, limiter: MakeLimiter
) -> None:
    calls = limiter(per_day=3, per_second=10)

    for _ in range(5):
        await calls.acquire()

    assert clock.slept == [0.1, 0.1, 86_399.8, 0.1]


async def test_neither_an_hour_nor_a_day_holds_more_calls_than_its_limit(
    clock: Clock, limiter: MakeLimiter
) -> None:
    calls = limiter(per_hour=4, per_day=10, per_second=10)
    made = []

    for _ in range(25):
        await calls.acquire()
        made.append(clock.now)

    assert all(later - first >= 3600 - 1e-6 for first, later in zip(made, made[4:], strict=False))
    assert all(
        later - first >= 86_400 - 1e-6 for first, later in zip(made, made[10:], strict=False)
    )
    # No slower than that either: the third ten begin two days after the first.
    assert made[20] - made[0] == pytest.approx(2 * 86_400, abs=1)


async def test_a_day_that_was_full_before_a_restart_is_full_after_it(
    clock: Clock, limiter: MakeLimiter
) -> None:
    for _ in range(2):
        await limiter(per_day=2, per_second=10).acquire()
    clock.now += 7_200

    await limiter(per_day=2, per_second=10).acquire()

    assert clock.slept == [0.1, 79_199.9]


async def test_the_count_outlives_the_process(clock: Clock, limiter: MakeLimiter) -> None:
    for _ in range(2):
        await limiter(per_hour=2, per_second=10).acquire()
    clock.now += 600

    await limiter(per_hour=2, per_second=10).acquire()

    assert clock.slept == [0.1, 2999.9]


async def test_a_clock_that_was_wrong_costs_an_hour_at_most(
    clock: Clock, limiter: MakeLimiter
) -> None:
    calls = limiter(per_hour=1)
    clock.now += 1_000_000
    await calls.acquire()
    clock.now -= 1_000_000

    await calls.acquire()

    assert clock.slept == [3600]


async def test_waits_are_told_before_they_begin(clock: Clock, limiter: MakeLimiter) -> None:
    told: list[float] = []
    calls = limiter(on_wait=told.append)

    await calls.acquire()
    await calls.acquire()

    assert told == clock.slept == [1]


async def test_a_call_that_is_made_late_counts_from_when_it_is_made(
    clock: Clock, limiter: MakeLimiter
) -> None:
    calls = limiter(per_hour=1)
    await calls.acquire()
    clock.late_s = 1800
    await calls.acquire()
    clock.late_s = 0

    await calls.acquire()

    assert clock.slept == [3600, 3600]


def test_a_call_that_would_be_made_late_into_a_full_hour_waits_for_the_next(
    clock: Clock, limiter: MakeLimiter
) -> None:
    calls = limiter(per_hour=2, per_second=10)
    calls._reserve()
    late, punctual, last = (calls._reserve() for _ in range(3))
    clock.now = last.moment
    calls._confirm(punctual)
    calls._confirm(last)

    late = calls._confirm(late)

    assert late.moment == pytest.approx(last.moment + 3600)
    assert late.wait_s == pytest.approx(3600)


# Each call is two transactions, and each of these waits for the disk.
@settings(max_examples=15)
@given(
    steps=st.lists(st.tuples(st.floats(0, 2000), st.floats(0, 3000)), max_size=6),
    per_hour=st.integers(1, 5),
)
def test_no_hour_holds_more_calls_than_the_limit_however_late_callers_wake_up(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[float, float]], per_hour: int
) -> None:
    clock = Clock()
    path = tmp_path_factory.mktemp("limiter") / "calls"
    limiter = SharedLimiter(path, per_hour=per_hour, per_second=10, now=clock)
    made = []

    for gap_s, late_s in steps:
        clock.now += gap_s
        waiting = [limiter._reserve() for _ in range(3)]
        while waiting:
            call = waiting.pop()  # the last one first: the others could not be later
            if call.wait_s > 0:
                clock.now = max(clock.now, call.moment + late_s)
                waiting.append(limiter._confirm(call))
            else:
                made.append(call.moment)

    made.sort()
    hours = zip(made, made[per_hour:], strict=False)
    assert all(later - first >= 3600 - 1e-6 for first, later in hours)


def test_four_processes_keep_one_rate(tmp_path: Path) -> None:
    moments = run_together(CALLER, str(tmp_path / "calls"))

    assert len(moments) == 20
    # 19 spaces of 50 ms, less what a sleep may be too short.
    assert moments[-1] - moments[0] >= 19 * 0.05 - 0.01


def test_four_processes_make_no_more_calls_in_any_hour_than_one_may_also_after_a_restart(
    tmp_path: Path,
) -> None:
    arguments = (str(tmp_path / "calls"), str(time.time()))

    moments = run_together(HASTY_CALLER, *arguments)
    moments += run_together(HASTY_CALLER, *arguments)

    assert len(moments) == 200
    moments.sort()
    # Sleeping and reading the clock may differ by a fraction of a millisecond: two seconds of it.
    in_the_hour = [bisect_left(moments, first + 3598) - i for i, first in enumerate(moments)]
    assert max(in_the_hour) <= 50  # on a busy machine, an hour of theirs has fewer


async def test_a_budget_lets_so_many_calls_through_and_no_more() -> None:
    limiter = Open()
    budget = Budget(limiter, most=1500)
    budget.used = 1498
    await asyncio.gather(budget.acquire(), budget.acquire())

    with pytest.raises(
        BudgetError, match=r"the budget of 1,500 calls \(--max-calls\) is used up; what was found"
    ):
        await budget.acquire()

    assert (limiter.acquired, budget.used, budget.left) == (2, 1500, 0)


async def test_those_who_wait_for_their_turn_are_in_the_budget() -> None:
    budget = Budget(RateLimiter(per_second=50), most=2)

    ended = await asyncio.gather(*(budget.acquire() for _ in range(4)), return_exceptions=True)

    assert [type(end) for end in ended] == [type(None), type(None), BudgetError, BudgetError]


async def test_a_call_that_is_given_up_while_it_waits_is_not_in_the_budget() -> None:
    budget = Budget(RateLimiter(per_second=0.01))
    await budget.acquire()
    waiting = asyncio.create_task(budget.acquire())
    await asyncio.sleep(0)
    with_the_one_that_waits = budget.used

    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    assert (with_the_one_that_waits, budget.used) == (2, 1)


async def test_a_budget_without_a_limit_only_counts() -> None:
    budget = Budget(Open())

    await budget.acquire()

    assert (budget.used, budget.left) == (1, None)


async def test_a_file_that_is_no_count_is_named_in_the_message(tmp_path: Path) -> None:
    path = tmp_path / "calls"
    path.write_text("no database, but long enough to be taken for one" * 30)

    with pytest.raises(WorkspaceError, match=r"calls: the count of calls cannot be kept"):
        await SharedLimiter(path).acquire()


async def test_a_folder_that_is_missing_is_named_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="check that the folder can be written"):
        await SharedLimiter(tmp_path / "nowhere" / "calls").acquire()
