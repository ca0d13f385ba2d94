"""Measure how well the signals tell spoilt photos and graphics from photos.

    uv run python benchmarks/signals.py --photos ../shared/seed/photos --graphics FOLDER

Real photos are counted as they are, and each spoilt: darkened to a tenth, blurred by 4 pixels at
512, and without colour. Graphics, of which ``--graphics`` names a folder, are counted as they are
and as JPEGs of quality 85 and, at 0.6 of their size, 70. Files below 8 kB are left out: icons.
"""

import argparse
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageFilter, ImageOps
from PIL.Image import Resampling

from smart_image_scraper.errors import InspectError
from smart_image_scraper.exif import MetadataReader
from smart_image_scraper.fingerprint import decode, measure
from smart_image_scraper.fingerprint.quality import Quality
from smart_image_scraper.photo.inspection import (
    BLANK_CONTRAST,
    BLURRED_SHARPNESS,
    DARK_BRIGHTNESS,
    GRAPHIC_FLATNESS,
    GREY_COLOURFULNESS,
)

LEAST_BYTES = 8_000

SHOWS: dict[str, Callable[[Quality], bool]] = {
    "dark": lambda quality: quality.brightness < DARK_BRIGHTNESS,
    "blank": lambda quality: quality.contrast < BLANK_CONTRAST,
    "blurred": lambda quality: quality.sharpness < BLURRED_SHARPNESS,
    "grey": lambda quality: quality.colourfulness < GREY_COLOURFULNESS,
    "graphic, whatever the camera": lambda quality: quality.flatness >= GRAPHIC_FLATNESS,
}
SPOILT: dict[str, tuple[str, Callable[[Image.Image], Image.Image]]] = {
    "darkened to a tenth": ("dark", lambda image: image.point(lambda value: value * 0.1)),
    "blurred": ("blurred", lambda image: image.filter(ImageFilter.GaussianBlur(4))),
    "without colour": ("grey", lambda image: ImageOps.grayscale(image).convert("RGB")),
}


def decoded(paths: Iterable[Path]) -> list[tuple[Path, Image.Image]]:
    """Return the images that can be decoded."""
    images = []
    for path in paths:
        try:
            images.append((path, decode(path.read_bytes(), name=path.name)))
        except InspectError:
            continue
    return images


def as_jpeg(path: Path, *, quality: int, scale: float) -> Image.Image:
    """Return a file as it looks after it was made a JPEG."""
    image = Image.open(path).convert("RGBA")
    image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    image = ImageOps.scale(image, scale, Resampling.BICUBIC)
    content = BytesIO()
    image.save(content, "JPEG", quality=quality)
    return decode(content.getvalue(), name=path.name)


def count(images: Iterable[Image.Image], signal: str) -> str:
    """Return how many of images show a signal."""
    shown = [SHOWS[signal](measure(image)) for image in images]
    return f"{sum(shown)} of {len(shown)}"


def main() -> None:
    """Print how many photos and graphics show each signal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--graphics", type=Path)
    options = parser.parse_args()
    photos = decoded(sorted(options.photos.iterdir()))
    with MetadataReader.installed() as reader:
        taken = {path for path, _ in photos if reader.read(path).facts.make}
    print(f"{len(photos)} photos, {len(taken)} with a camera")
    for signal in SHOWS:
        print(f"  {signal}: {count((image for _, image in photos), signal)}")
    bare = [image for path, image in photos if path not in taken]
    print(f"  graphic: {count(bare, 'graphic, whatever the camera')} without a camera")
    for name, (signal, spoil) in SPOILT.items():
        print(f"  {signal} when {name}: {count((spoil(image) for _, image in photos), signal)}")
    if options.graphics:
        paths = list(options.graphics.rglob("*.png"))
        graphics = decoded(each for each in sorted(paths) if each.stat().st_size >= LEAST_BYTES)
        print(f"{len(graphics)} graphics")
        found = [image for _, image in graphics]
        print(f"  graphic as they are: {count(found, 'graphic, whatever the camera')}")
        for quality, scale in ((85, 1.0), (70, 0.6)):
            changed = (as_jpeg(path, quality=quality, scale=scale) for path, _ in graphics)
            shown = count(changed, "graphic, whatever the camera")
            print(f"  graphic as JPEG of quality {quality}, at {scale:g}: {shown}")


if __name__ == "__main__":
    main()
