"""Serve: how the library's snapshot stands to the store."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryState:
    """How the snapshot stands to the store.

    Attributes:
        revision: The snapshot's; it changes whenever something that the app shows does.
        photos: How many photos are in it.
        loaded_at: When it was last seen to be what the store holds, in UTC; ``None`` before the
            first time.
        loading: Whether a whole load is under way.
        progress: Of that load, 0 to 1.
        texts: How much of the photos' texts can be searched, 0 to 1: they are read after the
            rest, and a filter for a text is an error until then.
        stale: Whether the store is known to hold other photos than the snapshot.
        problems: Sentences about what keeps it from being up to date.
    """

    revision: str
    photos: int
    loaded_at: datetime | None
    loading: bool
    progress: float
    texts: float
    stale: bool
    problems: tuple[str, ...]
