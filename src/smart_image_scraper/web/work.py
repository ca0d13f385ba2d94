"""Serve: work that goes on for seconds, and how far it has come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Thread


class Work:
    """Work that is done once at a time. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._thread: Thread | None = None
        self._going = 0
        self._done = 0
        self._all = 0

    @property
    def is_going(self) -> bool:
        """Whether it is under way."""
        return self._going > 0

    @property
    def progress(self) -> float:
        """How much of it is done, 0 to 1."""
        return min(self._done / self._all, 1.0) if self._all else 0.0

    def expect(self, steps: int) -> None:
        """Note that it begins, and of how many steps it will be."""
        self._done, self._all = 0, steps

    def advance(self, steps: int) -> None:
        """Note that more steps are done."""
        self._done += steps

    def start(self, do: Callable[[], None]) -> None:
        """Do it in a thread of its own; nothing if it is under way."""
        with self._lock:
            if self.is_going:
                return
            self._going += 1
            self._thread = Thread(target=self._do, args=(do,), daemon=True)
            self._thread.start()

    @contextmanager
    def here(self) -> Iterator[None]:
        """Do it in this thread."""
        with self._lock:
            self._going += 1
        try:
            yield
        finally:
            with self._lock:
                self._going -= 1

    def join(self) -> None:
        """Wait for the thread, if there is one."""
        if self._thread is not None:
            self._thread.join()

    def _do(self, do: Callable[[], None]) -> None:
        try:
            do()
        finally:
            with self._lock:
                self._going -= 1
