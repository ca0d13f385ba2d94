import io
from collections.abc import Awaitable, Callable
from typing import Any
from xml.etree.ElementTree import Element

from PIL import ExifTags, Image

from smart_image_scraper.demo import Catalogue, FlickrSite, MadePhoto, has_exif, hides_exif
from smart_image_scraper.demo.pictures import Picture

AskJson = Callable[..., Awaitable[dict[str, Any]]]
Get = Callable[..., Awaitable[Element]]


def raw(reply: Element, tag: str) -> str | None:
    return reply.findtext(f"photo/exif[@tag='{tag}']/raw")


def open_photo(catalogue: Catalogue) -> MadePhoto:
    return next(
        photo
        for photo in catalogue.photos
        if photo.original_offered and has_exif(photo) and not hides_exif(photo)
    )


async def test_it_tells_what_the_original_file_tells(get: Get, catalogue: Catalogue) -> None:
    photo = open_photo(catalogue)
    name = next(size.path for size in photo.sizes() if size.kind.extra == "o").rpartition("/")[2]
    picture = catalogue.pictures.picture(name)

    reply = await get("photos.getExif", photo_id=photo.id)

    assert isinstance(picture, Picture)
    exif = Image.open(io.BytesIO(picture.body)).getexif()
    taken = exif.get_ifd(ExifTags.IFD.Exif)
    assert raw(reply, "Make") == exif[ExifTags.Base.Make]
    assert raw(reply, "Model") == exif[ExifTags.Base.Model]
    assert raw(reply, "DateTimeOriginal") == taken[ExifTags.Base.DateTimeOriginal]
    assert raw(reply, "ISO") == str(taken[ExifTags.Base.ISOSpeedRatings])
    assert float(raw(reply, "FNumber") or 0) == float(taken[ExifTags.Base.FNumber])
    assert raw(reply, "LensModel") == taken[ExifTags.Base.LensModel]


async def test_values_have_a_form_for_people(get: Get, catalogue: Catalogue) -> None:
    reply = await get("photos.getExif", photo_id=open_photo(catalogue).id)

    exposure = reply.find("photo/exif[@tag='ExposureTime']")
    assert exposure is not None
    assert exposure.get("label") == "Exposure"
    assert exposure.findtext("clean", "").endswith(f" sec ({exposure.findtext('raw')})")
    assert raw(reply, "UserComment") == ""


async def test_some_owners_hide_it(get: Get, catalogue: Catalogue) -> None:
    hidden = [photo for photo in catalogue.photos if hides_exif(photo)]

    reply = await get("photos.getExif", photo_id=hidden[0].id)

    error = reply.find("err")
    assert error is not None
    assert error.attrib == {"code": "2", "msg": "Permission denied"}
    assert 0.04 < len(hidden) / len(catalogue.photos) < 0.12


async def test_some_originals_never_had_any(get: Get, catalogue: Catalogue) -> None:
    photo = next(one for one in catalogue.photos if not has_exif(one) and not hides_exif(one))

    reply = await get("photos.getExif", photo_id=photo.id)

    told = reply.find("photo")
    assert told is not None
    assert told.get("camera") == ""
    assert {tag.get("tagspace") for tag in told} == {"JFIF"}


async def test_json_lists_the_tags(
    site: FlickrSite, ask_json: AskJson, catalogue: Catalogue
) -> None:
    photo = open_photo(catalogue)

    reply = await ask_json(site, method="flickr.photos.getExif", photo_id=photo.id)

    assert reply["photo"]["camera"]
    assert reply["photo"]["exif"][0]["label"] == "Make"
    assert reply["photo"]["exif"][0]["tagspaceid"] == 0
    assert reply["photo"]["exif"][0]["raw"]["_content"]
