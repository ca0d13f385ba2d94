"""After a scrape, no owner can be read anywhere in the workspace, nor who wrote what to them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from smart_image_scraper.demo import COMMENTERS, MEMBERS, FlickrSite, MadePhoto
from smart_image_scraper.demo.methods.exif import has_exif, hides_exif
from smart_image_scraper.demo.remarks import notes_on, personal_texts
from smart_image_scraper.store.mongod import ManagedMongod

HAVE_DETAILS: tuple[Callable[[MadePhoto], bool], ...] = (
    lambda photo: bool(notes_on(photo)),
    lambda photo: photo.comments > 0,
    lambda photo: (
        # Its file is one of Flickr's own, which are without EXIF.
        not (photo.original_offered or photo.owner.opted_out or hides_exif(photo))
        and has_exif(photo)
    ),
)


def everything(workspace: Path) -> dict[str, bytes]:
    """Every file of the workspace, and every document, which lie compressed in the files."""
    files = (path for path in workspace.rglob("*") if path.is_file())
    # The database's journal is 16 MB a file, most of them nothing but zeros.
    content = {str(path): path.read_bytes().rstrip(b"\0") for path in files}
    with ManagedMongod(workspace / "db") as uri, MongoClient[dict[str, Any]](uri) as client:
        for name in client["sis"].list_collection_names():
            content[name] = b"".join(client["sis"][name].find_raw_batches())
    return content


def test_no_owner_is_in_the_clear(
    sis: Callable, at_flickr: FlickrSite, workspace: Path, environment: dict[str, str]
) -> None:
    environment["SIS_DB"] = ""
    sis("scrape", "monkey", "サル", "cage", "-n", "60", "--size", "original")
    # A few photos that have what is asked for, since Flickr allows one call a second.
    cages = at_flickr.find(text="cage", safe_search="1", content_types="0", media="photos")
    with_details = [next(filter(has_it, cages)) for has_it in HAVE_DETAILS]
    options = [option for photo in with_details for option in ("--id", f"flickr:{photo.id}")]
    sis("details", "--places", "--api-exif", "--comments", *options)
    every = "--include-all-rights-reserved"
    sis("export", str(workspace / "photos.csv"), every)
    sis("export", str(workspace / "photos.jsonl"), every)
    sis("export", str(workspace / "frame.json"), "--format", "seed")
    personal = {
        text.encode() for photo in at_flickr.catalogue.photos for text in personal_texts(photo)
    } | {text.encode() for member in (*MEMBERS, *COMMENTERS) for text in member.texts}

    content = everything(workspace)

    assert len(personal) > 100
    assert {
        (name, text) for name, data in content.items() for text in personal if text in data
    } == set()
    apart = ("photo_exif", "photo_api_exif", "photo_comments", "photo_notes")
    assert [name for name in apart if not content[name]] == []
    # The search does find what lies open.
    assert b"monkey" in content["photos"]
    assert b"monkey" in content[str(workspace / "photos.csv")]
