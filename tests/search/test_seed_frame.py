import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from smart_image_scraper.errors import FrameError, KeyRingError
from smart_image_scraper.photo import (
    Coordinates,
    EncryptedPhoto,
    Photo,
    Place,
    Score,
    Size,
    TakenDate,
    Token,
)
from smart_image_scraper.photo.json_text import encode
from smart_image_scraper.photo.older_record import COLUMNS, OlderRow
from smart_image_scraper.photo.sealed import sensitive_values, without_sensitive_values
from smart_image_scraper.search.seed_frame import read_frame

SEED = Path(__file__).parents[2] / "../shared/seed"
TOKEN, OTHER_TOKEN = "gAAAAA" + "a" * 94, "gAAAAA" + "b" * 94
LINK = "https://live.staticflickr.com/5613/30988677726_e11c0a67e6_o.jpg"
RECORD: dict[str, object] = {
    "_id": "6021dbce3dd3e16836ff14ba",
    "filename": "flickr_monkey_wild-4.jpg",
    "search term": "monkey wild",
    "date of download": "08/02/2021",
    "time of download": "10:15:45",
    "link": LINK,
    "title": "Wild サル",
    "description": None,
    "date taken": "2016-11-11 11:07:18",
    "owner name": TOKEN,
    "path alias": TOKEN,
    "owner": TOKEN,
    "latitude": 29.214812,
    "longitude": -82.041279,
    "country": "United States",
    "city": "Silver Springs",
    "machine tags": "",
    "views": 819,
    "tags": "florida monkey",
    "exif data": TOKEN,
    "species prediction score": 0.95854515,
    "cage prediction score": 0.49,
}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_frame(*records: dict[str, object], without: tuple[str, ...] = ()) -> Path:
        path = tmp_path / "frame.json"
        rows = [{**RECORD, **record} for record in records]
        frame = {
            column: {str(number): row[column] for number, row in enumerate(rows)}
            for column in rows[0]
            if column not in without
        }
        path.write_text(json.dumps(frame, separators=(",", ":")).replace("/", "\\/"))
        return path

    return write_frame


def seal(photo: Photo) -> EncryptedPhoto:
    """Seal so that a test can see what was sealed: nothing here is secret."""
    tokens = {
        name: Token(text=f"sealed {value}", key_id="now")
        for name, value in sensitive_values(photo).items()
    }
    return EncryptedPhoto(
        photo=without_sensitive_values(photo),
        tokens=tokens,
        owner_index=b"i" * 16,
        digest=b"d" * 16,
    )


def read_one(path: Path) -> Photo:
    (found,) = read_frame(path)
    return found.photo.photo


def kept_cells(photo: Photo) -> list[dict[str, str]]:
    rows = [OlderRow.of(hit) for hit in photo.searches]
    return [dict(row.cells) for row in rows if row]


def test_a_record_becomes_a_photo_with_typed_fields(write: Write) -> None:
    photo = read_one(write({}))

    assert photo.id == "flickr:30988677726"
    assert (photo.title, photo.description, photo.views) == ("Wild サル", None, 819)
    assert (photo.tags, photo.machine_tags) == (("florida", "monkey"), ())
    assert photo.taken == TakenDate(local=datetime(2016, 11, 11, 11, 7, 18))
    assert photo.coordinates == Coordinates(latitude=29.214812, longitude=-82.041279)
    assert photo.sizes == (Size(label="original", url=LINK),)
    assert photo.license.word == "unknown"
    assert photo.place == Place(
        country="United States",
        city="Silver Springs",
        gazetteer="reverse_geocode, older record",
    )
    assert photo.scores == (
        Score(concept="monkey", model="google-vision-2021", value=0.95854515),
        Score(concept="cage", model="google-vision-2021", below=0.5),
    )


def test_tokens_stay_as_they_are_and_need_no_key(write: Write) -> None:
    (found,) = read_frame(write({}))

    assert dict(found.photo.tokens) == dict.fromkeys(
        ("owner_id", "owner_name", "owner_path_alias", "exif"), Token(text=TOKEN, key_id="seed")
    )
    assert found.photo.owner_index is None
    assert found.photo.digest is None


def test_a_search_hit_keeps_what_the_photo_does_not_tell_or_will_tell_differently(
    write: Write,
) -> None:
    photo = read_one(write({}))

    assert [hit.term for hit in photo.searches] == ["monkey wild"]
    assert kept_cells(photo) == [
        {
            "_id": '"6021dbce3dd3e16836ff14ba"',
            "filename": '"flickr_monkey_wild-4.jpg"',
            "date of download": r'"08\/02\/2021"',
            "time of download": '"10:15:45"',
            # What our own stages will find anew.
            "country": '"United States"',
            "city": '"Silver Springs"',
            "exif data": f'"{TOKEN}"',
        }
    ]


def test_reading_a_file_again_gives_equal_photos(write: Write) -> None:
    path = write({}, {"search term": "monkey cage"})

    assert read_frame(path) == read_frame(path)


def test_a_photo_that_two_terms_found_is_one_photo_with_both_searches(write: Write) -> None:
    second = {
        "search term": "monkey cage",
        "filename": "flickr_monkey_cage-7.jpg",
        "owner": OTHER_TOKEN,
        "views": 820,
    }

    (found,) = read_frame(write({}, second))

    assert [hit.term for hit in found.photo.photo.searches] == ["monkey wild", "monkey cage"]
    assert found.filenames == ("flickr_monkey_wild-4.jpg", "flickr_monkey_cage-7.jpg")
    assert found.photo.tokens["owner_id"].text == TOKEN
    assert kept_cells(found.photo.photo)[1]["owner"] == f'"{OTHER_TOKEN}"'
    assert kept_cells(found.photo.photo)[1]["views"] == "820"


def test_a_byte_order_mark_is_let_pass(write: Write) -> None:
    path = write({})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert read_one(path).title == "Wild サル"


def test_a_frame_that_was_never_in_a_database_has_no_ids(write: Write) -> None:
    (hit,) = read_one(write({}, without=("_id",))).searches

    row = OlderRow.of(hit)

    assert row is not None
    assert row.columns == COLUMNS[1:]
    assert "_id" not in row.cells


@pytest.mark.parametrize(
    ("suffix", "label"),
    [("", "500"), ("_b", "1024"), ("_3k", "3072"), ("_f", "4096"), ("_o", "original")],
)
def test_a_links_suffix_tells_its_size(write: Write, suffix: str, label: str) -> None:
    link = f"https://farm1.staticflickr.com/608/30885328974_1fe16e14ef{suffix}.jpg"

    assert read_one(write({"link": link})).sizes == (Size(label=label, url=link),)


def test_a_size_that_is_not_certain_is_not_offered(write: Write) -> None:
    link = "https://farm1.staticflickr.com/608/30885328974_1fe16e14ef_q.jpg"

    photo = read_one(write({"link": link}))

    assert photo.sizes == ()
    assert kept_cells(photo)[0]["link"] == encode(link)


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"latitude": 0.0, "longitude": 0.0}, "coordinates"),
        ({"latitude": 91.0}, "coordinates"),
        ({"latitude": None}, "coordinates"),
        ({"country": "", "city": ""}, "place"),
        ({"country": None, "city": None}, "place"),
        ({"date taken": "0000-00-00 00:00:00"}, "taken"),
        ({"date taken": "11/11/2016"}, "taken"),
        ({"date taken": None}, "taken"),
        ({"views": -1}, "views"),
        ({"views": None}, "views"),
        ({"views": 10**30}, "views"),
        ({"title": 5.5e300, "description": ["a"]}, "description"),
    ],
)
def test_what_a_record_does_not_know_is_unknown(
    write: Write, record: dict[str, object], field: str
) -> None:
    assert getattr(read_one(write(record)), field) is None


@pytest.mark.parametrize("value", [1.0, 1, -0.5, 7, None, "", "high", [1]])
def test_what_is_no_score_is_unknown(write: Write, value: object) -> None:
    record = {"species prediction score": value, "cage prediction score": value}

    assert read_one(write(record)).scores == ()


def test_numbers_that_were_written_as_text_are_read(write: Write) -> None:
    photo = read_one(write({"latitude": "5.8394", "longitude": "118.1172", "views": "12"}))

    assert photo.coordinates == Coordinates(latitude=5.8394, longitude=118.1172)
    assert photo.views == 12
    assert kept_cells(photo)[0]["views"] == '"12"'


def test_half_a_character_does_not_reach_the_database(write: Write) -> None:
    photo = read_one(write({"title": "half \ud83d", "search term": "\udc00"}))

    assert photo.title == "half \ufffd"
    assert photo.searches[0].term == "\ufffd"
    assert kept_cells(photo)[0]["title"] == '"half \\ud83d"'


def test_a_record_without_a_search_term_has_an_empty_one(write: Write) -> None:
    assert read_one(write({"search term": None})).searches[0].term == ""


@pytest.mark.parametrize("name", ["../keys", "/etc/passwd", "C:x.jpg", "a\\b.jpg", "..", "", None])
def test_a_filename_that_leads_elsewhere_is_not_passed_on(write: Write, name: str | None) -> None:
    (found,) = read_frame(write({"filename": name}))

    assert found.filenames == ()


def test_personal_fields_in_the_clear_are_sealed_and_kept_nowhere_else(write: Write) -> None:
    plain = {
        "owner name": "Ada Ape",
        "path alias": "ada-ape",
        "owner": "7@N01",
        "exif data": "Canon",
    }

    (found,) = read_frame(write(plain, {**plain, "search term": "cage"}), seal=seal)

    assert found.photo.tokens["owner_name"].text == "sealed Ada Ape"
    assert found.photo.owner_index == b"i" * 16
    assert found.photo.digest == b"d" * 16
    assert not any(word in repr(found.photo.photo) for word in ("Ada", "ada-ape", "7@N01", "Canon"))


def test_a_record_may_be_sealed_in_part(write: Write) -> None:
    (found,) = read_frame(write({"exif data": "Make: Canon"}), seal=seal)

    assert found.photo.tokens["owner_id"] == Token(text=TOKEN, key_id="seed")
    assert found.photo.tokens["exif"] == Token(text="sealed Make: Canon", key_id="now")
    assert found.photo.digest is None


def test_a_personal_value_that_is_no_text_is_sealed_as_it_is_written(write: Write) -> None:
    (found,) = read_frame(write({"exif data": {"Make": "Canon"}, "owner": 7}), seal=seal)

    assert found.photo.tokens["exif"].text == 'sealed {"Make":"Canon"}'
    assert found.photo.tokens["owner_id"].text == "sealed 7"


def test_an_empty_personal_field_needs_no_seal(write: Write) -> None:
    (found,) = read_frame(write({"path alias": "", "exif data": None}))

    assert sorted(found.photo.tokens) == ["owner_id", "owner_name"]


def test_personal_fields_in_the_clear_are_refused_without_keys(write: Write) -> None:
    with pytest.raises(KeyRingError) as caught:
        read_frame(write({}, {"link": LINK.replace("30988677726", "5"), "owner": "7@N01"}))

    assert str(caught.value) == (
        'flickr:5: its personal fields are in the clear in row "1" and there are no keys to seal '
        "them with; make some with `sis keys init`"
    )


@pytest.mark.parametrize(
    "link",
    [
        None,
        5,
        "",
        "monkey.jpg",
        "https://live.staticflickr.com/5613/none_e11c0a67e6_o.jpg",
        "https://example.org/5613/30988677726_e11c0a67e6_o.jpg",
        "https://evilstaticflickr.com/5613/30988677726_e11c0a67e6_o.jpg",
    ],
)
def test_a_link_without_a_photo_id_is_refused_with_its_row(write: Write, link: object) -> None:
    path = write({}, {"link": link})

    with pytest.raises(FrameError) as caught:
        read_frame(path)

    assert str(caught.value).startswith(
        f'{path}: the link in row "1" is no address of a Flickr photo: '
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a frame of records: Expecting value: line 1 column 1 (char 0)"),
        (b"\xff\xd8\xff", "not a frame of records: not UTF-8 text"),
        (b"[]", "not a frame of records: not a JSON object"),
        (b"[" * 100_000, "not a frame of records: nested too deeply"),
        (b'{"link": {}}', "not a frame of records: there is no column 'filename', 'search term'"),
    ],
)
def test_a_file_that_is_no_frame_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "frame.json"
    path.write_bytes(content)

    with pytest.raises(FrameError) as caught:
        read_frame(path)

    assert str(caught.value).startswith(f"{path}: {message}")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FrameError, match=r"frame\.json: cannot be read: No such file"):
        read_frame(tmp_path / "frame.json")


def test_missing_columns_are_named(write: Write) -> None:
    with pytest.raises(FrameError, match="there is no column 'title', 'views'"):
        read_frame(write({}, without=("title", "views")))


def test_unknown_columns_are_refused_for_they_may_be_personal(write: Write) -> None:
    with pytest.raises(FrameError, match="the column 'real name' is none of the 21 of older"):
        read_frame(write({"real name": "Ada"}))


def test_a_column_that_is_there_twice_is_refused(write: Write) -> None:
    path = write({})
    path.write_text('{"views":{"0":1},' + path.read_text().removeprefix("{"))

    with pytest.raises(FrameError, match="a column is there twice"):
        read_frame(path)


def test_a_column_that_is_a_list_is_refused(write: Write) -> None:
    path = write({})
    path.write_text(path.read_text().replace('{"0":819}', "[819]"))

    with pytest.raises(FrameError, match="the column 'views' is no object of label and value"):
        read_frame(path)


@pytest.mark.parametrize("views", ["{}", '{"0": 1, "1": 2}', '{"7": 1}'])
def test_columns_of_different_rows_are_refused(write: Write, views: str) -> None:
    path = write({})
    path.write_text(path.read_text().replace('{"0":819}', views))

    with pytest.raises(FrameError, match=r"the column 'views' has \d rows and the column 'link' 1"):
        read_frame(path)


def test_a_frame_without_rows_holds_no_photos(write: Write) -> None:
    path = write({})
    path.write_text(json.dumps({column: {} for column in COLUMNS}))

    assert read_frame(path) == []


@pytest.mark.skipif(not SEED.exists(), reason="the older scripts' real records are not here")
def test_the_real_records_are_197_photos_whose_deltas_hold_no_plaintext() -> None:
    found = read_frame(SEED / "df_100_per_search_encrypted.json")

    hits = [hit for entry in found for hit in entry.photo.photo.searches]
    assert (len(found), len(hits)) == (197, 200)
    assert {hit.term for hit in hits} == {"monkey wild", "monkey cage"}
    assert all(entry.photo.photo.sizes for entry in found)
    assert all(len(entry.photo.tokens) == 4 for entry in found)


@pytest.mark.skipif(not SEED.exists(), reason="the older scripts' real photos are not here")
def test_every_real_photo_belongs_to_a_record() -> None:
    found = read_frame(SEED / "df_100_per_search_encrypted.json")

    names = {name for entry in found for name in entry.filenames}

    assert names >= {path.name for path in (SEED / "photos").iterdir()}
