"""Search: a page of results of ``flickr.photos.search``.

https://www.flickr.com/services/api/flickr.photos.search.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from xml.etree.ElementTree import Element

from smart_image_scraper.search.flickr.reply import part
from smart_image_scraper.search.flickr.values import whole_number

Row = Mapping[str, str]
"""One photo of a page: its values by Flickr's names, all as text; what is null is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of results.

    Attributes:
        rows: The photos, in Flickr's order.
        pages: How many pages Flickr says there are. Not capped at what it will show.
        per_page: How many rows Flickr puts on a full page.
        total: How many results Flickr says there are: an estimate, which differs from one page
            to the next by several per cent.
    """

    rows: tuple[Row, ...] = ()
    pages: int | None = None
    per_page: int | None = None
    total: int | None = None

    def as_text(self) -> str:
        """Write the page as JSON."""
        rows = [dict(row) for row in self.rows]
        return json.dumps([rows, self.pages, self.per_page, self.total])

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what :meth:`as_text` wrote."""
        rows, pages, per_page, total = json.loads(text)
        return cls(rows=tuple(rows), pages=pages, per_page=per_page, total=total)


def read_page(reply: Element) -> Page:
    """Read a page.

    Raises:
        TransientError: The reply holds none.
    """
    photos = part(reply, "photos")
    return Page(
        rows=tuple(_row(photo) for photo in photos.iterfind("photo")),
        pages=whole_number(photos.get("pages")),
        per_page=whole_number(photos.get("perpage"), least=1),
        total=whole_number(photos.get("total")),
    )


def _row(photo: Element) -> Row:
    # The description is an element within the photo; everything else is an attribute.
    texts = {each.tag: each.text or "" for each in photo if not each.attrib and not len(each)}
    return {**texts, **photo.attrib}
