"""Which of two photos' sealed fields stay in the store."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from smart_image_scraper.photo import EncryptedPhoto, PhotoId, Stage, Token
from smart_image_scraper.store import Store

MakePhoto = Callable[..., EncryptedPhoto]
MakeToken = Callable[..., Token]
ONE = PhotoId("flickr:1")


def only(photos: Iterator[EncryptedPhoto]) -> EncryptedPhoto:
    (photo,) = photos
    return photo


def sealed(token: Token, **marks: Any) -> dict[str, Any]:
    return {"tokens": {"owner_name": token}, **marks}


def ours(token: Token, *, owner: bytes = b"o", name: bytes = b"n") -> dict[str, Any]:
    return sealed(token, owner_index=owner * 16, digest=name * 16)


@pytest.mark.parametrize(
    ("stored", "given", "replaced"),
    [
        pytest.param({}, {}, False, id="the same"),
        pytest.param({}, {"owner": b"p"}, True, id="another owner"),
        pytest.param({}, {"name": b"m"}, True, id="the owner's name has changed"),
        pytest.param({}, {"key_id": "k2"}, False, id="the same under another key"),
    ],
)
def test_an_owner_is_written_again_only_if_it_differs(
    store: Store,
    make_photo: MakePhoto,
    make_token: MakeToken,
    *,
    stored: dict[str, Any],
    given: dict[str, Any],
    replaced: bool,
) -> None:
    old = make_token("old")
    new = make_token("new", key_id=given.pop("key_id", "k1"))
    store.put([make_photo(1, sealed=ours(old, **stored))])

    store.put([make_photo(1, sealed=ours(new, **given))])

    photo = only(store.get([ONE]))
    assert photo.tokens["owner_name"] == (new if replaced else old)


def test_tokens_that_were_sealed_elsewhere_never_replace_ours(
    store: Store, make_photo: MakePhoto, make_token: MakeToken
) -> None:
    photo = make_photo(1, sealed=ours(make_token("ours")))
    store.put([photo])

    store.put([make_photo(1, sealed=sealed(make_token("older", key_id="seed")))])

    assert only(store.get([ONE])) == photo


def test_tokens_that_were_sealed_elsewhere_are_taken_where_there_are_none_of_ours(
    store: Store, make_photo: MakePhoto, make_token: MakeToken
) -> None:
    store.put([make_photo(1, sealed={"digest": b"d" * 16})])
    older = make_photo(1, sealed=sealed(make_token("older", key_id="seed")))

    store.put([older])

    assert only(store.get([ONE])) == older


def test_tokens_of_ours_replace_those_that_were_sealed_elsewhere(
    store: Store, make_photo: MakePhoto, make_token: MakeToken
) -> None:
    store.put([make_photo(1, sealed=sealed(make_token("older", key_id="seed")))])
    photo = make_photo(1, sealed=ours(make_token("ours")))

    store.put([photo])

    assert only(store.get([ONE])) == photo


def test_of_two_older_tokens_the_first_stays(
    store: Store, make_photo: MakePhoto, make_token: MakeToken
) -> None:
    first, second = (make_token(text, key_id="seed") for text in ("first", "second"))
    photos = [
        make_photo(1, sealed={"tokens": {"owner_name": each, "exif": each}})
        for each in (first, second)
    ]

    for photo in photos:
        store.put([photo], stages=(Stage.SEARCH, Stage.INSPECT))

    assert only(store.get([ONE], whole=True)).tokens == {"owner_name": first, "exif": first}


def test_an_owner_stays_when_a_source_does_not_state_it(
    store: Store, make_photo: MakePhoto, make_token: MakeToken
) -> None:
    photo = make_photo(1, sealed=ours(make_token("ours")))
    store.put([photo])

    store.put([make_photo(1, sealed={"digest": b"e" * 16})])

    assert only(store.get([ONE])) == photo


def test_exif_that_differs_is_replaced(
    store: Store, make_photo: MakePhoto, make_token: MakeToken
) -> None:
    tokens = [make_token("old"), make_token("new")]

    for mark, token in zip(b"on", tokens, strict=True):
        photo = make_photo(1, sealed={"tokens": {"exif": token}, "digest": bytes([mark] * 16)})
        store.put([photo], stages=(Stage.SEARCH, Stage.INSPECT))

    assert only(store.get([ONE], whole=True)).tokens == {"exif": tokens[1]}
    assert only(store.get([ONE])).tokens == {}
