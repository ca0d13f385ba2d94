from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any

import pytest

from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.errors import KeyRingError
from smart_image_scraper.photo import (
    DETAILS,
    Comment,
    EncryptedPhoto,
    Note,
    Owner,
    Photo,
    PhotoId,
    Stage,
    Token,
)
from smart_image_scraper.pipeline import adopt_keys, check_all, check_not_needed, rotate
from smart_image_scraper.store import Store

SEALING = (Stage.SEARCH, Stage.INSPECT, *DETAILS)


@pytest.fixture
def sealed(store: Store, vault: Vault) -> list[EncryptedPhoto]:
    """Three photos in the store, with all that is sealed of a photo."""
    photos = [
        Photo(
            id=PhotoId(f"flickr:{number}"),
            owner=Owner(id=f"{number}@N01"),
            exif=f"f/{number}",
            api_exif=f"1/{number}",
            comments=(Comment(text=f"{number}!"),),
            notes=(Note(text=f"{number}?"),),
        )
        for number in range(3)
    ]
    sealed = [vault.seal(photo) for photo in photos]
    store.put(sealed, stages=SEALING)
    return sealed


@pytest.mark.usefixtures("sealed")
def test_after_rotation_the_former_key_is_not_needed(
    store: Store, vault: Vault, progress: Any
) -> None:
    adopt_keys(store, vault.ring)
    changed = Vault(vault.ring.add("key-2").use("key-2"))
    adopt_keys(store, changed.ring)

    result = rotate(store, changed, progress=progress)

    alone = changed.ring.without("key-1")
    adopt_keys(store, alone)
    assert (result.unknown_keys, result.damaged) == ({}, 0)
    assert check_all(store, Vault(alone), progress=progress).photos == 3
    assert list(store.sealed_with_other_key("key-2")) == []


@pytest.mark.usefixtures("sealed")
def test_rotation_goes_on_until_nothing_is_left_under_a_former_key(
    store: Store, vault: Vault, progress: Any
) -> None:
    changed = Vault(vault.ring.add("key-2").use("key-2"))
    late = Photo(id=PhotoId("flickr:00"), owner=Owner(id="late@N01"))

    @contextmanager
    def stage(name: str, *, total: int | None, **_: object) -> Iterator[Callable[[int], None]]:
        def advance(_number: int) -> None:
            # Another process writes with the former key, behind where the reading is.
            store.put([vault.seal(late)])

        yield advance

    progress.stage = stage

    result = rotate(store, changed, progress=progress)

    assert result.photos == 4
    assert list(store.sealed_with_other_key("key-2")) == []


@pytest.mark.usefixtures("sealed")
def test_a_rotation_tells_of_each_photo_once(store: Store, vault: Vault, progress: Any) -> None:
    told: list[int] = []
    progress.stage = lambda *_, **__: nullcontext(told.append)

    result = rotate(store, Vault(vault.ring.add("key-2").use("key-2")), progress=progress)

    assert sum(told) == result.photos == 3


@pytest.mark.usefixtures("sealed")
def test_a_key_leaves_the_ring_only_after_rotation(
    store: Store, vault: Vault, progress: Any
) -> None:
    adopt_keys(store, vault.ring)
    ring = vault.ring.add("key-2").use("key-2")
    adopt_keys(store, ring)
    with pytest.raises(KeyRingError, match="may still be encrypted with 'key-1'; run `sis keys"):
        check_not_needed(store, ring, key_id="key-1")

    rotate(store, Vault(ring), progress=progress)

    check_not_needed(store, ring, key_id="key-1")


def test_a_damaged_or_moved_token_is_found_and_the_rest_still_opens(
    store: Store, vault: Vault, sealed: list[EncryptedPhoto], progress: Any
) -> None:
    moved = replace(sealed[0], tokens={**sealed[0].tokens, **sealed[1].tokens})
    store.replace_tokens(sealed[0], moved)

    result = check_all(store, vault, progress=progress)

    assert (result.photos, result.damaged) == (2, 1)
    assert "flickr:0" in result.examples[0]


def test_fields_under_a_foreign_key_stay_as_they_are(
    store: Store, vault: Vault, sealed: list[EncryptedPhoto], progress: Any
) -> None:
    foreign = Token(text="gAAAAA" + "A" * 94, key_id="elsewhere")
    swapped = replace(sealed[0], tokens={**sealed[0].tokens, "exif": foreign})
    store.replace_tokens(sealed[0], swapped)

    result = rotate(store, vault, progress=progress)

    assert dict(result.unknown_keys) == {"elsewhere": 1}
    left = next(store.get([sealed[0].photo.id], whole=True))
    assert left.tokens["exif"] == foreign


def test_another_ring_is_refused_and_nothing_is_noted(store: Store, vault: Vault) -> None:
    adopt_keys(store, vault.ring)
    before = store.key_fingerprints()

    with pytest.raises(KeyRingError, match="these are not the keys of the database"):
        adopt_keys(store, KeyRing.new())

    assert store.key_fingerprints() == before
