"""Every recorded reply of Flickr's, read by us and, in another way, by the test.

What a search gives is compared in ``test_recordings.py``.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement
from xml.etree.ElementTree import parse as parse_xml

import pytest

from smart_image_scraper.errors import (
    CredentialsError,
    DeniedError,
    GoneError,
    PhotoError,
    SisError,
    SourceError,
    TransientError,
)
from smart_image_scraper.photo import Comment, License, Note, Photo
from smart_image_scraper.search.flickr.arguments import search_arguments
from smart_image_scraper.search.flickr.comments import read_comments
from smart_image_scraper.search.flickr.exif_tags import ShownTag, read_exif
from smart_image_scraper.search.flickr.info import PhotoInfo, read_info
from smart_image_scraper.search.flickr.licenses import (
    license_named,
    license_of,
    read_license_history,
)
from smart_image_scraper.search.flickr.page import read_page
from smart_image_scraper.search.flickr.refusal import refusal_error
from smart_image_scraper.search.flickr.reply import Refusal, read_reply
from smart_image_scraper.search.query import Query

RECORDINGS = Path(__file__).parents[3] / "../shared/fixtures/flickr"
FILES = sorted(path for path in RECORDINGS.rglob("*") if path.is_file())

pytestmark = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason="the recorded replies are not on this machine"
)

ERRORS: Mapping[str, tuple[str, type[SisError], bool]] = {
    "errors/100_invalid_key.json": ("flickr.photos.search", CredentialsError, False),
    "errors/100_invalid_key.xml": ("flickr.photos.search", CredentialsError, False),
    "errors/99_insufficient_permissions.xml": ("flickr.photos.search", SourceError, False),
    "errors/getInfo_1_invalid_id.xml": ("flickr.photos.getInfo", GoneError, False),
    "errors/getInfo_1_photo_not_found.xml": ("flickr.photos.getInfo", GoneError, False),
    "errors/getInfo_201_json_although_xml_asked.txt": (
        *("flickr.photos.getInfo", TransientError, True),
    ),
    "errors/getInfo_201_unavailable.xml": ("flickr.photos.getInfo", TransientError, True),
    "errors/getInfo_2_private.xml": ("flickr.photos.getInfo", GoneError, False),
    "errors/http400_oauth_problem.txt": ("flickr.photos.getInfo", TransientError, True),
    "errors/people_5_user_deleted.xml": ("flickr.people.getInfo", SourceError, False),
    "comments/error_1_not_found.xml": ("flickr.photos.comments.getList", GoneError, False),
    "getExif/error_1_not_found.xml": ("flickr.photos.getExif", GoneError, False),
    "getExif/error_2_permission_denied.xml": ("flickr.photos.getExif", DeniedError, False),
    "licenses/history_error_1.xml": ("flickr.photos.licenses.getLicenseHistory", GoneError, False),
    "http/429_body.html": ("flickr.photos.search", TransientError, True),
}
"""By file: the method that was called, the error that it is, and whether to try again."""

LEFT = {
    "README.md": "tells where the recordings are from",
    "errors/getInfo_1_invalid_id.xml.headers.json": "headers, which no parser reads",
    "http/53574198477_c.jpg": "an image",
    "http/53574198477_c.jpg.headers.json": "headers, which no parser reads",
    "http/image_404_empty_body.bin": "a missing image",
    "http/image_404_empty_body.bin.headers.json": "headers, which no parser reads",
    "people/getInfo.xml": "accounts are not asked about: a photo's owner comes with the photo",
    "reflection/getMethods.json": "a list of all methods",
    "reflection/getMethodInfo.flickr.people.getInfo.json": "as people/getInfo.xml",
    "reflection/getMethodInfo.flickr.photos.geo.getLocation.json": "getInfo tells the same",
    "reflection/getMethodInfo.flickr.photos.licenses.getInfo.json": "our words are built in",
}


def name_of(path: Path) -> str:
    return path.relative_to(RECORDINGS).as_posix()


def recorded(folder: str, *, pattern: str = "*.*") -> list[Path]:
    found = sorted((RECORDINGS / folder).glob(pattern))
    return [path for path in found if name_of(path) not in {*ERRORS, *LEFT}]


def ours(path: Path) -> Element:
    """Read a reply as the package does."""
    answer = read_reply(path.read_bytes())
    assert isinstance(answer, Element)
    return answer


def told(path: Path) -> Element:
    """Read a reply in another way than the package does."""
    if path.suffix == ".xml":
        return parse_xml(path).getroot()
    root = Element("rsp")
    from_json(json.loads(path.read_text(encoding="utf-8")), root)
    return root


def from_json(values: Mapping[str, Any], element: Element) -> None:
    for name, value in values.items():
        if name == "_content":
            element.text = str(value)
        elif isinstance(value, Mapping):
            from_json(value, SubElement(element, name))
        elif isinstance(value, list):
            for each in value:
                from_json(each, SubElement(element, name))
        elif value is not None:
            element.set(name, str(value))


def test_every_recording_is_read_here_or_left_for_a_reason() -> None:
    read = {
        *recorded("search"),
        *recorded("getInfo"),
        *recorded("getExif"),
        *recorded("getSizes"),
        *recorded("comments"),
        *recorded("licenses"),
        *recorded("reflection"),
    }

    names = {name_of(path) for path in read} | set(ERRORS) | set(LEFT)

    assert names == {name_of(path) for path in FILES}


@pytest.mark.parametrize(("name", "expected"), ERRORS.items(), ids=list(ERRORS))
def test_every_recorded_error_is_the_right_exception(
    name: str, expected: tuple[str, type[SisError], bool]
) -> None:
    method, kind, retryable = expected

    error = error_of((RECORDINGS / name).read_bytes(), method=method)

    assert type(error) is kind
    assert isinstance(error, TransientError) == retryable
    assert not (isinstance(error, PhotoError) and error.retryable)


def error_of(body: bytes, *, method: str) -> SisError | None:
    try:
        answer = read_reply(body)
    except TransientError as error:
        return error
    assert isinstance(answer, Refusal)
    return refusal_error(answer, method=method, api_key="0123")


@pytest.mark.parametrize("path", recorded("search"), ids=name_of)
def test_every_recorded_page_has_its_rows(path: Path) -> None:
    page = read_page(ours(path))

    photos = told(path).find("photos")
    assert photos is not None
    ids = [photo.get("id") for photo in photos.iterfind("photo")]
    assert [row["id"] for row in page.rows] == ids
    assert (str(page.total), str(page.pages)) == (photos.get("total"), photos.get("pages"))


def moment(text: str) -> datetime:
    return datetime.fromtimestamp(int(text), tz=UTC)


def flag(text: str) -> bool:
    return text == "1"


def at(path: str, attribute: str | None = None) -> Callable[[Element], str | None]:
    def find(photo: Element) -> str | None:
        found = photo.find(path)
        if found is None:
            return None
        return (found.text or "") if attribute is None else found.get(attribute)

    return find


def of_photo(name: str) -> Callable[[PhotoInfo], Any]:
    return lambda info: getattr(info.photo, name)


def of_owner(name: str) -> Callable[[PhotoInfo], Any]:
    return lambda info: info.photo.owner and getattr(info.photo.owner, name)


def stated(level: str, part: str) -> Callable[[PhotoInfo], Any]:
    def read(info: PhotoInfo) -> Any:
        name = info.photo.stated_place and getattr(info.photo.stated_place, level)
        return name and getattr(name, part)

    return read


Told = Callable[[Element], str | None]
Check = tuple[Told, Callable[[str], object], Callable[[PhotoInfo], Any]]
INFO: dict[str, Check] = {
    "id": (at(".", "id"), lambda text: f"flickr:{text}", of_photo("id")),
    "title": (at("title"), str, of_photo("title")),
    "description": (at("description"), str, of_photo("description")),
    "license": (at(".", "license"), license_of, of_photo("license")),
    "uploaded_at": (at("dates", "posted"), moment, of_photo("uploaded_at")),
    "changed_at": (at("dates", "lastupdate"), moment, of_photo("changed_at")),
    "views": (at(".", "views"), int, of_photo("views")),
    "safety": (at(".", "safety_level"), int, of_photo("safety")),
    "comment_count": (at("comments"), int, of_photo("comment_count")),
    "owner id": (at("owner", "nsid"), str, of_owner("id")),
    "owner name": (at("owner", "username"), str, of_owner("name")),
    "owner alias": (at("owner", "path_alias"), str, of_owner("path_alias")),
    "owner real name": (at("owner", "realname"), str, of_owner("real_name")),
    "is_public": (at("visibility", "ispublic"), flag, lambda info: info.is_public),
    "may_download": (at("usage", "candownload"), flag, lambda info: info.may_download),
    **{
        f"{level} {part}": (at(f"location/{level}", attribute), str, stated(level, part))
        for level in ("neighbourhood", "locality", "county", "region", "country")
        for part, attribute in (("name", None), ("woe_id", "woeid"), ("place_id", "place_id"))
    },
}


@pytest.mark.parametrize("field", INFO)
@pytest.mark.parametrize("path", recorded("getInfo"), ids=name_of)
def test_every_value_of_a_recorded_photo_is_what_flickr_sent(path: Path, field: str) -> None:
    find, expected, read = INFO[field]

    info = read_info(ours(path))

    photo = told(path).find("photo")
    assert photo is not None
    text = find(photo)
    # Names that are empty are unknown, and a place of the number 0 is none; titles and descriptions
    # that are empty stay so.
    nothing = {None, "0"} if field.endswith("woe_id") else {None, ""}
    is_text = field in {"title", "description"}
    assert read(info) == (None if text in nothing and not is_text else expected(text or ""))


GRANULARITIES = {"0": "second", "4": "month", "6": "year", "8": "circa"}


@pytest.mark.parametrize("path", recorded("getInfo"), ids=name_of)
def test_the_date_and_the_geotag_of_a_recorded_photo_are_believed_as_in_a_search(
    path: Path,
) -> None:
    photo = read_info(ours(path)).photo

    dates, location = told(path).find("photo/dates"), told(path).find("photo/location")
    assert dates is not None
    if photo.taken is None:
        assert dates.get("takenunknown") == "1" or dates.get("taken", "").startswith("0000")
    else:
        assert photo.taken.local.isoformat(" ") == dates.get("taken")
        assert photo.taken.granularity == GRANULARITIES[dates.get("takengranularity", "")]
    if location is None or location.get("accuracy") == "0":
        assert (photo.coordinates, photo.geo_accuracy, photo.geo_context) == (None, None, None)
    else:
        assert geotag(photo) == [
            *(float(location.get(name, "")) for name in ("latitude", "longitude")),
            *(int(location.get(name, "")) for name in ("accuracy", "context")),
        ]


def geotag(photo: Photo) -> list[float | int | None]:
    point = photo.coordinates
    assert point is not None
    return [point.latitude, point.longitude, photo.geo_accuracy, photo.geo_context]


@pytest.mark.parametrize("path", recorded("getInfo"), ids=name_of)
def test_the_tags_of_a_recorded_photo_are_there_as_typed_and_as_searched_for(path: Path) -> None:
    photo = read_info(ours(path)).photo

    tags = list(told(path).iter("tag"))
    machine = [tag.text for tag in tags if tag.get("machine_tag") == "1"]
    assert list(photo.raw_tags) == [tag.get("raw") for tag in tags if tag.get("raw")]
    assert list(photo.tags) == [tag.text for tag in tags if tag.text]
    assert list(photo.machine_tags) == machine


NOTE: dict[str, Callable[[Note], object]] = {
    "id": lambda note: note.id,
    "author": lambda note: note.author_id,
    "authorname": lambda note: note.author_name,
    "authorrealname": lambda note: note.author_real_name or "",
    "authorisdeleted": lambda note: "01"[bool(note.author_is_deleted)],
    "x": lambda note: str(note.left),
    "y": lambda note: str(note.top),
    "w": lambda note: str(note.width),
    "h": lambda note: str(note.height),
}


@pytest.mark.parametrize("path", recorded("getInfo"), ids=name_of)
def test_every_value_of_a_recorded_note_is_what_flickr_sent(path: Path) -> None:
    notes = read_info(ours(path)).photo.notes or ()

    for note, sent in zip(notes, told(path).iter("note"), strict=True):
        wrong = {name for name in NOTE.keys() & sent.keys() if NOTE[name](note) != sent.get(name)}
        assert (wrong, note.text) == (set(), sent.text)


COMMENT: dict[str, Callable[[Comment], object]] = {
    "id": lambda comment: comment.id,
    "author": lambda comment: comment.author_id,
    "authorname": lambda comment: comment.author_name or "",
    "path_alias": lambda comment: comment.author_path_alias or "",
    "realname": lambda comment: comment.author_real_name or "",
    "author_is_deleted": lambda comment: "01"[bool(comment.author_is_deleted)],
    "datecreate": lambda comment: comment.written_at and str(int(comment.written_at.timestamp())),
}
COMMENT_LEFT = {
    "permalink": "holds the owner's name; the page and the id lead there",
    "iconserver": "a part of the address of the author's portrait",
    "iconfarm": "as iconserver",
}


@pytest.mark.parametrize("path", recorded("comments"), ids=name_of)
def test_every_value_of_a_recorded_comment_is_what_flickr_sent(path: Path) -> None:
    comments = read_comments(ours(path))

    for comment, sent in zip(comments, told(path).iter("comment"), strict=True):
        assert sent.keys() - COMMENT.keys() - COMMENT_LEFT.keys() == set()
        wrong = {name for name in COMMENT if COMMENT[name](comment) != sent.get(name)}
        assert (wrong, comment.text) == (set(), sent.text or "")


def test_the_longest_recorded_list_of_comments_is_read_whole() -> None:
    comments = read_comments(ours(RECORDINGS / "comments/1329_comments.xml"))

    assert len(comments) == 1329
    assert sum(comment.author_is_deleted is True for comment in comments) == 120


TAG: dict[str, Callable[[ShownTag], str | None]] = {
    "tagspace": lambda tag: tag.group,
    "tag": lambda tag: tag.name,
    "label": lambda tag: tag.label,
}


@pytest.mark.parametrize("path", recorded("getExif"), ids=name_of)
def test_every_value_of_a_recorded_tag_is_what_flickr_sent(path: Path) -> None:
    shown = read_exif(ours(path))

    photo = told(path).find("photo")
    assert photo is not None
    assert (shown.camera or "") == photo.get("camera")
    for tag, sent in zip(shown.tags, photo.iterfind("exif"), strict=True):
        assert {name: TAG[name](tag) for name in TAG} == {name: sent.get(name) for name in TAG}
        assert (tag.raw, tag.clean) == (sent.findtext("raw"), sent.findtext("clean"))


@pytest.mark.parametrize("path", recorded("getSizes"), ids=name_of)
def test_a_photo_that_may_not_be_downloaded_is_offered_in_every_size_but_the_original(
    path: Path,
) -> None:
    sizes = told(path).find("sizes")

    # So a refresh takes "no" for news only where there was an original before.
    assert sizes is not None
    labels = {each.get("label") for each in sizes}
    assert "Medium" in labels
    assert ("Original" in labels) == (sizes.get("candownload") == "1")


@pytest.mark.parametrize("path", recorded("licenses", pattern="getInfo*"), ids=name_of)
def test_every_recorded_licence_is_known_by_its_number_and_by_its_name(path: Path) -> None:
    for sent in told(path).iter("license"):
        name, page = sent.get("name", ""), sent.get("url", "")

        assert license_named(name, page=page) == license_of(sent.get("id")) != License.UNKNOWN


@pytest.mark.parametrize("path", recorded("licenses", pattern="history*"), ids=name_of)
def test_every_recorded_change_of_a_licence_is_what_flickr_sent(path: Path) -> None:
    changes = read_license_history(ours(path))

    words = {
        "All Rights Reserved": "all-rights-reserved",
        "Public Domain Mark": "pdm-1.0",
        "No known copyright restrictions": "no-known-copyright-restrictions",
    }
    sent = list(told(path).iter("license_history"))
    assert [change.at for change in changes] == [
        moment(each.get("date_change", "")) for each in sent
    ]
    for change, each in zip(changes, sent, strict=True):
        old, new = each.get("old_license", ""), each.get("new_license", "")
        assert change.old == License(words[old])
        assert change.new == (License(words[new]) if new else None)


PER_PHOTO = ("comments.getList", "getExif", "getInfo", "getSizes")


@pytest.mark.parametrize("path", recorded("reflection"), ids=name_of)
def test_every_error_that_a_method_documents_says_who_stops(path: Path) -> None:
    method = path.stem.removeprefix("getMethodInfo.")
    documented = told(path).iterfind("errors/error")

    kinds = {
        error.get("code"): type(
            refusal_error(
                Refusal(code=int(error.get("code", "")), words=error.get("message", "")),
                method=method,
                api_key="0123",
            )
        )
        for error in documented
    }

    of_photo = {"1", "2"} if method.removeprefix("flickr.photos.") in PER_PHOTO else set()
    expected: dict[str, type[SisError]] = {"100": CredentialsError, "105": TransientError}
    for code, kind in kinds.items():
        is_photo = code in of_photo
        assert issubclass(kind, PhotoError) == is_photo
        assert is_photo or kind is expected.get(code or "", kind)


def test_every_argument_of_a_search_is_one_that_flickr_documents() -> None:
    root = told(RECORDINGS / "reflection/getMethodInfo.flickr.photos.search.json")
    documented = {each.get("name") for each in root.iterfind("arguments/argument")}

    (arguments,) = search_arguments(Query(text="monkey", tags=("ape",)))

    # Newer than the recording: https://www.flickr.com/services/api/flickr.photos.search.html
    assert arguments.keys() - documented == {"content_types"}
