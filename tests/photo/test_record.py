from dataclasses import fields
from datetime import UTC, datetime

import pytest

from smart_image_scraper.photo import (
    DETAILS,
    Comment,
    EncryptedPhoto,
    Note,
    Owner,
    Photo,
    PhotoId,
    Score,
    Stage,
    TakenDate,
    Token,
)
from smart_image_scraper.photo.sealed import (
    SENSITIVE_FIELDS,
    TOKEN_NAMES,
    sensitive_values,
    with_sensitive_values,
    without_sensitive_values,
)

COMMENT = Comment(
    id="1-2-3",
    author_id="7@N01",
    author_name="Ada サル",
    author_path_alias="ada",
    author_real_name="",
    author_is_deleted=False,
    written_at=datetime(2012, 2, 3, 4, 5, 6, tzinfo=UTC),
    text='<a href="https://example.org">Nice</a>',
)
NOTE = Note(
    id="9",
    author_id="7@N01",
    author_name="Ada",
    author_real_name="Ada L.",
    author_is_deleted=True,
    left=0,
    top=279,
    width=50,
    height=51,
    text="Nice husky!",
)


def test_a_photo_id_names_the_site_and_the_id_there() -> None:
    photo_id = PhotoId("flickr:14898030836")

    assert (photo_id.site, photo_id.native) == ("flickr", "14898030836")


@pytest.mark.parametrize("text", ["", "14898030836", "flickr:", ":1", "flickr:a b", "Flickr:1"])
def test_what_is_no_photo_id_says_how_one_looks(text: str) -> None:
    with pytest.raises(ValueError, match="looks like flickr:14898030836"):
        PhotoId(text)


def test_the_address_of_a_photos_page_does_not_name_its_owner() -> None:
    photo = Photo(id=PhotoId("flickr:1489"), owner=Owner(path_alias="someone"))

    assert photo.page_url == "https://www.flickr.com/photo.gne?id=1489"


def test_a_photo_from_a_folder_has_no_page() -> None:
    assert Photo(id=PhotoId("folder:abc")).page_url is None


def test_every_field_but_the_id_and_the_failures_belongs_to_a_stage() -> None:
    unmarked = {field.name for field in fields(Photo) if "stage" not in field.metadata}

    assert unmarked == {"id", "failures"}
    assert {field.metadata["stage"] for field in fields(Photo) if field.metadata} == set(Stage)


def test_the_details_are_stages_in_the_order_of_their_use() -> None:
    assert [stage.value for stage in DETAILS] == ["places", "api-exif", "comments"]


def test_sensitive_values_are_taken_out_and_put_back() -> None:
    photo = Photo(
        id=PhotoId("flickr:1"),
        title="t",
        owner=Owner(id="1@N01", name=""),
        exif="{}",
        api_exif="[]",
        comments=(COMMENT, Comment()),
        notes=(NOTE,),
    )

    values = sensitive_values(photo)
    bare = without_sensitive_values(photo)

    assert values.keys() == {"owner_id", "owner_name", "exif", "api_exif", "comments", "notes"}
    assert set(values) <= set(TOKEN_NAMES)
    assert all(getattr(bare, name) is None for name in SENSITIVE_FIELDS)
    assert with_sensitive_values(bare, values) == photo


def test_a_photo_without_personal_data_has_no_sensitive_values() -> None:
    photo = Photo(id=PhotoId("flickr:1"))

    assert sensitive_values(photo) == {}
    assert with_sensitive_values(photo, {}) == photo


@pytest.mark.parametrize(
    "personal",
    [
        {"owner": Owner(id="1@N01")},
        {"exif": "{}"},
        {"api_exif": "{}"},
        {"comments": (COMMENT,)},
        {"notes": (NOTE,)},
    ],
)
def test_an_encrypted_photo_with_a_sensitive_field_in_the_clear_cannot_be_made(
    personal: dict[str, object],
) -> None:
    photo = Photo(id=PhotoId("flickr:1"), **personal)  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="flickr:1: the sensitive field '.*' is in the clear"):
        EncryptedPhoto(photo=photo)


def test_a_token_of_an_unknown_field_is_refused() -> None:
    token = Token(text="gAAAAA", key_id="a")

    with pytest.raises(ValueError, match="no sensitive field"):
        EncryptedPhoto(photo=Photo(id=PhotoId("flickr:1")), tokens={"title": token})


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"value": 1.7},
        {"value": 0.4, "below": 0.5},
        {"value": float("nan")},
        {"value": 0.5, "concept": "a|b"},
        {"value": 0.5, "model": "v1.5"},
        {"value": 0.5, "concept": ""},
    ],
)
def test_a_score_that_is_none_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"a score is one number|cannot name"):
        Score(**{"concept": "monkey", "model": "m"} | values)  # type: ignore[arg-type]


def test_a_taken_date_has_no_zone() -> None:
    with pytest.raises(ValueError, match="local time without a zone"):
        TakenDate(local=datetime(2020, 1, 1, tzinfo=UTC))
