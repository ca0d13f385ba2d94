"""What a default export must not hold, searched for in all of its bytes, in every format."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.export import FORMATS, CoarseTerms, Exported, Precision
from smart_image_scraper.photo import (
    BoundingBox,
    Comment,
    Coordinates,
    Filter,
    License,
    Note,
    Owner,
    Photo,
    PhotoId,
    Place,
    SearchHit,
    Size,
    StatedName,
    StatedPlace,
)
from smart_image_scraper.photo.json_text import encode
from smart_image_scraper.photo.older_record import OlderRow
from smart_image_scraper.store import Run, Store
from tests.made.photos import inspection

MakePhoto = Callable[..., Photo]
Export = Callable[..., Exported]

OWNER = Owner(
    id="71234567@N03", name="Zorvel Quamyr", path_alias="zorvel_q", real_name="Brinulf Kexoph"
)
PLANTED = (
    *("71234567@n03", "zorvel quamyr", "zorvelquamyr", "zorvel_q", "zorvelq", "brinulf", "kexoph"),
    *("5.8394", "118.1172", "58394", "1181172", "5°50'21", "sepilok-plot-7", "0.5671", "4b05f00d"),
    *("sn-4711-0815", "4711-0815", "thaxbrin", "82345678@n04", "woe-99123"),
    *("5.8393", "118.1171", "zorvel%20quamyr", "zorvel+quamyr", "quamyr, zorvel", "5 deg 50"),
    *("71234567%40n03", "71234567&#64;n03", "71234567n03", "5&deg;50", "&#122;orvel", "5%c2%b050"),
)
"""All that must not be found, in small letters."""

BOX = "118.1171,5.8393,118.1173,5.8395"

WRITTEN = """\
© Zorvel Quamyr 2016, all of it mine
Taken at 5.8394, 118.1172 (5°50'21.8"N) with my SN-4711-0815? No: ZORVEL QUAMYR took it,
as Brinulf  Kexoph says: <a href="https://www.flickr.com/photos/zorvel_q/1489">Zorvel</a>,
www.flickr.com/people/71234567@N03, zorvel_q@example.org, @zorvel_q
Zorvel%20Quamyr, zorvel+quamyr, &#122;orvel&nbsp;Quamyr or Quamyr, Zorvel; 71234567%40N03
or 71234567&#64;N03 at 5 deg 50' 21.8" N, 5&deg;50&#39;21.8&quot;N or 5%C2%B050%2721%22N
Camera serial number SN-4711-0815
A monkey in the wild."""


@pytest.fixture
def planted(make_photo: MakePhoto) -> Photo:
    """A photo with what must not be told, wherever a photo can have it."""
    name = StatedName(name="Sepilok-plot-7", woe_id="woe-99123")
    cells = {"latitude": "5.8394", "description": encode(WRITTEN), "filename": encode("monkey-1")}
    older = OlderRow(row=0, label='"0"', columns=("latitude",), cells=cells).as_mapping()
    return make_photo(
        "flickr:1489",
        title="Monkey by Zorvel Quamyr (5.8394 N)",
        description=WRITTEN.replace("my SN-4711-0815", "my camera"),
        tags=("monkey", "zorvelquamyr", "zorvelq", "geolat58394", "58394", "71234567n03"),
        raw_tags=("monkey", "Zorvel Quamyr", "geo:lon=118.1172"),
        machine_tags=("geo:lat=5.8394", "foursquare:venue=4b05f00d", "instagram:user=zorvel_q"),
        license=License("cc-by-2.0"),
        owner=OWNER,
        coordinates=Coordinates(latitude=5.8394, longitude=118.1172),
        woe_id="woe-99123",
        place_id="woe-99123",
        place=Place(
            country_code="MY",
            country="Malaysia",
            locality="Sepilok-plot-7",
            locality_distance_km=0.5671,
            distance_km=0.5671,
            gazetteer="made",
        ),
        stated_place=StatedPlace(neighbourhood=name, locality=name),
        searches=(
            SearchHit(term="monkey wild", run="0123456789ab", older=older),
            SearchHit(term=f"box {BOX}", run="ba9876543210"),
        ),
        inspection=inspection(stripped=False, software="Edited by Zorvel Quamyr"),
        exif='{"SerialNumber": "SN-4711-0815", "GPSLatitude": "5.8394"}',
        api_exif='{"BodySerialNumber": "SN-4711-0815"}',
        comments=(Comment(author_id="82345678@N04", author_name="Thaxbrin", text="5.8394"),),
        notes=(Note(author_id="82345678@N04", author_name="Thaxbrin", text="Zorvel Quamyr"),),
    )


@pytest.fixture
def planted_file(make_jpeg: Callable[..., bytes]) -> bytes:
    return make_jpeg(3, exif=exif_of_the_owner(), comment=b"zorvel_q")


@pytest.fixture(autouse=True)
def search(store: Store) -> None:
    """What was searched for: a box around the very spot."""
    when = datetime(2026, 11, 20, tzinfo=UTC)
    run = Run(
        id="ba9876543210",
        source="flickr",
        term=f"box {BOX}",
        params={"bbox": BOX},
        started_at=when,
        finished_at=when,
    )
    store.runs.save(run)


def in_png() -> bytes:
    told = PngInfo()
    told.add_text("Author", "Zorvel Quamyr")
    told.add_text("Comment", "zorvel_q", zip=True)
    told.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>SN-4711-0815 5.8394</x:xmpmeta>")
    return saved("PNG", pnginfo=told, exif=exif_of_the_owner())


def in_jpeg() -> bytes:
    """A JPEG with XMP, IPTC, a comment, what follows its end, and EXIF in which a thumbnail is."""
    thumbnail = saved("JPEG", comment=b"Zorvel Quamyr", size=(16, 16))
    content = saved("JPEG", exif=exif_of_the_owner(), comment=b"zorvel_q")
    segments = {
        0xE1: b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>5.8394 Zorvel Quamyr</x:xmpmeta>",
        0xED: b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x12\x1c\x02\x50\0\rZorvel Quamyr",
        0xE2: b"MPF\0" + thumbnail,
        0xE0: b"JFXX\0\x10" + thumbnail,
    }
    parts = (
        bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload
        for marker, payload in segments.items()
    )
    return content[:2] + b"".join(parts) + content[2:] + thumbnail + b"SN-4711-0815"


def in_webp() -> bytes:
    return saved("WEBP", exif=exif_of_the_owner(), xmp=b"<x:xmpmeta>Zorvel Quamyr</x:xmpmeta>")


def in_gif() -> bytes:
    return saved("GIF", comment=b"Zorvel Quamyr 5.8394")


def in_tiff() -> bytes:
    return saved("TIFF", exif=exif_of_the_owner(), description="Zorvel Quamyr", artist="zorvel_q")


def exif_of_the_owner() -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Zorvel Quamyr"
    exif[ExifTags.Base.Copyright] = "Brinulf Kexoph"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.BodySerialNumber] = "SN-4711-0815"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.CameraOwnerName] = "Zorvel Quamyr"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSProcessingMethod] = b"5.8394 118.1172"
    return exif


def saved(form: str, *, size: tuple[int, int] = (64, 48), **told: Any) -> bytes:
    content = BytesIO()
    Image.new("RGB", size, (37, 11, 128)).save(content, form, **told)
    return content.getvalue()


@pytest.mark.parametrize("make", [in_jpeg, in_png, in_webp, in_gif, in_tiff])
def test_a_file_of_any_kind_tells_neither_who_nor_where(
    planted: Photo,
    add: Callable[..., Photo],
    vault: Vault,
    export: Export,
    tmp_path: Path,
    make: Callable[[], bytes],
) -> None:
    content = make()
    add(planted, content=content)

    exported = export("image-folder", vault=vault)

    assert b"zorvel" in content.lower()
    assert exported.photos == 1
    assert found_in(tmp_path / "out") == set()


def texts_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Return all that is in a data set, in small letters, and what is packed, unpacked."""
    for path in (each for each in folder.rglob("*") if each.is_file()):
        yield path.name, path.read_bytes().decode("latin-1").lower()
        yield path.name, path.read_bytes().decode("utf-8", "replace").lower()
        if path.suffix == ".parquet":
            table = pyarrow.parquet.read_table(path)
            yield path.name, f"{table.to_pylist()}{table.schema}".lower()


def found_in(folder: Path) -> set[tuple[str, str]]:
    return {(name, word) for name, text in texts_of(folder) for word in PLANTED if word in text}


@pytest.fixture
def stored(planted: Photo, planted_file: bytes, add: Callable[..., Photo]) -> Photo:
    """The photo with what must not be told, in the store with its file."""
    return add(planted, content=planted_file)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.usefixtures("stored")
def test_a_default_export_tells_neither_who_nor_where(
    vault: Vault,
    export: Export,
    tmp_path: Path,
    form: str,
) -> None:
    exported = export(form, vault=vault, where=Filter(bbox=BoundingBox.parse(BOX)))

    assert exported.photos == 1
    assert found_in(tmp_path / "out") == set()
    assert any("monkey in the wild" in text for _, text in texts_of(tmp_path / "out"))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.usefixtures("stored")
def test_without_keys_only_a_name_in_plain_words_is_left(
    export: Export,
    tmp_path: Path,
    form: str,
) -> None:
    export(form)

    names = {
        *("zorvel quamyr", "zorvelquamyr", "zorvelq", "brinulf", "kexoph", "71234567n03"),
        *("zorvel%20quamyr", "zorvel+quamyr", "quamyr, zorvel", "&#122;orvel"),
    }
    assert {word for _, word in found_in(tmp_path / "out")} <= names


def test_every_photo_is_told_without_the_names_that_its_owner_had_then(
    add: Callable[..., Photo], make_photo: MakePhoto, vault: Vault, export: Export, tmp_path: Path
) -> None:
    owners = [
        Owner(id="71234567@N03", name="Zorvel Quamyr"),
        Owner(id="80000001@N05", name="Brinulf"),
        Owner(id="71234567@N03", name="Kexoph"),
        Owner(id="71234567@N03", name="Zorvel Quamyr"),
    ]
    for number, owner in enumerate(owners):
        tags = (str(owner.id).replace("@", "").lower(), "monkey")
        title = f"A monkey seen by {owner.name}"
        add(make_photo(f"flickr:{number}", title=title, tags=tags, owner=owner))

    export("json-lines", vault=vault)

    assert found_in(tmp_path / "out") == set()
    told = "".join(text for _, text in texts_of(tmp_path / "out"))
    assert "80000001" not in told


@pytest.mark.usefixtures("stored")
def test_the_search_finds_what_is_planted(
    vault: Vault,
    export: Export,
    tmp_path: Path,
) -> None:
    export("parquet", with_personal=True, vault=vault, where=Filter())

    words = {word for _, word in found_in(tmp_path / "out")}
    assert {"71234567@n03", "zorvel quamyr", "brinulf"} <= words
    assert "5.8394" not in words


def test_a_box_around_what_must_not_be_found_is_not_told(
    planted: Photo, add: Callable[..., Photo], vault: Vault, export: Export, tmp_path: Path
) -> None:
    add(planted)

    export(
        "json-lines",
        vault=vault,
        where=Filter(bbox=BoundingBox.parse(BOX)),
        coordinates=Precision.EXACT,
        coarse_terms=CoarseTerms.of(["monkey"]),
    )

    assert found_in(tmp_path / "out") == set()


@pytest.mark.parametrize("form", FORMATS)
def test_an_address_that_is_made_of_a_title_is_not_told(
    planted: Photo,
    planted_file: bytes,
    add: Callable[..., Photo],
    export: Export,
    tmp_path: Path,
    form: str,
) -> None:
    url = "https://upload.example.org/a/ab/Thaxbrin%27s_monkey_5.8394_118.1172.jpg"
    assert planted.file is not None
    file = replace(planted.file, url=url)
    sizes = (Size(label="original", url=url),)
    at_commons = replace(planted, id=PhotoId("commons:1489"), file=file, sizes=sizes)
    add(at_commons, content=planted_file)

    export(form)

    assert not {word for _, word in found_in(tmp_path / "out")} & {"thaxbrin", "5.8394"}
