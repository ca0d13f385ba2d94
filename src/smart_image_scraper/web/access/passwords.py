"""Serve: passwords, of which only argon2 hashes are known."""

from dataclasses import dataclass, field
from enum import StrEnum

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from smart_image_scraper.errors import UsageError

MAX_LENGTH = 1000
"""Of a password, in characters: a longer one costs time to hash."""


class Role(StrEnum):
    """What a visitor may do."""

    VIEWER = "viewer"
    """Look at what is open, and export it."""
    CURATOR = "curator"
    """Judge photos, train models, and see personal fields where the server has the keys."""


def hash_password(password: str) -> str:
    """Return the argon2 hash of a password, salted, with its parameters (RFC 9106).

    Raises:
        UsageError: It is empty or too long.
    """
    if not 1 <= len(password) <= MAX_LENGTH:
        raise UsageError(f"a password has 1 to {MAX_LENGTH} characters, not {len(password)}")
    return PasswordHasher().hash(password)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passwords:
    """The passwords that open the app.

    Attributes:
        hashes: By role, the hash that :func:`hash_password` made.

    Raises:
        UsageError: One of them is no such hash, or there is none for curators.
    """

    hashes: dict[Role, str] = field(repr=False)

    def __post_init__(self) -> None:
        if Role.CURATOR not in self.hashes:
            raise UsageError(
                "there is a password for viewers and none for curators; set SIS_WEB_PASSWORD, too"
            )
        for role, hashed in self.hashes.items():
            _check_hash(hashed, role=role)

    def role(self, password: str) -> Role | None:
        """Return the role that a password opens; ``None`` if it opens none.

        It takes some 50 ms of one core and 64 MB for each role, whatever the password: it is for a
        thread, and few at a time.
        """
        if len(password) > MAX_LENGTH:
            return None
        right = [role for role, hashed in self.hashes.items() if _fits(hashed, password)]
        # Of one password for both roles, what a curator may.
        return max(right, key=lambda role: role is Role.CURATOR, default=None)


def _check_hash(hashed: str, *, role: Role) -> None:
    try:
        extract_parameters(hashed)
    except InvalidHashError:
        # Without the cause: what was set may be the password itself.
        raise UsageError(
            f"the password of the {role} is set to something that is no argon2 hash; make one "
            "with `sis password` and set that; in a compose file, write each $ of it twice"
        ) from None


def _fits(hashed: str, password: str) -> bool:
    try:
        # By the parameters in the hash.
        return PasswordHasher().verify(hashed, password.encode("utf-8", "surrogatepass"))
    except VerificationError:
        return False
