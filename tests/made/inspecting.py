"""Photos whose files have metadata, and a workspace in which they are inspected."""

import json
import struct
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.photo import EncryptedPhoto, Filter, Photo, PhotoId, Stage, StoredFile
from smart_image_scraper.pipeline import InspectSummary, inspect
from smart_image_scraper.store import Store
from tests.made.photos import keep_file

EVERYTHING = Filter()


@cache
def picture(seed: int) -> Image.Image:
    rough = np.random.default_rng(seed).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    return Image.fromarray(rough).resize((480, 360), Image.Resampling.BICUBIC)


def personal_exif() -> Image.Exif:
    exif = Image.Exif()
    exif.update({ExifTags.Base.Make: "Canon", ExifTags.Base.Model: "Canon EOS 70D"})
    exif.update({ExifTags.Base.Orientation: 6, ExifTags.Base.Software: "Lightroom 6.0"})
    exif[ExifTags.Base.Artist] = "Jane Doe"
    exif.get_ifd(ExifTags.IFD.Exif).update(
        {
            ExifTags.Base.ExposureTime: IFDRational(1, 250),
            ExifTags.Base.FNumber: 5.6,
            ExifTags.Base.ISOSpeedRatings: 400,
            ExifTags.Base.DateTimeOriginal: "2013:01:03 12:57:01",
            ExifTags.Base.OffsetTimeOriginal: "+08:00",
            ExifTags.Base.FocalLength: 50.0,
            ExifTags.Base.FocalLengthIn35mmFilm: 80,
            ExifTags.Base.LensModel: "EF50mm f/1.8",
            ExifTags.Base.BodySerialNumber: "JD-0815",
        }
    )
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {1: "N", 2: (5.0, 50.0, 24.0), 3: "E", 4: (118.0, 7.0, 12.0), 5: b"\0", 6: 12.5}
    )
    return exif


def jpeg(seed: int = 1, **options: Any) -> bytes:
    file = BytesIO()
    picture(seed).save(file, "JPEG", **({"exif": personal_exif(), "comment": "Jane Doe"} | options))
    return file.getvalue()


def png() -> bytes:
    texts, file = PngInfo(), BytesIO()
    texts.add_text("Author", "Jane Doe")
    picture(1).save(file, "PNG", pnginfo=texts, exif=personal_exif())
    return file.getvalue()


def plain(seed: int = 1) -> bytes:
    file = BytesIO()
    picture(seed).save(file, "JPEG")
    return file.getvalue()


def old_jpeg_tiff() -> bytes:
    """Return a TIFF in the JPEG form withdrawn in 1995: it can be decoded, and not be stripped."""
    scan = jpeg(exif=b"", subsampling=0)
    size = len(scan)
    # Tag, type, count, value (TIFF 6.0, sections 2 and 22); the scan begins at 256.
    fields = [(256, 4, 1, 480), (257, 4, 1, 360), (258, 3, 3, 240), (259, 3, 1, 6), (262, 3, 1, 6)]
    fields += [(273, 4, 1, 256), (277, 3, 1, 3), (278, 4, 1, 360), (279, 4, 1, size)]
    fields += [(512, 3, 1, 1), (513, 4, 1, 256), (514, 4, 1, size), (530, 3, 2, 0x10001)]
    entries = b"".join(struct.pack("<HHII", *field) for field in fields)
    header = struct.pack("<2sHIH", b"II", 42, 8, len(fields)) + entries
    return header.ljust(240, b"\0") + struct.pack("<3H10x", 8, 8, 8) + scan


def photo_id(number: int) -> PhotoId:
    return PhotoId(f"flickr:{number}")


def png_with_text(text: bytes) -> bytes:
    """A PNG with a text of any length in it."""
    content = BytesIO()
    chunks = PngInfo()
    chunks.add_text("Comment", text.decode("latin-1"))
    Image.linear_gradient("L").save(content, "PNG", pnginfo=chunks)
    return content.getvalue()


class Inspection:
    """A workspace whose store and files are filled, inspected and looked at."""

    def __init__(self, store: Store, vault: Vault, *, workspace: Path, progress: Any) -> None:
        self.store = store
        self.vault = vault
        self.workspace = workspace
        self.progress = progress

    def write(self, content: bytes, *, ending: str = "jpg") -> StoredFile:
        return keep_file(
            content,
            workspace=self.workspace,
            ending=ending,
            width=480,
            height=360,
            url="https://x.example/1.jpg",
        )

    def add(self, number: int, content: bytes, *, ending: str = "jpg", **facts: Any) -> StoredFile:
        file = self.write(content, ending=ending)
        self.put(number, file=file, **facts)
        return file

    def put(self, number: int, **facts: Any) -> None:
        photo = EncryptedPhoto(photo=Photo(id=photo_id(number), **facts))
        self.store.put([photo], stages=(Stage.SEARCH, Stage.DOWNLOAD))

    def run(self, *numbers: int, where: Filter = EVERYTHING, **options: Any) -> InspectSummary:
        return inspect(
            options.pop("store", self.store),
            self.vault,
            workspace=self.workspace,
            where=replace(where, ids=tuple(map(photo_id, numbers))),
            progress=options.pop("progress", self.progress),
            **options,
        )

    def sealed(self, number: int) -> EncryptedPhoto:
        return next(self.store.get([photo_id(number)], whole=True))

    def photo(self, number: int) -> Any:
        return self.sealed(number).photo

    def exif(self, number: int) -> Any:
        return json.loads(self.vault.open(self.sealed(number)).exif or "null")

    def content(self, number: int) -> bytes:
        return (self.workspace / "files" / self.photo(number).file.path).read_bytes()

    def files(self) -> set[str]:
        return {path.stem for path in self.workspace.glob("files/??/??/*.*")}

    def thumbnails(self) -> list[Path]:
        return list(self.workspace.glob("thumbs/??/??/*.jpg"))
