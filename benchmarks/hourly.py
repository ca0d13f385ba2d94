"""Let four processes call with one key for over three hours of a fast clock, and count.

    uv run python benchmarks/hourly.py

An hour of their clock is 20 seconds. Each process asks the shared limiter for one call after the
other; halfway all of them end and four new ones go on. Every window of 60 minutes is looked at.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from pathlib import Path

from smart_image_scraper.net import SharedLimiter

HOUR_S = 3600
FASTER = 180
PROCESSES = 4
CALLS = 1300
EXECUTIONS = 2
# What sleeping and reading the clock may differ by, 0.01 s, on the fast clock.
TOLERANCE_S = 0.01 * FASTER


async def call(count: Path, *, began: float) -> None:
    """Make calls, and print when each was let through, as the limiter read it from the clock."""
    read: list[float] = []

    def now() -> float:
        read.append((time.time() - began) * FASTER)
        return read[-1]

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / FASTER)

    limiter = SharedLimiter(count, now=now, sleep=sleep)
    for _ in range(CALLS):
        await limiter.acquire()
        print(read[-1])


def run_together(count: Path, *, began: float) -> list[float]:
    """Run the processes; return the moments of all their calls."""
    command = [sys.executable, __file__, str(count), str(began)]
    callers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)
    ]
    return [float(line) for caller in callers for line in caller.communicate()[0].split()]


def main() -> None:
    """Measure, or be one of the processes."""
    if sys.argv[1:]:
        asyncio.run(call(Path(sys.argv[1]), began=float(sys.argv[2])))
        return
    began = time.time()
    with tempfile.TemporaryDirectory(prefix="sis-hourly-") as folder:
        moments = sorted(
            moment
            for _ in range(EXECUTIONS)
            for moment in run_together(Path(folder) / "calls", began=began)
        )
    width_s = HOUR_S - TOLERANCE_S
    most = max(bisect_left(moments, first + width_s) - i for i, first in enumerate(moments))
    hours = (moments[-1] - moments[0]) / HOUR_S
    print(f"{len(moments):,} calls in {hours:.2f} hours, at most {most:,} in any 60 minutes")


if __name__ == "__main__":
    main()
