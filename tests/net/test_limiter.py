import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.net import RateLimiter, SharedLimiter

CALLER = """
import asyncio, sys, time
from pathlib import Path
from smart_image_scraper.net import SharedLimiter

async def main():
    limiter = SharedLimiter(Path(sys.argv[1]), per_second=20)
    for _ in range(5):
        await limiter.acquire()
        print(time.time())

asyncio.run(main())
"""


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> list[float]:
    """The seconds that are slept; each sleep puts the clock forward and takes no time."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(round(seconds, 6))
        clock.now += seconds

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return slept


async def test_requests_are_spaced_evenly() -> None:
    limiter = RateLimiter(per_second=100)
    began = time.monotonic()

    await asyncio.gather(*(limiter.acquire() for _ in range(6)))

    assert time.monotonic() - began == pytest.approx(0.05, abs=0.03)


async def test_a_limiter_without_a_rate_never_waits() -> None:
    limiter = RateLimiter(None)
    began = time.monotonic()

    await asyncio.gather(*(limiter.acquire() for _ in range(1000)))

    assert time.monotonic() - began < 1


async def test_calls_of_one_key_are_spaced_evenly(
    tmp_path: Path, clock: Clock, waits: list[float]
) -> None:
    limiter = SharedLimiter(tmp_path / "calls", per_second=2, now=clock)

    for _ in range(3):
        await limiter.acquire()

    assert waits == [0.5, 0.5]


async def test_the_hour_is_full_until_its_first_call_is_an_hour_old(
    tmp_path: Path, clock: Clock, waits: list[float]
) -> None:
    limiter = SharedLimiter(tmp_path / "calls", per_hour=3, per_second=10, now=clock)

    for _ in range(5):
        await limiter.acquire()

    assert waits == [0.1, 0.1, 3599.8, 0.1]


async def test_the_count_outlives_the_process(
    tmp_path: Path, clock: Clock, waits: list[float]
) -> None:
    for _ in range(2):
        await SharedLimiter(tmp_path / "calls", per_hour=2, per_second=10, now=clock).acquire()
    clock.now += 600

    await SharedLimiter(tmp_path / "calls", per_hour=2, per_second=10, now=clock).acquire()

    assert waits == [0.1, 2999.9]


async def test_a_clock_that_was_wrong_costs_an_hour_at_most(
    tmp_path: Path, clock: Clock, waits: list[float]
) -> None:
    limiter = SharedLimiter(tmp_path / "calls", per_hour=1, now=clock)
    clock.now += 1_000_000
    await limiter.acquire()
    clock.now -= 1_000_000

    await limiter.acquire()

    assert waits == [3600]


async def test_waits_are_told_before_they_begin(
    tmp_path: Path, clock: Clock, waits: list[float]
) -> None:
    told: list[float] = []
    limiter = SharedLimiter(tmp_path / "calls", now=clock, on_wait=told.append)

    await limiter.acquire()
    await limiter.acquire()

    assert told == waits == [1]


@given(gaps=st.lists(st.floats(0, 2000), max_size=40), per_hour=st.integers(1, 5))
def test_no_hour_holds_more_calls_than_the_limit(
    tmp_path_factory: pytest.TempPathFactory, gaps: list[float], per_hour: int
) -> None:
    clock = Clock()
    path = tmp_path_factory.mktemp("limiter") / "calls"
    limiter = SharedLimiter(path, per_hour=per_hour, per_second=10, now=clock)
    calls = []

    for gap in gaps:
        clock.now += gap
        clock.now += limiter._reserve()
        calls.append(clock.now)

    hours = zip(calls, calls[per_hour:], strict=False)
    assert all(later - first >= 3600 - 1e-6 for first, later in hours)


def test_four_processes_keep_one_rate(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CALLER, str(tmp_path / "calls")]
    callers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]

    said = [caller.communicate(timeout=60) for caller in callers]

    assert [complaint for _, complaint in said] == [""] * 4
    moments = sorted(float(line) for moments, _ in said for line in moments.split())
    assert len(moments) == 20
    # 19 spaces of 50 ms, less what the last caller may have been early or the first one late.
    assert moments[-1] - moments[0] >= 19 * 0.05 - 0.04


async def test_a_file_that_is_no_count_is_named_in_the_message(tmp_path: Path) -> None:
    path = tmp_path / "calls"
    path.write_text("no database, but long enough to be taken for one" * 30)

    with pytest.raises(WorkspaceError, match=r"calls: the count of calls cannot be kept"):
        await SharedLimiter(path).acquire()


async def test_a_folder_that_is_missing_is_named_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="check that the folder can be written"):
        await SharedLimiter(tmp_path / "nowhere" / "calls").acquire()
