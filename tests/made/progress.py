"""Progress that nobody watches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class QuietProgress:
    """Counts, and shows nothing."""

    def __init__(self) -> None:
        self.done: dict[str, int] = {}
        self.notes: list[str] = []

    @contextmanager
    def stage(
        self,
        name: str,
        *,
        total: int | None,
        done: int = 0,
        note: Callable[[], str] = lambda: "",
    ) -> Iterator[Callable[[int], None]]:
        self.done[name] = done

        def advance(number: int) -> None:
            self.done[name] += number
            self.notes.append(note())

        yield advance
