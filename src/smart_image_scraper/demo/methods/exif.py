"""Demo: ``flickr.photos.getExif`` (https://www.flickr.com/services/api/flickr.photos.getExif.html).

Groups, tags, labels and the two forms of a value are those of recorded replies. None of these has a
group of GPS tags, so there is none here.
"""

from collections.abc import Iterator

from smart_image_scraper.demo.markup import Element, Value
from smart_image_scraper.demo.metadata import SOFTWARE, Shot, shot_of
from smart_image_scraper.demo.methods.call import Call, RefusedError
from smart_image_scraper.demo.record import MadePhoto
from smart_image_scraper.demo.replies import element_reply

_DENIED_SHARE = 0.08
_STRIPPED_SHARE = 0.15
# What Flickr calls a camera is neither the maker's nor the model's own writing.
_CAMERAS = {
    "NIKON D750": "Nikon D750",
    "ILCE-7M3": "Sony ILCE-7M3",
    "X-T3": "Fujifilm X-T3",
    "iPhone 8": "Apple iPhone 8",
}

Row = tuple[str, str, str, str, str]
"""Group, tag, label, raw value, and the value for people: empty for none."""


def get_exif(call: Call) -> str:
    """Answer with the EXIF of the original, whether or not that is offered."""
    photo = call.permitted_photo()
    if hides_exif(photo):
        raise RefusedError(2, "Permission denied")
    rows = list(_rows(shot_of(photo))) if has_exif(photo) else list(_rows_of_stripped())
    camera = _camera(shot_of(photo)) if has_exif(photo) else ""
    attributes: dict[str, Value] = {
        "id": photo.id,
        "secret": photo.secret(),
        "server": photo.server,
        "farm": 66,
        "camera": camera,
    }
    tags = tuple(_tag(row) for row in rows)
    element = Element(name="photo", attributes=attributes, children=tags, listed="exif")
    return element_reply(element, wire=call.wire)


def hides_exif(photo: MadePhoto) -> bool:
    """Whether the owner does not let others see it."""
    return photo.share("hidden exif") < _DENIED_SHARE


def has_exif(photo: MadePhoto) -> bool:
    """Whether there was any in the original; what is offered as a JPEG always has some here."""
    if photo.original_offered:
        return photo.original_format == "jpg"
    return photo.share("stripped exif") >= _STRIPPED_SHARE


def _camera(shot: Shot) -> str:
    return _CAMERAS.get(shot.model, shot.model)


def _tag(row: Row) -> Element:
    group, tag, label, raw, clean = row
    values = [Element(name="raw", text=raw)]
    if clean:
        values.append(Element(name="clean", text=clean))
    attributes: dict[str, Value] = {
        "tagspace": group,
        "tagspaceid": 0,
        "tag": tag,
        "label": label,
    }
    return Element(name="exif", attributes=attributes, children=values)


def _rows(shot: Shot) -> Iterator[Row]:
    aperture = f"{shot.tenths_of_aperture / 10:.1f}"
    exposure = f"1/{shot.exposure}"
    seconds = f"{1 / shot.exposure:.3f}".rstrip("0")
    focal_length = f"{shot.focal_length_mm}.0 mm"
    yield "IFD0", "Make", "Make", shot.make, ""
    yield "IFD0", "Model", "Model", shot.model, ""
    yield "IFD0", "Orientation", "Orientation", "Horizontal (normal)", ""
    yield "IFD0", "Software", "Software", SOFTWARE, ""
    yield "IFD0", "ModifyDate", "Date and Time (Modified)", shot.date, ""
    yield "IFD0", "Artist", "Artist", shot.artist, ""
    yield "IFD0", "Copyright", "Copyright", f"(c) {shot.artist}", ""
    yield "ExifIFD", "ExposureTime", "Exposure", exposure, f"{seconds} sec ({exposure})"
    yield "ExifIFD", "FNumber", "Aperture", aperture, f"f/{aperture}"
    yield "ExifIFD", "ISO", "ISO Speed", str(shot.iso), ""
    yield "ExifIFD", "DateTimeOriginal", "Date and Time (Original)", shot.date, ""
    yield "ExifIFD", "CreateDate", "Date and Time (Digitized)", shot.date, ""
    yield "ExifIFD", "ExposureCompensation", "Exposure Bias", "0", "0 EV"
    yield "ExifIFD", "FocalLength", "Focal Length", focal_length, f"{shot.focal_length_mm} mm"
    # A recorded reply has it like this: nothing raw, and a dot, a line and tabs for people.
    yield "ExifIFD", "UserComment", "User Comment", "", ".\n\t\t\t\t\t"
    yield "ExifIFD", "LensModel", "Lens Model", shot.lens, ""


def _rows_of_stripped() -> Iterator[Row]:
    yield "JFIF", "JFIFVersion", "JFIFVersion", "1.02", ""
    yield "JFIF", "ResolutionUnit", "Resolution Unit", "None", ""
    yield "JFIF", "XResolution", "X-Resolution", "100", ""
    yield "JFIF", "YResolution", "Y-Resolution", "100", ""
