from datetime import UTC, datetime
from typing import Any

from smart_image_scraper.photo import PhotoId, Verdict
from smart_image_scraper.store import Review


async def test_a_photo_comes_with_all_that_is_open_of_it(ann: Any) -> None:
    photo = await ann.json("/api/photos/flickr:1")

    fields = dict(photo["fields"])
    assert photo["card"]["id"] == "flickr:1"
    assert photo["license"] == {
        "word": "cc-by-2.0",
        "name": "CC BY 2.0",
        "url": "https://creativecommons.org/licenses/by/2.0/",
        "free": True,
    }
    assert photo["page_url"] == "https://www.flickr.com/photo.gne?id=1"
    assert photo["place"]["city"] == "Sandakan"
    assert photo["coordinates"] == {"latitude": 5.84, "longitude": 118.12}
    assert fields["inspection.model"] == "EOS 70D"
    assert fields["tags"] == "monkey, <img src=x onerror=alert(1)>"
    assert fields["views"] == 817
    assert photo["failures"] == photo["reviews"] == photo["scores"] == []


async def test_the_credit_names_title_licence_and_page(ann: Any) -> None:
    credit = (await ann.json("/api/photos/flickr:4"))["credit"]

    page, license_ = "https://www.flickr.com/photo.gne?id=4", "creativecommons.org/licenses/by/2.0/"
    assert credit == f"“Fourth”, {page}, CC BY 2.0 (https://{license_})"


async def test_what_is_unknown_is_left_out_or_null(ann: Any) -> None:
    photo = await ann.json("/api/photos/flickr:3")

    fields = dict(photo["fields"])
    assert photo["title"] is photo["place"] is photo["coordinates"] is None
    assert photo["license"]["free"] is False
    assert "views" not in fields
    assert None not in fields.values()


async def test_what_people_said_of_it_comes_with_who_and_when(ann: Any, setting: Any) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    setting.store.reviews.add(
        [
            Review(photo=PhotoId("flickr:1"), verdict=verdict, concept=concept, by="bob", at=at)
            for verdict, concept in ((Verdict.ACCEPT, "cage"), (Verdict.REJECT, None))
        ]
    )

    photo = await ann.json("/api/photos/flickr:1")

    assert photo["reviews"] == [
        {"concept": "cage", "verdict": "accept", "by": "bob", "at": "2026-01-01T00:00:00+00:00"},
        {"concept": None, "verdict": "reject", "by": "bob", "at": "2026-01-01T00:00:00+00:00"},
    ]


async def test_near_duplicates_come_with_it(ann: Any) -> None:
    (group,) = (await ann.json("/api/photos/flickr:2"))["duplicates"]

    assert group["kind"] == "copy"
    assert {card["id"] for card in group["photos"]} == {"flickr:1", "flickr:2"}


async def test_a_photo_that_is_not_there_says_so(ann: Any) -> None:
    unknown, wrong = await ann.get("/api/photos/flickr:99"), await ann.get("/api/photos/99")

    assert (unknown.status_code, wrong.status_code) == (404, 400)
    assert unknown.json() == {"error": "there is no photo 'flickr:99' here"}
    assert "it looks like flickr:14898030836" in wrong.json()["error"]
