"""The encrypted form of a photo: the only one that the store takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from smart_image_scraper.photo.details import read_comments, read_notes, write_written
from smart_image_scraper.photo.record import Owner, Photo, Stage


def _owner_token(name: str) -> str:
    return f"owner_{name}"


def sensitive_values(photo: Photo) -> dict[str, str]:
    """Return the sensitive values that a photo has, by the name that their token gets."""
    values: dict[str, Any] = {name: getattr(photo, name) for name in APART}
    for name in _READ:
        if values[name] is not None:
            values[name] = write_written(values[name])
    if photo.owner is not None:
        for part in fields(Owner):
            values[_owner_token(part.name)] = getattr(photo.owner, part.name)
    return {name: value for name, value in values.items() if value is not None}


def with_sensitive_values(photo: Photo, values: Mapping[str, str]) -> Photo:
    """Return the photo with the values of :func:`sensitive_values` put back."""
    parts = {part.name: values.get(_owner_token(part.name)) for part in fields(Owner)}
    owner = Owner(**parts) if any(value is not None for value in parts.values()) else None
    opened: dict[str, Any] = {
        name: _READ[name](values[name]) if name in _READ and name in values else values.get(name)
        for name in APART
    }
    return replace(photo, owner=owner, **opened)


def without_sensitive_values(photo: Photo) -> Photo:
    """Return the photo with every sensitive field emptied."""
    emptied: dict[str, Any] = dict.fromkeys(SENSITIVE_FIELDS)
    return replace(photo, **emptied)


SENSITIVE_FIELDS = tuple(part.name for part in fields(Photo) if part.metadata.get("sensitive"))
"""The fields of ``Photo`` that are personal."""

OWNER_TOKENS = tuple(_owner_token(part.name) for part in fields(Owner))
"""The names of the tokens of an owner."""

OWNER_ID_TOKEN = _owner_token("id")
"""That of the owner's id."""

APART = tuple(name for name in SENSITIVE_FIELDS if name != "owner")
"""The fields of which each is one token of that name, and stored apart from the photo."""

STAGE_OF: Mapping[str, Stage] = MappingProxyType(
    {part.name: part.metadata["stage"] for part in fields(Photo) if part.name in APART}
)
"""The stage that fills each of these fields."""

TOKEN_NAMES = (*OWNER_TOKENS, *APART)
"""The names of the tokens that an encrypted photo may have."""

_READ: Mapping[str, Callable[[str], tuple[Any, ...]]] = MappingProxyType(
    {"comments": read_comments, "notes": read_notes}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One sealed value.

    Attributes:
        text: A Fernet token (https://github.com/fernet/spec), URL-safe base64.
        key_id: Which key of the ring opens it.
    """

    text: str
    key_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptedPhoto:
    """A photo whose personal fields are sealed.

    Attributes:
        photo: Everything that is not personal; its sensitive fields are empty.
        tokens: The sealed values, by the names in ``TOKEN_NAMES``.
        owner_index: A keyed digest of the owner's id, 16 bytes: equal owners have equal ones,
            and without the key nobody can tell whose it is. ``None`` if the owner is unknown or
            was sealed elsewhere.
        digest: A keyed digest of all sensitive values, 16 bytes: equal personal values have equal
            digests, though every sealing makes new tokens. ``None`` if sealed elsewhere.

    Raises:
        ValueError: A sensitive field of ``photo`` is filled, or a token has an unknown name.
    """

    photo: Photo
    tokens: Mapping[str, Token] = field(default_factory=lambda: MappingProxyType({}))
    owner_index: bytes | None = None
    digest: bytes | None = None

    def __post_init__(self) -> None:
        for name in SENSITIVE_FIELDS:
            if getattr(self.photo, name) is not None:
                raise ValueError(f"{self.photo.id}: the sensitive field {name!r} is in the clear")
        if unknown := set(self.tokens) - set(TOKEN_NAMES):
            raise ValueError(f"{self.photo.id}: there is no sensitive field {sorted(unknown)}")
