import json
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, canonicalize, fromstring, tostring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.errors import TransientError
from smart_image_scraper.search.flickr.page import Page, read_page
from smart_image_scraper.search.flickr.reply import Refusal, part, read_reply

MakeRow = Callable[..., dict[str, str]]
Write = Callable[..., bytes]

XML_FAILURE = b"""<?xml version="1.0" encoding="utf-8" ?>
<rsp stat="fail">
\t<err code="201" msg="Sorry, the Flickr API service is not currently available." />
</rsp>
"""
TOO_MANY_REQUESTS = b"""<html><body><h1>429 Too Many Requests</h1>
You have sent too many requests in a given amount of time.
</body></html>
"""


def page(body: bytes) -> Page:
    return read_page(tree(body))


def tree(body: bytes) -> Element:
    answer = read_reply(body)
    assert isinstance(answer, Element)
    return answer


def test_a_page_of_xml_is_read_with_its_rows_and_its_numbers(
    make_row: MakeRow, xml_reply: Write
) -> None:
    rows = [make_row(), make_row(id="2", description=None, title='"<&> サル')]

    read = page(xml_reply(rows, page="2", pages="4048", perpage="100", total="404762"))

    assert read == Page(rows=tuple(rows), pages=4048, per_page=100, total=404762)


def test_an_empty_page_has_no_rows(xml_reply: Write) -> None:
    assert page(xml_reply([], pages="0", total="0")) == Page(
        rows=(), pages=0, per_page=500, total=0
    )


def test_an_empty_description_is_an_empty_text(make_row: MakeRow, xml_reply: Write) -> None:
    (row,) = page(xml_reply([make_row(description="")])).rows

    assert row["description"] == ""


def test_numbers_of_a_page_that_cannot_be_read_are_unknown(xml_reply: Write) -> None:
    read = page(xml_reply([], pages="many", perpage="0", total=""))

    assert (read.pages, read.per_page, read.total) == (None, None, None)


def test_json_gives_the_same_rows_as_xml_whatever_the_types_of_its_values(
    make_row: MakeRow, json_reply: Write
) -> None:
    row: dict[str, Any] = {
        **make_row(),
        "description": {"_content": "Seen at noon.\n<b>Twice</b>."},
        "farm": 66,
        "ispublic": True,
        "latitude": 9.135158,
        "longitude": 40.083811,
        "height_l": 683.0,
        "pathalias": None,
        "usage": {"candownload": 1},
        "notes": [],
    }

    read = page(json_reply([row], pages=4048, total="404762"))

    assert read.rows == (make_row(pathalias=None),)
    assert (read.pages, read.total) == (4048, 404762)


def test_a_row_of_json_that_is_none_is_an_empty_one(json_reply: Write) -> None:
    assert page(json_reply([None, "photo", 7])).rows == ({}, {}, {})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"jsonFlickrApi(", b")"),
        (b" jsonFlickrApi ( ", b" );\n"),
        (b"\xef\xbb\xbf", b""),
        (b"\n", b",\n"),
    ],
)
def test_json_is_read_within_what_flickr_puts_around_it(
    make_row: MakeRow, json_reply: Write, before: bytes, after: bytes
) -> None:
    body = before + json_reply([make_row()]) + after

    assert page(body).rows == (make_row(),)


@pytest.mark.parametrize(
    "body",
    [
        XML_FAILURE,
        (
            b'{"stat":"fail","message":"Sorry, the Flickr API service is not currently available.",'
            b'"code":201},'
        ),
        (
            b'{"stat":"fail","code":"201",'
            b'"message":{"_content":"Sorry, the Flickr API service is not currently available."}}'
        ),
    ],
)
def test_a_refusal_is_read_in_either_form(body: bytes) -> None:
    assert read_reply(body) == Refusal(
        code=201, words="Sorry, the Flickr API service is not currently available."
    )


@pytest.mark.parametrize(
    "body",
    [
        b'<rsp stat="fail" />',
        b'<rsp stat="fail"><err code="x" /></rsp>',
        b'{"stat":"fail"}',
        b'{"stat":"fail","code":null,"message":null}',
    ],
)
def test_a_refusal_without_code_or_words_is_still_one(body: bytes) -> None:
    assert read_reply(body) == Refusal(code=None, words="")


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff"])
@pytest.mark.parametrize("as_reference", [True, False])
def test_characters_that_xml_forbids_are_dropped(
    make_row: MakeRow,
    xml_reply: Write,
    character: str,
    as_reference: bool,  # noqa: FBT001 — a table of cases
) -> None:
    written = f"&#x{ord(character):X};&#{ord(character)};" if as_reference else character
    body = xml_reply([make_row(title="one|two &amp; サル")]).replace(b"|", written.encode())

    (row,) = page(body).rows

    assert row == make_row(title="onetwo &amp; サル")


def test_references_that_xml_allows_are_kept_beside_forbidden_ones(
    make_row: MakeRow, xml_reply: Write
) -> None:
    body = xml_reply([make_row(title="|")]).replace(b"|", b"&#1;&#65;&#x30B5;&#99999999;&#xD800;")

    (row,) = page(body).rows

    assert row["title"] == "Aサ"


def test_a_title_cut_within_a_character_does_not_lose_the_page(
    make_row: MakeRow, xml_reply: Write
) -> None:
    body = xml_reply([make_row(title="monkey|")]).replace(b"|", "サ".encode()[:2])

    (row,) = page(body).rows

    assert row == make_row(title="monkey\ufffd")


def test_xml_that_names_an_unknown_encoding_is_read_as_utf_8(
    make_row: MakeRow, xml_reply: Write
) -> None:
    body = xml_reply([make_row(title="サル")]).replace(b"utf-8", b"none-such")

    assert page(body).rows == (make_row(title="サル"),)


def test_characters_that_no_text_can_hold_are_dropped_from_json_too() -> None:
    body = b'{"photos":{"photo":[{"id":"1","title":"a\\u0000\\ud800b\\ud83d\\udc12"}]},"stat":"ok"}'

    (row,) = page(body).rows

    assert row["title"] == "ab🐒"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"OK",
        TOO_MANY_REQUESTS,
        b"<!DOCTYPE html><html><head><title>Bad Gateway</title></head></html>",
        b'<!DOCTYPE rsp [<!ENTITY a "b">]><rsp stat="ok"><photos title="&a;" /></rsp>',
        b"<rsp><photos /></rsp>",
        b'<other stat="ok"><photos /></other>',
        b"oauth_problem=parameter_absent&oauth_parameters_absent=oauth_token",
        b"jsonFlickrApi(",
        b'{"photos":{"photo":[]}}',
        b'{"stat":"fail"} and more',
        b'{"stat":' * 5000,
        b'{"stat":"ok","photos":{"total":' + b"9" * 5000 + b',"photo":[]}}',
    ],
)
def test_a_body_that_is_no_reply_is_worth_another_try(body: bytes) -> None:
    with pytest.raises(TransientError) as failed:
        read_reply(body)

    assert str(failed.value) == (
        f"Flickr's answer ({len(body)} bytes) is not one of its replies: "
        "it was cut short, or another server answered in its place; try again later"
    )


@pytest.mark.parametrize(
    "body", [b'<rsp stat="ok" />', b'{"stat":"ok"}', b'{"stat":"ok","photos":[]}']
)
def test_a_reply_without_what_was_asked_for_is_worth_another_try(body: bytes) -> None:
    with pytest.raises(TransientError) as failed:
        read_page(tree(body))

    assert str(failed.value) == (
        "Flickr's answer has no <photos>, for which it was asked: another server answered in its "
        "place, or Flickr has changed; try again later"
    )


def test_json_becomes_the_elements_that_flickrs_xml_has() -> None:
    xml = (
        '<rsp stat="ok"><photo id="8130464513" farm="9" views="3">'
        '<owner nsid="78733179@N04" /><title>Hana</title><description />'
        '<notes><note id="1" x="14">foo</note><note id="2">bar</note></notes><tags />'
        '<location latitude="44.375" accuracy="11"><country woeid="23424843">Croatia</country>'
        "</location></photo></rsp>"
    )
    answer = {
        "photo": {
            "id": "8130464513",
            "farm": 9,
            "views": "3",
            "owner": {"nsid": "78733179@N04", "path_alias": None},
            "title": {"_content": "Hana"},
            "description": {"_content": ""},
            "notes": {
                "note": [{"id": "1", "x": 14, "_content": "foo"}, {"id": "2", "_content": "bar"}]
            },
            "tags": {"tag": []},
            "location": {
                "latitude": 44.375,
                "accuracy": 11.0,
                "country": {"_content": "Croatia", "woeid": "23424843"},
            },
        },
        "stat": "ok",
    }

    read = tree(json.dumps(answer).encode())

    assert canonicalize(tostring(read, encoding="unicode")) == canonicalize(xml)
    assert canonicalize(tostring(tree(xml.encode()), encoding="unicode")) == canonicalize(xml)


def test_the_part_that_was_asked_for_is_found() -> None:
    reply = tree(b'<rsp stat="ok"><photo id="1" /></rsp>')

    assert part(reply, "photo").get("id") == "1"


@pytest.mark.parametrize("form", ["xml_reply", "json_reply"])
def test_a_reply_that_was_cut_short_anywhere_is_worth_another_try(
    make_row: MakeRow, form: str, request: pytest.FixtureRequest
) -> None:
    body: bytes = request.getfixturevalue(form)([make_row()])

    for length in range(len(body) - 1):
        with pytest.raises(TransientError):
            read_reply(body[:length])


@given(st.binary(max_size=200))
def test_bytes_that_mean_nothing_give_no_other_error(body: bytes) -> None:
    with pytest.raises(TransientError):
        read_reply(body)


@given(
    st.dictionaries(
        st.sampled_from(["id", "title", "tags", "description"]),
        st.text(st.characters(exclude_characters="\r\t\n", exclude_categories=["Cs", "Cc"])),
    )
)
def test_xml_and_json_of_a_row_read_the_same(row: dict[str, str]) -> None:
    fields = "".join(f"<{name}>{escaped(text)}</{name}>" for name, text in row.items())
    xml = f'<rsp stat="ok"><photos><photo>{fields}</photo></photos></rsp>'.encode()
    answer = json.dumps({"photos": {"photo": [row]}, "stat": "ok"}).encode()

    assert page(xml) == page(answer)


def escaped(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)


def test_the_made_replies_have_the_form_of_recorded_ones(
    make_row: MakeRow, xml_reply: Write
) -> None:
    root = fromstring(xml_reply([make_row()]))

    assert [child.tag for child in root.iter()] == ["rsp", "photos", "photo", "description"]
