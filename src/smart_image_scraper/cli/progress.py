"""Progress on a terminal as bars, elsewhere as plain lines now and then."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from smart_image_scraper.cli.wording import counted

LINE_EVERY_S = 10.0


class RateColumn(ProgressColumn):
    """Photos a second."""

    def render(self, task: Task) -> Text:
        """Show the rate of the last seconds; empty until it is known."""
        rate = task.finished_speed or task.speed
        return Text("" if rate is None else f"{rate:,.1f}/s", style="progress.data.speed")


class BarProgress:
    """Progress as a bar with count, rate and time left."""

    def __init__(self, console: Console) -> None:
        self.console = console

    @contextmanager
    def stage(
        self,
        name: str,
        *,
        total: int | None,
        done: int = 0,
        note: Callable[[], str] = lambda: "",
    ) -> Iterator[Callable[[int], None]]:
        """Show a bar for as long as the context is open."""
        columns = (
            TextColumn("{task.description:10}"),
            BarColumn(),
            MofNCompleteColumn(),
            RateColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
        )
        with Progress(*columns, console=self.console) as bars:
            bar = bars.add_task(name, total=total, completed=done, note=note())
            yield lambda count: bars.update(bar, advance=count, note=note())


class LineProgress:
    """Progress as lines, for logs and pipes.

    Args:
        write: Takes each line.
        clock: Seconds, rising.
    """

    def __init__(
        self, write: Callable[[str], None], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.write = write
        self.clock = clock

    @contextmanager
    def stage(
        self,
        name: str,
        *,
        total: int | None,
        done: int = 0,
        note: Callable[[], str] = lambda: "",
    ) -> Iterator[Callable[[int], None]]:
        """Write a line every ten seconds for as long as the context is open, and one at its end."""
        begun = said = self.clock()
        before = done

        def advance(count: int) -> None:
            nonlocal done, said
            done += count
            if self.clock() - said >= LINE_EVERY_S:
                said = self.clock()
                rate = _rate(done - before, said - begun)
                line = _line_under_way(name, done=done, total=total, rate=rate)
                self.write(", ".join(filter(None, (line, note()))))

        yield advance
        if done > before:
            seconds = self.clock() - begun
            rate = _rate(done - before, seconds)
            self.write(
                f"{name}: {counted(done - before, 'photo')} in {seconds:,.1f} s, {rate:,.1f}/s"
            )


def _line_under_way(name: str, *, done: int, total: int | None, rate: float) -> str:
    if total is None:
        return f"{name}: {done:,} photos, {rate:,.1f}/s"
    left = f", {(total - done) / rate:,.0f} s left" if rate else ""
    return f"{name}: {done:,} of {total:,} photos, {rate:,.1f}/s{left}"


def _rate(done: int, seconds: float) -> float:
    return done / seconds if seconds > 0 else 0.0
