"""What the inspection of a photo's file found, and of which photos it is a near-duplicate."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DATE_LIMIT = timedelta(hours=26)
"""How far apart two dates may be: clocks set to another zone differ by up to 26 hours."""

DISTANCE_LIMIT_KM = 1.0
"""How far apart two positions may be: coarser than any GPS, finer than another place."""


class Disagreement(StrEnum):
    """What a photo's site and its file may say differently, beyond the limits above."""

    DATE = "date"
    PLACE = "place"


class Signal(StrEnum):
    """What the measures of a photo say of its use, by the limits below."""

    DARK = "dark"
    BLANK = "blank"
    BLURRED = "blurred"
    GREY = "grey"
    TINY = "tiny"
    GRAPHIC = "graphic"


# Between what real photos have and what the same photos have when they are spoilt; how far apart
# these are is in docs/inspect.md.
DARK_BRIGHTNESS = 0.06
BLANK_CONTRAST = 0.03
BLURRED_SHARPNESS = 0.02
GREY_COLOURFULNESS = 5.0
GRAPHIC_FLATNESS = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a file says of itself and looks like, as far as it is not personal.

    Attributes:
        reader: What read the metadata, with its version: ``exiftool 12.57``.
        tag_count: How many tags it found.
        problem_count: How many things in the metadata could not be read; they are named in the
            sealed EXIF.
        stripped: Whether the file in the workspace is without its metadata.
        fetched_sha256: Of the file as it was fetched, before stripping.
        focal_length_mm: The lens's own.
        focal_length_35mm: The one that would show as much on 35 mm film.
        f_number: The aperture.
        taken: By the camera's clock, local time without a zone.
        utc_offset_min: How far that clock was ahead of UTC, in minutes.
        orientation: 1 (upright) to 8 (EXIF 2.32, 4.6.4 A).
        sharpness: The standard deviation of the Laplacian of brightness, 0 or more; below about
            0.02 a photo looks blurred.
        brightness: The mean, 0 (black) to 1 (white).
        contrast: The standard deviation of brightness, 0 to 0.5.
        colourfulness: Hasler and Süsstrunk's M3, 0 for grey, over 80 for extremely colourful.
        flatness: The share of pixels that are equal to their neighbours, 0 to 1: photos have noise,
            screenshots and drawings have areas. ``None`` if it was inspected before this was
            measured.
        size_class: ``tiny``, ``small``, ``medium``, ``large`` or ``huge``, by the pixels.
        perceptual_hash: 32 bytes; ``None`` if there is nothing to see, as in a white page.
        crop_hashes: The hashes of ten crops, 32 bytes each.
        date_difference_s: How far the site's date is from the file's, 0 or more.
        geotag_distance_km: How far the site's geotag is from the file's GPS.
    """

    reader: str
    tag_count: int
    problem_count: int = 0
    stripped: bool
    fetched_sha256: str
    make: str | None = None
    model: str | None = None
    lens: str | None = None
    focal_length_mm: float | None = None
    focal_length_35mm: float | None = None
    f_number: float | None = None
    exposure_s: float | None = None
    iso: int | None = None
    taken: datetime | None = None
    utc_offset_min: int | None = None
    orientation: int | None = None
    software: str | None = None
    sharpness: float
    brightness: float
    contrast: float
    colourfulness: float
    flatness: float | None = None
    size_class: str
    perceptual_hash: bytes | None = None
    crop_hashes: bytes | None = None
    date_difference_s: float | None = None
    geotag_distance_km: float | None = None


class DuplicateKind(StrEnum):
    """In what way photos are alike."""

    EXACT = "exact"
    COPY = "copy"
    BURST = "burst"


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateGroup:
    """A group of photos that are alike, as one of its members sees it.

    Attributes:
        kind: ``exact``: the same file; ``copy``: resized, recompressed, cropped or watermarked,
            or the same file; ``burst``: one owner's photos of the same thing within seconds.
        group: The group's name: the id of its best photo.
        best: Whether this is the best one: the largest, of these the most viewed.
    """

    kind: DuplicateKind
    group: str
    best: bool
