"""Search: the metadata that Flickr shows of one photo, by ``flickr.photos.getExif``.

https://www.flickr.com/services/api/flickr.photos.getExif.html. Flickr reads originals with exiftool
and shows what that prints, without what only machines read, such as the makers' own notes.
"""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from smart_image_scraper.photo import PhotoId
from smart_image_scraper.search.flickr.client import FlickrClient
from smart_image_scraper.search.flickr.reply import part


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTag:
    """One tag of a photo's metadata, as Flickr shows it.

    Attributes:
        group: Exiftool's name of its group, such as ``IFD0``, ``ExifIFD``, ``XMP-dc``.
        name: Exiftool's name of it.
        label: Flickr's name of it.
        raw: As exiftool prints it: ``1/50``, ``1.6 mm``.
        clean: As Flickr shows it, where that is something else: ``0.02 sec (1/50)``.
    """

    group: str
    name: str
    label: str | None
    raw: str
    clean: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownExif:
    """The metadata of a photo, as Flickr shows it.

    Attributes:
        camera: Flickr's own name of the camera.
        tags: In Flickr's order.
    """

    camera: str | None
    tags: tuple[ShownTag, ...]


async def get_exif(flickr: FlickrClient, photo_id: PhotoId) -> ShownExif:
    """Ask for a photo's metadata; see ``FlickrClient.ask``.

    Raises:
        DeniedError: Its owner hides the metadata.
    """
    return await flickr.ask("flickr.photos.getExif", photo_id, read=read_exif)


def read_exif(reply: Element) -> ShownExif:
    """Read a photo's metadata; tags without a name are left out.

    Raises:
        TransientError: The reply holds no photo.
    """
    told = part(reply, "photo")
    tags = (_tag(each) for each in told.iterfind("exif"))
    return ShownExif(camera=told.get("camera") or None, tags=tuple(tag for tag in tags if tag.name))


def _tag(told: Element) -> ShownTag:
    return ShownTag(
        group=told.get("tagspace", ""),
        name=told.get("tag", ""),
        label=told.get("label") or None,
        raw=told.findtext("raw") or "",
        clean=told.findtext("clean"),
    )
