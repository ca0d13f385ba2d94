"""Wrong input gets one clear sentence, the right exit code, and changes nothing."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smart_image_scraper.demo import FlickrSite

# Command, settings, exit code, and what the message says.
WRONG = {
    "a box of three numbers": (
        ("scrape", "monkey", "-b", "116,4,127"),
        {},
        (2, "'116,4,127' is not four numbers: west, south, east, north, as in 116,4,127,22"),
    ),
    "a box upside down": (
        ("scrape", "monkey", "--bbox", "116 22 127 4"),
        {},
        (2, "the southern edge 22 must be below the northern edge 4"),
    ),
    "an unknown licence": (
        ("scrape", "monkey", "--license", "cc-by"),
        {},
        (2, "'cc-by' is no licence; write one such as cc-by-2.0"),
    ),
    "a licence that Flickr does not have": (
        ("scrape", "monkey", "--license", "cc-by-3.0"),
        {},
        (2, "cc-by-3.0"),
    ),
    "no photo": (("scrape", "monkey", "-n", "0"), {}, (2, "0 is not in the range x>=1")),
    "less than no photo": (("search", "monkey", "-n", "-5"), {}, (2, "-5 is not in the range")),
    "no term": (("scrape",), {}, (2, "give a search term, a tag, a box or a country")),
    "dates the wrong way round": (
        ("search", "x", "--taken-from", "2020", "--taken-to", "2019"),
        {},
        (2, "the taken dates end (2019-12-31 23:59:59) before they begin (2020-01-01 00:00:00)"),
    ),
    "listed dates the wrong way round": (
        ("list", "--taken-from", "2020", "--taken-to", "2019"),
        {},
        (2, "the taken dates end (2019-12-31 23:59:59) before they begin"),
    ),
    "a term that is no text": (("scrape", "caf\udce9"), {}, (2, "not readable text")),
    "a tag that is empty": (("search", "-t", ""), {}, (2, "a tag is empty; leave it out")),
    "a workspace whose path is no text": (
        ("search", "monkey", "--workspace", "caf\udce9"),
        {},
        (1, "the workspace's path is not readable text; choose another folder with --workspace"),
    ),
    "a wrong date": (("list", "--taken-from", "soon"), {}, (2, "'soon' is no date")),
    "a wrong id": (("list", "--id", "123"), {}, (2, "--id")),
    "two countries where one can be searched": (
        ("scrape", "monkey", "--country", "PH", "--country", "MY"),
        {},
        (2, "--country is given 2 times, and only one of them can count; give it once"),
    ),
    "two boxes, one in its short form": (
        ("list", "-b", "1,2,3,4", "--bbox", "5,6,7,8"),
        {},
        (2, "-b/--bbox is given 2 times"),
    ),
    "an option and its opposite": (
        ("list", "--with-file", "--without-file"),
        {},
        (2, "--with-file/--without-file is given 2 times"),
    ),
    "a concept of a review twice": (
        ("review", "accept", "flickr:1", "--concept", "cage", "--concept", "monkey"),
        {},
        (2, "--concept is given 2 times"),
    ),
    "all of no tags": (
        ("scrape", "monkey", "--all-tags"),
        {},
        (2, "--all-tags says how tags are meant, and there is none; name them with --tag"),
    ),
    "a camera without a name": (
        ("list", "--camera", " "),
        {},
        (2, "a camera without a name is none; write a part of its make or model"),
    ),
    "an unknown option": (("scrape", "monkey", "--bbbox", "1"), {}, (2, "No such option")),
    "an unknown setting": (("status",), {"SIS_SIZES": "1"}, (2, "SIS_SIZES, which is no setting")),
    "a wrong setting": (("status",), {"SIS_CONNECTIONS": "many"}, (2, "connections")),
    "a wrong size": (("download", "--size", "huge"), {}, (2, "the setting size (option) is wrong")),
    "no key": (("scrape", "monkey"), {"SIS_FLICKR_KEY": ""}, (2, "there is no Flickr API key")),
    "a database address that is none": (
        ("status",),
        {"SIS_DB": "postgres://x"},
        (2, "the database's address (SIS_DB) cannot be read; write it as mongodb://"),
    ),
    "a database that does not answer": (
        ("scrape", "monkey"),
        {"SIS_DB": "mongodb://me:hunter2@127.0.0.1:9/"},
        (1, "no database answers at 127.0.0.1:9 within 5 s"),
    ),
    "a workspace that cannot be made": (
        ("scrape", "monkey", "--workspace", "/proc/sis"),
        {},
        (1, "/proc/sis: the workspace cannot be made there"),
    ),
    "a frame that is not there": (
        ("import", "seed", "nowhere.json"),
        {},
        (2, "nowhere.json: cannot be read: No such file or directory"),
    ),
    "a frame that is none": (
        ("import", "seed", "notes.txt"),
        {},
        (2, "notes.txt: not a frame of records"),
    ),
    "a frame without its columns": (
        ("import", "seed", "columns.json"),
        {},
        (2, "columns.json: not a frame of records: there is no column"),
    ),
    "a folder without images": (("import", "folder", "."), {}, (2, "there are no images in it")),
    "an export to nowhere": (("export", "no/such/folder.csv"), {}, (2, "cannot be written there")),
    "sealed and open at once": (
        ("export", "x.json", "--format", "seed", "--with-personal"),
        {},
        (2, "the seed format always has personal fields, encrypted"),
    ),
    "personal fields without keys": (
        ("export", "x.csv", "--with-personal"),
        {},
        (2, "opening personal fields takes the keys"),
    ),
    "a workspace that is not there": (
        ("status", "--workspace", "elsewhere"),
        {"SIS_DB": ""},
        (2, "elsewhere: there is no workspace with photos; name the right one with --workspace"),
    ),
    "nobody to forget": (("forget",), {}, (2, "say what to forget: --owner, --owners-from or")),
    "an owner and a photo to forget": (
        ("forget", "--owner", "12@N01", "--photo", "flickr:1"),
        {},
        (2, "forget owners, or single photos; both at once take two commands"),
    ),
    "a name where an account is meant": (
        ("forget", "--owner", "jane"),
        {},
        (2, "'jane': an account is written 12037949754@N01 if it is one at Flickr"),
    ),
    "a photo's id without its site": (
        ("forget", "--photo", "123"),
        {},
        (2, "'123' is no photo id; it looks like flickr:14898030836"),
    ),
    "a photo to forget that is not there": (
        ("forget", "--photo", "flickr:1"),
        {},
        (2, "there is no photo flickr:1, and nothing was changed; `sis list` shows the photos"),
    ),
    "a file of accounts that holds something else": (
        ("forget", "--owners-from", "notes.txt"),
        {},
        (2, "notes.txt: line 1 is no account; an account is written"),
    ),
    "a file of accounts that is not there": (
        ("forget", "--owners-from", "nowhere.txt"),
        {},
        (2, "'nowhere.txt': No such file or directory"),
    ),
    "a dry run of lifting a block": (
        ("forget", "--photo", "flickr:1", "--lift", "--dry-run"),
        {},
        (2, "--lift erases nothing, so that --dry-run has nothing to say"),
    ),
    "an owner to forget without keys": (
        ("forget", "--owner", "12@N01"),
        {},
        (2, "finding an owner's photos takes the keys, and there are none in"),
    ),
    "no age": (
        ("refresh", "--older-than", "soon"),
        {},
        (2, "'soon' is no age; write 12h, 30d or 8w"),
    ),
    "refreshing without a key": (
        ("refresh",),
        {"SIS_FLICKR_KEY": ""},
        (2, "there is no Flickr API key"),
    ),
    "refreshing a workspace that is not there": (
        ("refresh", "--workspace", "elsewhere"),
        {"SIS_DB": ""},
        (2, "elsewhere: there is no workspace with photos; name the right one with --workspace"),
    ),
    "nothing to purge": (("purge",), {}, (2, "say what to purge: --gone, what its owner took")),
    "a purge of what is not gone": (
        ("purge", "--not-gone"),
        {},
        (2, "say what to purge: --gone, what its owner took away"),
    ),
    "scoring in a workspace that is not there": (
        ("score", "monkey", "--workspace", "elsewhere"),
        {"SIS_DB": ""},
        (2, "elsewhere: there is no workspace with photos; name the right one with --workspace"),
    ),
    "what to review in a workspace that is not there": (
        ("review", "next", "--concept", "cage", "--workspace", "elsewhere"),
        {"SIS_DB": ""},
        (2, "elsewhere: there is no workspace with photos; name the right one with --workspace"),
    ),
    "purging a workspace that is not there": (
        ("purge", "--gone", "--workspace", "elsewhere"),
        {"SIS_DB": ""},
        (2, "elsewhere: there is no workspace with photos; name the right one with --workspace"),
    ),
    "forgetting in a workspace that is not there": (
        ("forget", "--photo", "flickr:1", "--workspace", "elsewhere"),
        {"SIS_DB": ""},
        (2, "elsewhere: there is no workspace with photos; name the right one with --workspace"),
    ),
    "a mongod that is none": (
        ("scrape", "monkey"),
        {"SIS_MONGOD": "/nowhere/mongod", "SIS_DB": ""},
        (1, "/nowhere/mongod"),
    ),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_wrong_input_says_what_is_wrong_and_changes_nothing(
    sis: Callable,
    at_flickr: FlickrSite,
    workspace: Path,
    case: tuple[tuple[str, ...], dict[str, str], tuple[int, str]],
) -> None:
    arguments, settings, (code, message) = case
    Path("notes.txt").write_text("not a frame")
    Path("columns.json").write_text('{"link": {"0": "https://x"}}')
    before = _everything(workspace.parent)

    outcome = sis(*arguments, **settings)

    assert message in outcome.err
    assert outcome.code == code
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    assert "hunter2" not in outcome.err
    assert len([line for line in outcome.err.splitlines() if line.startswith("sis: ")]) <= 1
    assert _everything(workspace.parent) == before
    assert at_flickr.served == []


def _everything(folder: Path) -> list[Path]:
    """Return all files and folders, but those of the machine's own account of API calls."""
    return sorted(path for path in folder.rglob("*") if "state" not in path.parts)


def test_a_wrong_key_ring_is_found_before_anything_is_written(
    sis: Callable, at_flickr: FlickrSite, workspace: Path
) -> None:
    sis("search", "monkey", "-n", "3")
    (workspace / "keys").unlink()
    other = sis("keys", "init", SIS_WORKSPACE=str(workspace.parent / "other"), SIS_DB="")
    shutil.copy(workspace.parent / "other" / "keys", workspace / "keys")

    outcome = sis("search", "サル")

    assert other.code == 0
    assert outcome.code == 2
    assert "these are not the keys of the database: index, key-1 differ" in outcome.err
    assert json.loads(sis("status", "--json").out)["terms"] == {"monkey": 3}


def test_a_missing_key_ring_is_found_before_anything_is_written(
    sis: Callable, at_flickr: FlickrSite, workspace: Path
) -> None:
    sis("search", "monkey", "-n", "3")
    (workspace / "keys").unlink()

    outcome = sis("search", "サル")

    assert outcome.code == 2
    assert "the database holds encrypted fields, and there are no keys in" in outcome.err
    assert json.loads(sis("status", "--json").out)["terms"] == {"monkey": 3}


def test_a_key_ring_that_others_can_read_is_refused(
    sis: Callable, at_flickr: FlickrSite, workspace: Path
) -> None:
    sis("keys", "init")
    (workspace / "keys").chmod(0o644)

    outcome = sis("search", "monkey")

    assert outcome.code == 2
    assert f"run `chmod 600 {workspace / 'keys'}`" in outcome.err


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one mebibyte."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if (
        not shutil.which("mount")
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("a disk that fills up takes the right to mount one")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_ends_the_run_and_keeps_what_was_done(
    sis: Callable, at_flickr: FlickrSite, small_disk: Path, workspace: Path
) -> None:
    workspace.mkdir()
    (workspace / "files").symlink_to(small_disk)

    outcome = sis("scrape", "monkey")

    assert outcome.code == 1
    assert "full" in outcome.err or "No space left" in outcome.err
    totals = json.loads(sis("status", "--json").out)
    kept = [path for path in small_disk.glob("??/??/*") if path.is_file()]
    assert 0 < totals["with_file"] == len(kept)
    assert totals["pending"]["download"] > 0


def test_a_database_on_a_full_disk_says_so(
    sis: Callable, at_flickr: FlickrSite, small_disk: Path
) -> None:
    outcome = sis("scrape", "monkey", SIS_WORKSPACE=str(small_disk / "workspace"), SIS_DB="")

    assert outcome.code == 1
    assert "space" in outcome.err
    assert "Traceback" not in outcome.err
