"""Some thousand different small pictures for made photos to share, with their thumbnails."""

import hashlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from smart_image_scraper.pipeline.thumbnails import encode_thumbnail, thumbnail_of

PICTURES = 4_000
EDGES = (160, 320)
_FETCHED = datetime(2026, 11, 1, tzinfo=UTC)


def make_pictures(workspace: Path, *, number: int = PICTURES) -> list[dict[str, Any]]:
    """Return the ``file`` parts of pictures in a workspace, made where they are not there yet."""
    random = np.random.default_rng(1)
    return [_kept(workspace, _picture(random)) for _ in range(number)]


def _picture(random: np.random.Generator) -> Image.Image:
    """Return a picture of soft shapes with a grain, which is about as large as a photo's."""
    shapes = Image.fromarray(random.integers(0, 255, (9, 12, 3), dtype=np.uint8), "RGB")
    soft = np.asarray(shapes.resize((320, 240), Image.Resampling.BICUBIC), np.int16)
    grain = random.integers(-14, 14, (240, 320, 1), dtype=np.int16)
    return Image.fromarray(np.clip(soft + grain, 0, 255).astype(np.uint8), "RGB")


def _kept(workspace: Path, picture: Image.Image) -> dict[str, Any]:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    content = buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    relative = f"{digest[:2]}/{digest[2:4]}/{digest}.jpg"
    path = workspace / "files" / relative
    if not path.exists():
        for edge in EDGES:
            thumbnail = workspace / "thumbs" / thumbnail_of(relative, edge=edge)
            thumbnail.parent.mkdir(parents=True, exist_ok=True)
            thumbnail.write_bytes(encode_thumbnail(picture, edge=edge))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return {
        "path": relative,
        "sha256": digest,
        "media_type": "image/jpeg",
        "bytes": len(content),
        "width": picture.width,
        "height": picture.height,
        "url": "https://live.example/65535/made_n.jpg",
        "fetched_at": _FETCHED,
        "license": "cc-by-2.0",
    }
