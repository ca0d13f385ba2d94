"""Inspect: what a photo's pixels say of its quality."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_PIXELS = {"tiny": 0.1e6, "small": 0.5e6, "medium": 2e6, "large": 10e6}


class SizeClass(StrEnum):
    """How many pixels a photo has: below 0.1, 0.5, 2 or 10 million, or more."""

    TINY = "tiny"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    HUGE = "huge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Measures of a photo, taken from it at 512 pixels, so that sizes compare.

    Attributes:
        sharpness: The standard deviation of the Laplacian of brightness, 0 or more; below about
            0.02 a photo looks blurred. Fine noise raises it, too.
        brightness: The mean, 0 (black) to 1 (white).
        contrast: The standard deviation of brightness, 0 to 0.5.
        colourfulness: Hasler and Süsstrunk's M3 (https://doi.org/10.1117/12.477378), 0 for grey,
            about 33 for moderately and over 80 for extremely colourful photos.
        flatness: The share of pixels that are equal to their right and lower neighbours, 0 to 1.
    """

    sharpness: float
    brightness: float
    contrast: float
    colourfulness: float
    flatness: float


def size_class(*, width: int, height: int) -> SizeClass:
    """Tell a photo's class of size from its width and height in pixels."""
    for name, limit in _PIXELS.items():
        if width * height < limit:
            return SizeClass(name)
    return SizeClass.HUGE


def measure(image: Image.Image) -> Quality:
    """Measure an RGB image.

    Args:
        image: As :func:`~smart_image_scraper.fingerprint.decode` returns it.
    """
    # Rec. 601, as in JPEG.
    brightness = np.asarray(image.convert("L"), dtype=np.float32) / np.float32(255)
    # Colours are no matter of details: a quarter of the pixels tells as much.
    pixels = np.asarray(image.reduce(2) if min(image.size) > 1 else image, dtype=np.float32)
    return Quality(
        sharpness=_sharpness(brightness),
        brightness=float(brightness.mean()),
        contrast=float(brightness.std()),
        colourfulness=_colourfulness(pixels),
        flatness=_flatness(image),
    )


def _sharpness(brightness: NDArray[np.float32]) -> float:
    padded = np.pad(brightness, 1, mode="edge")
    neighbours = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    return float((neighbours - 4 * brightness).std())


def _colourfulness(pixels: NDArray[np.float32]) -> float:
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    red_green = red - green
    yellow_blue = (red + green) / 2 - blue
    spread = np.hypot(red_green.std(), yellow_blue.std())
    return float(spread + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean()))


def _flatness(image: Image.Image) -> float:
    # One number a pixel, since numbers are compared several times faster than triples.
    pixels = np.asarray(image.convert("RGBA")).view(np.uint32)[..., 0]
    if min(pixels.shape) < 2:  # noqa: PLR2004 — a pixel has no neighbour then
        return 0.0
    corner = pixels[:-1, :-1]
    return float(((corner == pixels[:-1, 1:]) & (corner == pixels[1:, :-1])).mean())
