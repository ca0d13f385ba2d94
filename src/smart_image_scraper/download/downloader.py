"""Download: from a photo's offered sizes to its checked file."""

import asyncio
import hashlib
import os
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from multidict import CIMultiDict
from yarl import URL

from smart_image_scraper.download.files import Files
from smart_image_scraper.download.images import ImageFacts, examine
from smart_image_scraper.download.opt_out import wish
from smart_image_scraper.download.sizes import in_order, parse_size
from smart_image_scraper.errors import (
    AddressError,
    DownloadError,
    NetworkError,
    StatusError,
    TooLargeError,
)
from smart_image_scraper.net.guard import parse_url
from smart_image_scraper.photo import Photo, Size, StoredFile

if TYPE_CHECKING:
    from smart_image_scraper.net import HttpClient, Reply

_GONE = frozenset({404, 410})
_FORBIDDEN = frozenset({401, 403})
_THROTTLED = frozenset({429, 503})
_SERVER_ERROR = 500

# Where a site's images really are; Flickr's were at farm4.static.flickr.com and the like before. A
# site that is not listed may have them anywhere.
_IMAGE_HOSTS = {
    "commons": ("upload.wikimedia.org",),
    "flickr": ("staticflickr.com", "static.flickr.com"),
    "inaturalist": ("inaturalist-open-data.s3.amazonaws.com", "static.inaturalist.org"),
}

# What Flickr redirects to when a photo or video is not to be had.
_PLACEHOLDERS = ("photo_unavailable", "/pw/images/")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What reading a file back tells of it."""

    facts: ImageFacts
    sha256: str
    bytes: int


class Downloader:
    """Bring photos' files into a workspace: whole, checked, named by their content.

    Args:
        client: Sends the requests.
        files: The workspace's ``files`` folder; made if it is missing.
        size: ``original``, or the longer edge in pixels; what comes nearest is taken, rather
            larger than smaller.
        honour_opt_out: Whether photos whose site says ``noai`` or the like are left alone.
        max_bytes: The largest file.
        max_pixels: The most pixels of a JPEG; of other kinds, which must be decoded whole, a
            quarter of it.

    Attributes:
        files: Where they are kept. What :meth:`download` and :meth:`adopt` keep is to be claimed
            there once a record names it.

    Raises:
        UsageError: The size is neither ``original`` nor a number.
        WorkspaceError: The folder cannot be written.
    """

    def __init__(
        self,
        client: "HttpClient",
        *,
        files: Path,
        size: str = "1024",
        honour_opt_out: bool = True,
        max_bytes: int = 64 * 1024 * 1024,
        max_pixels: int = 200_000_000,
    ) -> None:
        self._client = client
        self._edge = parse_size(size)
        self.files = Files(files)
        self._honour_opt_out = honour_opt_out
        self._max_bytes = max_bytes
        self._max_pixels = max_pixels
        # Pillow decodes without holding Python's lock, so threads use every core. More of them
        # than cores would only hold more images in memory.
        self._cores = asyncio.Semaphore(os.cpu_count() or 1)

    async def download(self, photo: Photo) -> StoredFile:
        """Fetch a photo's file in the wanted size, or the next best that is to be had.

        Raises:
            DownloadError: The site does not have or give the file, asks not to use it, or what
                came is no whole image. The reason is one of ``not-offered``, ``not-found``,
                ``forbidden``, ``unavailable``, ``opted-out``, ``address``, ``too-large``,
                ``too-many-pixels``, ``not-an-image``, ``refused``, and, worth another try in a
                later run, ``damaged``, ``throttled``, ``server-error``, ``network``, and
                ``not-an-image`` if it is a text.
            WorkspaceError: The disk is full, or the folder cannot be written.
        """
        refusal: NetworkError | None = None
        gone = 0
        for size in in_order(photo.sizes, edge=self._edge):
            try:
                return await self._download_size(size, photo=photo)
            except NetworkError as error:
                refusal = error
                status = error.status if isinstance(error, StatusError) else None
                # Owners can forbid single sizes, so a 403 is about this one. A second 404 says
                # that the photo is no more; to ask for every size would only cost requests.
                gone += status in _GONE
                if status not in _GONE | _FORBIDDEN or gone > 1:
                    break
        if refusal is None:
            raise DownloadError(f"{photo.id}: the site offers no file", reason="not-offered")
        raise _failure(refusal, photo=photo) from refusal

    def adopt(self, path: Path) -> StoredFile:
        """Copy a local file into the workspace, with the same checks. It blocks.

        Raises:
            DownloadError: The file is ``unreadable``, ``too-large``, or no whole image.
            WorkspaceError: The disk is full, or the folder cannot be written.
        """
        try:
            if path.stat().st_size > self._max_bytes:
                raise DownloadError(
                    f"{path} is over the limit of {self._max_bytes} bytes", reason="too-large"
                )
            content = path.read_bytes()
        except OSError as error:
            raise DownloadError(
                f"{path} cannot be read ({error.strerror}); check the path and its permissions",
                reason="unreadable",
                retryable=True,
            ) from error
        examined = self._examine(content, name=str(path))
        kept = self.files.write_unclaimed(
            content, sha256=examined.sha256, ending=examined.facts.ending
        )
        return _stored(examined, path=kept, url=None)

    async def _download_size(self, size: Size, *, photo: Photo) -> StoredFile:
        if not self._is_image_host(size.url, photo=photo):
            raise DownloadError(
                f"{photo.id}: {size.url} is not on a host of the site's images", reason="address"
            )
        with self.files.incoming() as file:
            await self._client.fetch(
                size.url, to=file, max_bytes=self._max_bytes, check=partial(self._check, photo)
            )
            file.flush()
            path = Path(file.name)
            async with self._cores:
                content = await asyncio.to_thread(self._read_back, path, name=photo.id)
            kept = await _to_its_end(asyncio.to_thread(self._keep, path, content))
            return _stored(content, path=kept, url=size.url)

    def _check(self, photo: Photo, reply: "Reply") -> None:
        """Refuse a reply whose body should not be fetched."""
        placeholder = any(part in URL(reply.url).path for part in _PLACEHOLDERS)
        if placeholder or not self._is_image_host(reply.url, photo=photo):
            raise DownloadError(
                f"{photo.id}: the site shows a placeholder instead of the photo",
                reason="unavailable",
            )
        rule = wish(CIMultiDict(reply.headers).getall("X-Robots-Tag", []))
        if rule is not None and self._honour_opt_out:
            raise DownloadError(
                f"{photo.id}: the site asks not to use the photo (X-Robots-Tag: {rule})",
                reason="opted-out",
            )

    def _is_image_host(self, address: str, *, photo: Photo) -> bool:
        url = parse_url(address)
        domains = _IMAGE_HOSTS.get(photo.id.site)
        return (
            domains is None
            or any(f".{url.host}".endswith(f".{domain}") for domain in domains)
            or url.host_port_subcomponent in self._client.allow
        )

    def _read_back(self, path: Path, *, name: str) -> _Content:
        # What counts is what lies on the disk; it is still in memory there.
        return self._examine(path.read_bytes(), name=name)

    def _examine(self, content: bytes, *, name: str) -> _Content:
        facts = examine(content, name=name, max_pixels=self._max_pixels)
        return _Content(facts=facts, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))

    def _keep(self, path: Path, content: _Content) -> str:
        return self.files.keep_unclaimed(path, sha256=content.sha256, ending=content.facts.ending)


def _stored(content: _Content, *, path: str, url: str | None) -> StoredFile:
    return StoredFile(
        path=path,
        sha256=content.sha256,
        media_type=content.facts.media_type,
        bytes=content.bytes,
        width=content.facts.width,
        height=content.facts.height,
        url=url,
        fetched_at=datetime.now(UTC),
    )


async def _to_its_end(keeping: Coroutine[Any, Any, str]) -> str:
    """Return what is kept even if the caller is cancelled meanwhile; it is cancelled afterwards.

    A thread cannot be cancelled: the file would be in its place, and nobody would know.
    """
    kept = asyncio.ensure_future(keeping)
    try:
        return await asyncio.shield(kept)
    except asyncio.CancelledError:
        path = await kept
        if task := asyncio.current_task():
            task.cancel()
        return path


def _failure(error: NetworkError, *, photo: Photo) -> DownloadError:
    """Say of which kind a refusal is, and whether a later run may fare better."""
    match error:
        case StatusError(status=status) if status in _GONE:
            reason, retryable = "not-found", False
        case StatusError(status=status) if status in _FORBIDDEN:
            reason, retryable = "forbidden", False
        case StatusError(status=status) if status in _THROTTLED:
            reason, retryable = "throttled", True
        case StatusError(status=status) if status >= _SERVER_ERROR:
            reason, retryable = "server-error", True
        case StatusError():
            reason, retryable = "refused", False
        case AddressError():
            reason, retryable = "address", False
        case TooLargeError():
            reason, retryable = "too-large", False
        case _:
            reason, retryable = "network", True
    return DownloadError(f"{photo.id}: {error}", reason=reason, retryable=retryable)
