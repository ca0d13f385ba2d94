import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smart_image_scraper.export import seed_frame
from smart_image_scraper.photo import (
    EncryptedPhoto,
    Photo,
    PhotoId,
    Score,
    SearchHit,
    Size,
    Token,
)
from smart_image_scraper.photo.older_record import COLUMNS, PERSONAL_COLUMNS
from smart_image_scraper.search.seed_frame import read_frame

SEED = Path(__file__).parents[2] / "../shared/seed/df_100_per_search_encrypted.json"

MakePhoto = Callable[..., Photo]


def frame_text(rows: list[dict[str, object]], *, labels: list[str], columns: list[str]) -> str:
    """Write a frame as pandas does."""
    frame = {
        column: {label: row[column] for label, row in zip(labels, rows, strict=True)}
        for column in columns
    }
    return json.dumps(frame, separators=(",", ":")).replace("/", "\\/")


def exported(photos: list[EncryptedPhoto], folder: Path) -> dict[str, dict[str, Any]]:
    seed_frame.write(photos, to=folder / "out.json")
    frame: dict[str, dict[str, Any]] = json.loads((folder / "out.json").read_text())
    return frame


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters())
    | st.sampled_from(["0", "0.0", 0.0, 1.0, 0.49, "", " a  b ", "2016-12-19 08:31:06", "a b"]),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
)
TOKENS = st.none() | st.just("") | st.integers(0, 9).map(lambda n: "gAAAAA" + str(n) * 94)
LINKS = st.builds(
    "https://live.staticflickr.com/5613/{}_e11c0a67e6{}.jpg".format,
    st.integers(1, 3),
    st.sampled_from(["", "_b", "_q", "_o"]),
)
SPECIAL = {"link": LINKS, **dict.fromkeys(PERSONAL_COLUMNS, TOKENS)}
RECORDS = st.fixed_dictionaries({column: SPECIAL.get(column, ODD) for column in COLUMNS})


@settings(deadline=None)
@given(
    rows=st.lists(RECORDS, max_size=4),
    labels=st.lists(st.integers() | st.text(), min_size=4, max_size=4, unique_by=str),
    columns=st.permutations(COLUMNS),
    with_id=st.booleans(),
)
def test_any_odd_frame_comes_back_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[dict[str, object]],
    labels: list[object],
    columns: list[str],
    *,
    with_id: bool,
) -> None:
    path = tmp_path_factory.mktemp("frame") / "in.json"
    columns = [column for column in columns if column != "_id" or with_id]
    # A frame without rows leaves nothing in the store that could tell its columns' order.
    columns = columns if rows else list(COLUMNS)
    path.write_text(frame_text(rows, labels=[*map(str, labels)][: len(rows)], columns=columns))

    seed_frame.write([found.photo for found in read_frame(path)], to=path.with_name("out.json"))

    assert path.with_name("out.json").read_bytes() == path.read_bytes()


@pytest.mark.skipif(not SEED.exists(), reason="the older scripts' real records are not here")
def test_the_real_frame_comes_back_byte_for_byte_in_whatever_order_the_store_gives_its_photos(
    tmp_path: Path,
) -> None:
    photos = sorted((found.photo for found in read_frame(SEED)), key=lambda photo: photo.photo.id)

    manifest = seed_frame.write(photos, to=tmp_path / "out.json")

    assert (tmp_path / "out.json").read_bytes() == SEED.read_bytes()
    assert (manifest.photos, manifest.rows) == (197, 200)


def test_a_scraped_photo_has_the_older_fields(make_photo: MakePhoto, tmp_path: Path) -> None:
    scores = (
        Score(concept="monkey", model="siglip", value=0.91),
        Score(concept="cage", model="google-vision-2021", below=0.5),
    )
    tokens = {"owner_id": Token(text="gAAAA1", key_id="a"), "exif": Token(text="gB", key_id="a")}
    photo = EncryptedPhoto(photo=make_photo(scores=scores), tokens=tokens)

    frame = exported([photo], tmp_path)

    assert tuple(frame) == COLUMNS
    assert {name: column["0"] for name, column in frame.items() if name != "_id"} == {
        "filename": "flickr_monkey_wild-0.jpg",
        "search term": "monkey wild",
        "date of download": "22/11/2026",
        "time of download": "09:05:01",
        "link": "https://live.staticflickr.com/1/1489_abc_b.jpg",
        "title": "Little monkey",
        "description": "In the wild",
        "date taken": "2016-12-19 08:31:06",
        "owner name": None,
        "path alias": None,
        "owner": "gAAAA1",
        "latitude": 5.8394,
        "longitude": 118.1172,
        "country": "Malaysia",
        "city": "Sandakan",
        "machine tags": "",
        "views": 817,
        "tags": "monkey サル",
        "exif data": "gB",
        "species prediction score": 0.91,
        "cage prediction score": 0.49,
    }


def test_a_record_has_an_id_like_the_older_databases_that_stays_the_same(
    make_photo: MakePhoto, tmp_path: Path
) -> None:
    photos = [EncryptedPhoto(photo=make_photo(f"flickr:{number}")) for number in (1, 2)]

    first = exported(photos, tmp_path)["_id"]
    again = exported(photos[::-1], tmp_path)["_id"]

    assert len({*first.values()}) == 2
    assert all(len(bytes.fromhex(value)) == 12 for value in first.values())
    assert sorted(first.values()) == sorted(again.values())


def test_a_photo_has_a_row_for_each_search_and_files_are_numbered_by_term(
    make_photo: MakePhoto, tmp_path: Path
) -> None:
    hits = tuple(SearchHit(term=term, run="1") for term in ("monkey wild", "サル/猿"))
    photos = [
        EncryptedPhoto(photo=make_photo("flickr:1", searches=hits)),
        EncryptedPhoto(photo=make_photo("flickr:2")),
    ]

    frame = exported(photos, tmp_path)

    assert frame["filename"] == {
        "0": "flickr_monkey_wild-0.jpg",
        "1": "flickr_サル_猿-0.jpg",
        "2": "flickr_monkey_wild-1.jpg",
    }


def test_a_photo_that_no_search_found_is_not_left_out(
    make_photo: MakePhoto, tmp_path: Path
) -> None:
    frame = exported([EncryptedPhoto(photo=make_photo(searches=()))], tmp_path)

    assert frame["search term"] == {"0": ""}


@pytest.mark.parametrize(
    ("url", "ending"), [("https://x.org/a.png?w=1", ".png"), ("https://x.org/a", ".jpg")]
)
def test_a_file_that_is_not_here_is_named_by_its_address(
    make_photo: MakePhoto, tmp_path: Path, url: str, ending: str
) -> None:
    photo = make_photo(file=None, sizes=(Size(label="original", url=url),))

    frame = exported([EncryptedPhoto(photo=photo)], tmp_path)

    assert frame["filename"]["0"].endswith(f"-0{ending}")
    assert frame["link"]["0"] == url
    assert frame["date of download"]["0"] is None


def test_a_photo_of_which_nothing_is_known_is_a_row_of_what_the_older_scripts_wrote_then(
    tmp_path: Path,
) -> None:
    frame = exported([EncryptedPhoto(photo=Photo(id=PhotoId("folder:1")))], tmp_path)

    assert frame["link"]["0"] is None
    assert frame["latitude"]["0"] == frame["longitude"]["0"] == 0.0
    assert frame["country"]["0"] == frame["city"]["0"] == ""
    assert frame["filename"]["0"] == "folder_-0.jpg"


def test_imported_rows_come_before_scraped_ones_and_all_are_numbered_anew(
    make_photo: MakePhoto, tmp_path: Path
) -> None:
    cells = '{"filename":"flickr_monkey_wild-0.jpg"}'
    older = {"row": 7, "cells": cells, "columns": list(COLUMNS[1:])}
    imported = make_photo(
        "flickr:1", searches=(SearchHit(term="monkey wild", run="seed-1", older=older),)
    )

    frame = exported(
        [EncryptedPhoto(photo=make_photo("flickr:2")), EncryptedPhoto(photo=imported)], tmp_path
    )

    assert tuple(frame) == COLUMNS
    assert frame["filename"] == {"0": "flickr_monkey_wild-0.jpg", "1": "flickr_monkey_wild-1.jpg"}


def test_a_part_of_an_imported_frame_keeps_its_labels(
    make_photo: MakePhoto, tmp_path: Path
) -> None:
    hits = [
        SearchHit(term="monkey", run="seed-1", older={"row": row, "cells": "{}"}) for row in (9, 4)
    ]
    photos = [
        EncryptedPhoto(photo=make_photo(f"flickr:{number}", searches=(hit,)))
        for number, hit in enumerate(hits)
    ]

    assert list(exported(photos, tmp_path)["title"]) == ["4", "9"]
