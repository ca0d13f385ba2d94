"""Demo: recorded search replies and a folder of real photos, served as the real Flickr would."""

import re
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image

from smart_image_scraper.demo.changes import Changes
from smart_image_scraper.demo.methods.search import SEARCH
from smart_image_scraper.demo.pictures import Missing, Picture
from smart_image_scraper.demo.replies import wire_of

_IMAGE_HOST = re.compile(rb"https?:(\\?/\\?/)[a-z0-9.-]+\.(?:staticflickr|flickr)\.com(\\?/\d)")
_NOTHING_MORE = (
    b'<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="ok">\n'
    b'<photos page="1" pages="0" perpage="100" total="0" />\n</rsp>\n'
)
_NO_JSON_MORE = b'{"photos":{"page":1,"pages":0,"perpage":100,"total":0,"photo":[]},"stat":"ok"}'
_CACHED_FILES = 256


class RecordedAnswers:
    """Answers every search with a recorded reply: the page's number says which.

    Args:
        replies: A folder, whose ``.xml`` and ``.json`` files are taken in the order of their
            names, or files in the order of the pages.

    Attributes:
        methods: Searches alone.
    """

    methods = frozenset({SEARCH})

    def __init__(self, replies: Path | Sequence[Path]) -> None:
        files = sorted(replies.iterdir()) if isinstance(replies, Path) else replies
        self._replies = {
            ending: [path for path in files if path.suffix == ending]
            for ending in (".xml", ".json")
        }

    def answer(
        self,
        arguments: Mapping[str, str],
        *,
        address: str,
        changes: Changes,  # noqa: ARG002 — as its protocol asks; recordings do not change
    ) -> bytes:
        """Return a recorded body, with the image hosts in it replaced by the given address."""
        json = wire_of(arguments).json
        replies = self._replies[".json" if json else ".xml"]
        number = int(arguments.get("page") or 1)
        if not 1 <= number <= len(replies):
            return _NO_JSON_MORE if json else _NOTHING_MORE
        body = replies[number - 1].read_bytes()
        return _IMAGE_HOST.sub(rb"http:\g<1>" + address.encode() + rb"\g<2>", body)


class FolderPictures:
    """Files of real photos in the place of every photo asked for.

    Args:
        folder: Holds the files; a file's own name gives it, any other name always the same one.
    """

    def __init__(self, folder: Path) -> None:
        self._files = sorted(path for path in folder.iterdir() if path.is_file())
        self._by_name = {path.name: path for path in self._files}

    def picture(self, name: str) -> Picture | Missing:
        """Return the file for the last part of a path."""
        if not self._files:
            return Missing.UNKNOWN
        photo_id = name.partition("_")[0]
        position = zlib.crc32(photo_id.encode()) % len(self._files)
        return _read(self._by_name.get(name, self._files[position]))


class NoPictures:
    """An image host that has lost every photo."""

    def picture(self, name: str) -> Picture | Missing:  # noqa: ARG002 — as its protocol asks
        """Return that there is none."""
        return Missing.UNKNOWN


@lru_cache(maxsize=_CACHED_FILES)
def _read(path: Path) -> Picture:
    with Image.open(path) as image:
        width, height = image.size
        media_type = Image.MIME.get(image.format or "", "image/jpeg")
    return Picture(body=path.read_bytes(), media_type=media_type, width=width, height=height)
