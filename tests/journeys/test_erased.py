"""What owners take away, or ask to have erased, goes, stays gone, and leaves nothing behind."""

import json
import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from smart_image_scraper.cli.wording import counted
from smart_image_scraper.demo import MEMBERS, FlickrSite
from smart_image_scraper.store.mongod import ManagedMongod

KILLS = 4
SCRAPE = ("scrape", "monkey", "サル", "-n", "40", "--size", "320")


def documents(workspace: Path) -> dict[str, bytes]:
    with ManagedMongod(workspace / "db") as uri, MongoClient[dict[str, Any]](uri) as client:
        names = client["sis"].list_collection_names()
        return {name: b"".join(client["sis"][name].find_raw_batches()) for name in names}


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    # The database's journal is 16 MB a file, most of them nothing but zeros.
    return {str(path): path.read_bytes().rstrip(b"\0") for path in files}


def holding(words: set[bytes], places: dict[str, bytes]) -> set[tuple[str, bytes]]:
    return {(name, word) for name, data in places.items() for word in words if word in data}


def test_nothing_of_what_was_taken_away_is_left_or_comes_back(
    sis: Callable, at_flickr: FlickrSite, workspace: Path, environment: dict[str, str]
) -> None:
    environment["SIS_DB"] = ""
    sis(*SCRAPE)
    stored = {photo["id"]: photo for photo in listed(sis)}
    by_id = {f"flickr:{photo.id}": photo for photo in at_flickr.catalogue.photos}
    owners = list(dict.fromkeys(by_id[each].owner for each in stored if stored[each]["file"]))
    forgotten, closed, *_ = owners
    of = {
        owner.nsid: {each for each in stored if by_id[each].owner == owner}
        for owner in (forgotten, closed)
    }
    others = [each for each in stored if by_id[each].owner not in (forgotten, closed)]
    removed, hidden, relicensed = others[:3]
    at_flickr.close_account(closed.nsid)
    at_flickr.remove(by_id[removed].id)
    at_flickr.make_private(by_id[hidden].id)
    at_flickr.relicense(by_id[relicensed].id, 0 if by_id[relicensed].license else 9)
    asked = [*of[closed.nsid], removed, hidden, relicensed]

    refreshed = sis("refresh", "--older-than", "0h", *(f"--id={each}" for each in asked))
    purged = sis("purge", "--gone")
    done = sis("forget", "--owner", forgotten.nsid)

    gone = of[forgotten.nsid] | of[closed.nsid] | {removed, hidden}
    assert f"{len(asked)} photos checked, 1 under another licence" in refreshed.out
    assert purged.out.startswith(f"purge: {len(of[closed.nsid]) + 2} photos and ")
    assert done.out.startswith(f"forget: {counted(len(of[forgotten.nsid]), 'photo')} and ")
    again = sis(*SCRAPE)
    assert " erased before and left out" in again.out
    assert {photo["id"] for photo in listed(sis)} == set(stored) - gone
    paths = {
        stored[each]["file"]["path"] for each in stored if stored[each]["file"] and each in gone
    }
    kept = {photo["file"]["path"] for photo in listed(sis) if photo["file"]}
    digests = {Path(path).stem.encode() for path in paths - kept}
    open_words = {each.removeprefix("flickr:").encode() for each in gone} | digests
    personal = {
        text.encode()
        for text in (forgotten.nsid, forgotten.name, forgotten.alias, forgotten.real_name)
        if text
    }
    found = documents(workspace)
    tombstones = found.pop("erased")
    files = {name: data for name, data in contents(workspace).items() if "/db/" not in name}
    assert len(digests) > 1
    assert holding(open_words, found) == set()
    assert holding(open_words, files) == set()
    assert not any(digest in name.encode() for name in files for digest in digests)
    assert holding(personal, {**contents(workspace), **found, "erased": tombstones}) == set()
    # The search does find what has stayed.
    assert holding({removed.encode()}, {"erased": tombstones}) != set()
    assert b"monkey" in found["photos"]


def listed(sis: Callable) -> list[dict[str, Any]]:
    return [json.loads(line) for line in sis("list", "--json").out.splitlines()]


def test_an_erasing_that_is_killed_again_and_again_is_completed_by_the_same_command(
    start_site: Callable, settings: Callable, command: tuple[str, ...], tmp_path: Path
) -> None:
    site = start_site("--photos", "200")
    workspace = tmp_path / "workspace"
    environment = settings(site, workspace)
    requests = tmp_path / "requests.txt"
    requests.write_text("\n".join(member.nsid for member in MEMBERS))
    scrape = [*command, "scrape", "monkey", "-n", "100", "--size", "100"]
    forget = [*command, "forget", "--owners-from", str(requests)]
    moments = random.Random(6)
    subprocess.run(scrape, env=environment, capture_output=True, check=False)
    before = contents(workspace / "files")

    for _ in range(KILLS):
        with subprocess.Popen(
            forget, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as killed:
            time.sleep(moments.uniform(0.8, 2))
            killed.kill()
    last = subprocess.run(forget, env=environment, capture_output=True, text=True, check=False)

    assert len(before) > 20
    assert last.returncode == 0, last.stderr
    assert "40 owners blocked" in last.stdout
    found = documents(workspace)
    assert {name for name, data in found.items() if data} == {"erased", "meta", "runs"}
    assert b"files" not in found["erased"]
    assert contents(workspace / "files") == contents(workspace / "thumbs") == {}
    again = subprocess.run(scrape, env=environment, capture_output=True, text=True, check=False)
    assert "(0 new, 0 already known, " in again.stdout
    assert contents(workspace / "files") == {}
