from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

MakePicture = Callable[[int], Image.Image]


def picture(seed: int) -> Image.Image:
    """Make a picture with large and small shapes, unlike that of any other seed."""
    rng = np.random.default_rng(seed)
    layers = [
        Image.fromarray(rng.integers(0, 256, (size, size, 3), dtype=np.uint8)).resize(
            (640, 480), Image.Resampling.BICUBIC
        )
        for size in (4, 9, 24, 60)
    ]
    together = layers[0]
    for layer, share in zip(layers[1:], (0.4, 0.3, 0.2), strict=True):
        together = Image.blend(together, layer, share)
    return together


@pytest.fixture(scope="session")
def make_picture() -> MakePicture:
    """Make a picture from a number."""
    return picture


@pytest.fixture(scope="session")
def encode() -> Callable[..., bytes]:
    """Write a picture as a file of one of Pillow's formats."""

    def save(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
        buffer = BytesIO()
        image.save(buffer, kind, **options)
        return buffer.getvalue()

    return save
