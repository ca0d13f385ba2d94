"""Demo: ``flickr.photos.getSizes``, what a photo can be downloaded as.

https://www.flickr.com/services/api/flickr.photos.getSizes.html
"""

from collections.abc import Iterator

from smart_image_scraper.demo.markup import Element, Value
from smart_image_scraper.demo.methods.call import Call
from smart_image_scraper.demo.record import MadePhoto, OfferedSize
from smart_image_scraper.demo.replies import element_reply

# In JSON of 2013 the small square has numbers, and so have the heights of the sizes that were new
# then; all others are texts.
_NUMBERS = frozenset(
    {
        *(("Square", "width"), ("Square", "height"), ("Small 320", "height")),
        *(("Medium 800", "height"), ("Large 1600", "height"), ("Large 2048", "height")),
    }
)
_SQUARES_FIRST = {"sq": 0, "q": 1}


def get_sizes(call: Call) -> str:
    """Answer with the sizes that are offered."""
    photo = call.permitted_photo()
    attributes: dict[str, Value] = {
        "canblog": 0,
        "canprint": 0,
        "candownload": int(photo.original_offered),
    }
    offered = sorted(photo.sizes(), key=lambda size: _SQUARES_FIRST.get(size.kind.extra, 2))
    sizes = [_size(photo, size, address=call.address) for size in offered]
    if photo.media == "video":
        sizes += _players(photo)
    element = Element(name="sizes", attributes=attributes, children=sizes, listed="size")
    return element_reply(element, wire=call.wire)


def _size(photo: MadePhoto, size: OfferedSize, *, address: str) -> Element:
    label = size.kind.label
    attributes: dict[str, Value] = {
        "label": label,
        "width": size.width if (label, "width") in _NUMBERS else str(size.width),
        "height": size.height if (label, "height") in _NUMBERS else str(size.height),
        "source": f"http://{address}{size.path}",
        "url": f"{photo.page}sizes/{size.kind.extra}/",
        "media": "photo",
    }
    return Element(name="size", attributes=attributes)


def _players(photo: MadePhoto) -> Iterator[Element]:
    player = {"label": "Video Player", "width": str(photo.width), "height": str(photo.height)}
    source = f"https://www.flickr.com/apps/video/stewart.swf?photo_id={photo.id}"
    end = {"url": photo.page, "media": "video"}
    yield Element(name="size", attributes={**player, "source": source, **end})
    for label in ("700", "iphone_wifi"):
        # Their sizes are not told.
        file = {"label": label, "width": "", "height": "", "source": f"{photo.page}play/{label}/"}
        yield Element(name="size", attributes={**file, **end})
