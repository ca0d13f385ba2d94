import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from smart_image_scraper.cli.export_options import PRECISIONS
from smart_image_scraper.cli.exporting import FORMATS as NAMES
from smart_image_scraper.demo import MEMBERS, FlickrSite
from smart_image_scraper.export import FORMATS, LeftOut, Precision
from smart_image_scraper.export.leaving import WHY


@pytest.fixture
def filled(sis: Callable, at_flickr: FlickrSite) -> None:
    """A workspace with photos and their files."""
    sis("scrape", "monkey")


@pytest.mark.usefixtures("filled")
def test_csv_has_a_row_a_photo_with_its_licence_and_no_owner(sis: Callable) -> None:
    outcome = sis("export", "monkeys.csv", "--include-all-rights-reserved")

    text = Path("monkeys.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert outcome.out == "export: 16 photos, in monkeys.csv\n"
    assert len(rows) == 16
    assert all(row["license"] and row["page url"] and not row["owner name"] for row in rows)


@pytest.mark.usefixtures("filled")
def test_personal_fields_are_exported_only_when_asked_for(sis: Callable) -> None:
    names = {member.name for member in MEMBERS}

    sis("export", "without.jsonl", "--format", "json-lines")
    sis("export", "with.jsonl", "--format", "json-lines", "--with-personal")

    without = [json.loads(line) for line in Path("without.jsonl").read_text().splitlines()]
    opened = [json.loads(line) for line in Path("with.jsonl").read_text().splitlines()]
    assert not any("owner" in photo or "exif" in photo for photo in without)
    assert {photo["owner"]["name"] for photo in opened} <= names
    assert Path("with.jsonl").stat().st_mode & 0o777 == 0o600
    assert Path("without.jsonl").stat().st_mode & 0o044


@pytest.mark.usefixtures("filled")
def test_filters_select_what_is_exported(sis: Callable) -> None:
    outcome = sis("export", "x.jsonl", "--with-file", "--include-all-rights-reserved")

    assert outcome.out == "export: 13 photos, in x.jsonl\n"
    assert all(json.loads(line)["file"] for line in Path("x.jsonl").read_text().splitlines())


@pytest.mark.usefixtures("filled")
def test_a_file_leaves_out_photos_without_a_free_licence_and_says_so(sis: Callable) -> None:
    outcome = sis("export", "x.jsonl")

    licenses = [json.loads(line)["license"] for line in Path("x.jsonl").read_text().splitlines()]
    left_out = 16 - len(licenses)
    assert licenses
    assert "all-rights-reserved" not in licenses
    assert f"left out: {left_out} photos without a free licence (--include-" in outcome.err


@pytest.mark.usefixtures("filled")
def test_the_older_scripts_form_is_written_for_scraped_photos_too(sis: Callable) -> None:
    sis("export", "frame.json", "--format", "seed")

    frame = json.loads(Path("frame.json").read_text())
    assert len(frame) == 22
    assert len(frame["link"]) == 16
    assert all(token.startswith("gAAAAA") for token in frame["owner"].values())


def test_the_command_knows_every_format_and_precision_by_its_name() -> None:
    assert set(NAMES) == {*FORMATS, "seed"}
    assert {each.value for each in Precision} == set(PRECISIONS)
    assert set(LeftOut) == set(WHY)


@pytest.mark.usefixtures("filled")
def test_what_came_of_an_export_is_told_to_machines(sis: Callable) -> None:
    a_set = sis("export", "set", "--format", "image-folder", "--split", "80/20", "--json")
    a_frame = sis("export", "frame.json", "--format", "seed", "--json")

    told = json.loads(a_set.out)
    assert told["left_out"] == {"not free": 8, "no file": 2}
    assert told["photos"] == sum(told["splits"].values()) == 6
    assert {told[name] for name in ("stage", "path")} == {"export", "set"}
    assert json.loads(a_frame.out) == {
        "stage": "export",
        "path": "frame.json",
        "photos": 16,
        "rows": 16,
        "gone": 0,
    }


@pytest.mark.usefixtures("filled")
def test_a_data_set_says_what_it_has_and_what_it_left_out(sis: Callable) -> None:
    outcome = sis("export", "set", "--format", "image-folder", "--split", "80/20")

    lines = outcome.err.splitlines()
    manifest = json.loads(Path("set/manifest.json").read_text())
    train, test = (manifest["split"]["photos"][name] for name in ("train", "test"))
    assert outcome.code == 0
    assert outcome.out == f"export: 6 photos (train {train}, test {test}), in set\n"
    assert "sis: left out: 8 photos without a free licence (--include-all-rights-reserved)" in lines
    assert "sis: left out: 2 photos without a file (`sis download`)" in lines
    assert any(
        "no near-duplicates are known, so only photos of one owner" in line for line in lines
    )
    assert len(list(Path("set").rglob("*.jpg"))) == train + test == 6


@pytest.mark.usefixtures("filled")
def test_an_exception_lets_photos_of_every_licence_leave(sis: Callable) -> None:
    sis("export", "set", "--format", "parquet", "--include-all-rights-reserved", "--name", "All")

    manifest = json.loads(Path("set/manifest.json").read_text())
    assert (manifest["name"], manifest["photos"]) == ("All", 16)
    assert manifest["licenses"]["all-rights-reserved"] > 0


@pytest.mark.usefixtures("filled")
def test_a_data_set_that_is_there_is_replaced_only_when_that_is_asked_for(sis: Callable) -> None:
    sis("export", "set", "--format", "csv")

    again = sis("export", "set", "--format", "json-lines")
    instead = sis("export", "set", "--format", "json-lines", "--replace")

    assert (again.code, instead.code) == (2, 0)
    assert "set: a data set is there; name another folder, or use --replace" in again.err
    assert not Path("set/photos.csv").exists()


@pytest.mark.usefixtures("filled")
def test_a_place_is_told_as_exactly_as_was_asked_for(sis: Callable) -> None:
    told = {}
    for precision in PRECISIONS:
        sis("export", "places.geojson", "--coordinates", precision)
        features = json.loads(Path("places.geojson").read_text())["features"]
        told[precision] = [each["geometry"]["coordinates"] for each in features if each["geometry"]]

    cells = [round(degrees * 100) % 10 for point in told["0.1deg"] for degrees in point]
    assert set(cells) == {5}
    assert len(told["exact"]) == len(told["0.1deg"]) > 0
    assert not any(point in told["0.1deg"] for point in told["exact"])
    assert told["country"] == told["none"] == []


@pytest.mark.usefixtures("at_flickr")
def test_a_box_that_was_searched_is_told_as_exactly_as_places(sis: Callable) -> None:
    sis("search", "--bbox", "90.1234,-10.1234,130.1234,25.1234")
    told = {}

    for precision in PRECISIONS:
        sis("export", "boxes.jsonl", "--coordinates", precision, "--include-all-rights-reserved")
        lines = map(json.loads, Path("boxes.jsonl").read_text().splitlines())
        terms = {hit["term"] for line in lines for hit in line["searches"]}
        [run] = json.loads(Path("boxes.jsonl.runs.json").read_text())
        assert terms == {run["term"]} == {f"box {run['params']['bbox']}"}
        told[precision] = run["params"]["bbox"]

    assert told == {
        "exact": "90.1234,-10.1234,130.1234,25.1234",
        "0.1deg": "90.1,-10.2,130.2,25.2",
        "country": "[…]",
        "none": "[…]",
    }


@pytest.mark.usefixtures("filled")
def test_photos_with_coarse_terms_tell_no_coordinates(sis: Callable) -> None:
    Path("threatened.txt").write_text("# all that was searched for\nmonkey\n")

    sis("export", "x.jsonl", "--coordinates", "exact", "--coarse-terms", "threatened.txt")

    lines = Path("x.jsonl").read_text().splitlines()
    assert {json.loads(line)["coordinates"] for line in lines} == {None}


@pytest.mark.usefixtures("filled")
def test_reviews_label_photos(sis: Callable) -> None:
    ids = [line.split("\t")[0] for line in sis("list", "--with-file").out.splitlines()]
    sis("review", "accept", ids[0], "--concept", "monkey")
    meant = ("--id", ids[0], "--id", ids[1], "--include-all-rights-reserved")

    sis("export", "x.csv", "--concept", "monkey", *meant)

    text = Path("x.csv").read_bytes().decode("utf-8-sig")
    assert [row["label monkey"] for row in csv.DictReader(text.splitlines())] == ["yes", ""]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["set"], "set: say what to write with --format, or name a file such as set.csv"),
        (["set", "--format", "csv", "--split", "80/10"], "'80/10' is no split; write 80/10/10"),
        (
            ["set", "--format", "csv", "--label", "yeti>=0.5"],
            "no photo has been scored for 'yeti>=0.5'",
        ),
        (["x.csv", "--format", "coco"], "coco is no format of one file; name a folder instead"),
        (["x.csv", "--replace"], "--replace is for folders; a file that is there is replaced"),
        (["x", "--format", "seed", "--coordinates", "none"], "only those that select photos are"),
        (["set", "--format", "csv", "--coordinates", "1deg"], "'1deg' is not one of"),
        (["set", "--format", "csv", "--coarse-terms", "no.txt"], "no.txt: cannot be read"),
    ],
)
def test_a_wrong_use_writes_nothing(sis: Callable, arguments: list[str], message: str) -> None:
    outcome = sis("export", *arguments)

    assert outcome.code == 2
    assert message in " ".join(outcome.err.split())
    assert list(Path().iterdir()) == []


@pytest.mark.usefixtures("filled")
def test_files_that_the_workspace_has_lost_are_named_and_end_with_exit_code_3(
    sis: Callable, workspace: Path
) -> None:
    sis("export", "whole", "--format", "coco")
    first, *others = json.loads(Path("whole/annotations/all.json").read_text())["images"]
    for path in (workspace / "files").rglob("*.*"):
        if path.stem != first["sha256"]:
            path.unlink()

    outcome = sis("export", "set", "--format", "coco")

    lost = [line for line in outcome.err.splitlines() if "has lost" in line]
    assert outcome.code == 3
    assert len(lost) == 1
    assert lost[0].startswith(
        f"sis: left out: {len(others)} photos whose file the workspace has lost;"
    )
    assert "sis: among those that should be there: flickr:" in outcome.err
    assert json.loads(Path("set/annotations/all.json").read_text())["images"] == [first]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["x.csv", "--country", "NO"], 2, "no photo meets the conditions, so nothing was written"),
        (["frame.json", "--format", "seed", "--country", "NO"], 2, "no photo meets the conditions"),
        (
            ["x.csv", "--license", "all-rights-reserved"],
            2,
            "8 photos without a free licence (--include-all-rights-reserved)",
        ),
        (["set", "--format", "coco"], 1, "6 photos whose file the workspace has lost"),
    ],
)
def test_an_export_of_nothing_is_an_error_that_says_what_left_photos_out(
    sis: Callable, workspace: Path, arguments: list[str], code: int, message: str
) -> None:
    for path in (workspace / "files").rglob("*.*"):
        path.unlink()
    before = set(Path().iterdir())

    outcome = sis("export", *arguments)

    assert outcome.code == code
    assert message in outcome.err
    assert set(Path().iterdir()) == before
