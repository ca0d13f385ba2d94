"""Demo: the EXIF of made originals, as cameras and phones write it."""

import random
from fractions import Fraction

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from smart_image_scraper.demo.record import MadePhoto

_CAMERAS = (
    ("NIKON CORPORATION", "NIKON D750", "24.0-120.0 mm f/4.0", 24, 120),
    ("Canon", "Canon EOS 70D", "EF-S18-135mm f/3.5-5.6 IS STM", 18, 135),
    ("SONY", "ILCE-7M3", "FE 100-400mm F4.5-5.6 GM OSS", 100, 400),
    ("FUJIFILM", "X-T3", "XF18-55mmF2.8-4 R LM OIS", 18, 55),
    ("Apple", "iPhone 8", "iPhone 8 back camera 3.99mm f/1.8", 4, 4),
)


def exif_of(photo: MadePhoto) -> Image.Exif:
    """Return the metadata of a photo's original: camera, lens, date, place, and the owner's name.

    Args:
        photo: Its taken date and geotag are repeated, where it has them.
    """
    rng = random.Random(f"exif {photo.id}")  # noqa: S311 — made photos need no secrets
    make, model, lens, shortest_mm, longest_mm = rng.choice(_CAMERAS)
    date = photo.taken.replace("-", ":")
    owner = (photo.owner.real_name or photo.owner.name).encode()
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = make
    exif[ExifTags.Base.Model] = model
    exif[ExifTags.Base.Orientation] = 1
    exif[ExifTags.Base.Software] = "Adobe Photoshop Lightroom 6.0"
    exif[ExifTags.Base.DateTime] = date
    exif[ExifTags.Base.Artist] = owner
    exif[ExifTags.Base.Copyright] = b"(c) " + owner
    exif.get_ifd(ExifTags.IFD.Exif).update(
        {
            ExifTags.Base.ExposureTime: IFDRational(1, rng.choice((60, 125, 250, 1000))),
            ExifTags.Base.FNumber: IFDRational(rng.choice((18, 28, 40, 56, 80)), 10),
            ExifTags.Base.ISOSpeedRatings: rng.choice((100, 200, 400, 1600)),
            ExifTags.Base.DateTimeOriginal: date,
            ExifTags.Base.DateTimeDigitized: date,
            ExifTags.Base.FocalLength: IFDRational(rng.randint(shortest_mm, longest_mm)),
            ExifTags.Base.LensModel: lens,
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
