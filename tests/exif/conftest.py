import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational

MakePhoto = Callable[..., bytes]

XMP = b"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 aux:Lens="EF50mm f/1.8 II"><dc:creator><rdf:Seq><rdf:li>Jane Doe</rdf:li></rdf:Seq></dc:creator>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""
# What describes the pixels, and no person.
STRUCTURE = """JFIFVersion ResolutionUnit XResolution YResolution ImageWidth ImageHeight
BitsPerSample Compression PhotometricInterpretation StripOffsets StripByteCounts RowsPerStrip
SamplesPerPixel PlanarConfiguration DCTEncodeVersion APP14Flags0 APP14Flags1 ColorTransform
BitDepth ColorType Filter Interlace ProfileName WebP_Flags VP8Version HorizontalScale
VerticalScale GIFVersion HasColorMap ColorResolutionDepth BitsPerPixel BackgroundColor
Orientation"""
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def personal_exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif.update({0x0112: orientation, 0x010F: "Canon", 0x0110: "Canon EOS 70D"})
    exif.update({0x0131: "Lightroom 6.0", 0x013B: "Jane Doe", 0x8298: "(c) Jane Doe"})
    exif.get_ifd(0x8769).update(
        {
            0x829A: IFDRational(10, 800),
            0x829D: 5.6,
            0x8827: 400,
            0x920A: 50.0,
            0xA405: 80,
            0xA431: "Jane-1",
        }
    )
    exif.get_ifd(0x8769).update({0x9003: "2013:01:03 12:57:01", 0x9011: "+09:00"})
    exif.get_ifd(0x8825).update(
        {1: "S", 2: (6.0, 37.0, 6.852), 3: "E", 4: (99.0, 36.0, 38.28), 5: b"\1", 6: 12.5}
    )
    exif.get_ifd(0x8825).update({16: "T", 17: 271.25})
    return exif


def photo_bytes(kind: str = "JPEG", *, orientation: int = 1, **more: object) -> bytes:
    picture = Image.effect_mandelbrot((64, 48), (-2, -1.2, 0.8, 1.2), 60).convert("RGB")
    options: dict[str, object] = {"exif": personal_exif(orientation), "icc_profile": PROFILE}
    if kind == "GIF":
        options = {"comment": "Jane Doe"}
        picture = picture.quantize(32)
    if kind == "PNG":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_text("Author", "Jane Doe")
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", XMP.decode())
    if kind in {"JPEG", "WEBP"}:
        options["xmp"] = XMP
    if kind == "JPEG":
        options["comment"] = "Jane Doe"
    buffer = BytesIO()
    picture.save(buffer, kind, **(options | more))
    return buffer.getvalue()


@pytest.fixture(scope="session")
def make_photo() -> MakePhoto:
    """Make a small photo with Jane Doe's name, place, serial number and date all over it."""
    return photo_bytes


@pytest.fixture(scope="session")
def profile() -> bytes:
    """The colour profile of the made photos."""
    return PROFILE


@pytest.fixture(scope="session")
def exiftool() -> Path:
    """The path of exiftool."""
    program = shutil.which("exiftool")
    if program is None:
        pytest.skip("needs exiftool (Debian's libimage-exiftool-perl)")
    return Path(program)


@pytest.fixture(scope="session")
def tags_in(exiftool: Path) -> Callable[[Path], set[str]]:
    """Read the names of all tags in a folder's files, with what only describes the pixels left out.

    It is another program than what is tested, so that one's blind spots are not the other's.
    """
    structure = set(STRUCTURE.split())

    def read(folder: Path) -> set[str]:
        command = [exiftool, "-config", "", "-a", "-u", "-G1", "-s", "-s", "-r", folder]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        lines = [line for line in said.splitlines() if line.startswith("[")]
        names = {line.split(":")[0].replace("[", "").replace("] ", ":") for line in lines}
        own = ("ExifTool", "System", "File", "Composite", "ICC")
        return {
            name
            for name in names
            if name == "File:Comment"
            or (not name.startswith(own) and name.split(":")[1] not in structure)
        }

    return read
