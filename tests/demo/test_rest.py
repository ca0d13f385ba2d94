import json
from collections.abc import Awaitable, Callable
from xml.etree.ElementTree import Element

import aiohttp
import pytest

from smart_image_scraper.demo import COMMENTERS, Catalogue, FlickrSite

Ask = Callable[..., Awaitable[Element]]


def refusal(root: Element) -> tuple[str, str]:
    error = root.find("err")
    assert root.get("stat") == "fail"
    assert error is not None
    return error.get("code", ""), error.get("msg", "")


async def test_a_search_finds_what_the_catalogue_holds(site: FlickrSite, ask: Ask) -> None:
    truth = {photo.id for photo in site.catalogue.find(text="monkey")}

    reply = await ask(site, text="monkey", per_page="500")

    assert {photo.get("id") for photo in reply.iter("photo")} == truth
    assert len(truth) > 100


async def test_an_unknown_key_is_refused(site: FlickrSite, ask: Ask) -> None:
    reply = await ask(site, text="monkey", api_key="other")

    assert refusal(reply) == ("100", "Invalid API Key (Key has invalid format)")


async def test_a_missing_key_is_refused(site: FlickrSite, ask: Ask) -> None:
    assert refusal(await ask(site, text="monkey", api_key=None))[0] == "100"


async def test_other_keys_can_be_let_in(catalogue: Catalogue, ask: Ask) -> None:
    async with FlickrSite(catalogue, api_keys=("k1", "k2")) as site:
        reply = await ask(site, text="monkey", api_key="k2")

        assert reply.get("stat") == "ok"


async def test_an_unknown_method_is_refused(site: FlickrSite, ask: Ask) -> None:
    reply = await ask(site, method="flickr.photos.getFavorites")

    assert refusal(reply) == ("112", 'Method "flickr.photos.getFavorites" not found')


async def test_recorded_searches_leave_other_methods_unknown(ask: Ask) -> None:
    async with FlickrSite(Catalogue.recorded(())) as recorded:
        reply = await ask(recorded, method="flickr.photos.getInfo", photo_id="1")

    assert refusal(reply) == ("112", 'Method "flickr.photos.getInfo" not found')


async def test_a_search_for_nothing_is_refused(site: FlickrSite, ask: Ask) -> None:
    code, message = refusal(await ask(site, license="4"))

    assert code == "3"
    assert message.startswith("Parameterless searches have been disabled")


async def test_more_than_20_tags_together_are_refused(site: FlickrSite, ask: Ask) -> None:
    tags = ",".join(f"tag{number}" for number in range(21))

    refused = await ask(site, tags=tags, tag_mode="all")
    served = await ask(site, tags=tags)

    assert refusal(refused) == ("1", "Too many tags in ALL query")
    assert served.get("stat") == "ok"


async def test_an_unknown_user_is_refused(site: FlickrSite, ask: Ask) -> None:
    assert refusal(await ask(site, user_id="1@N00")) == ("2", "Unknown user")


async def test_who_only_writes_comments_is_known_and_has_no_photos(
    site: FlickrSite, ask: Ask
) -> None:
    reply = await ask(site, user_id=COMMENTERS[0].nsid)

    assert reply.get("stat") == "ok"
    assert list(reply.iter("photo")) == []


@pytest.mark.parametrize("arguments", [{"bbox": "9,9,1,1"}, {"text": "x", "page": "first"}])
async def test_illogical_arguments_are_refused(
    site: FlickrSite, ask: Ask, arguments: dict[str, str]
) -> None:
    assert refusal(await ask(site, **arguments)) == ("18", "Illogical arguments")


async def test_an_unknown_format_is_refused(site: FlickrSite, ask: Ask) -> None:
    assert refusal(await ask(site, text="x", format="soap")) == ("111", 'Format "soap" not found')


@pytest.mark.parametrize(
    ("callback", "content_type"), [("1", "application/json"), ("", "text/javascript")]
)
async def test_json_comes_with_or_without_a_callback(
    site: FlickrSite, client: aiohttp.ClientSession, callback: str, content_type: str
) -> None:
    params = {"method": "flickr.photos.search", "api_key": "demo-key", "text": "monkey"}
    params |= {"format": "json", "nojsoncallback": callback}

    async with client.get(site.endpoint, params=params) as reply:
        text = await reply.text()

    assert reply.content_type == content_type
    assert json.loads(text.removeprefix("jsonFlickrApi(").rstrip(")"))["stat"] == "ok"


async def test_replies_say_noindex_as_the_real_ones(
    site: FlickrSite, client: aiohttp.ClientSession
) -> None:
    async with client.get(site.endpoint) as reply:
        assert reply.headers["X-Robots-Tag"] == "noindex"
        assert reply.headers["Content-Type"] == "text/xml; charset=utf-8"


async def test_many_different_searches_do_not_pile_up(site: FlickrSite, ask: Ask) -> None:
    totals = {(await ask(site, text=f"word{n}")).find("photos") is not None for n in range(40)}

    assert totals == {True}
