"""Search: the comments on one photo, by ``flickr.photos.comments.getList``.

https://www.flickr.com/services/api/flickr.photos.comments.getList.html. All of them come in one
reply: 1,329 were seen in one. The dates that the method takes as limits are not used.
"""

from xml.etree.ElementTree import Element

from smart_image_scraper.photo import Comment, PhotoId
from smart_image_scraper.search.flickr.client import FlickrClient
from smart_image_scraper.search.flickr.reply import part
from smart_image_scraper.search.flickr.values import unix_time, yes_or_no


async def get_comments(flickr: FlickrClient, photo_id: PhotoId) -> tuple[Comment, ...]:
    """Ask for a photo's comments, the oldest first; see ``FlickrClient.ask``."""
    return await flickr.ask("flickr.photos.comments.getList", photo_id, read=read_comments)


def read_comments(reply: Element) -> tuple[Comment, ...]:
    """Read comments, in Flickr's order. A value that is missing or malformed becomes ``None``.

    Raises:
        TransientError: The reply holds no list of comments, not even an empty one.
    """
    return tuple(_comment(each) for each in part(reply, "comments").iterfind("comment"))


def _comment(told: Element) -> Comment:
    return Comment(
        id=told.get("id") or None,
        author_id=told.get("author") or None,
        author_name=told.get("authorname") or None,
        author_path_alias=told.get("path_alias") or None,
        author_real_name=told.get("realname") or None,
        author_is_deleted=yes_or_no(told.get("author_is_deleted")),
        written_at=unix_time(told.get("datecreate")),
        text=told.text or "",
    )
