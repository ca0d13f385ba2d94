"""Serve: pictures, from the workspace's files alone.

A picture is known by the first 16 hexadecimal digits of its file's digest, by which the files and
thumbnails in the workspace are named: whatever stands in the database, no other file is read.
"""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from smart_image_scraper.damage import PILLOW_ERRORS
from smart_image_scraper.images import open_upright
from smart_image_scraper.pipeline.thumbnails import (
    THUMBNAIL_EDGE,
    encode_thumbnail,
    thumbnail_of,
)

_PICTURE = re.compile(r"[0-9a-f]{16}")
_NAME = re.compile(r"([0-9a-f]{64})(?:-([0-9]{3,4}))?\.[a-z0-9]{1,8}")


class Media:
    """The pictures in a workspace. Every method may be called from any thread.

    Args:
        workspace: Has the folders ``files`` and ``thumbs``.
    """

    def __init__(self, workspace: Path) -> None:
        # Resolved once: each file that is read is held to be in there, links followed.
        self._files = Path(os.path.realpath(workspace / "files"))
        self._thumbnails = Path(os.path.realpath(workspace / "thumbs"))

    def kept_thumbnail(self, picture: str, *, edge: int) -> bytes | None:
        """Return a thumbnail that is there; ``None`` if it has to be made first.

        It is read in a tenth of a millisecond.
        """
        kept = self._kept(picture)
        return _read(kept[edge], root=self._thumbnails) if edge in kept else None

    def thumbnail(self, picture: str, *, edge: int) -> bytes | None:
        """Return a thumbnail as a JPEG file; ``None`` if there is no file that shows anything.

        One that is not there yet is made of the file, which takes up to a second of one core, and
        kept.

        Args:
            picture: Which.
            edge: One of ``EDGES``: the longer edge, in pixels.
        """
        kept = self._kept(picture)
        if edge in kept:
            return _read(kept[edge], root=self._thumbnails)
        original = self.original(picture)
        # A small one is made of the next one in a tenth of the time.
        source = kept.get(THUMBNAIL_EDGE) if edge < THUMBNAIL_EDGE else None
        content = _made(source, root=self._thumbnails, edge=edge) if source else None
        content = content or _made(original, root=self._files, edge=edge)
        if content is not None and original is not None:
            self._keep(content, original=original, edge=edge)
        return content

    def original(self, picture: str) -> Path | None:
        """Return where the file of a picture is; ``None`` if it is not there."""
        folder = _folder(self._files, picture)
        found = [path for path in _named(folder, picture) if _NAME.fullmatch(path.name)]
        return found[0] if found else None

    def read_file(self, relative: str) -> bytes | None:
        """Return the file that a record names; ``None`` if it is not there, or not a file of ours.

        Args:
            relative: Its path below the folder ``files``.
        """
        return _read(self._files / relative, root=self._files)

    def _kept(self, picture: str) -> dict[int, Path]:
        """Return the thumbnails that are there, by their edges."""
        kept = {}
        for path in _named(_folder(self._thumbnails, picture), picture):
            if match := _NAME.fullmatch(path.name):
                kept[int(match[2] or THUMBNAIL_EDGE)] = path
        return kept

    def _keep(self, content: bytes, *, original: Path, edge: int) -> None:
        """Keep a thumbnail beside the others; if that cannot be, it is made again next time."""
        relative = original.relative_to(self._files).as_posix()
        path = self._thumbnails / thumbnail_of(relative, edge=edge)
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                beside.write_bytes(content)
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)
            # Whoever erases a photo removes its file first and then what is named like it: what
            # was kept too late for that goes here.
            if not original.exists():
                path.unlink(missing_ok=True)


def _folder(root: Path, picture: str) -> Path:
    if not _PICTURE.fullmatch(picture):
        raise ValueError(f"{picture!r} names no picture")
    return root / picture[:2] / picture[2:4]


def _named(folder: Path, picture: str) -> list[Path]:
    try:
        return sorted(folder / name for name in os.listdir(folder) if name.startswith(picture))  # noqa: PTH208 — names are enough, and twice as fast
    except OSError:
        return []


def _read(path: Path, *, root: Path) -> bytes | None:
    """Read a file, unless a link leads out of the folder that it should be in."""
    try:
        whole = os.path.realpath(path, strict=True)
        if not whole.startswith(f"{root}{os.sep}") or not Path(whole).is_file():
            return None
        return Path(whole).read_bytes()
    except (OSError, ValueError, RuntimeError):
        return None


def _made(path: Path | None, *, root: Path, edge: int) -> bytes | None:
    content = _read(path, root=root) if path is not None else None
    if content is None:
        return None
    try:
        return encode_thumbnail(open_upright(content, edge=edge), edge=edge)
    except PILLOW_ERRORS:
        return None
