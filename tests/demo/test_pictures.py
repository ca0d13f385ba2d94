import io
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256

import pytest
from PIL import ExifTags, Image, ImageChops, ImageStat

from smart_image_scraper.demo import Catalogue, MadePhoto, Scene
from smart_image_scraper.demo.drawing import draw
from smart_image_scraper.demo.pictures import MadePictures, Missing, Picture, PlainPictures
from smart_image_scraper.demo.record import OfferedSize


def name_of(photo: MadePhoto, extra: str) -> str:
    return size_of(photo, extra).path.rpartition("/")[2]


def size_of(photo: MadePhoto, extra: str) -> OfferedSize:
    return next(size for size in photo.sizes() if size.kind.extra == extra)


def picture(photo: MadePhoto, extra: str) -> Picture:
    found = MadePictures([photo]).picture(name_of(photo, extra))
    assert isinstance(found, Picture)
    return found


def opened(photo: MadePhoto, extra: str) -> Image.Image:
    image = Image.open(io.BytesIO(picture(photo, extra).body))
    image.load()
    return image


@pytest.fixture(scope="module")
def photo(catalogue: Catalogue) -> MadePhoto:
    """Make one whose owner offers the original, with a geotag south of the equator."""
    return replace(
        catalogue.photos[0],
        original_offered=True,
        original_format="jpg",
        width=1600,
        height=1200,
        latitude=-8.506944,
        longitude=115.2625,
        accuracy=16,
        taken="2019-04-05 06:07:08",
    )


def test_every_size_has_the_pixels_that_it_tells(photo: MadePhoto) -> None:
    for size in photo.sizes():
        image = opened(photo, size.kind.extra)
        assert image.size == (size.width, size.height)
        assert image.format == "JPEG"


def test_the_sizes_end_at_the_original(photo: MadePhoto) -> None:
    extras = " ".join(size.kind.extra for size in photo.sizes())

    assert extras == "sq t s q n w m z c l h o"


def test_small_sizes_share_a_secret_and_large_ones_have_their_own(photo: MadePhoto) -> None:
    secrets = {size.kind.extra: size.path.split("_")[1][:10] for size in photo.sizes()}

    assert {secrets[extra] for extra in ("sq", "t", "m", "l")} == {photo.secret()}
    assert len({secrets["l"], secrets["h"], secrets["o"]}) == 3


def test_a_wrong_secret_or_size_leads_nowhere(photo: MadePhoto) -> None:
    pictures = MadePictures([photo])

    assert pictures.picture(f"{photo.id}_0123456789_b.jpg") is Missing.WRONG_ADDRESS
    assert pictures.picture(f"{photo.id}_{photo.secret()}_k.jpg") is Missing.WRONG_ADDRESS
    assert pictures.picture("1_0123456789_b.jpg") is Missing.UNKNOWN


def test_another_process_draws_the_same_bytes() -> None:
    program = (
        "from hashlib import sha256\n"
        "from smart_image_scraper.demo import Catalogue\n"
        "c = Catalogue.made(3, seed=5)\n"
        "for p in c.photos:\n"
        "    path = next(s.path for s in p.sizes() if s.kind.extra == 'z')\n"
        "    print(sha256(c.pictures.picture(path.rpartition('/')[2]).body).hexdigest())\n"
    )

    other = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    photos = Catalogue.made(3, seed=5).photos
    assert other.stdout.split() == [sha256(picture(p, "z").body).hexdigest() for p in photos]


def test_no_two_photos_have_the_same_bytes(catalogue: Catalogue) -> None:
    photos = catalogue.photos[:40]

    assert len({picture(photo, "n").body for photo in photos}) == len(photos)


@pytest.mark.parametrize("scene", Scene)
def test_pictures_of_one_scene_differ_to_the_eye(photo: MadePhoto, scene: Scene) -> None:
    one, other = (draw(replace(photo, scene=scene, id=number)) for number in ("11", "12"))

    difference = ImageStat.Stat(ImageChops.difference(one, other)).mean

    assert sum(difference) / 3 > 8


def test_a_cage_shows_as_bars_from_top_to_bottom(catalogue: Catalogue) -> None:
    def steps(photo: MadePhoto) -> float:
        # How much neighbouring columns differ, in the mean of all rows.
        columns = draw(photo).convert("L").resize((256, 1), Image.Resampling.BOX)
        shifted = ImageChops.offset(columns, 1, 0)
        return float(ImageStat.Stat(ImageChops.difference(columns, shifted)).mean[0])

    for photo in catalogue.photos[:5]:
        caged = replace(photo, scene=Scene.CAGED_PARROT)
        assert steps(caged) > 1.5 * steps(replace(photo, scene=Scene.FLOWER))


def test_an_original_carries_the_cameras_metadata(photo: MadePhoto) -> None:
    exif = opened(photo, "o").getexif()

    details = exif.get_ifd(ExifTags.IFD.Exif)
    assert exif[ExifTags.Base.Make]
    assert details[ExifTags.Base.LensModel]
    assert details[ExifTags.Base.DateTimeOriginal] == "2019:04:05 06:07:08"
    assert float(details[ExifTags.Base.FNumber]) > 1


def test_an_original_names_its_owner(photo: MadePhoto) -> None:
    owner = photo.owner.real_name or photo.owner.name

    body = picture(photo, "o").body

    assert body.count(owner.encode()) == 2
    exif = opened(photo, "o").getexif()
    assert {ExifTags.Base.Artist, ExifTags.Base.Copyright} <= set(exif)


def test_an_original_tells_where_it_was_taken(photo: MadePhoto) -> None:
    gps = opened(photo, "o").getexif().get_ifd(ExifTags.IFD.GPSInfo)

    degrees, minutes, seconds = (float(part) for part in gps[ExifTags.GPS.GPSLatitude])
    assert gps[ExifTags.GPS.GPSLatitudeRef] == "S"
    assert gps[ExifTags.GPS.GPSLongitudeRef] == "E"
    assert degrees + minutes / 60 + seconds / 3600 == pytest.approx(8.506944, abs=1e-5)


def test_an_original_without_geotag_has_no_gps(photo: MadePhoto) -> None:
    nowhere = replace(photo, latitude=0, longitude=0, accuracy=16)

    assert not opened(nowhere, "o").getexif().get_ifd(ExifTags.IFD.GPSInfo)


def test_resized_files_carry_no_metadata(photo: MadePhoto) -> None:
    assert not opened(photo, "l").getexif()


def test_some_originals_are_png(photo: MadePhoto) -> None:
    small = replace(photo, width=640, height=480, original_format="png")

    assert picture(small, "o").media_type == "image/png"
    assert opened(small, "o").format == "PNG"
    assert picture(small, "z").media_type == "image/jpeg"


def test_files_of_owners_who_opted_out_say_so(photo: MadePhoto) -> None:
    out = replace(photo, owner=replace(photo.owner, opted_out=True))
    open_to_all = replace(photo, owner=replace(photo.owner, opted_out=False))

    assert picture(out, "s").robots == "noai, noimageai"
    assert picture(open_to_all, "s").robots == ""


def test_plain_files_have_the_right_size_and_bytes_of_their_own(photo: MadePhoto) -> None:
    catalogue = Catalogue.of([photo]).with_plain_files()

    pictures = {
        size: catalogue.pictures.picture(size.path.rpartition("/")[2]) for size in photo.sizes()
    }

    for size, found in pictures.items():
        assert isinstance(found, Picture)
        image = Image.open(io.BytesIO(found.body))
        image.load()
        assert image.size == (size.width, size.height) == (found.width, found.height)
    assert len({found.body for found in pictures.values() if isinstance(found, Picture)}) == len(
        pictures
    )
    wrong = catalogue.pictures.picture(f"{photo.id}_0123456789_b.jpg")
    assert wrong is Missing.WRONG_ADDRESS


def test_two_photos_of_one_size_differ_in_plain_files(photo: MadePhoto) -> None:
    other = replace(photo, id="50000000001")
    pictures = PlainPictures([photo, other])

    bodies = {pictures.picture(name_of(one, "m")) for one in (photo, other)}

    assert len(bodies) == 2
