"""Serve: what the app is handed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.web.library import Library
from smart_image_scraper.web.media import Media
from smart_image_scraper.web.shared_store import SharedStore
from smart_image_scraper.web.training import Trainer


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """Map tiles of another host, where the user allows them.

    Attributes:
        url: With ``{z}``, ``{x}`` and ``{y}`` in it.
        attribution: Whose they are.
    """

    url: str
    attribution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What the app shows, and what it works with.

    Attributes:
        workspace: Has the files and thumbnails.
        media: The pictures in it.
        store: Opens the store.
        library: Knows what is in it.
        open_vault: Returns what opens personal fields; raises ``KeyRingError`` without keys.
        trainer: Trains models and suggests reviews.
        tiles: ``None`` for the map that comes along.
    """

    workspace: Path
    media: Media
    store: SharedStore
    library: Library
    open_vault: Callable[[], Vault]
    trainer: Trainer
    tiles: Tiles | None = None
