"""Demo: ``flickr.photos.comments.getList``: all comments on a photo, in one reply.

https://www.flickr.com/services/api/flickr.photos.comments.getList.html
"""

from smart_image_scraper.demo.markup import Element, Value
from smart_image_scraper.demo.methods.call import Call
from smart_image_scraper.demo.record import MadePhoto
from smart_image_scraper.demo.remarks import Remark, comments_on
from smart_image_scraper.demo.replies import element_reply


def get_comments(call: Call) -> str:
    """Answer with every comment, however many there are."""
    photo = call.photo()
    comments = tuple(_comment(photo, remark, call=call) for remark in comments_on(photo))
    element = Element(
        name="comments",
        attributes={"photo_id": photo.id},
        children=comments,
        listed="comment",
    )
    return element_reply(element, wire=call.wire)


def _comment(photo: MadePhoto, remark: Remark, *, call: Call) -> Element:
    author = remark.author
    comment_id = f"7215764{remark.number:010d}"
    attributes: dict[str, Value] = {
        "id": f"{photo.owner.nsid.partition('@')[0]}-{photo.id}-{comment_id}",
        "author": author.nsid,
        "author_is_deleted": int(author.is_deleted or call.changes.is_closed(author.nsid)),
        "authorname": author.name,
        "iconserver": "65535",
        "iconfarm": 66,
        "datecreate": str(remark.created),
        "permalink": f"{photo.page}#comment{comment_id}",
        "path_alias": author.alias,
        "realname": author.real_name,
    }
    return Element(name="comment", attributes=attributes, text=remark.text)
