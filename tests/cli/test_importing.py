import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "macaques"
    for name, colour in (("a.jpg", "red"), ("b.png", "green"), ("young/c.jpg", "blue")):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30), colour).save(path)
    return folder


def test_the_licence_of_a_folder_can_be_said_when_it_is_imported_again(
    sis: Callable, pictures: Path
) -> None:
    sis("import", "folder", str(pictures))

    sis("import", "folder", str(pictures), "--license", "cc0-1.0")

    assert len(sis("list", "--license", "cc0-1.0").out.splitlines()) == 3


def test_a_folder_of_images_is_taken_in_with_folder_names_as_terms(
    sis: Callable, pictures: Path, workspace: Path
) -> None:
    outcome = sis("import", "folder", str(pictures))

    assert outcome.out.splitlines()[0] == (
        "import: 3 photos (3 new, 0 already known), 3 files, none failed"
    )
    assert "sis: read: 3 photos in " in outcome.err
    totals = json.loads(sis("status", "--json").out)
    assert totals["terms"] == {"macaques": 2, "young": 1}
    assert len(list(workspace.glob("files/??/??/*.*"))) == 3


def test_a_split_of_photos_without_known_owners_says_so(sis: Callable, pictures: Path) -> None:
    sis("import", "folder", str(pictures))

    outcome = sis("export", "x.csv", "--split", "50/50", "--include-all-rights-reserved")

    assert "owners are not known of 3 photos, so that one owner's may be on two " in outcome.err
    assert "3 photos in 3 groups that no split may part, the largest with 1" in outcome.err


def test_importing_twice_changes_nothing(sis: Callable, pictures: Path) -> None:
    sis("import", "folder", str(pictures))
    before = sis("list", "--json").out

    again = json.loads(sis("import", "folder", str(pictures), "--json").out.splitlines()[0])

    assert (again["new"], again["known"], again["files"]) == (0, 3, 3)
    assert sis("list", "--json").out == before


def test_a_broken_image_is_recorded_and_the_others_are_kept(sis: Callable, pictures: Path) -> None:
    broken = (pictures / "a.jpg").read_bytes()[:200]
    (pictures / "d.jpg").write_bytes(broken)

    outcome = sis("import", "folder", str(pictures))

    assert outcome.code == 3
    assert "3 files, 1 failed (1 " in outcome.out
    assert "d.jpg" in sis("list", "--failed", "download").out


def test_a_broken_image_whose_name_is_no_text_ends_no_import(sis: Callable, pictures: Path) -> None:
    (pictures / "caf\udce9.jpg").write_bytes((pictures / "a.jpg").read_bytes()[:200])

    outcome = sis("import", "folder", str(pictures))

    assert outcome.code == 3
    assert "3 files, 1 failed (1 " in outcome.out
    assert "caf\ufffd.jpg: " in sis("list", "--failed", "download").out


def test_a_broken_image_is_nothing_to_download(sis: Callable, pictures: Path) -> None:
    (pictures / "d.jpg").write_bytes((pictures / "a.jpg").read_bytes()[:200])
    sis("import", "folder", str(pictures))
    said = sis("list", "--failed", "download").out

    downloaded = sis("download")

    assert ", for good\t" in said
    assert "0 files, 0.0 MB, none failed; 1 had failed for good before" in downloaded.out
    assert json.loads(sis("status", "--json").out)["pending"]["download"] == 0
    assert sis("list", "--failed", "download").out == said


def test_a_broken_image_that_was_mended_is_taken_in(sis: Callable, pictures: Path) -> None:
    whole = (pictures / "a.jpg").read_bytes()
    (pictures / "a.jpg").write_bytes(whole[:200])
    sis("import", "folder", str(pictures))
    (pictures / "a.jpg").write_bytes(whole)

    outcome = sis("import", "folder", str(pictures))

    assert outcome.code == 0
    assert "3 photos (1 new, 2 already known), 3 files, none failed" in outcome.out


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_taken_in(
    sis: Callable, pictures: Path
) -> None:
    (pictures / "dead.jpg").symlink_to("nowhere")

    outcome = sis("import", "folder", str(pictures))

    assert outcome.code == 3
    assert outcome.out.startswith("import: 3 photos (3 new, 0 already known), 3 files, none failed")
    reason = "cannot be read: No such file or directory; it is left out"
    assert f"sis: {pictures / 'dead.jpg'}: {reason}\n" in outcome.err


def test_the_real_older_records_come_back_byte_for_byte(
    sis: Callable, shared: Path, tmp_path: Path
) -> None:
    frame = shared / "seed" / "df_100_per_search_encrypted.json"

    imported = sis("import", "seed", str(frame), "--photos", str(shared / "seed" / "photos"))
    exported = sis("export", str(tmp_path / "frame.json"), "--format", "seed")

    assert imported.out.startswith("import: 197 photos (197 new, 0 already known), 88 files")
    assert "197 photos, 200 rows" in exported.out
    assert (tmp_path / "frame.json").read_bytes() == frame.read_bytes()


def test_older_records_add_to_what_was_scraped_and_replace_nothing(
    sis: Callable, shared: Path, tmp_path: Path
) -> None:
    frame = shared / "seed" / "df_100_per_search_encrypted.json"
    columns = json.loads(frame.read_text())
    first = {name: dict([next(iter(column.items()))]) for name, column in columns.items()}
    stale = {name: {**column} for name, column in first.items()}
    stale["title"]["0"], stale["views"]["0"] = "an older title", 1
    (tmp_path / "fresh.json").write_text(json.dumps(first))
    (tmp_path / "stale.json").write_text(json.dumps(stale))
    sis("import", "seed", str(tmp_path / "fresh.json"))
    before = json.loads(sis("list", "--json").out)

    sis("import", "seed", str(tmp_path / "stale.json"))

    after = json.loads(sis("list", "--json").out)
    assert after.pop("searches")[0] == before.pop("searches")[0]
    assert after == before
