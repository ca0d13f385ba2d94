import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageDraw

from smart_image_scraper.demo import FlickrSite
from smart_image_scraper.demo.pictures import Picture
from smart_image_scraper.photo import Filter, Stage
from smart_image_scraper.store import Store


@pytest.fixture(autouse=True)
def environment(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The usual settings, without exiftool, which takes half a second to start."""
    environment["PATH"] = str(tmp_path / "nothing")
    return environment


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of a photo, a smaller copy of it, and another photo, the first with metadata."""
    folder = tmp_path / "macaques"
    folder.mkdir()
    first, second = (
        Image.fromarray(
            np.random.default_rng(seed).integers(0, 256, (12, 16, 3), dtype=np.uint8)
        ).resize((480, 360), Image.Resampling.BICUBIC)
        for seed in (1, 2)
    )
    exif = Image.Exif()
    exif.update({ExifTags.Base.Make: "Canon", ExifTags.Base.Model: "EOS 70D"})
    exif[ExifTags.Base.Artist] = "Jane Doe"
    first.save(folder / "first.jpg", exif=exif)
    first.resize((240, 180)).save(folder / "smaller.jpg")
    second.save(folder / "second.png")
    return folder


@pytest.fixture
def listed(sis: Callable) -> Callable[..., list[Any]]:
    def call(*options: str) -> list[Any]:
        return [json.loads(line) for line in sis("list", "--json", *options).out.splitlines()]

    return call


def titles(photos: list[Any]) -> list[str]:
    return sorted(photo["title"] for photo in photos)


def stored_files(workspace: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(workspace.glob("files/??/??/*.*"))]


def served(site: FlickrSite, photo: Any) -> bytes:
    picture = site.catalogue.pictures.picture(photo["file"]["url"].rpartition("/")[2])
    assert isinstance(picture, Picture)
    return picture.body


def test_a_folder_that_is_taken_in_is_stripped(
    sis: Callable, pictures: Path, workspace: Path
) -> None:
    outcome = sis("import", "folder", str(pictures))

    imported, inspected, geocoded = outcome.out.splitlines()
    assert imported == "import: 3 photos (3 new, 0 already known), 3 files, none failed"
    assert inspected.startswith("inspect: 3 files, ")
    assert inspected.endswith("metadata taken out of 1, none failed")
    assert geocoded == "geocode: 0 photos in 0 countries"
    assert not any(b"Jane Doe" in content for content in stored_files(workspace))
    assert b"Jane Doe" in (pictures / "first.jpg").read_bytes()
    assert outcome.code == 0


def test_a_folder_that_is_taken_in_again_stays_stripped(
    sis: Callable, pictures: Path, workspace: Path
) -> None:
    sis("import", "folder", str(pictures))

    sis("import", "folder", str(pictures))

    files = stored_files(workspace)
    assert not any(b"Jane Doe" in content for content in files)
    assert len(files) == 3


@pytest.mark.parametrize(
    ("options", "settings"),
    [(("--keep-metadata",), {}), ((), {"SIS_KEEP_METADATA": "true"})],
    ids=["option", "setting"],
)
def test_a_folder_is_taken_in_as_it_is_if_asked(
    sis: Callable,
    pictures: Path,
    workspace: Path,
    *,
    options: tuple[str, ...],
    settings: dict[str, str],
) -> None:
    sis("import", "folder", str(pictures), *options, **settings)

    assert (pictures / "first.jpg").read_bytes() in stored_files(workspace)


def test_what_was_kept_with_metadata_is_cleaned_with_strip(
    sis: Callable, pictures: Path, workspace: Path
) -> None:
    sis("import", "folder", str(pictures), "--keep-metadata")
    kept = sis("list", "--not-stripped").out.splitlines()

    outcome = sis("inspect", "--strip", SIS_KEEP_METADATA="true")

    assert len(kept) == 1
    assert outcome.out.startswith("inspect: 1 file, ")
    assert outcome.out.endswith("metadata taken out of 1, none failed\n")
    assert not any(b"Jane Doe" in content for content in stored_files(workspace))
    assert sis("list", "--not-stripped").out == ""


def test_strip_also_inspects_what_is_pending(
    sis: Callable, at_flickr: FlickrSite, pictures: Path
) -> None:
    sis("import", "folder", str(pictures), "--keep-metadata")
    sis("search", "monkey", "-n", "2")
    downloaded = json.loads(sis("download", "--size", "240", "--json").out)["downloaded"]

    summary = json.loads(sis("inspect", "--strip", "--json").out)

    assert (summary["inspected"], summary["stripped"]) == (1 + downloaded, 1)


def test_to_strip_and_to_keep_is_refused(sis: Callable, workspace: Path) -> None:
    outcome = sis("inspect", "--strip", "--keep-metadata")

    assert outcome.code == 2
    assert "--strip and --keep-metadata are opposites" in outcome.err
    assert not workspace.exists()


@pytest.fixture
def downloaded(sis: Callable, at_flickr: FlickrSite, workspace: Path) -> list[Path]:
    """The files of photos that are not inspected yet."""
    sis("search", "cage", "-n", "4")
    sis("download", "--size", "240")
    return sorted(workspace.glob("files/??/??/*.jpg"))


def test_inspect_says_what_it_did_and_then_has_nothing_to_do(
    sis: Callable, downloaded: list[Path]
) -> None:
    first, second = sis("inspect"), sis("inspect", "--json")

    assert first.out.startswith(f"inspect: {len(downloaded)} files, ")
    assert " tags read by pillow " in first.out
    assert (first.code, second.code) == (0, 0)
    nothing = {"inspected": 0, "tags": 0, "stripped": 0, "failed": {}, "readers": {}}
    assert json.loads(second.out) == {"stage": "inspect"} | nothing


def test_a_file_that_is_gone_is_told_and_fetched_again(
    sis: Callable, downloaded: list[Path]
) -> None:
    downloaded[0].unlink()
    first = sis("inspect")
    failed = sis("list", "--failed", "inspect")
    sis("download")

    second = sis("inspect")

    assert "1 failed (1 missing)" in first.out
    assert "`sis list --failed inspect` shows them" in first.err
    assert "`sis download` fetches the photo again" in failed.out
    assert (first.code, second.code) == (3, 0)
    assert sis("list", "--failed", "inspect").out == ""


def test_a_damaged_file_is_tried_again_only_with_again(
    sis: Callable, downloaded: list[Path]
) -> None:
    downloaded[0].write_bytes(downloaded[0].read_bytes()[:300])
    first = sis("inspect")

    without, again = sis("inspect"), sis("inspect", "--again", "--json")

    assert "1 failed (1 damaged)" in first.out
    assert "damaged, for good" in sis("list", "--failed", "inspect").out
    assert (without.code, again.code) == (0, 3)
    assert json.loads(again.out)["failed"] == {"damaged": 1}


def test_a_scrape_downloads_inspects_and_geocodes_what_it_found(
    sis: Callable, at_flickr: FlickrSite, listed: Callable
) -> None:
    outcome = sis("scrape", "monkey", "--country", "PH", "--size", "original", "--json")

    summaries = [json.loads(line) for line in outcome.out.splitlines()]
    assert [each["stage"] for each in summaries] == ["search", "download", "inspect", "geocode"]
    assert summaries[2]["stripped"] == 1
    assert summaries[3]["countries"] == {"PH": 2}
    photos = listed()
    fetched = {hashlib.sha256(served(at_flickr, photo)).hexdigest() for photo in photos}
    assert {photo["inspection"]["fetched_sha256"] for photo in photos} == fetched
    assert outcome.code == 0


def test_a_scrape_without_files_geocodes_what_it_found(
    sis: Callable, at_flickr: FlickrSite
) -> None:
    outcome = sis("scrape", "monkey", "--no-download", "--json")

    summaries = [json.loads(line) for line in outcome.out.splitlines()]
    assert [each["stage"] for each in summaries] == ["search", "geocode"]
    assert summaries[1]["countries"]["PH"] == 2
    assert at_flickr.fetches() == 0


def test_a_scrape_leaves_files_as_they_were_served_if_asked(
    sis: Callable, at_flickr: FlickrSite, workspace: Path, *, listed: Callable
) -> None:
    sis("scrape", "monkey", "--country", "PH", "--size", "original", "--keep-metadata")

    photos = listed()
    contents = {photo["id"]: workspace / "files" / photo["file"]["path"] for photo in photos}
    assert {key: path.read_bytes() for key, path in contents.items()} == {
        photo["id"]: served(at_flickr, photo) for photo in photos
    }
    assert len(listed("--not-stripped")) == 1


@pytest.mark.parametrize("word", ["PH", "ph", "Philippines", "フィリピン", "Filipinas"])
def test_only_photos_taken_in_the_country_are_stored(
    sis: Callable, at_flickr: FlickrSite, listed: Callable, *, word: str
) -> None:
    sis("search", "monkey", "--country", word)
    sis("geocode")

    west, south, east, north = map(float, at_flickr.served[0].arguments["bbox"].split(","))
    assert (int(west), int(south), int(east), int(north)) == (113, 3, 127, 21)
    assert [photo["place"]["country_code"] for photo in listed()] == ["PH", "PH"]


@pytest.mark.parametrize("command", [("scrape", "monkey"), ("search", "monkey"), ("list",)])
@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("Atlantis", "no one country is called 'Atlantis'; give its ISO 3166 code, such as PH"),
        ("Phillipines", "did you mean Philippines (PH)?"),
    ],
)
def test_a_word_that_is_no_country_is_refused(
    sis: Callable, at_flickr: FlickrSite, *, command: tuple[str, ...], word: str, hint: str
) -> None:
    outcome = sis(*command, "--country", word)

    assert outcome.code == 2
    assert hint in " ".join(outcome.err.split())
    assert at_flickr.served == []


def test_geocode_says_what_it_did(sis: Callable, at_flickr: FlickrSite) -> None:
    sis("search", "monkey")

    first, second, again = sis("geocode"), sis("geocode", "--json"), sis("geocode", "--again")

    assert first.out.startswith("geocode: ")
    assert " photos in 5 countries" in first.out
    nothing = {"geocoded": 0, "countries": {}, "nowhere": 0}
    assert json.loads(second.out) == {"stage": "geocode"} | nothing
    assert again.out == first.out
    assert {first.code, second.code, again.code} == {0}


def test_photos_are_listed_by_country(
    sis: Callable, at_flickr: FlickrSite, listed: Callable
) -> None:
    sis("search", "monkey")
    sis("geocode")

    countries = [photo["place"]["country_code"] for photo in listed("--country", "PH")]
    either = listed("--country", "PH", "--country", "South Africa")

    assert countries == ["PH", "PH"]
    assert len(either) == 3


def test_photos_are_listed_by_camera_and_by_whether_they_are_stripped(
    sis: Callable, pictures: Path, listed: Callable
) -> None:
    sis("import", "folder", str(pictures), "--keep-metadata")

    assert titles(listed("--camera", "canon")) == ["first"]
    assert titles(listed("--camera", "eos 70", "--camera", "Nikon")) == ["first"]
    assert listed("--camera", "EOS.70D") == []
    assert titles(listed("--not-stripped")) == ["first"]
    assert titles(listed("--stripped")) == ["second", "smaller"]


def test_photos_are_listed_by_what_the_site_and_the_file_disagree_in(
    sis: Callable, pictures: Path, environment: dict[str, str], *, listed: Callable
) -> None:
    sis("import", "folder", str(pictures))
    differing = {"first": {"date_difference_s": 200_000}, "second": {"geotag_distance_km": 5}}
    with Store.connect(environment["SIS_DB"]) as store:
        for each in store.find(Filter()):
            inspection: Any = each.photo.inspection
            file: Any = each.photo.file
            anew = {"fetched_sha256": file.sha256, **differing.get(each.photo.title or "", {})}
            changed = replace(inspection, **anew)
            photo = replace(each.photo, inspection=changed)
            store.put([replace(each, photo=photo)], stages=(Stage.INSPECT,))

    assert titles(listed("--disagrees", "date")) == ["first"]
    assert titles(listed("--disagrees", "place")) == ["second"]


def test_duplicates_says_what_is_alike_and_the_best_is_listed_without_the_rest(
    sis: Callable, pictures: Path, listed: Callable
) -> None:
    sis("import", "folder", str(pictures))

    first, second = sis("duplicates"), sis("duplicates", "--json")

    assert first.out == (
        "duplicates: 3 photos compared; groups: 0 exact, 1 copy, 0 burst; "
        "1 photo has a better one\n"
    )
    found = {"photos": 3, "groups": {"exact": 0, "copy": 1, "burst": 0}, "not_best": 1}
    assert json.loads(second.out) == {"stage": "duplicates", "changed": 0} | found
    assert titles(listed("--without-duplicates")) == ["first", "second"]
    assert (first.code, second.code) == (0, 0)


def test_without_photos_there_is_nothing_to_do(sis: Callable) -> None:
    outcomes = [sis(command) for command in ("inspect", "geocode", "duplicates")]

    assert [outcome.code for outcome in outcomes] == [0, 0, 0]
    assert (
        outcomes[0].out == "inspect: 0 files, 0 tags read, metadata taken out of 0, none failed\n"
    )
    assert outcomes[2].out.startswith("duplicates: 0 photos compared")


def test_status_says_what_is_to_be_inspected_and_geocoded_and_by_what(
    sis: Callable, downloaded: list[Path]
) -> None:
    before = sis("status").out.splitlines()
    geotagged = json.loads(sis("status", "--json").out)["pending"]["geocode"]

    sis("inspect")
    sis("geocode")

    after = sis("status").out.splitlines()
    assert f"to inspect: {len(downloaded)}" in before
    assert f"to geocode: {geotagged}" in before
    assert any(line.startswith("metadata is read by Pillow; with exiftool") for line in before)
    assert geotagged > 0
    assert "to inspect: 0" in after
    assert "to geocode: 0" in after


def test_status_names_the_exiftool_that_is_installed(
    sis: Callable, environment: dict[str, str]
) -> None:
    if (exiftool := shutil.which("exiftool")) is None:
        pytest.skip("needs exiftool (Debian's libimage-exiftool-perl)")

    lines = sis("status", PATH=f"{Path(exiftool).parent}:/usr/bin:/bin").out.splitlines()

    assert any(line.startswith("metadata is read by exiftool 1") for line in lines)


def test_spoilt_photos_and_graphics_are_listed_and_left_out(
    sis: Callable, listed: Callable, tmp_path: Path, pictures: Path
) -> None:
    Image.new("RGB", (480, 360), "black").save(pictures / "night.png")
    page = Image.new("RGB", (480, 360), "white")
    ImageDraw.Draw(page).rectangle((40, 60, 300, 200), fill="navy")
    page.save(pictures / "page.png")

    sis("import", "folder", str(pictures))

    assert titles(listed("--signal", "dark")) == ["night"]
    assert titles(listed("--signal", "graphic")) == ["night", "page"]
    assert titles(listed("--without-signal", "graphic", "--without-signal", "tiny")) == [
        "first",
        "second",
    ]
    assert "Invalid value for '--signal'" in sis("list", "--signal", "ugly").err
