from collections.abc import Callable
from dataclasses import replace

import pytest

from smart_image_scraper.errors import StoreError
from smart_image_scraper.photo import EncryptedPhoto, Filter, Stage, Token
from smart_image_scraper.store import Store

MakePhoto = Callable[..., EncryptedPhoto]
MakeToken = Callable[..., Token]


def sealed_again(photo: EncryptedPhoto, *, key_id: str) -> EncryptedPhoto:
    tokens = {
        name: Token(text=token.text.replace("AA==", "BB=="), key_id=key_id)
        for name, token in photo.tokens.items()
    }
    return replace(photo, tokens=tokens)


def test_a_new_database_has_no_keys(store: Store) -> None:
    assert store.key_fingerprints() is None


def test_fingerprints_come_back_by_key_id(store: Store) -> None:
    fingerprints = {"2026-11": "aa", "a.b$": "bb"}

    store.save_key_fingerprints(fingerprints)
    store.save_key_fingerprints(fingerprints)

    assert store.key_fingerprints() == fingerprints


def test_a_key_is_added_to_those_that_were_read(store: Store) -> None:
    store.save_key_fingerprints({"one": "aa"})

    store.save_key_fingerprints({"one": "aa", "two": "bb"}, instead_of={"one": "aa"})

    assert store.key_fingerprints() == {"one": "aa", "two": "bb"}


@pytest.mark.parametrize("instead_of", [None, {"three": "cc"}])
def test_keys_that_another_process_has_noted_are_not_overwritten(
    store: Store, *, instead_of: dict[str, str] | None
) -> None:
    store.save_key_fingerprints({"one": "aa"})

    with pytest.raises(StoreError, match="changed by another process meanwhile"):
        store.save_key_fingerprints({"two": "bb"}, instead_of=instead_of)

    assert store.key_fingerprints() == {"one": "aa"}


def test_all_that_another_key_seals_can_be_sealed_anew_and_then_nothing_is_left(
    store: Store, full_photo: EncryptedPhoto, make_photo: MakePhoto, make_token: MakeToken
) -> None:
    newer = make_photo(2, sealed={"tokens": {"owner_name": make_token(key_id="k2")}})
    store.put([full_photo, newer, make_photo(3)], stages=tuple(Stage))

    replaced = [
        store.replace_tokens(old, sealed_again(old, key_id="k2"))
        for old in store.sealed_with_other_key("k2")
    ]

    (photo,) = store.get([full_photo.photo.id], whole=True)
    assert replaced == [True] * 5  # the owner, the EXIF of file and site, comments, notes
    assert photo.tokens == sealed_again(full_photo, key_id="k2").tokens
    assert list(store.sealed_with_other_key("k2")) == []


def test_sealing_anew_changes_nothing_but_the_tokens(
    store: Store, full_photo: EncryptedPhoto
) -> None:
    store.put([full_photo], stages=tuple(Stage))
    (before,) = store.find(Filter(), whole=True)

    other_marks = replace(
        sealed_again(before, key_id="k2"), owner_index=b"x" * 16, digest=b"x" * 16
    )
    store.replace_tokens(before, other_marks)

    (after,) = store.find(Filter(), whole=True)
    assert after == sealed_again(before, key_id="k2")


def test_the_marks_of_what_was_sealed_elsewhere_are_filled_in(
    store: Store, make_photo: MakePhoto, make_token: MakeToken
) -> None:
    older = make_photo(1, sealed={"tokens": {"owner_name": make_token("a", key_id="seed")}})
    store.put([older])
    ours = replace(sealed_again(older, key_id="k1"), owner_index=b"o" * 16, digest=b"d" * 16)

    store.replace_tokens(older, ours)

    assert list(store.find(Filter())) == [ours]


def test_tokens_that_changed_meanwhile_stay(
    store: Store, full_photo: EncryptedPhoto, make_token: MakeToken
) -> None:
    store.put([full_photo], stages=tuple(Stage))
    stale = replace(full_photo, tokens={name: make_token("gone") for name in full_photo.tokens})

    replaced = store.replace_tokens(stale, sealed_again(stale, key_id="k2"))

    (photo,) = store.get([full_photo.photo.id], whole=True)
    assert not replaced
    assert photo.tokens == full_photo.tokens
