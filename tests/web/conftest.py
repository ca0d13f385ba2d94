"""Pictures for the app's tests."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from smart_image_scraper.photo import StoredFile
from tests.made import photos as made

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
def keep_file(workspace: Path) -> Kept:
    """Put a picture into the workspace, and return the file as its record names it."""

    def keep(content: bytes) -> StoredFile:
        with Image.open(BytesIO(content)) as image:
            width, height = image.size
        return made.keep_file(content, workspace=workspace, width=width, height=height)

    return keep
