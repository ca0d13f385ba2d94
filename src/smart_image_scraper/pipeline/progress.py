"""Pipeline: how long work tells how far it is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol


class Progress(Protocol):
    """Shows a person what a stage has done and what is left."""

    def stage(
        self,
        name: str,
        *,
        total: int | None,
        done: int = 0,
        note: Callable[[], str] = lambda: "",
    ) -> AbstractContextManager[Callable[[int], None]]:
        """Show a stage for as long as the context is open.

        Args:
            name: What is done, in a word or two.
            total: How many photos there are to do; ``None`` if nobody knows.
            done: How many of them were done before, in another process.
            note: Tells what else there is to say at any moment, in a few words.

        Returns:
            A context; call what it gives with the number of photos done since the last call.
        """
        ...
