"""A store, a vault and a quiet progress for the pipeline's tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.store import Store


class QuietProgress:
    """Counts, and shows nothing."""

    def __init__(self) -> None:
        self.done: dict[str, int] = {}
        self.notes: list[str] = []

    @contextmanager
    def stage(
        self,
        name: str,
        *,
        total: int | None,
        done: int = 0,
        note: Callable[[], str] = lambda: "",
    ) -> Iterator[Callable[[int], None]]:
        self.done[name] = done

        def advance(number: int) -> None:
            self.done[name] += number
            self.notes.append(note())

        yield advance


@pytest.fixture
def progress() -> QuietProgress:
    return QuietProgress()


@pytest.fixture
def vault() -> Vault:
    return Vault(KeyRing.new())


@pytest.fixture
def store(server: str, database_name: str) -> Iterator[Store]:
    with Store.connect(server, database=database_name) as store:
        yield store
