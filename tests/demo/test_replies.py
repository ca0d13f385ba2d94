import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree

from smart_image_scraper.demo import Catalogue, MadePhoto
from smart_image_scraper.demo.paging import Page
from smart_image_scraper.demo.replies import Refusal, Wire, refusal_reply, search_reply

EVERY_EXTRA = [
    *("description", "license", "date_upload", "date_taken", "owner_name", "icon_server"),
    *("original_format", "last_update", "geo", "tags", "machine_tags", "o_dims", "views", "media"),
    *("path_alias", "realname", "safety_level", "content_type"),
    *("count_comments", "count_faves", "count_views"),
    *(f"url_{size}" for size in ("sq", "t", "s", "q", "m", "n", "w", "z", "c", "l")),
    *(f"url_{size}" for size in ("h", "k", "3k", "o")),
]
Row = Callable[..., Element]


@pytest.fixture(scope="module")
def photo(catalogue: Catalogue) -> MadePhoto:
    return next(
        photo
        for photo in catalogue.photos
        if photo.original_offered and photo.accuracy and photo.owner.alias and photo.owner.real_name
    )


def written(*photos: MadePhoto, extras: list[str], wire: Wire) -> str:
    page = Page(number=2, per_page=10, total=101, photos=photos)
    return search_reply(page, wire=wire, extras=extras, address="127.0.0.1:1")


def xml_row(photo: MadePhoto, extras: list[str]) -> Element:
    row = ElementTree.fromstring(written(photo, extras=extras, wire=Wire())).find(".//photo")
    assert row is not None
    return row


def json_row(photo: MadePhoto, extras: list[str]) -> dict[str, Any]:
    row: dict[str, Any]
    [row] = json.loads(written(photo, extras=extras, wire=Wire(json=True)))["photos"]["photo"]
    return row


def test_without_extras_a_row_has_the_nine_attributes_of_a_plain_one(photo: MadePhoto) -> None:
    row = xml_row(photo, [])

    assert " ".join(row.attrib) == ("id owner secret server farm title ispublic isfriend isfamily")
    assert list(row) == []


def test_the_head_tells_page_pages_and_total(photo: MadePhoto) -> None:
    text = written(photo, extras=[], wire=Wire())

    assert text.startswith('<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="ok">\n')
    assert '<photos page="2" pages="11" perpage="10" total="101">' in text


def test_an_empty_page_is_written_as_the_recorded_one() -> None:
    page = Page(number=1, per_page=100, total=0, photos=())

    assert search_reply(page, wire=Wire(), extras=[], address="") == (
        '<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="ok">\n'
        '<photos page="1" pages="0" perpage="100" total="0" />\n</rsp>\n'
    )


def test_every_extra_brings_its_attributes(photo: MadePhoto) -> None:
    row = xml_row(photo, EVERY_EXTRA)

    assert row.get("license") == str(photo.license)
    assert row.get("dateupload") == str(photo.uploaded)
    assert row.get("datetaken") == photo.taken
    assert row.get("ownername") == photo.owner.name
    assert row.get("realname") == photo.owner.real_name
    assert row.get("pathalias") == photo.owner.alias
    assert row.get("tags") == " ".join(photo.tags)
    assert row.get("accuracy") == str(photo.accuracy)
    assert float(row.get("latitude", "")) == photo.latitude
    assert row.get("woeid") == photo.woe_id
    assert row.get("o_width") == str(photo.width)
    assert row.get("originalformat") == photo.original_format
    assert f"_{row.get('originalsecret')}_o." in row.get("url_o", "")
    assert row.findtext("description") == photo.description


def test_a_photo_without_geotag_is_at_zero_without_a_place(photo: MadePhoto) -> None:
    nowhere = replace(photo, latitude=0, longitude=0, accuracy=0, context=0, woe_id="")

    row = xml_row(nowhere, ["geo"])

    assert (row.get("latitude"), row.get("longitude"), row.get("accuracy")) == ("0", "0", "0")
    assert "woeid" not in row.attrib


def test_what_is_not_offered_is_not_in_the_row(photo: MadePhoto) -> None:
    small = replace(photo, width=640, height=480, original_offered=False)

    row = xml_row(small, EVERY_EXTRA)

    assert {"url_l", "url_c", "url_o", "originalsecret", "o_width"}.isdisjoint(row.attrib)
    assert row.get("width_z") == "640"


def test_what_an_owner_left_out_is_empty_or_absent(photo: MadePhoto) -> None:
    shy = replace(photo, owner=replace(photo.owner, alias="", real_name=""), description="")

    row = xml_row(shy, EVERY_EXTRA)

    assert row.get("pathalias") == ""
    assert "realname" not in row.attrib
    assert "<description />" in written(shy, extras=["description"], wire=Wire())
    assert json_row(shy, EVERY_EXTRA)["pathalias"] is None


def test_markup_and_quotes_survive_both_forms(photo: MadePhoto) -> None:
    title = 'L\'heure <b>"x"</b> & &amp; 🐒 サル'
    text = 'first\n\n<a href="x">é</a>'
    odd = replace(photo, title=title, description=text)

    row = xml_row(odd, ["description"])

    assert (row.get("title"), row.findtext("description")) == (title, text)
    assert json_row(odd, ["description"])["title"] == title
    assert json_row(odd, ["description"])["description"] == {"_content": text}
    assert "L&#039;heure" in written(odd, extras=[], wire=Wire())


def test_json_mixes_texts_and_numbers_as_recorded_replies_do(photo: MadePhoto) -> None:
    row = json_row(photo, EVERY_EXTRA)

    assert row["farm"] == 66
    assert row["license"] == str(photo.license)
    assert row["latitude"] == photo.latitude
    assert row["accuracy"] == str(photo.accuracy)
    assert row["height_sq"] == 75
    assert row["height_q"] == "150"
    assert json.loads(written(photo, extras=[], wire=Wire(json=True)))["photos"]["total"] == "101"


def test_a_callback_wraps_json(photo: MadePhoto) -> None:
    text = written(photo, extras=[], wire=Wire(json=True, callback=True))

    assert text.startswith("jsonFlickrApi({")
    assert text.endswith(")")


def test_a_refusal_is_written_as_the_recorded_one() -> None:
    refusal = Refusal(code=100, message="Invalid API Key (Key has invalid format)")

    assert refusal_reply(refusal, wire=Wire()) == (
        '<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="fail">\n'
        '\t<err code="100" msg="Invalid API Key (Key has invalid format)" />\n</rsp>\n'
    )
    assert json.loads(refusal_reply(refusal, wire=Wire(json=True))) == {
        "stat": "fail",
        "code": 100,
        "message": "Invalid API Key (Key has invalid format)",
    }
