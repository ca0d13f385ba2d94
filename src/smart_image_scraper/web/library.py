"""Serve: the library, which keeps a snapshot of what the store holds and brings it up to date."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from smart_image_scraper.store import Store
from smart_image_scraper.web.snapshot import Snapshot


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


class Library:
    """Keeps a snapshot of the photos. Every method may be called from any thread.

    Args:
        open_store: Returns the store, the same each time; raises ``SisError`` while there is none.
            It is called by each refresh.
        workspace: Gets the snapshot, in its folder ``web``; has the ``embeddings``.
        model_path: A folder that holds an image-text model, in place of the hub.

    Raises:
        WorkspaceError: The folder cannot be written, or another process serves this workspace.
    """

    def __init__(
        self, open_store: Callable[[], Store], workspace: Path, *, model_path: Path | None = None
    ) -> None:
        raise NotImplementedError

    def snapshot(self) -> Snapshot:
        """Return the snapshot as it is now: immutable, without photos before the first load.

        It is at hand at once, and stays what it is while the library goes on.
        """
        raise NotImplementedError

    def refresh(self) -> None:
        """Bring the snapshot up to date, and wait for it: what changed, or all if there is none.

        A millisecond where nothing changed. Where the store does not answer, the snapshot stays
        as it is, and :meth:`state` tells why.
        """
        raise NotImplementedError

    def reload(self) -> None:
        """Begin to read everything anew, in a thread of its own. Nothing if that is under way."""
        raise NotImplementedError

    def state(self) -> LibraryState:
        """Tell how the snapshot stands to the store."""
        raise NotImplementedError

    def close(self) -> None:
        """Wait for what is under way, and let go of the files. Idempotent."""
        raise NotImplementedError
