"""After a scrape, no owner can be read anywhere in the workspace."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from smart_image_scraper.demo import MEMBERS, FlickrSite
from smart_image_scraper.store.mongod import ManagedMongod


def everything(workspace: Path) -> dict[str, bytes]:
    """Every file of the workspace, and every document, which lie compressed in the files."""
    content = {str(path): path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    with ManagedMongod(workspace / "db") as uri, MongoClient[dict[str, Any]](uri) as client:
        for name in client["sis"].list_collection_names():
            content[name] = b"".join(client["sis"][name].find_raw_batches())
    return content


def test_no_owner_is_in_the_clear(
    sis: Callable, at_flickr: FlickrSite, workspace: Path, environment: dict[str, str]
) -> None:
    environment["SIS_DB"] = ""
    sis("scrape", "monkey", "サル", "cage", "-n", "100")
    sis("export", str(workspace / "photos.csv"))
    sis("export", str(workspace / "photos.jsonl"), "--format", "json-lines")
    sis("export", str(workspace / "frame.json"), "--format", "seed")
    personal = {
        text.encode()
        for member in MEMBERS
        for text in (member.nsid, member.name, member.alias, member.real_name)
        if text
    }

    content = everything(workspace)

    assert len(personal) > 100
    assert {
        (name, text) for name, data in content.items() for text in personal if text in data
    } == set()
    # The search does find what lies open.
    assert b"monkey" in content["photos"]
    assert b"monkey" in content[str(workspace / "photos.csv")]
