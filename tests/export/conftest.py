from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.photo import (
    Coordinates,
    License,
    Photo,
    PhotoId,
    Place,
    SearchHit,
    Size,
    StoredFile,
    TakenDate,
)
from smart_image_scraper.store import Store

SHA256 = "ab" * 32
_numbers = count(1)


class QuietProgress:
    """Counts, and shows nothing."""

    def __init__(self) -> None:
        self.done = 0

    @contextmanager
    def stage(
        self,
        _name: str,
        *,
        total: int | None,
        done: int = 0,
        note: Callable[[], str] = lambda: "",
    ) -> Iterator[Callable[[int], None]]:
        def advance(number: int) -> None:
            self.done += number

        yield advance


@pytest.fixture
def progress() -> QuietProgress:
    return QuietProgress()


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault(KeyRing.new())


@pytest.fixture
def store(server: str) -> Iterator[Store]:
    with Store.connect(server, database=f"test-export-{next(_numbers)}") as store:
        yield store


@pytest.fixture(scope="session")
def make_photo() -> Callable[..., Photo]:
    """Make photos as a scrape leaves them, with every part that an export writes."""

    def make(photo_id: str = "flickr:1489", **changes: Any) -> Photo:
        url = f"https://live.staticflickr.com/1/{photo_id.partition(':')[2]}_abc_b.jpg"
        stored = StoredFile(
            path=f"ab/ab/{SHA256}.jpg",
            sha256=SHA256,
            media_type="image/jpeg",
            bytes=1000,
            width=1024,
            height=683,
            url=url,
            fetched_at=datetime(2026, 11, 22, 9, 5, 1, tzinfo=UTC),
        )
        fields: dict[str, Any] = {
            "title": "Little monkey",
            "description": "In the wild",
            "tags": ("monkey", "サル"),
            "license": License("cc-by-2.0"),
            "taken": TakenDate(local=datetime(2016, 12, 19, 8, 31, 6)),
            "coordinates": Coordinates(latitude=5.8394, longitude=118.1172),
            "views": 817,
            "sizes": (Size(label="1024", url=url),),
            "searches": (SearchHit(term="monkey wild", run="0123456789ab"),),
            "file": stored,
            "place": Place(country="Malaysia", city="Sandakan", gazetteer="made"),
        }
        return Photo(id=PhotoId(photo_id), **{**fields, **changes})

    return make


@pytest.fixture(scope="session")
def make_entry(make_photo: Callable[..., Photo]) -> Callable[..., Entry]:
    """Make what leaves the store for a photo: a whole one, or one that is made with changes."""

    def make(photo_id: str = "flickr:1489", **changes: Any) -> Entry:
        own = {name: changes.pop(name) for name in list(changes) if name in _ENTRY_FIELDS}
        photo = changes.pop("photo", None) or make_photo(photo_id, **changes)
        name = f"flickr-{photo.id.native}.jpg" if photo.file is not None else None
        usual: dict[str, Any] = {
            "license": photo.license,
            "credit": f"{photo.title!r}, {photo.page_url}, CC BY 2.0",
            "file_name": name,
        }
        return Entry(photo=photo, **{**usual, **own})

    return make


_ENTRY_FIELDS = frozenset(each.name for each in fields(Entry)) - {"photo", "license"}
