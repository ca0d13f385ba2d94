from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

import pytest
from cryptography.fernet import Fernet
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.errors import KeyRingError, TokenError
from smart_image_scraper.photo import (
    Comment,
    EncryptedPhoto,
    Note,
    Owner,
    Photo,
    PhotoId,
    Token,
)
from smart_image_scraper.photo.sealed import SENSITIVE_FIELDS, TOKEN_NAMES, without_sensitive_values

MakePhoto = Callable[..., Photo]
TEXT = st.text(st.characters())  # lone surrogates included
OWNERS = st.none() | st.builds(
    Owner,
    id=TEXT,
    name=st.none() | TEXT,
    path_alias=st.none() | TEXT,
    real_name=st.none() | TEXT,
    credit=st.none() | TEXT,
)
COMMENTS = st.builds(
    Comment,
    id=st.none() | TEXT,
    author_name=st.none() | TEXT,
    author_is_deleted=st.none() | st.booleans(),
    written_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    text=st.none() | TEXT,
)
NOTES = st.builds(Note, author_id=st.none() | TEXT, left=st.none() | st.integers(), text=TEXT)
PHOTOS = st.builds(
    Photo,
    id=st.sampled_from(["flickr:1", "flickr:12", "folder:1"]).map(PhotoId),
    title=st.none() | TEXT,
    owner=OWNERS,
    exif=st.none() | TEXT | st.text(min_size=300, max_size=2000),
    api_exif=st.none() | TEXT,
    comments=st.none() | st.lists(COMMENTS, max_size=3).map(tuple),
    notes=st.none() | st.lists(NOTES, max_size=2).map(tuple),
)


def older_token(key: str, text: bytes) -> Token:
    return Token(text=Fernet(key).encrypt(text).decode(), key_id="seed")


@pytest.fixture(scope="session")
def older_key() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture(scope="session")
def older_vault(older_key: str) -> Vault:
    return Vault(KeyRing.parse(older_key).completed())


@settings(deadline=None)
@given(photo=PHOTOS)
def test_a_sealed_photo_opens_as_it_was(vault: Vault, photo: Photo) -> None:
    assert vault.open(vault.seal(photo)) == photo


@settings(deadline=None)
@given(photo=PHOTOS)
def test_rotation_keeps_every_value_and_leaves_the_old_key_unused(
    ring: KeyRing, vault: Vault, photo: Photo
) -> None:
    sealed = vault.seal(photo)
    rotating = Vault(ring.add("key-2").use("key-2"))
    rotated = rotating.reseal(sealed)

    opened = Vault(rotating.ring.without("key-1")).open(rotated)

    assert opened == photo
    assert rotated.owner_index == sealed.owner_index
    assert rotated.digest == sealed.digest


@settings(deadline=None)
@given(photo=PHOTOS, other=PHOTOS, data=st.data())
def test_a_token_opens_nowhere_but_where_it_was_sealed(
    vault: Vault, photo: Photo, other: Photo, data: st.DataObject
) -> None:
    sealed = vault.seal(replace(photo, exif="kept apart"))
    name, token = data.draw(st.sampled_from(sorted(sealed.tokens.items())))
    place = data.draw(st.sampled_from(TOKEN_NAMES))
    assume((other.id, place) != (photo.id, name))
    stranger = EncryptedPhoto(photo=without_sensitive_values(other), tokens={place: token})

    with pytest.raises(TokenError) as caught:
        vault.open(stranger)

    assert caught.value.reason == "token-moved"


@settings(deadline=None)
@given(first=PHOTOS, second=PHOTOS)
def test_digests_are_equal_exactly_when_the_personal_values_are(
    vault: Vault, first: Photo, second: Photo
) -> None:
    equal = all(getattr(first, name) == getattr(second, name) for name in SENSITIVE_FIELDS)

    assert (vault.seal(first).digest == vault.seal(second).digest) == equal


def test_nothing_personal_is_left_in_the_clear(vault: Vault, make_photo: MakePhoto) -> None:
    photo = make_photo(id="12037949754@N01", name="Ada", path_alias="ada-l", exif="Artist: Ada")

    sealed = vault.seal(photo)

    assert sealed.photo == replace(photo, owner=None, exif=None)
    assert sorted(sealed.tokens) == ["exif", "owner_id", "owner_name", "owner_path_alias"]
    assert not any(word in repr(sealed) for word in ("12037949754", "Ada", "ada-l"))


def test_every_sealing_makes_new_tokens_with_the_current_keys_id(
    vault: Vault, make_photo: MakePhoto
) -> None:
    first, second = (vault.seal(make_photo(exif="x")).tokens["exif"] for _ in range(2))

    assert first.key_id == second.key_id == "key-1"
    assert first.text != second.text


def test_long_text_is_compressed_before_it_is_sealed(vault: Vault, make_photo: MakePhoto) -> None:
    sealed = vault.seal(make_photo(exif="Make: Canon\n" * 1000))

    assert len(sealed.tokens["exif"].text) < 500


def test_a_photo_without_personal_fields_has_no_tokens(vault: Vault, make_photo: MakePhoto) -> None:
    sealed = vault.seal(make_photo())

    assert not sealed.tokens
    assert sealed.owner_index is None


def test_an_owner_has_one_index_whatever_else_is_sealed(
    ring: KeyRing, vault: Vault, make_photo: MakePhoto
) -> None:
    other_key = Vault(ring.add("key-2").use("key-2"))

    indexes = {
        vault.seal(make_photo("flickr:1", id="7@N01", name="Ada")).owner_index,
        other_key.seal(make_photo("flickr:2", id="7@N01")).owner_index,
        vault.owner_index("7@N01"),
    }

    assert len(indexes) == 1
    assert vault.owner_index("8@N01") not in indexes
    assert len(vault.owner_index("7@N01")) == 16


def test_another_ring_gives_an_owner_another_index(vault: Vault) -> None:
    assert vault.owner_index("7@N01") != Vault(KeyRing.new()).owner_index("7@N01")


def test_a_missing_key_is_named_with_photo_field_and_remedy(
    vault: Vault, make_photo: MakePhoto
) -> None:
    photo = EncryptedPhoto(photo=make_photo(), tokens={"exif": Token(text="x", key_id="seed")})

    with pytest.raises(KeyRingError) as caught:
        vault.open(photo)

    assert str(caught.value) == (
        "flickr:1489: none of the configured keys opens the field 'exif'; add the key 'seed' "
        "that it was encrypted with: `sis keys add seed --from FILE`"
    )


@pytest.mark.parametrize("damage", ["", "ü", "gAAAAA", "AAAA"])
def test_a_damaged_token_does_not_open(vault: Vault, make_photo: MakePhoto, damage: str) -> None:
    sealed = vault.seal(make_photo(exif="Artist: Ada"))
    token = replace(sealed.tokens["exif"], text=damage)

    with pytest.raises(TokenError, match="'exif' does not open with the key 'key-1'") as caught:
        vault.open(replace(sealed, tokens={"exif": token}))

    assert caught.value.reason == "token-damaged"


def test_a_key_of_the_same_name_that_is_another_one_does_not_open(
    vault: Vault, make_photo: MakePhoto
) -> None:
    sealed = vault.seal(make_photo(exif="Artist: Ada"))

    with pytest.raises(TokenError, match="or was sealed with another key of that name"):
        Vault(KeyRing.new()).open(sealed)


def test_a_token_of_the_older_scripts_opens_with_their_key(
    older_vault: Vault, older_key: str, make_photo: MakePhoto
) -> None:
    tokens = {"owner_name": older_token(older_key, "サル".encode())}

    photo = older_vault.open(EncryptedPhoto(photo=make_photo(), tokens=tokens))

    assert photo.owner == Owner(name="サル")


def test_resealing_binds_a_token_of_the_older_scripts(
    older_vault: Vault, older_key: str, make_photo: MakePhoto
) -> None:
    tokens = {"owner_id": older_token(older_key, b"7@N01")}

    resealed = older_vault.reseal(EncryptedPhoto(photo=make_photo(), tokens=tokens))

    assert resealed.tokens["owner_id"].key_id == "key-1"
    assert resealed.owner_index == older_vault.owner_index("7@N01")
    with pytest.raises(TokenError, match="sealed for another photo or field"):
        older_vault.open(replace(resealed, photo=make_photo("flickr:2")))


def test_a_fresh_key_never_opens_a_token_that_is_not_bound(
    ring: KeyRing, vault: Vault, make_photo: MakePhoto
) -> None:
    bare = Fernet(ring.keys["key-1"]).encrypt(b"Artist: Ada").decode()
    photo = EncryptedPhoto(photo=make_photo(), tokens={"exif": Token(text=bare, key_id="key-1")})

    with pytest.raises(TokenError) as caught:
        vault.open(photo)

    assert str(caught.value) == "flickr:1489: the field 'exif' is not bound to its photo"


def test_a_token_whose_content_is_no_text_is_damaged(
    older_vault: Vault, older_key: str, make_photo: MakePhoto
) -> None:
    tokens = {"exif": older_token(older_key, b"\xff\xfe")}

    with pytest.raises(TokenError, match="flickr:1489: the field 'exif' is no text"):
        older_vault.open(EncryptedPhoto(photo=make_photo(), tokens=tokens))


def test_an_older_key_alone_seals_nothing(older_key: str, make_photo: MakePhoto) -> None:
    vault = Vault(KeyRing.parse(older_key))

    with pytest.raises(KeyRingError, match="no root for the index of owners.*`sis keys init`"):
        vault.seal(make_photo(exif="x"))


def test_a_ring_whose_current_key_is_an_older_one_seals_nothing(
    older_key: str, make_photo: MakePhoto
) -> None:
    vault = Vault(replace(KeyRing.parse(older_key), index=bytes(32)))

    with pytest.raises(KeyRingError, match="'seed' is one of the older scripts.*`sis keys init`"):
        vault.seal(make_photo(exif="x"))


def test_a_vault_shows_no_key(ring: KeyRing, vault: Vault) -> None:
    assert repr(vault) == f"Vault({ring!r})"
