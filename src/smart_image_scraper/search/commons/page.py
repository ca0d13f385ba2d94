"""Search: one page of Wikimedia Commons, which is a file's, as a photo.

https://www.mediawiki.org/wiki/API:Imageinfo
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from smart_image_scraper.photo import Owner, Photo, PhotoId, SearchHit, Size
from smart_image_scraper.photo.account_id import bare_account, commons_account
from smart_image_scraper.search.commons.dates import taken_date
from smart_image_scraper.search.commons.licenses import license_of
from smart_image_scraper.search.commons.text import links_in, plain_text
from smart_image_scraper.search.values import mapping, moment, point, sequence, text, whole_number

THUMBNAIL_WIDTHS = (250, 330, 500, 960, 1280, 1920, 3840)
"""The widths, in pixels, in which thumbnails may be asked for, without those of no use here.

https://www.mediawiki.org/wiki/Common_thumbnail_sizes; others are refused, or come much slower.
"""

METADATA = (
    "Artist",
    "Attribution",
    "Categories",
    "DateTimeOriginal",
    "DeletionReason",
    "GPSLatitude",
    "GPSLongitude",
    "ImageDescription",
    "License",
    "LicenseShortName",
    "LicenseUrl",
    "NonFree",
    "UsageTerms",
)
"""What is read of a file's ``extmetadata``."""

Page = Mapping[str, Any]

_BITMAP = "BITMAP"
_THUMBNAIL = re.compile(r"(.*/(?:lossy-)?(?:page\d+-)?)(\d+)(px-[^/]+)")
_FLICKR = frozenset({"flickr.com", "www.flickr.com", "secure.flickr.com"})
_NSID = re.compile(r"/(?:people|photos)/(\d+@N\d\d)(?:/|$)")
_USER = re.compile(r"(?:^|[/:])User:([^/#?&]+)", re.IGNORECASE)
_NOBODY = frozenset({"unknown", "unknown author"})
# Categories of whose work a file is, and who judged it, name people.
_OF_PEOPLE = re.compile(
    r"\b(?:user|usr)\b"
    r"|\b(?:files|images|media|photo(?:graph)?s|pictures|uploads|works|"
    r"confirmed|created|donated|made|reviewed|taken|uploaded|verified) by\b",
    re.IGNORECASE,
)


def photo_id(page: Page) -> PhotoId:
    """Return the page's photo id.

    Raises:
        ValueError: The page has none, or shows no file: it was deleted or hidden meanwhile.
    """
    if not _address(_file_of(page)):
        raise ValueError("the page shows no file")
    return PhotoId(f"commons:{page.get('pageid', '')}")


def is_video(page: Page) -> bool:
    """Tell whether the page's file is no picture, which comes although pictures were asked for."""
    return bool(_file_of(page).get("mediatype", _BITMAP) != _BITMAP)


def read_photo(page: Page, *, hit: SearchHit | None = None) -> Photo:
    """Read a page. A value that is missing or malformed becomes ``None``.

    Args:
        page: As the API sent it, with ``imageinfo``.
        hit: The search that found it, if one did.

    Raises:
        ValueError: The page has no id, or shows no file.
    """
    file = _file_of(page)
    told = _metadata(file)
    texts = {name: shown for name, value in told.items() if (shown := plain_text(value))}
    owner = _owner(file, artist=told.get("Artist"), credit=texts.get("Attribution"))
    return Photo(
        id=photo_id(page),
        title=_title(page),
        description=texts.get("ImageDescription"),
        tags=tuple(_categories(str(told.get("Categories", "")), people=_names(file, owner=owner))),
        license=license_of(texts),
        owner=owner,
        uploaded_at=moment(file.get("timestamp")),
        taken=taken_date(texts.get("DateTimeOriginal")),
        coordinates=point(texts.get("GPSLatitude"), texts.get("GPSLongitude")),
        sizes=tuple(_sizes(file)),
        searches=() if hit is None else (hit,),
    )


def _file_of(page: Page) -> Mapping[str, Any]:
    versions = sequence(page.get("imageinfo"))
    return mapping(next(iter(versions), None))


def _metadata(file: Mapping[str, Any]) -> Mapping[str, Any]:
    told = mapping(file.get("extmetadata"))
    return {name: each["value"] for name, each in told.items() if "value" in mapping(each)}


def _title(page: Page) -> str | None:
    name = str(page.get("title", "")).removeprefix("File:")
    return name.rpartition(".")[0] or name or None


def _owner(
    file: Mapping[str, Any],
    *,
    artist: Any,  # noqa: ANN401 — any JSON
    credit: str | None,
) -> Owner | None:
    """Return the author, by the author's account where one is linked, and else the uploader's."""
    uploader = file.get("user")
    accounts = filter(None, map(_account, links_in(artist)))
    account = next(accounts, commons_account(str(uploader)) if uploader else None)
    author = plain_text(artist)
    if author is not None and author.casefold() in _NOBODY:
        author = None
    owner = Owner(id=account, name=author, credit=credit)
    return None if owner == Owner() else owner


def _account(link: str) -> str | None:
    """Return the account that a link leads to; ``None`` if it leads elsewhere."""
    try:
        url = urlsplit(link)
    except ValueError:
        return None
    if url.hostname in _FLICKR and (found := _NSID.search(url.path)):
        return found[1]
    if not f".{url.hostname}".endswith((".wikimedia.org", ".wikipedia.org")):
        return None
    # One user's accounts have one name at all of Wikimedia's sites. A user without a page of the
    # own is linked by the address that would make one.
    title = parse_qs(url.query).get("title", [unquote(url.path)])[0]
    user = _USER.search(title)
    return commons_account(user[1]) if user else None


def _names(file: Mapping[str, Any], *, owner: Owner | None) -> Sequence[str]:
    """Return what the author and whoever uploaded the file are called."""
    of_owner = (owner.name, bare_account(owner.id or "")) if owner else ()
    uploader = text(file.get("user"))
    names = (*of_owner, uploader and bare_account(commons_account(uploader)))
    return [name for name in names if name]


def _categories(told: str, *, people: Sequence[str]) -> Iterator[str]:
    forms = [_OF_PEOPLE, *map(_as_word, people)]
    for category in filter(None, told.split("|")):
        if not any(form.search(category) for form in forms):
            yield category


def _as_word(name: str) -> re.Pattern[str]:
    form = re.escape(name)
    # Many scripts have no spaces between words.
    return re.compile(rf"(?<!\w){form}(?!\w)" if name.isascii() else form, re.IGNORECASE)


def _address(file: Mapping[str, Any]) -> str:
    """Return where the file is; empty if that is not told."""
    return text(file.get("url")) or ""


def _sizes(file: Mapping[str, Any]) -> Iterator[Size]:
    """Yield what may be asked for, largest first."""
    width, height = whole_number(file.get("width")), whole_number(file.get("height"))
    yield Size(label="original", url=_address(file), width=width, height=height)
    thumbnail = _THUMBNAIL.fullmatch(str(file.get("thumburl", "")).partition("?")[0])
    if thumbnail is None or width is None or height is None:
        return
    for step in sorted(THUMBNAIL_WIDTHS, reverse=True):
        if step < width:
            # As MediaWiki rounds it.
            high = int(height * step / width + 0.5)
            label, address = str(max(step, high)), f"{thumbnail[1]}{step}{thumbnail[3]}"
            yield Size(label=label, url=address, width=step, height=high)
