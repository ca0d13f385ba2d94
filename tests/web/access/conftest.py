from collections.abc import Callable

import pytest
from argon2 import PasswordHasher

from smart_image_scraper.web.access import Passwords, Role

CURATOR, VIEWER = "curator's own", "viewers' own"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def quick_hash() -> Callable[[str], str]:
    """Hash a password with parameters that cost no time, as a hash may have any."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash


@pytest.fixture(scope="session")
def passwords(quick_hash: Callable[[str], str]) -> Passwords:
    return Passwords(hashes={Role.CURATOR: quick_hash(CURATOR), Role.VIEWER: quick_hash(VIEWER)})
