"""Encrypt: seal a photo's personal fields, and open them again.

Every sensitive value becomes one Fernet token (https://github.com/fernet/spec). Fernet has no
associated data, so what a token belongs to stands in front of the value, under the seal::

    NUL "sis1" kind NUL photo id NUL field NUL value

``kind`` is ``t`` (the value is UTF-8 text) or ``z`` (that, compressed by zlib). A token that was
pasted into another photo or field therefore does not open. Tokens of the older scripts hold the
bare value; they open only under a key that the ring marks as an older one.
"""

import hmac
import json
import zlib
from collections.abc import Iterable
from types import MappingProxyType

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from smart_image_scraper.encrypt.ring import KeyRing
from smart_image_scraper.errors import KeyRingError, TokenError
from smart_image_scraper.photo import EncryptedPhoto, Photo, Token
from smart_image_scraper.photo.sealed import (
    sensitive_values,
    with_sensitive_values,
    without_sensitive_values,
)

_MARK = b"\0sis"
_TEXT, _ZIPPED = b"t", b"z"
_LONG_BYTES = 256  # shorter values gain nothing from compression


class Vault:
    """Seals with a key ring's current key, and opens with any of its keys.

    A ring without an index root, or whose current key is one of the older scripts, only opens.
    """

    def __init__(self, ring: KeyRing) -> None:
        self.ring = ring
        self._ciphers = {key_id: Fernet(key) for key_id, key in ring.keys.items()}
        self._index_key = _derive(ring.index, b"sis blind index v1")
        self._digest_key = _derive(ring.index, b"sis personal digest v1")

    def __repr__(self) -> str:
        return f"Vault({self.ring!r})"

    def seal(self, photo: Photo) -> EncryptedPhoto:
        """Seal a photo's personal fields. Every sealing makes new tokens.

        Raises:
            KeyRingError: The ring cannot seal: it has no index root, or only an older key.
        """
        index_key, digest_key = self._sealing_keys()
        values = sensitive_values(photo)
        tokens = {
            name: self._seal_value(value, _binding(photo.id, name))
            for name, value in values.items()
        }
        owner_id = photo.owner and photo.owner.id
        return EncryptedPhoto(
            photo=without_sensitive_values(photo),
            tokens=MappingProxyType(tokens),
            owner_index=None if owner_id is None else _keyed(index_key, f"owner\0{owner_id}"),
            digest=_keyed(digest_key, json.dumps(values, sort_keys=True)),
        )

    def open(self, photo: EncryptedPhoto) -> Photo:
        """Open a photo's personal fields.

        Raises:
            KeyRingError: No key of the ring opens a field.
            TokenError: A token is damaged, or was moved here from another photo or field.
        """
        return with_sensitive_values(photo.photo, self.open_values(photo, photo.tokens))

    def open_values(self, photo: EncryptedPhoto, names: Iterable[str]) -> dict[str, str]:
        """Open some of a photo's tokens, by their names; a token that it has not is not there.

        Raises:
            KeyRingError: No key of the ring opens a field.
            TokenError: A token is damaged, or was moved here from another photo or field.
        """
        return {
            name: self._open_token(photo.tokens[name], of=photo.photo.id, name=name)
            for name in names
            if name in photo.tokens
        }

    def seal_text(self, text: str, *, of: str, name: str) -> Token:
        """Seal a text that holds personal values, such as a reply that is not read yet.

        Args:
            text: The text.
            of: What it belongs to; it opens only there.
            name: What it is there.

        Raises:
            KeyRingError: The ring cannot seal.
        """
        self._sealing_keys()
        return self._seal_value(text, _binding(of, name))

    def open_text(self, token: Token, *, of: str, name: str) -> str:
        """Open what :meth:`seal_text` sealed.

        Raises:
            KeyRingError: No key of the ring opens it.
            TokenError: It is damaged, or belongs to something else.
        """
        return self._open_token(token, of=of, name=name)

    def check_seals(self) -> None:
        """See that the ring can seal, before anything is begun that would need it.

        Raises:
            KeyRingError: It has no index root, or only an older key.
        """
        self._sealing_keys()

    def owner_index(self, owner_id: str) -> bytes:
        """Return the blind index of an owner: 16 bytes, equal for equal ids, whatever the key.

        Raises:
            KeyRingError: The ring has no index root.
        """
        index_key, _ = self._sealing_keys()
        return _keyed(index_key, f"owner\0{owner_id}")

    def reseal(self, photo: EncryptedPhoto) -> EncryptedPhoto:
        """Seal every personal field again with the current key; tokens of older scripts get bound.

        Raises:
            KeyRingError: No key of the ring opens a field, or the ring cannot seal.
            TokenError: A token is damaged, or was moved here from another photo or field.
        """
        return self.seal(self.open(photo))

    def _sealing_keys(self) -> tuple[bytes, bytes]:
        if self._index_key is None or self._digest_key is None:
            raise KeyRingError(
                "the key ring has no root for the index of owners, so nothing can be sealed with "
                "it; `sis keys init` adds one and keeps the keys"
            )
        if self.ring.current in self.ring.older:
            raise KeyRingError(
                f"the current key {self.ring.current!r} is one of the older scripts, which only "
                "opens; `sis keys init` adds a fresh one and keeps it"
            )
        return self._index_key, self._digest_key

    def _seal_value(self, value: str, binding: bytes) -> Token:
        # A text may hold lone surrogates (half of a character outside the basic plane), which
        # strict UTF-8 refuses; a value that a source sent must come back as it was.
        kind, body = _TEXT, value.encode("utf-8", "surrogatepass")
        if len(body) >= _LONG_BYTES:
            kind, body = min((_TEXT, body), (_ZIPPED, zlib.compress(body)), key=_body_length)
        key_id = self.ring.current
        sealed = self._ciphers[key_id].encrypt(_header(kind, binding) + body)
        return Token(text=sealed.decode(), key_id=key_id)

    def _open_token(self, token: Token, *, of: str, name: str) -> str:
        plain = self._decrypt(token, of=of, name=name)
        if not plain.startswith(_MARK):
            if token.key_id not in self.ring.older:
                raise TokenError(
                    f"{of}: the field {name!r} is not bound to its photo", reason="token-moved"
                )
            return _decode(plain, of=of, name=name)
        binding = _binding(of, name)
        for kind in (_TEXT, _ZIPPED):
            header = _header(kind, binding)
            if plain.startswith(header):
                body = plain.removeprefix(header)
                whole = zlib.decompress(body) if kind == _ZIPPED else body
                return _decode(whole, of=of, name=name)
        raise TokenError(
            f"{of}: the field {name!r} was sealed for another photo or field, or by a newer "
            "version",
            reason="token-moved",
        )

    def _decrypt(self, token: Token, *, of: str, name: str) -> bytes:
        cipher = self._ciphers.get(token.key_id)
        if cipher is None:
            raise KeyRingError(
                f"{of}: none of the configured keys opens the field {name!r}; add the key "
                f"{token.key_id!r} that it was encrypted with: "
                f"`sis keys add {token.key_id} --from FILE`"
            )
        try:
            return cipher.decrypt(token.text.encode())
        except (InvalidToken, UnicodeEncodeError):
            raise TokenError(
                f"{of}: the field {name!r} does not open with the key {token.key_id!r}: "
                "it is damaged, or was sealed with another key of that name",
                reason="token-damaged",
            ) from None


def _derive(root: bytes | None, purpose: bytes) -> bytes | None:
    if root is None:
        return None
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(root)


def _keyed(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")[:16]


def _binding(of: str, name: str) -> bytes:
    return f"{of}\0{name}".encode()


def _header(kind: bytes, binding: bytes) -> bytes:
    return _MARK + b"1" + kind + b"\0" + binding + b"\0"


def _body_length(form: tuple[bytes, bytes]) -> int:
    return len(form[1])


def _decode(body: bytes, *, of: str, name: str) -> str:
    try:
        return body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise TokenError(f"{of}: the field {name!r} is no text", reason="token-damaged") from None
