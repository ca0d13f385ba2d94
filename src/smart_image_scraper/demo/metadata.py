"""Demo: how made photos were taken, and the EXIF of made originals that tells it."""

import random
from dataclasses import dataclass
from fractions import Fraction

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from smart_image_scraper.demo.record import MadePhoto

SOFTWARE = "Adobe Photoshop Lightroom 6.0"
"""What made originals were last written by."""

_CAMERAS = (
    ("NIKON CORPORATION", "NIKON D750", "24.0-120.0 mm f/4.0", 24, 120),
    ("Canon", "Canon EOS 70D", "EF-S18-135mm f/3.5-5.6 IS STM", 18, 135),
    ("SONY", "ILCE-7M3", "FE 100-400mm F4.5-5.6 GM OSS", 100, 400),
    ("FUJIFILM", "X-T3", "XF18-55mmF2.8-4 R LM OIS", 18, 55),
    ("Apple", "iPhone 8", "iPhone 8 back camera 3.99mm f/1.8", 4, 4),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """What a camera writes about one photo.

    Attributes:
        make: The camera's maker, as it writes itself.
        model: The camera.
        lens: Its lens.
        exposure: One over the seconds.
        tenths_of_aperture: Ten times the f-number.
        iso: The sensitivity.
        focal_length_mm: In millimetres.
        artist: The owner's name.
        date: ``YYYY:MM:DD HH:MM:SS``.
    """

    make: str
    model: str
    lens: str
    exposure: int
    tenths_of_aperture: int
    iso: int
    focal_length_mm: int
    artist: str
    date: str


def shot_of(photo: MadePhoto) -> Shot:
    """Return how a photo was taken."""
    rng = random.Random(f"exif {photo.id}")  # noqa: S311 — made photos need no secrets
    make, model, lens, shortest_mm, longest_mm = rng.choice(_CAMERAS)
    return Shot(
        make=make,
        model=model,
        lens=lens,
        exposure=rng.choice((60, 125, 250, 1000)),
        tenths_of_aperture=rng.choice((18, 28, 40, 56, 80)),
        iso=rng.choice((100, 200, 400, 1600)),
        focal_length_mm=rng.randint(shortest_mm, longest_mm),
        artist=photo.owner.real_name or photo.owner.name,
        date=photo.taken.replace("-", ":"),
    )


def exif_of(photo: MadePhoto) -> Image.Exif:
    """Return the metadata of a photo's original: camera, lens, date, place, and the owner's name.

    Args:
        photo: Its taken date and geotag are repeated, where it has them.
    """
    shot = shot_of(photo)
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = shot.make
    exif[ExifTags.Base.Model] = shot.model
    exif[ExifTags.Base.Orientation] = 1
    exif[ExifTags.Base.Software] = SOFTWARE
    exif[ExifTags.Base.DateTime] = shot.date
    exif[ExifTags.Base.Artist] = shot.artist.encode()
    exif[ExifTags.Base.Copyright] = b"(c) " + shot.artist.encode()
    exif.get_ifd(ExifTags.IFD.Exif).update(
        {
            ExifTags.Base.ExposureTime: IFDRational(1, shot.exposure),
            ExifTags.Base.FNumber: IFDRational(shot.tenths_of_aperture, 10),
            ExifTags.Base.ISOSpeedRatings: shot.iso,
            ExifTags.Base.DateTimeOriginal: shot.date,
            ExifTags.Base.DateTimeDigitized: shot.date,
            ExifTags.Base.FocalLength: IFDRational(shot.focal_length_mm),
            ExifTags.Base.LensModel: shot.lens,
            ExifTags.Base.ExifImageWidth: photo.width,
            ExifTags.Base.ExifImageHeight: photo.height,
        }
    )
    if photo.accuracy and (photo.latitude or photo.longitude):
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(_gps(photo))
    return exif


def _gps(photo: MadePhoto) -> dict[int, object]:
    return {
        ExifTags.GPS.GPSVersionID: b"\x02\x03\x00\x00",
        ExifTags.GPS.GPSLatitudeRef: "N" if photo.latitude >= 0 else "S",
        ExifTags.GPS.GPSLatitude: _degrees(photo.latitude),
        ExifTags.GPS.GPSLongitudeRef: "E" if photo.longitude >= 0 else "W",
        ExifTags.GPS.GPSLongitude: _degrees(photo.longitude),
        ExifTags.GPS.GPSMapDatum: "WGS-84",
    }


def _degrees(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    # Degrees, minutes and hundredths of a second, as three fractions.
    hundredths = round(abs(Fraction(value)) * 360_000)
    minutes, rest = divmod(hundredths, 6_000)
    return IFDRational(minutes // 60), IFDRational(minutes % 60), IFDRational(rest, 100)
