from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.export import FORMATS, Exported, ExportOptions, export_data_set
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.photo import (
    Coordinates,
    Filter,
    License,
    Photo,
    PhotoId,
    Place,
    SearchHit,
    Size,
    Stage,
    TakenDate,
)
from smart_image_scraper.store import Store
from tests.made import photos as made
from tests.made.progress import QuietProgress

SHA256 = "ab" * 32


@pytest.fixture(scope="session")
def make_photo() -> Callable[..., Photo]:
    """Make photos as a scrape leaves them, with every part that an export writes."""

    def make(photo_id: str = "flickr:1489", **changes: Any) -> Photo:
        url = f"https://live.staticflickr.com/1/{photo_id.partition(':')[2]}_abc_b.jpg"
        fetched_at = datetime(2026, 11, 22, 9, 5, 1, tzinfo=UTC)
        file = made.stored_file(
            SHA256, bytes=1000, width=1024, height=683, url=url, fetched_at=fetched_at
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
            "file": file,
            "place": Place(country="Malaysia", city="Sandakan", gazetteer="made"),
        }
        return Photo(id=PhotoId(photo_id), **{**fields, **changes})

    return make


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture(scope="session")
def keep_file() -> Callable[..., Photo]:
    """Put a photo's file into a workspace; return the photo with it."""

    def keep(photo: Photo, content: bytes, *, workspace: Path) -> Photo:
        assert photo.file is not None
        kept = made.keep_file(content, workspace=workspace)
        file = replace(photo.file, path=kept.path, sha256=kept.sha256, bytes=kept.bytes)
        return replace(photo, file=file)

    return keep


@pytest.fixture
def add(
    store: Store, vault: Vault, workspace: Path, keep_file: Callable[..., Photo]
) -> Callable[..., Photo]:
    """Put a photo into the store and, where there is content, its file into the workspace."""

    def put(photo: Photo, *, content: bytes | None = None) -> Photo:
        if content is not None:
            photo = keep_file(photo, content, workspace=workspace)
        store.put([vault.seal(photo)], stages=tuple(Stage))
        return photo

    return put


@pytest.fixture
def export(
    store: Store, workspace: Path, tmp_path: Path, progress: QuietProgress
) -> Callable[..., Exported]:
    """Export a data set into the folder ``out``."""

    def call(
        form: str = "image-folder",
        *,
        where: Filter = Filter(),  # noqa: B008 — a filter is frozen
        vault: Vault | None = None,
        instead: bool = False,
        **options: Any,
    ) -> Exported:
        return export_data_set(
            store,
            where,
            to=tmp_path / "out",
            form=FORMATS[form],
            workspace=workspace,
            options=ExportOptions(**options),
            vault=vault,
            instead=instead,
            progress=progress,
        )

    return call


@pytest.fixture(scope="session")
def make_jpeg() -> Callable[..., bytes]:
    """Make small JPEGs, each of a colour of its own, with whatever metadata is given."""

    def make(number: int, *, exif: Image.Exif | None = None, comment: bytes = b"") -> bytes:
        image = Image.new("RGB", (64, 48), (number * 37 % 256, number * 11 % 256, 128))
        content = BytesIO()
        image.save(content, "JPEG", exif=exif or Image.Exif(), comment=comment)
        return content.getvalue()

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
