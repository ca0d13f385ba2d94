import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from smart_image_scraper.cli.wording import counted
from smart_image_scraper.demo import FlickrSite


@pytest.fixture
def owner(sis: Callable, at_flickr: FlickrSite) -> str:
    """The owner of some photos in the workspace."""
    sis("scrape", "monkey", "-n", "12", "--size", "320")
    stored = json.loads(sis("list", "--json").out.splitlines()[0])["id"]
    photos = {f"flickr:{photo.id}": photo for photo in at_flickr.catalogue.photos}
    return photos[stored].owner.nsid


def ids(sis: Callable) -> set[str]:
    return {json.loads(line)["id"] for line in sis("list", "--json").out.splitlines()}


def theirs(at_flickr: FlickrSite, owner: str) -> set[str]:
    photos = at_flickr.catalogue.photos
    return {f"flickr:{photo.id}" for photo in photos if photo.owner.nsid == owner}


def test_an_owner_is_forgotten_and_a_later_scrape_brings_nothing_back(
    sis: Callable, at_flickr: FlickrSite, owner: str
) -> None:
    before = ids(sis)
    gone = before & theirs(at_flickr, owner)

    outcome = sis("forget", "--owner", owner)

    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith(f"forget: {counted(len(gone), 'photo')} and ")
    assert outcome.out.endswith(" erased; 1 owner blocked\n")
    assert owner not in outcome.out + outcome.err
    again = sis("scrape", "monkey", "-n", "12", "--size", "320")
    assert f"{len(gone)} erased before and left out" in again.out
    assert ids(sis) == before - gone


def test_owners_are_read_from_a_file_or_standard_input(
    sis: Callable, at_flickr: FlickrSite, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = Path("requests.txt")
    requests.write_text(f"# asked on 2026-11-25\n\n{owner}  # by letter\n", encoding="utf-8-sig")

    dry = sis("forget", "--owners-from", str(requests), "--dry-run", "--json")
    with requests.open() as file, monkeypatch.context() as patch:
        patch.setattr("sys.stdin", file)
        done = sis("forget", "--owners-from", "-", "--json")

    facts = json.loads(done.out)
    assert json.loads(dry.out) == {**facts, "dry_run": True}
    assert facts["photos"] > 0
    assert not ids(sis) & theirs(at_flickr, owner)


def test_a_dry_run_says_what_would_be_erased(sis: Callable, owner: str) -> None:
    before = sis("list", "--json").out

    outcome = sis("forget", "--owner", owner, "--dry-run")

    assert " would be erased; 1 owner would be blocked\n" in outcome.out
    assert sis("list", "--json").out == before
    assert "0 erased" not in sis("search", "monkey", "-n", "12").out


def test_a_search_for_the_owner_is_among_what_would_be_erased(sis: Callable, owner: str) -> None:
    sis("search", owner, "-n", "1")

    dry = sis("forget", "--owner", owner, "--dry-run")
    done = sis("forget", "--owner", owner)

    assert "; 1 run naming them would be erased; 1 owner would be blocked\n" in dry.out
    assert "; 1 run naming them erased; 1 owner blocked\n" in done.out
    assert owner not in sis("status").out


def test_what_had_been_erased_before_is_said(sis: Callable, owner: str) -> None:
    photo = min(ids(sis))
    sis("forget", "--photo", photo)

    again = sis("forget", "--photo", photo)

    assert again.out == ("forget: 0 photos and 0 files erased; 1 photo had been erased before\n")


def test_a_single_photo_is_forgotten_without_keys(
    sis: Callable, owner: str, workspace: Path
) -> None:
    photo = min(ids(sis))
    (workspace / "keys").rename(workspace / "keys-elsewhere")

    outcome = sis("forget", "--photo", photo)

    assert outcome.out.startswith("forget: 1 photo and ")
    assert outcome.out.endswith(" erased\n")
    assert photo not in ids(sis)


def test_another_ring_cannot_forget_an_owner(sis: Callable, owner: str, workspace: Path) -> None:
    (workspace / "keys").unlink()
    sis("keys", "init", SIS_WORKSPACE=str(workspace.parent / "other"), SIS_DB="")
    (workspace.parent / "other" / "keys").rename(workspace / "keys")
    before = ids(sis)

    outcome = sis("forget", "--owner", owner)

    assert outcome.code == 2
    assert "these are not the keys of the database" in outcome.err
    assert ids(sis) == before


def test_a_lifted_block_lets_an_owner_in_again(
    sis: Callable, at_flickr: FlickrSite, owner: str
) -> None:
    before = ids(sis)
    sis("forget", "--owner", owner)
    photos = [f"--photo={photo}" for photo in before & theirs(at_flickr, owner)]

    lifted = sis("forget", "--lift", "--owner", owner), sis("forget", "--lift", *photos)

    assert lifted[0].out == "lift: 1 block lifted; 0 were not blocked\n"
    assert lifted[1].out == f"lift: {counted(len(photos), 'block')} lifted; 0 were not blocked\n"
    sis("search", "monkey", "-n", "12")
    assert ids(sis) == before


def test_photos_that_cannot_be_told_from_theirs_are_said(sis: Callable, shared: Path) -> None:
    sis("import", "seed", str(shared / "seed" / "df_100_per_search_encrypted.json"))
    sis("keys", "init")

    outcome = sis("forget", "--owner", "12037949754@N01")

    assert outcome.out.startswith(
        "forget: 0 photos and 0 files erased; 1 owner blocked; whether 197 photos are theirs, or "
    )
    assert "`sis keys rotate`, with that key in the ring, makes" in outcome.out


def test_what_was_forgotten_is_not_imported_again_with_its_file(
    sis: Callable, tmp_path: Path, workspace: Path
) -> None:
    folder = tmp_path / "macaques"
    folder.mkdir()
    for colour in ("red", "green"):
        Image.new("RGB", (40, 30), colour).save(folder / f"{colour}.png")
    sis("import", "folder", str(folder))
    photo = min(ids(sis))
    sis("forget", "--photo", photo)

    again = sis("import", "folder", str(folder))

    assert again.out.splitlines()[0] == (
        "import: 2 photos (0 new, 1 already known, 1 erased before and left out), 1 file, "
        "none failed"
    )
    assert photo not in ids(sis)
    assert len(list(workspace.glob("files/??/??/*"))) == 1
    assert len(list(workspace.glob("thumbs/??/??/*"))) == 1
