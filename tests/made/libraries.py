"""What libraries show, to compare."""

from pathlib import Path
from typing import Any

from smart_image_scraper.photo import Filter
from smart_image_scraper.store import Store
from smart_image_scraper.web.engine import describe, select
from smart_image_scraper.web.library import Library
from smart_image_scraper.web.snapshot import Snapshot


def contents(snapshot: Snapshot) -> tuple[Any, ...]:
    """All that a snapshot shows, but the numbers that stand for something."""
    selection = select(snapshot, Filter())
    return (
        snapshot.cards(list(selection.ids())),
        {**selection.facets(), **selection.facets(["owners", "tags", "species"]), "revision": ""},
        {**describe(snapshot), "revision": ""},
        [len(photos) for each in selection.ids() for _, photos in snapshot.duplicates_of(each)],
    )


def contents_anew(store: Store, workspace: Path) -> tuple[Any, ...]:
    """All that a library shows that has read everything anew."""
    anew = Library(lambda: store, workspace)
    anew.refresh()
    shown = contents(anew.snapshot())
    anew.close()
    return shown
