"""Parts of photos that tests of several stages make, and the files that belong to them."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from smart_image_scraper.photo import Inspection, StoredFile

FETCHED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def stored_file(digest: str, *, ending: str = "jpg", **facts: Any) -> StoredFile:
    """Describe a file with such a SHA-256 as a download does; it need not be there."""
    usual: dict[str, Any] = {
        "path": f"{digest[:2]}/{digest[2:4]}/{digest}.{ending}",
        "media_type": f"image/{ending}".replace("jpg", "jpeg"),
        "bytes": 1,
        "width": 1,
        "height": 1,
        "url": None,
        "fetched_at": FETCHED_AT,
    }
    return StoredFile(sha256=digest, **usual | facts)


def keep_file(content: bytes, *, workspace: Path, ending: str = "jpg", **facts: Any) -> StoredFile:
    """Put a file into a workspace as a download does, and describe it."""
    digest = sha256(content).hexdigest()
    file = stored_file(digest, ending=ending, bytes=len(content), **facts)
    path = workspace / "files" / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return file


def inspection(**facts: Any) -> Inspection:
    """Say what an inspection found in a file: nothing that stands out, and no camera."""
    usual: dict[str, Any] = {
        "reader": "made",
        "tag_count": 3,
        "stripped": True,
        "fetched_sha256": "cd" * 32,
        "sharpness": 0.1,
        "brightness": 0.5,
        "contrast": 0.2,
        "colourfulness": 30.0,
        "size_class": "tiny",
    }
    return Inspection(**usual | facts)
