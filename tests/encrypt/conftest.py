from collections.abc import Callable
from pathlib import Path

import pytest

from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.photo import Owner, Photo, PhotoId


@pytest.fixture(scope="session")
def ring() -> KeyRing:
    return KeyRing.new()


@pytest.fixture(scope="session")
def vault(ring: KeyRing) -> Vault:
    return Vault(ring)


@pytest.fixture
def ring_path(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture(scope="session")
def make_photo() -> Callable[..., Photo]:
    def make(photo_id: str = "flickr:1489", *, exif: str | None = None, **owner: str) -> Photo:
        return Photo(
            id=PhotoId(photo_id),
            title="A monkey",
            owner=Owner(**owner) if owner else None,
            exif=exif,
        )

    return make
