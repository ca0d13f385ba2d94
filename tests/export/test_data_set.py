import csv
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import datasets
import pytest
from PIL import ExifTags, Image

from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.errors import KeyRingError, TokenError, UsageError
from smart_image_scraper.export import FORMATS, Exported, Leave, LeftOut, Shares
from smart_image_scraper.photo import (
    Filter,
    Gone,
    GoneReason,
    License,
    Owner,
    Photo,
    Place,
    Score,
    Scoring,
    Threshold,
)
from smart_image_scraper.store import Review, Store, Verdict
from tests.made.photos import inspection

MakePhoto = Callable[..., Photo]
MakeJpeg = Callable[..., bytes]
Add = Callable[..., Photo]
Export = Callable[..., Exported]
NOW = datetime(2026, 11, 26, tzinfo=UTC)
RESERVED = License.ALL_RIGHTS_RESERVED


@pytest.fixture
def fill(add: Add, make_photo: MakePhoto, make_jpeg: MakeJpeg) -> Callable[..., list[Photo]]:
    """Put photos of three owners in turn, each with a file, into the store."""

    def put(number: int = 6, **changes: Any) -> list[Photo]:
        return [
            add(
                make_photo(f"flickr:{at:04d}", owner=Owner(id=f"{at % 3}@N01"), **changes),
                content=make_jpeg(at),
            )
            for at in range(number)
        ]

    return put


Fill = Callable[..., list[Photo]]


def manifest(tmp_path: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((tmp_path / "out" / "manifest.json").read_text())
    return values


def rows(tmp_path: Path) -> dict[str, dict[str, Any]]:
    lines = [
        json.loads(line)
        for path in (tmp_path / "out").rglob("metadata.jsonl")
        for line in path.read_text().splitlines()
    ]
    return {row["id"]: row for row in lines}


def test_a_data_set_has_what_tells_of_it_beside_its_photos(
    fill: Fill, export: Export, tmp_path: Path
) -> None:
    fill()

    exported = export()

    beside = {path.name for path in (tmp_path / "out").iterdir() if path.is_file()}
    assert (exported.path, exported.photos) == (tmp_path / "out", 6)
    assert beside == {
        *("README.md", "ATTRIBUTION.md", "LICENSES.csv"),
        *("manifest.json", "croissant.json", "runs.json"),
    }
    assert len(list((tmp_path / "out").rglob("*.jpg"))) == 6


@pytest.mark.parametrize("form", FORMATS)
def test_the_manifest_has_the_digest_of_every_file_but_images_and_shards(
    fill: Fill, export: Export, tmp_path: Path, form: str
) -> None:
    fill()

    export(form)

    told = {file["path"]: file["sha256"] for file in manifest(tmp_path)["files"]}
    for path, sha256 in told.items():
        content = (tmp_path / "out" / path).read_bytes()
        assert sha256 == (None if path.endswith(".tar") else hashlib.sha256(content).hexdigest())
    there = {
        str(path.relative_to(tmp_path / "out"))
        for path in (tmp_path / "out").rglob("*")
        if path.is_file() and path.suffix != ".jpg"
    }
    assert there == {*told, "manifest.json"}


def test_the_manifest_says_what_was_asked_for_and_what_came_of_it(
    fill: Fill, export: Export, tmp_path: Path
) -> None:
    fill(3)
    fill(2, license=RESERVED)

    export(where=Filter(terms=("monkey wild",)), seed=7)

    told = manifest(tmp_path)
    assert next(iter(told)) == "smart_image_scraper"
    assert told["filter"] == {"terms": ["monkey wild"], "gone": False}
    assert told["options"]["seed"] == 7
    assert (told["photos"], told["left_out"]["not free"]) == (1, 2)
    assert told["licenses"] == {"cc-by-2.0": 1}
    assert told["years"] == {"2016": 1}


def test_every_photo_is_attributed_and_the_licences_are_counted(
    fill: Fill, export: Export, tmp_path: Path
) -> None:
    photos = fill(4)

    export()

    lines = (tmp_path / "out" / "ATTRIBUTION.md").read_text().splitlines()[5:]
    assert [line.partition(":")[0] for line in lines] == [
        f"- `flickr-{photo.id.native}.jpg`" for photo in photos
    ]
    with (tmp_path / "out" / "LICENSES.csv").open() as file:
        assert [row["photos"] for row in csv.DictReader(file)] == ["4"]


def test_photos_without_a_free_licence_stay_and_are_counted(
    add: Add, make_photo: MakePhoto, make_jpeg: MakeJpeg, export: Export
) -> None:
    words = ("cc-by-2.0", "all-rights-reserved", "unknown")
    for at, word in enumerate(words):
        add(make_photo(f"flickr:{at}", license=License(word)), content=make_jpeg(at))

    exported = export()

    assert (exported.photos, exported.left_out) == (
        1,
        {LeftOut.NOT_FREE: 1, LeftOut.UNKNOWN: 1},
    )


def test_an_exception_lets_them_leave_and_the_card_says_so(
    fill: Fill, export: Export, tmp_path: Path
) -> None:
    fill(2, license=RESERVED)

    exported = export(leave=Leave(all_rights_reserved=True))

    assert exported.photos == 2
    assert "2 photos have no free licence" in (tmp_path / "out" / "README.md").read_text()


def test_a_withdrawn_licence_is_told_where_it_is_used(
    add: Add, make_photo: MakePhoto, make_jpeg: MakeJpeg, export: Export, tmp_path: Path
) -> None:
    photo = make_photo(license=RESERVED)
    assert photo.file is not None
    fetched = replace(photo, file=replace(photo.file, license=License("cc-by-2.0")))
    add(fetched, content=make_jpeg(1))

    exported = export(leave=Leave(license_at_download=True))

    (row,) = rows(tmp_path).values()
    assert exported.photos == manifest(tmp_path)["under_withdrawn_license"] == 1
    assert (row["license"], row["license_now"]) == ("cc-by-2.0", "all-rights-reserved")
    assert "cannot be revoked for copies" in (tmp_path / "out" / "README.md").read_text()


def test_photos_that_their_owners_took_away_stay_unless_they_alone_are_asked_for(
    fill: Fill, export: Export
) -> None:
    fill(3)
    fill(1, gone=Gone(reason=GoneReason.NOT_FOUND, at=NOW), checked_at=NOW)

    usual, taken_away = export(), export(where=Filter(gone=True), instead=True)

    assert (usual.photos, usual.gone) == (2, 1)
    assert (taken_away.photos, taken_away.gone) == (1, 0)


def test_a_photo_that_a_person_rejected_stays_unless_it_is_asked_for(
    fill: Fill, store: Store, export: Export
) -> None:
    photo, *_ = fill(3)
    store.reviews.add([Review(photo=photo.id, verdict=Verdict.REJECT, by="me", at=NOW)])

    usual, everything = export(), export(with_rejected=True, instead=True)

    assert (usual.photos, usual.left_out) == (2, {LeftOut.REJECTED: 1})
    assert everything.photos == 3


def test_a_file_that_is_missing_or_short_is_left_out_counted_and_named(
    fill: Fill, workspace: Path, export: Export
) -> None:
    photos = fill(3)
    missing, short, *_ = (
        workspace / "files" / str(photo.file.path) for photo in photos if photo.file
    )
    missing.unlink()
    short.write_bytes(b"short")

    exported = export()

    assert (exported.photos, exported.left_out) == (1, {LeftOut.LOST: 2})
    assert exported.failed == dict.fromkeys([photos[0].id, photos[1].id], LeftOut.LOST)


def test_a_photo_that_was_never_downloaded_is_no_failure(
    add: Add, make_photo: MakePhoto, make_jpeg: MakeJpeg, export: Export
) -> None:
    add(make_photo("flickr:1", file=None))
    add(make_photo("flickr:2"), content=make_jpeg(2))

    exported = export()

    assert (exported.left_out, exported.failed) == ({LeftOut.NO_FILE: 1}, {})


def test_a_file_is_not_needed_to_tell_what_is_known(
    add: Add, make_photo: MakePhoto, export: Export
) -> None:
    add(make_photo(file=None))

    assert export("csv").photos == 1


def with_gps() -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Bea Miller"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (5.0, 50.0, 21.84)
    return exif


def test_a_file_that_may_have_its_metadata_is_stripped_on_the_way(
    add: Add,
    make_photo: MakePhoto,
    make_jpeg: MakeJpeg,
    workspace: Path,
    export: Export,
    tmp_path: Path,
) -> None:
    content = make_jpeg(1, exif=with_gps(), comment=b"by Bea Miller")
    kept = add(make_photo("flickr:1", inspection=inspection(stripped=False)), content=content)
    add(make_photo("flickr:2"), content=make_jpeg(2, exif=with_gps()))

    export()

    files = sorted((tmp_path / "out").rglob("*.jpg"))
    assert len(files) == 2
    for path in files:
        assert b"Miller" not in path.read_bytes()
        with Image.open(path) as image:
            assert not image.getexif()
    told = rows(tmp_path)["flickr:1"]
    assert told["sha256"] == hashlib.sha256(files[0].read_bytes()).hexdigest()
    assert told["bytes"] == files[0].stat().st_size
    assert kept.file is not None
    assert (workspace / "files" / kept.file.path).read_bytes() == content
    assert not (tmp_path / "out" / ".stripped").exists()


def test_a_file_whose_metadata_cannot_be_taken_out_is_left_out(
    add: Add, make_photo: MakePhoto, make_jpeg: MakeJpeg, export: Export
) -> None:
    add(make_photo("flickr:1"), content=b"BM, a bitmap of a person")
    add(make_photo("flickr:2"), content=make_jpeg(2))

    assert export().left_out == {LeftOut.METADATA: 1}


def test_labels_follow_reviews_and_then_scores(
    fill: Fill, store: Store, export: Export, tmp_path: Path
) -> None:
    scores = (Score(concept="monkey", model="m@1", value=0.9),)
    photo, *_ = fill(2, scores=scores)
    store.scores.save_scoring(Scoring(concept="monkey", model="m@1", scored_at=NOW))
    said = Review(photo=photo.id, verdict=Verdict.REJECT, concept="monkey", by="me", at=NOW)
    store.reviews.add([said])

    export("parquet", labels=(Threshold.parse("monkey>=0.5"),))

    told = manifest(tmp_path)
    assert [(each["label"], each["photos"]) for each in told["classes"]] == [(False, 1), (True, 1)]
    assert told["labels"][0]["model"] == "m@1"
    assert "| monkey | 1 | 1 | 0 |" in (tmp_path / "out" / "README.md").read_text()


def test_a_split_is_proved_by_the_manifest(fill: Fill, export: Export, tmp_path: Path) -> None:
    photos = fill(30)

    exported = export(split=Shares.parse("70/30"))

    told, of = manifest(tmp_path)["split"], rows(tmp_path)
    lines = "".join(f"{photo.id} {of[photo.id]['split']}\n" for photo in photos)
    assert told["groups_on_two_sides"] == 0
    assert told["assignment_sha256"] == hashlib.sha256(lines.encode()).hexdigest()
    assert told["photos"] == exported.splits == {"train": 20, "test": 10}
    owners = [{of[photo.id]["split"] for photo in photos[at::3]} for at in range(3)]
    assert [len(sides) for sides in owners] == [1, 1, 1]


def test_an_owner_with_most_of_the_photos_makes_the_card_say_why_shares_are_off(
    add: Add, make_photo: MakePhoto, make_jpeg: MakeJpeg, export: Export, tmp_path: Path
) -> None:
    for at in range(10):
        owner = Owner(id="1@N01" if at < 6 else f"{at}@N01")
        add(make_photo(f"flickr:{at}", owner=owner), content=make_jpeg(at))

    export(split=Shares.parse("34/33/33"))

    card = (tmp_path / "out" / "README.md").read_text()
    assert "that parts no group:** the largest has 6 photos, 60% of all" in card
    assert manifest(tmp_path)["split"]["uneven"]


def test_the_card_says_which_parts_have_no_photo_of_a_concept(
    add: Add,
    make_photo: MakePhoto,
    make_jpeg: MakeJpeg,
    store: Store,
    export: Export,
    tmp_path: Path,
) -> None:
    photos = [add(make_photo(f"flickr:{at}"), content=make_jpeg(at)) for at in range(20)]
    store.reviews.add(
        Review(photo=photo.id, verdict=Verdict.ACCEPT, concept=concept, by="a", at=NOW)
        for concept, number in (("monkey", 20), ("*cage*", 1))
        for photo in photos[:number]
    )

    export(concepts=("monkey", "*cage*", "net"), split=Shares.parse("80/10/10"))

    card = (tmp_path / "out" / "README.md").read_text()
    assert card.count("**No photo in ") == 1
    assert "**No photo in validation and test shows \\*cage\\*:** too few do" in card


def test_personal_fields_come_when_they_are_asked_for_and_for_the_user_alone(
    fill: Fill, vault: Vault, export: Export, tmp_path: Path
) -> None:
    fill(1, description="© Bea, flickr.com/photos/bea")

    export(with_personal=True, vault=vault)

    (row,) = rows(tmp_path).values()
    assert (row["owner_id"], row["description"]) == ("0@N01", "© Bea, flickr.com/photos/bea")
    assert "by 0@N01" in row["credit"]
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("keys", [None, KeyRing.new()])
def test_personal_fields_cannot_be_had_without_their_keys(
    fill: Fill, export: Export, tmp_path: Path, keys: KeyRing | None
) -> None:
    fill(1)

    with pytest.raises((KeyRingError, TokenError), match="key"):
        export(with_personal=True, vault=keys and Vault(keys))

    assert not (tmp_path / "out").exists()


def test_without_the_keys_it_is_said_that_names_were_not_looked_for(
    fill: Fill, export: Export, tmp_path: Path
) -> None:
    fill(2)

    exported = export()

    assert exported.names_unknown == 2
    assert "not looked for in the texts of 2 of 2" in (tmp_path / "out" / "README.md").read_text()


def test_an_export_that_breaks_off_leaves_nothing(
    add: Add, make_photo: MakePhoto, vault: Vault, export: Export, tmp_path: Path
) -> None:
    add(make_photo(owner=Owner(id="1@N01")))

    with pytest.raises(UsageError, match="no photo has been scored for"):
        export("csv", labels=(Threshold.parse("monkey>=0.5"),))

    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("out")] == []


def test_a_name_that_is_no_text_is_written_as_far_as_it_is_one(
    add: Add, make_photo: MakePhoto, export: Export, tmp_path: Path
) -> None:
    add(make_photo())

    export("geojson", name="Monkeys \udcff")

    collection = json.loads((tmp_path / "out" / "photos.geojson").read_text())
    assert collection["name"] == "Monkeys \ufffd"


@pytest.mark.parametrize("form", ["image-folder", "webdataset", "parquet", "csv", "json-lines"])
def test_datasets_loads_the_folder_as_it_is(
    add: Add,
    make_photo: MakePhoto,
    make_jpeg: MakeJpeg,
    export: Export,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
) -> None:
    for at in range(4):
        # What is not known of the first ones is known of the last.
        changes = {} if at > 1 else {"title": None, "views": None, "tags": (), "place": None}
        add(make_photo(f"flickr:{at}", **changes), content=make_jpeg(at))
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    datasets.disable_progress_bars()

    export(form)
    loaded = datasets.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))

    assert {name: len(rows) for name, rows in loaded.items()} == {"train": 4}


def test_datasets_reads_a_spreadsheets_namibia_and_a_photo_called_none(
    add: Add,
    make_photo: MakePhoto,
    export: Export,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = Place(country_code="NA", country="Namibia", gazetteer="made")
    add(make_photo("flickr:1", title="None", place=place))
    add(make_photo("flickr:2", title=None, place=None))
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    datasets.disable_progress_bars()

    export("csv")
    rows = datasets.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))["train"]

    assert rows["title"][:] == ["None", None]
    assert rows["country code"][:] == ["NA", None]


@pytest.mark.parametrize("form", ["csv", "json-lines", "parquet", "image-folder", "webdataset"])
def test_datasets_loads_a_split_that_has_parts_without_a_photo(
    fill: Fill, export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    datasets.disable_progress_bars()
    fill(1)

    export(form, split=Shares.parse("80/10/10"))

    loaded = datasets.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))
    tables = {"csv", "json-lines", "parquet"}
    assert {name: len(rows) for name, rows in loaded.items()} == {
        "all_splits" if form in tables else "train": 1
    }
