"""Demo: an imitation of Wikimedia Commons, for tests: its API and its files, on loopback.

It has the quirks that a client must know: replies that come in parts, pages in the order of their
ids, thumbnails in some widths alone, refusals without a word of when to come again.
"""

import asyncio
import io
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from smart_image_scraper.demo.catalogue import Catalogue
from smart_image_scraper.demo.commons_pages import (
    LICENSES,
    STEPS,
    categories_of,
    file_name,
    image_info_of,
    original_path,
    stub_of,
    thumbnail_path,
)
from smart_image_scraper.demo.drawing import draw
from smart_image_scraper.demo.mediawiki_api import MediaWikiApi
from smart_image_scraper.demo.metadata import exif_of
from smart_image_scraper.demo.record import MadePhoto
from smart_image_scraper.demo.two_ports import TwoPorts
from smart_image_scraper.photo import Coordinates
from smart_image_scraper.photo.geography import great_circle_km

_NEAR = re.compile(r"nearcoord:(\d+)km,(-?\d+\.?\d*),(-?\d+\.?\d*)")
_CATEGORY = re.compile(r'incategory:"([^"]+)"')
_MOST_SHOWN = 10_000


class CommonsSite(MediaWikiApi, TwoPorts):
    """An imitation of Wikimedia Commons, on two ports of 127.0.0.1 while its context is entered.

    The API and the files have an address each. It answers searches for bitmaps, with their
    ``imageinfo``.

    Args:
        catalogue: What it holds: of these photos, those under licences that Commons takes.
        per_reply: Of so many pages at most ``imageinfo`` comes with one reply.

    Attributes:
        photos: Those photos.
        fetched: The paths of all files that were asked for so far.
        busiest_files: The most files that were asked for at the same time.
    """

    def __init__(self, catalogue: Catalogue, *, per_reply: int = 50) -> None:
        super().__init__()
        self.catalogue = catalogue
        self.photos = [
            photo
            for photo in catalogue.photos
            if photo.license in LICENSES and photo.media == "photo"
        ]
        self.fetched: list[str] = []
        self.busiest_files = 0
        self._per_reply = per_reply
        self._open_files = 0
        self._refused_files: deque[int] = deque()
        self._files = dict(_paths(self.photos))

    def _add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/w/api.php", self._api)
        router.add_get("/wikipedia/commons/{path:.*}", self._file)

    def refuse(self, part: str, *statuses: int) -> None:
        """Answer the next requests for a part, ``api`` or ``files``, by these statuses alone."""
        if part == "api":
            self.refuse_calls(*statuses)
        else:
            self._refused_files.extend(statuses)

    def find(self, text: str) -> list[MadePhoto]:
        """Return what a search finds, the most relevant first."""
        words = _NEAR.sub("", _CATEGORY.sub("", text)).replace("filetype:bitmap", "").strip()
        circles = [tuple(map(float, numbers)) for numbers in _NEAR.findall(text)]
        groups = [set(names.split("|")) for names in _CATEGORY.findall(text)]
        held = {photo.id for photo in self.photos}
        found = self.catalogue.find(text=words) if words else self.photos
        return [
            photo
            for photo in found
            if photo.id in held
            and all(group & {*categories_of(photo)} for group in groups)
            and all(_is_within(photo, *circle) for circle in circles)
        ]

    async def _api(self, request: web.Request) -> web.Response:
        return self._instead(request) or web.json_response(self._batch(request.query))

    def _batch(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """Return the part of a batch that is asked for."""
        found = self.find(asked["gsrsearch"])[:_MOST_SHOWN]
        begin, count = int(asked.get("gsroffset", 0)), int(asked["gsrlimit"])
        batch = found[begin : begin + count]
        told = int(asked["iicontinue"].partition("|")[0]) if "iicontinue" in asked else 0
        upto = told + self._per_reply
        pages = [stub_of(photo, index=begin + at + 1) for at, photo in enumerate(batch)]
        width = int(asked["iiurlwidth"])
        for at in range(told, min(upto, len(batch))):
            info = image_info_of(batch[at], address=self.addresses[1], width=width)
            pages[at] |= {"imagerepository": "local", "imageinfo": [info]}
        reply: dict[str, Any] = {"batchcomplete": True} if upto >= len(batch) else {}
        if upto < len(batch):
            following = {"iicontinue": f"{upto}|{file_name(batch[upto])}", "continue": "||"}
            reply["continue"] = ({"gsroffset": begin} if begin else {}) | following
        elif begin + count < len(found):
            reply["continue"] = {"gsroffset": begin + count, "continue": "gsroffset||"}
        # The order is that of the ids, and the rank stands beside.
        pages.sort(key=lambda page: int(page["pageid"]))
        return reply | ({"query": {"pages": pages}} if pages else {})

    async def _file(self, request: web.Request) -> web.Response:
        self._open_files += 1
        self.busiest_files = max(self.busiest_files, self._open_files)
        try:
            await asyncio.sleep(0.01)
            return await self._file_reply(request)
        finally:
            self._open_files -= 1

    async def _file_reply(self, request: web.Request) -> web.Response:
        # Decoded, since clients write one path in several ways.
        path = request.path
        self.fetched.append(path)
        if self._refused_files:
            return web.Response(status=self._refused_files.popleft())
        asked = re.fullmatch(r"(.*/)(\d+)(px-.*)", path)
        if asked is not None and int(asked[2]) not in STEPS:
            return web.Response(status=429, text="Use thumbnail sizes listed on w.wiki/GHai")
        if (known := self._files.get(path)) is None:
            return web.Response(status=404)
        photo, width = known
        body = await asyncio.to_thread(_drawn, photo, width)
        return web.Response(body=body, content_type="image/jpeg")


def _is_within(photo: MadePhoto, *circle: float) -> bool:
    radius_km, latitude, longitude = circle
    if not photo.is_geotagged:
        return False
    there = Coordinates(latitude=photo.latitude, longitude=photo.longitude)
    centre = Coordinates(latitude=latitude, longitude=longitude)
    return great_circle_km(centre, there) <= radius_km


def _paths(photos: Sequence[MadePhoto]) -> Iterator[tuple[str, tuple[MadePhoto, int]]]:
    for photo in photos:
        yield unquote(original_path(photo)), (photo, photo.width)
        for step in STEPS:
            if step < photo.width:
                yield unquote(thumbnail_path(photo, width=step)), (photo, step)


@lru_cache(maxsize=64)
def _drawn(photo: MadePhoto, width: int) -> bytes:
    height = int(photo.height * width / photo.width + 0.5)
    file = io.BytesIO()
    # Thumbnails carry no more than what names the author.
    draw(photo).resize((width, height)).save(file, "JPEG", quality=88, exif=exif_of(photo))
    return file.getvalue()
