"""Inspect: perceptual hashes, which copies of a photo share and other photos do not.

Each is the signs of the lowest 16 x 16 frequencies of a photo against their median, as in pHash
(C. Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010, 3.2.1) but
four times as long. Cropping shifts and stretches a photo, which no such hash outlives: so a photo
also gets the hashes that its own crops would have.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

HASH_BYTES = 32
"""The length of a perceptual hash."""

CROPS = (
    (0.025, 0.025, 0.975, 0.975),
    (0.05, 0.05, 0.95, 0.95),
    (0.05, 0.05, 1.0, 1.0),
    (0.0, 0.05, 0.95, 1.0),
    (0.05, 0.0, 1.0, 0.95),
    (0.0, 0.0, 0.95, 0.95),
    (0.05, 0.0, 1.0, 1.0),
    (0.0, 0.05, 1.0, 1.0),
    (0.0, 0.0, 0.95, 1.0),
    (0.0, 0.0, 1.0, 0.95),
)
"""The crops whose hashes a fingerprint holds: left, upper, right, lower edge, as parts of 1."""

_FREQUENCIES = 16
_SAMPLES = 64
_LEAST_CONTRAST = 1.0
_COSINES = np.cos(np.pi / _SAMPLES * np.outer(np.arange(_FREQUENCIES), np.arange(_SAMPLES) + 0.5))
# Bits are mixed, so that any few bytes in a row are a fair sample of all frequencies: the index
# of `groups` looks for hashes that share such bytes. The seed is part of the hash's definition.
_MIXED = np.random.default_rng(0).permutation(_FREQUENCIES**2)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerceptualHash:
    """What a photo looks like.

    Attributes:
        whole: Of the whole photo, 32 bytes; the more bits differ, the less alike photos are.
        crops: Of each of ``CROPS``, 32 bytes each, one after the other.
    """

    whole: bytes
    crops: bytes


def perceptual_hash(image: Image.Image) -> PerceptualHash | None:
    """Hash what a photo looks like; ``None`` if there is nothing to see in it, as in a white page.

    Args:
        image: As :func:`~smart_image_scraper.fingerprint.decode` returns it.
    """
    grey = image.convert("L")
    squares = [_square(grey, box=(0.0, 0.0, 1.0, 1.0)), *(_square(grey, box=box) for box in CROPS)]
    if squares[0].std() < _LEAST_CONTRAST:
        return None
    whole, *crops = map(_hash, squares)
    return PerceptualHash(whole=whole, crops=b"".join(crops))


def _square(grey: Image.Image, *, box: tuple[float, float, float, float]) -> NDArray[np.float64]:
    left, upper, right, lower = box
    part = (left * grey.width, upper * grey.height, right * grey.width, lower * grey.height)
    small = grey.resize((_SAMPLES, _SAMPLES), Image.Resampling.BILINEAR, box=part)
    return np.asarray(small, dtype=np.float64)


def _hash(square: NDArray[np.float64]) -> bytes:
    frequencies = (_COSINES @ square @ _COSINES.T).ravel()
    # The first one is the brightness, which says nothing of what is seen.
    signs = frequencies > np.median(frequencies[1:])
    signs[0] = False
    return np.packbits(signs[_MIXED]).tobytes()
