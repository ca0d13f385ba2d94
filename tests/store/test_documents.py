from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import bson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smart_image_scraper.photo import EncryptedPhoto, Photo, PhotoId, Stage, TakenDate
from smart_image_scraper.photo.sealed import APART
from smart_image_scraper.store.documents import (
    from_document,
    plain_names,
    to_apart_document,
    to_document,
)

AWARE = bson.CodecOptions[dict[str, Any]](tz_aware=True)


def through_bson(document: dict[str, Any]) -> dict[str, Any]:
    return bson.decode(bson.encode(document), codec_options=AWARE)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_photo_comes_back_from_its_documents_as_it_was(
    data: st.DataObject, encrypted_photos: st.SearchStrategy[EncryptedPhoto]
) -> None:
    photo = data.draw(encrypted_photos)
    documents = {name: to_apart_document(photo, name) for name in APART}

    document = through_bson(to_document(photo))
    apart = {name: through_bson(each) for name, each in documents.items() if each is not None}
    read = from_document(document, apart=apart)

    assert read == photo
    assert repr(read.photo.searches) == repr(photo.photo.searches)


@given(data=st.data())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_read_back_is_what_would_be_written(
    data: st.DataObject, encrypted_photos: st.SearchStrategy[EncryptedPhoto]
) -> None:
    written = to_document(data.draw(encrypted_photos))

    assert through_bson(written) == written


def test_a_document_holds_no_nulls_for_what_is_unknown() -> None:
    photo = EncryptedPhoto(photo=Photo(id=PhotoId("flickr:1")))

    assert to_document(photo) == {"_id": "flickr:1", "license": "unknown"}


def test_an_empty_title_is_not_an_unknown_one() -> None:
    photo = EncryptedPhoto(photo=Photo(id=PhotoId("flickr:1"), title=""))

    assert from_document(to_document(photo)).photo.title == ""
    assert from_document(to_document(photo)).photo.description is None


def test_times_are_cut_to_the_milliseconds_that_bson_has() -> None:
    local = datetime(2020, 1, 2, 3, 4, 5, 678999)
    uploaded_at = datetime(2020, 1, 2, 3, 4, 5, 678999, tzinfo=timezone(timedelta(hours=2)))
    photo = Photo(id=PhotoId("flickr:1"), taken=TakenDate(local=local), uploaded_at=uploaded_at)

    document = to_document(EncryptedPhoto(photo=photo))

    assert document["taken"]["local"] == datetime(2020, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    assert document["uploaded_at"] == datetime(2020, 1, 2, 1, 4, 5, 678000, tzinfo=UTC)


def test_a_time_in_utc_must_say_so() -> None:
    photo = Photo(id=PhotoId("flickr:1"), uploaded_at=datetime(2020, 1, 2))

    with pytest.raises(ValueError, match="has no time zone"):
        to_document(EncryptedPhoto(photo=photo))


@pytest.mark.parametrize("name", APART)
def test_what_is_long_is_not_in_the_photos_own_document(
    name: str, full_photo: EncryptedPhoto
) -> None:
    document = to_document(full_photo)

    assert full_photo.tokens[name].text not in str(document)


def test_coordinates_are_a_geojson_point_longitude_first(full_photo: EncryptedPhoto) -> None:
    document = to_document(full_photo)

    assert document["location"] == {"type": "Point", "coordinates": [115.25, -8.5]}


def test_each_plain_field_belongs_to_the_stage_that_the_photo_says() -> None:
    assert plain_names(Stage.DOWNLOAD) == ("file",)
    assert plain_names(Stage.GEOCODE) == ("place",)
    assert plain_names(Stage.PLACES) == ("stated_place", "raw_tags")
    assert plain_names(Stage.API_EXIF) == ("stated_camera",)
    assert plain_names(Stage.COMMENTS) == ("comment_tally",)
    assert {"title", "location", "searches", "sizes"} < set(plain_names(Stage.SEARCH))
