import pytest

from smart_image_scraper.photo import EncryptedPhoto, Photo, PhotoId, SearchHit, Size
from smart_image_scraper.photo.older_record import COLUMNS, OlderRow, derived_cells, derived_values
from tests.made.photos import stored_file


def test_a_hit_of_our_own_has_no_older_row() -> None:
    assert OlderRow.of(SearchHit(term="monkey", run="1")) is None


@pytest.mark.parametrize(
    "row",
    [
        OlderRow(row=3, label='"3"', columns=COLUMNS, cells={"_id": '"a"', "views": "1.50"}),
        OlderRow(row=0, label='"\\u00e9"', columns=COLUMNS[::-1], cells={}),
    ],
)
def test_an_older_row_reads_back_from_its_search_hit(row: OlderRow) -> None:
    hit = SearchHit(term="monkey", run="seed-1", older=row.as_mapping())

    assert OlderRow.of(hit) == row


def test_what_is_as_usual_is_left_out_of_a_search_hit() -> None:
    row = OlderRow(row=3, label='"3"', columns=COLUMNS, cells={"views": "null"})

    assert row.as_mapping() == {"row": 3, "cells": '{"views":null}'}


def test_an_older_row_can_be_stored_whatever_the_frame_held() -> None:
    # A database takes no lone surrogates, no huge numbers and no odd names; a text of ASCII, all.
    row = OlderRow(
        row=0, label='"0"', columns=COLUMNS, cells={"title": '"\\ud800"', "views": "9" * 99}
    )

    assert row.as_mapping()["cells"].isascii()


def test_the_link_is_where_the_file_came_from() -> None:
    stored = stored_file("ab" * 32, url="https://live.staticflickr.com/1/1_a_z.jpg")
    sizes = (Size(label="original", url="https://live.staticflickr.com/1/1_a_o.jpg"),)

    photo = Photo(id=PhotoId("flickr:1"), sizes=sizes, file=stored)

    assert derived_values(photo)["link"] == stored.url


def test_a_record_has_all_fields_but_the_filename() -> None:
    photo = EncryptedPhoto(photo=Photo(id=PhotoId("flickr:1")))

    cells = derived_cells(photo, SearchHit(term="monkey", run="1"))

    assert set(COLUMNS) - set(cells) == {"filename"}
