from collections.abc import Awaitable, Callable
from typing import Any
from xml.etree.ElementTree import Element

from smart_image_scraper.demo import FlickrSite, MadePhoto

AskJson = Callable[..., Awaitable[dict[str, Any]]]
Get = Callable[..., Awaitable[Element]]
HISTORY = "photos.licenses.getLicenseHistory"


async def test_there_are_seventeen(get: Get) -> None:
    reply = await get("photos.licenses.getInfo")

    licenses = list(reply.iter("license"))
    assert {int(one.get("id", "")) for one in licenses} == set(range(17))
    assert [one.get("id") for one in licenses][:3] == ["0", "4", "6"]


async def test_a_history_begins_with_the_first_licence(get: Get, photo: MadePhoto) -> None:
    reply = await get(HISTORY, photo_id=photo.id)

    [first] = reply.findall("license_history")
    assert first.get("date_change") == str(photo.uploaded)
    assert first.get("old_license")
    assert first.get("new_license") == first.get("new_license_url") == ""


async def test_a_history_tells_every_change(
    site: FlickrSite, ask_json: AskJson, get: Get, photo: MadePhoto
) -> None:
    site.relicense(photo.id, 10, at=1_700_000_000)
    site.relicense(photo.id, 0, at=1_710_000_000)

    xml = await get(HISTORY, photo_id=photo.id)
    json = await ask_json(site, method=f"flickr.{HISTORY}", photo_id=photo.id)

    changes = [dict(change.attrib) for change in xml.findall("license_history")]
    assert [change["date_change"] for change in changes] == ["1700000000", "1710000000"]
    assert [change["new_license"] for change in changes] == [
        "Public Domain Mark",
        "All Rights Reserved",
    ]
    assert changes[1]["old_license"] == "Public Domain Mark"
    assert json["license_history"] == changes
