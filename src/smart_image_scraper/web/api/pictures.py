"""Serve: thumbnails, many at once or one by one, and the files themselves."""

import struct
from functools import partial
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, Field

from smart_image_scraper.errors import InspectError
from smart_image_scraper.exif import strip
from smart_image_scraper.photo import Photo, PhotoId
from smart_image_scraper.web.access import Visitor
from smart_image_scraper.web.api.given import Decoding, Person, Reading, ServedHere
from smart_image_scraper.web.media import Media
from smart_image_scraper.web.served import Served

router = APIRouter(tags=["pictures"])

_FOR_GOOD = "private, max-age=31536000, immutable"
_AS_ITSELF = "application/octet-stream"
_SHOWN_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/tiff"})


class Wanted(BaseModel):
    """Thumbnails that are wanted."""

    ids: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=256)]
    edge: Literal[160, 320, 640] = 320


@router.post("/api/thumbs", response_class=Response)
async def thumbs(
    *, wanted: Wanted, served: ServedHere, reading: Reading, decoding: Decoding
) -> Response:
    """Return thumbnails in one answer.

    For each id, in order: the length of a JPEG file in four bytes, the lowest first, then the file;
    the length is 0 where there is none.
    """
    # What is there needs no decoding, and waits for nobody's.
    shown, files = await to_thread.run_sync(_kept, served, wanted, limiter=reading)
    if lacking := [each for each in shown if each is not None and each not in files]:
        make = partial(_made, served.media, lacking, edge=wanted.edge)
        files |= await to_thread.run_sync(make, limiter=decoding)
    return Response(_packed(shown, files), media_type=_AS_ITSELF)


@router.get("/media/{photo_id}/{size}", response_class=Response)
async def picture(
    *,
    photo_id: str,
    size: Literal["160", "320", "640", "1280", "full"],
    served: ServedHere,
    visitor: Person,
    reading: Reading,
    decoding: Decoding,
    request: Request,
    v: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Return a photo's picture. With ``v``, its ``picture``, a browser keeps it for good."""
    shown = _picture(served, photo_id)
    if shown is None:
        raise HTTPException(404, "the photo has no file here; `sis download` fetches it")
    headers = {
        # A viewer gets files without what is personal in them.
        "ETag": f'"{shown}-{size}-{visitor.role}"',
        "Cache-Control": _FOR_GOOD if v == shown else "private, no-cache",
    }
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if size == "full":
        read = partial(_whole, served, photo_id, visitor=visitor)
        whole, media_type = await to_thread.run_sync(read, limiter=decoding)
        return Response(whole, media_type=media_type, headers=headers)
    find = partial(served.media.kept_thumbnail, shown, edge=int(size))
    content = await to_thread.run_sync(find, limiter=reading)
    if content is None:
        make = partial(served.media.thumbnail, shown, edge=int(size))
        content = await to_thread.run_sync(make, limiter=decoding)
    if content is None:
        raise _gone()
    return Response(content, media_type="image/jpeg", headers=headers)


def _kept(served: Served, wanted: Wanted) -> tuple[list[str | None], dict[str, bytes | None]]:
    """Return the picture of each photo, ``None`` without one, and the thumbnails that are there."""
    snapshot = served.library.snapshot()
    known = [PhotoId.trusted(each) for each in wanted.ids if each in snapshot]
    pictures = {str(card.id): card.picture for card in snapshot.cards(known)}
    files: dict[str, bytes | None] = {}
    for each in pictures.values():
        if each is not None and (content := served.media.kept_thumbnail(each, edge=wanted.edge)):
            files[each] = content
    return [pictures.get(each) for each in wanted.ids], files


def _made(media: Media, pictures: list[str], *, edge: int) -> dict[str, bytes | None]:
    return {each: media.thumbnail(each, edge=edge) for each in pictures}


def _packed(pictures: list[str | None], files: dict[str, bytes | None]) -> bytes:
    parts = []
    for each in pictures:
        content = (files[each] if each is not None else None) or b""
        parts += [struct.pack("<I", len(content)), content]
    return b"".join(parts)


def _picture(served: Served, photo_id: str) -> str | None:
    snapshot = served.library.snapshot()
    if photo_id not in snapshot:
        raise HTTPException(404, f"there is no photo {photo_id[:200]!r} here")
    return snapshot.cards([PhotoId.trusted(photo_id)])[0].picture


def _whole(served: Served, photo_id: str, *, visitor: Visitor) -> tuple[bytes, str]:
    """Return a photo's file with its media type; to viewers, without metadata."""
    stored = next(served.store().get([PhotoId.trusted(photo_id)]), None)
    file = stored.photo.file if stored is not None else None
    content = served.media.read_file(file.path) if file is not None else None
    if stored is None or file is None or content is None:
        raise _gone()
    if not (visitor.is_curator or _is_stripped(stored.photo)):
        try:
            content = strip(content, name=photo_id)
        except InspectError as error:
            raise HTTPException(
                409, "the file holds metadata that cannot be taken out, so only curators get it"
            ) from error
    return content, file.media_type if file.media_type in _SHOWN_TYPES else _AS_ITSELF


def _is_stripped(photo: Photo) -> bool:
    return photo.inspection is not None and photo.inspection.stripped


def _gone() -> HTTPException:
    return HTTPException(404, "the photo's file is not in the workspace any more")
