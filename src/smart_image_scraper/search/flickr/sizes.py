"""Search: the sizes in which one photo is offered, by ``flickr.photos.getSizes``.

https://www.flickr.com/services/api/flickr.photos.getSizes.html
"""

from xml.etree.ElementTree import Element

from smart_image_scraper.photo import PhotoId, Size
from smart_image_scraper.search.flickr.client import FlickrClient
from smart_image_scraper.search.flickr.reply import part
from smart_image_scraper.search.flickr.row import image_url
from smart_image_scraper.search.flickr.values import whole_number

_LABELS = {
    "Original": "original",
    "X-Large 6K": "6144",
    "X-Large 5K": "5120",
    "X-Large 4K": "4096",
    "X-Large 3K": "3072",
    "Large 2048": "2048",
    "Large 1600": "1600",
    "Large": "1024",
    "Medium 800": "800",
    "Medium 640": "640",
    "Medium": "500",
    "Small 400": "400",
    "Small 320": "320",
    "Small": "240",
    "Large Square": "150",
    "Thumbnail": "100",
    "Square": "75",
}
"""Our words for Flickr's, largest first, as a search has them."""


async def get_sizes(flickr: FlickrClient, photo_id: PhotoId) -> tuple[Size, ...]:
    """Ask in which sizes a photo is offered; see ``FlickrClient.ask``.

    Raises:
        DeniedError: Its owner does not let others see them.
    """
    return await flickr.ask("flickr.photos.getSizes", photo_id, read=read_sizes)


def read_sizes(reply: Element) -> tuple[Size, ...]:
    """Read the sizes of a photo's image, largest first; none where its owner allows no download.

    Raises:
        TransientError: The reply holds no list of sizes.
    """
    told = part(reply, "sizes")
    if told.get("candownload") == "0":
        return ()
    sizes = (_size(each) for each in told.iterfind("size"))
    by_label = {size.label: size for size in sizes if size is not None}
    return tuple(by_label[label] for label in _LABELS.values() if label in by_label)


def _size(told: Element) -> Size | None:
    # The files of a video are listed beside the sizes of its picture.
    label, url = _LABELS.get(told.get("label", "")), image_url(told.get("source", ""))
    if label is None or url is None or told.get("media", "photo") != "photo":
        return None
    return Size(
        label=label,
        url=url,
        width=whole_number(told.get("width"), least=1),
        height=whole_number(told.get("height"), least=1),
    )
