"""A store, a vault and pictures for the app's tests."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.photo import StoredFile
from smart_image_scraper.store import Store

Kept = Callable[..., StoredFile]


@pytest.fixture
def picture() -> Callable[..., bytes]:
    """Make a JPEG file; with a name, one that tells whose it is."""

    def make(colour: str = "red", *, size: tuple[int, int] = (1600, 1200), name: str = "") -> bytes:
        content, exif = BytesIO(), Image.Exif()
        if name:
            exif[0x013B] = name  # Artist
        Image.new("RGB", size, colour).save(content, "JPEG", exif=exif, comment=name)
        return content.getvalue()

    return make


@pytest.fixture
def vault() -> Vault:
    return Vault(KeyRing.new())


@pytest.fixture
def store(server: str, database_name: str) -> Iterator[Store]:
    with Store.connect(server, database=database_name) as store:
        yield store


@pytest.fixture
def keep_file(workspace: Path) -> Kept:
    """Put a picture into the workspace, and return the file as its record names it."""

    def keep(content: bytes) -> StoredFile:
        sha256 = hashlib.sha256(content).hexdigest()
        relative = f"{sha256[:2]}/{sha256[2:4]}/{sha256}.jpg"
        path = workspace / "files" / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        with Image.open(BytesIO(content)) as image:
            width, height = image.size
        return StoredFile(
            path=relative,
            sha256=sha256,
            media_type="image/jpeg",
            bytes=len(content),
            width=width,
            height=height,
            url=None,
            fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        )

    return keep
