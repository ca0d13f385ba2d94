"""Encrypt: the key ring, a value that its operations leave as it is and return changed.

As text it is a JSON object::

    {"current": "key-2",                      the key that seals
     "index": "<32 bytes, URL-safe base64>",  the root of the blind index; never changes
     "keys": {"key-1": "<Fernet key>", "key-2": "<Fernet key>", "seed": "<Fernet key>"},
     "older": ["seed"]}                       keys of older scripts: they open, and never seal

The older scripts kept one bare Fernet key (``KEY_DB.txt``, ``SECRET_KEY``). That reads as a ring
of one older key, ``seed``; :meth:`KeyRing.completed` adds what sealing needs.
"""

import base64
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from cryptography.fernet import Fernet

from smart_image_scraper.encrypt import ring_file
from smart_image_scraper.errors import KeyRingError
from smart_image_scraper.photo.older_record import OLDER_KEY_ID

_KEY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_INDEX = "index"
_MEMBERS = {"current", "index", "keys", "older"}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class KeyRing:
    """The keys that open sealed fields, and the one that seals.

    Attributes:
        current: The id of the key that seals.
        keys: Fernet keys (32 bytes, URL-safe base64) by id.
        older: The ids of keys that older scripts used. Their tokens do not say which photo and
            field they belong to, so such a key only opens.
        index: 32 bytes from which the blind index is derived; ``None`` if the ring has no root
            yet, and then it cannot seal.

    Raises:
        KeyRingError: An id or a key has not the right form, or ``current`` or ``older`` name no
            key of the ring.
    """

    current: str
    keys: Mapping[str, str]
    older: frozenset[str] = frozenset()
    index: bytes | None = None

    def __post_init__(self) -> None:
        for key_id, key in self.keys.items():
            _check_key(key_id, key)
        for key_id in (self.current, *sorted(self.older)):
            self._check_known(key_id)
        if self.index is not None and len(self.index) != 32:  # noqa: PLR2004 — as documented above
            raise KeyRingError("the key ring's index root is not 32 bytes long; restore the ring")
        object.__setattr__(self, "keys", MappingProxyType(dict(self.keys)))

    def __repr__(self) -> str:
        return f"KeyRing(current={self.current!r}, keys={sorted(self.keys)})"

    @classmethod
    def new(cls) -> Self:
        """Make a ring with one fresh key, ``key-1``, and a fresh index root."""
        keys = {"key-1": Fernet.generate_key().decode()}
        return cls(current="key-1", keys=keys, index=secrets.token_bytes(32))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a ring's JSON text, or a bare Fernet key of the older scripts.

        Raises:
            KeyRingError: It is neither.
        """
        text = text.removeprefix("\ufeff").strip()
        if not text.startswith("{"):
            if not _is_fernet_key(text):
                raise KeyRingError(
                    "there is neither a key ring, which is a JSON object, nor a key of the older "
                    "scripts in it; restore it"
                )
            return cls(
                current=OLDER_KEY_ID, keys={OLDER_KEY_ID: text}, older=frozenset({OLDER_KEY_ID})
            )
        try:
            members = json.loads(text)
        except (json.JSONDecodeError, RecursionError):
            # The decoder's own message and its cause hold the text, and so the keys.
            raise KeyRingError("the key ring is not readable as JSON; restore it") from None
        return cls(**_checked_members(members))

    def to_text(self) -> str:
        """Return the ring as JSON text, which :meth:`parse` reads. It holds the keys."""
        index = self.index and base64.urlsafe_b64encode(self.index).decode()
        members = {
            "current": self.current,
            "index": index,
            "keys": dict(self.keys),
            "older": sorted(self.older),
        }
        return json.dumps(members, indent=1) + "\n"

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the ring's file.

        Raises:
            KeyRingError: There is none, it is not ours, others may read or write it, or it holds
                no ring.
        """
        return cls._parse_file(path, ring_file.read(path))

    @classmethod
    def ensure(cls, path: Path) -> Self:
        """Read the ring's file, or make a new ring there if there is none.

        Any number of processes may do so at once: one of them makes the ring, and all return it.

        Raises:
            KeyRingError: As for :meth:`load`, or the file cannot be written.
        """
        ring_file.write_new(path, cls.new().to_text())
        return cls.load(path)

    def save(self, path: Path, *, dropping: frozenset[str] = frozenset()) -> None:
        """Write the ring to a file that only its owner can read, whole or not at all.

        Args:
            path: The file; one that is there must hold a ring.
            dropping: The ids of keys that may get lost with the file as it was.

        Raises:
            KeyRingError: The file holds a key or index root that this ring lacks, holds no ring,
                or cannot be written.
        """
        if ring_file.write_new(path, self.to_text()):
            return
        before = type(self).load(path).fingerprints()
        lost = before.items() - self.fingerprints().items()
        if names := sorted({name for name, _ in lost} - dropping):
            raise KeyRingError(
                f"{path}: writing this key ring would lose {', '.join(map(repr, names))}, and "
                "what was sealed with it could never be opened again; nothing was written"
            )
        ring_file.replace(path, self.to_text())

    def add(self, key_id: str, key: str | None = None, *, older: bool = False) -> Self:
        """Return the ring with one key more; the current key stays.

        Args:
            key_id: A name for it, such as ``key-2`` or ``2027-01``.
            key: The Fernet key; a fresh one if not given.
            older: Whether it comes from the older scripts, and so only opens.

        Raises:
            KeyRingError: The ring has a key of that id, or the id or key has not the right form.
        """
        if key_id in self.keys:
            raise KeyRingError(f"the key ring has a key {key_id!r} already; choose another id")
        keys = {**self.keys, key_id: key or Fernet.generate_key().decode()}
        return replace(self, keys=keys, older=self.older | ({key_id} if older else set()))

    def use(self, key_id: str) -> Self:
        """Return the ring with another of its keys as the one that seals.

        Raises:
            KeyRingError: The ring has no such key, or it is one of the older scripts.
        """
        self._check_known(key_id)
        if key_id in self.older:
            raise KeyRingError(f"{key_id!r} is a key of the older scripts: it opens, never seals")
        return replace(self, current=key_id)

    def without(self, key_id: str) -> Self:
        """Return the ring without one of its keys.

        Raises:
            KeyRingError: The ring has no such key, or it is the current one.
        """
        self._check_known(key_id)
        if key_id == self.current:
            raise KeyRingError(f"{key_id!r} is the current key; use another one first")
        keys = {name: key for name, key in self.keys.items() if name != key_id}
        return replace(self, keys=keys, older=self.older - {key_id})

    def completed(self) -> Self:
        """Return the ring with whatever sealing needs: an index root, a key that may seal.

        A ring that has both is returned as it is.
        """
        ring = self if self.index else replace(self, index=secrets.token_bytes(32))
        if ring.current not in ring.older:
            return ring
        fresh = ring.next_key_id()
        return ring.add(fresh).use(fresh)

    def next_key_id(self) -> str:
        """Return an id for a fresh key, ``key-<n>``, that no key of the ring has."""
        number = 1
        while f"key-{number}" in self.keys:
            number += 1
        return f"key-{number}"

    def fingerprints(self) -> dict[str, str]:
        """Return 16 hexadecimal digits for each key by id, and for the index root as ``index``.

        They tell keys apart and tell nothing of the keys.
        """
        roots = {key_id: base64.urlsafe_b64decode(key) for key_id, key in self.keys.items()}
        if self.index is not None:
            roots[_INDEX] = self.index
        return {name: hmac.digest(root, b"sis", "sha256")[:8].hex() for name, root in roots.items()}

    def _check_known(self, key_id: str) -> None:
        if key_id not in self.keys:
            known = ", ".join(sorted(self.keys)) or "none"
            raise KeyRingError(f"the key ring has no key {key_id!r}; its keys are: {known}")

    @classmethod
    def _parse_file(cls, path: Path, text: str) -> Self:
        try:
            return cls.parse(text)
        except KeyRingError as error:
            raise KeyRingError(f"{path}: {error}") from None


def _check_key(key_id: str, key: str) -> None:
    if not _KEY_ID.fullmatch(key_id) or key_id == _INDEX:
        raise KeyRingError(
            f"{key_id[:80]!r} cannot be a key's id: letters, digits, - and _, and not {_INDEX!r}"
        )
    if not _is_fernet_key(key):
        raise KeyRingError(
            f"the key {key_id!r} is no Fernet key (32 bytes as URL-safe base64, 44 characters); "
            "restore it"
        )


def _is_fernet_key(text: str) -> bool:
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


def _checked_members(members: Any) -> dict[str, Any]:  # noqa: ANN401 — whatever JSON holds
    if not isinstance(members, dict) or members.keys() - _MEMBERS:
        raise KeyRingError(f"a key ring's JSON object has the members {sorted(_MEMBERS)} alone")
    keys, older = members.get("keys"), members.get("older", [])
    if not isinstance(keys, dict) or not all(isinstance(key, str) for key in keys.values()):
        raise KeyRingError("the key ring's 'keys' is not an object of ids and keys; restore it")
    if not isinstance(older, list) or not all(isinstance(key_id, str) for key_id in older):
        raise KeyRingError("the key ring's 'older' is not a list of key ids; restore it")
    if not isinstance(members.get("current"), str):
        raise KeyRingError("the key ring does not say which key is the current one; restore it")
    return {
        "current": members["current"],
        "keys": keys,
        "older": frozenset(older),
        "index": _decode_index(members.get("index")),
    }


def _decode_index(text: object) -> bytes | None:
    if text is None:
        return None
    try:
        if isinstance(text, str):
            return base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError:
        pass  # said below, without a cause that would hold the text
    raise KeyRingError("the key ring's index root is not base64; restore the ring")
