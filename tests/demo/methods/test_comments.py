from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

from smart_image_scraper.demo import (
    COMMENTERS,
    MEMBERS,
    Catalogue,
    FlickrSite,
    MadePhoto,
    comments_on,
)

Ask = Callable[..., Awaitable[Element]]
AskJson = Callable[..., Awaitable[dict[str, Any]]]
Get = Callable[..., Awaitable[Element]]


async def test_there_are_as_many_as_a_search_says(get: Get, photo: MadePhoto) -> None:
    reply = await get("photos.comments.getList", photo_id=photo.id)

    comments = list(reply.iter("comment"))
    assert len(comments) == photo.comments
    assert [comment.text for comment in comments] == [one.text for one in comments_on(photo)]
    assert {comment.get("permalink", "").partition("#")[0] for comment in comments} == {photo.page}


async def test_a_thousand_comments_come_in_one_reply(ask: Ask, photo: MadePhoto) -> None:
    async with FlickrSite(Catalogue.of([replace(photo, comments=1_329)])) as site:
        reply = await ask(site, method="flickr.photos.comments.getList", photo_id=photo.id)

    comments = list(reply.iter("comment"))
    deleted = [comment for comment in comments if comment.get("author_is_deleted") == "1"]
    ids = {comment.get("id") for comment in comments}
    moments = [int(comment.get("datecreate", "")) for comment in comments]
    assert len(comments) == len(ids) == 1_329
    assert 0.03 < len(deleted) / 1_329 < 0.2
    assert moments == sorted(moments)
    assert moments[0] >= photo.uploaded


async def test_texts_hold_what_real_ones_hold(photo: MadePhoto) -> None:
    texts = "\n".join(remark.text for remark in comments_on(replace(photo, comments=600)))

    for piece in ("<b>", "</a>", "&lt;3", "'", "🐒", "\n\n", "[https://"):
        assert piece in texts
    for letter in ("ж", "ヴ", "ض", "צ", "ฌ", "ढ"):
        assert letter in texts


async def test_a_photo_without_comments_is_an_empty_list(
    site: FlickrSite, ask_json: AskJson, get: Get, catalogue: Catalogue
) -> None:
    photo = next(one for one in catalogue.photos if not one.comments)

    xml = await get("photos.comments.getList", photo_id=photo.id)
    json = await ask_json(site, method="flickr.photos.comments.getList", photo_id=photo.id)

    assert len(xml.findall("comments")) == 1
    assert len(list(xml.iter("comment"))) == 0
    assert json["comments"] == {"photo_id": photo.id, "comment": []}


def test_who_writes_and_what_occurs_nowhere_else(catalogue: Catalogue) -> None:
    photos = catalogue.photos[:200]
    public = "\n".join(f"{one.title}\n{one.description}\n{one.tags}" for one in photos).casefold()

    texts = catalogue.personal_texts(photos)

    phrases = [remark.phrase for photo in photos for remark in comments_on(photo)]
    assert len(phrases) == len(set(phrases)) > 100
    assert set(phrases) < texts
    assert not any(text.casefold() in public for text in texts)


def test_no_member_is_named_within_another_ones_texts() -> None:
    people = [*MEMBERS, *COMMENTERS]

    for member in people:
        others = "\n".join(text for one in people if one is not member for text in one.texts)
        assert not any(text in others for text in member.texts)


def test_commenters_differ_in_what_they_tell() -> None:
    assert not {member.nsid for member in MEMBERS} & {member.nsid for member in COMMENTERS}
    for name in ("alias", "real_name", "home", "about", "is_deleted"):
        assert {bool(getattr(member, name)) for member in COMMENTERS} == {True, False}, name
