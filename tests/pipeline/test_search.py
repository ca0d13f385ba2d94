from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Any

import pytest

from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.errors import StoreError, TransientError
from smart_image_scraper.photo import (
    EncryptedPhoto,
    Filter,
    Owner,
    Photo,
    PhotoId,
    SearchAccount,
    SearchHit,
)
from smart_image_scraper.pipeline import keep, search
from smart_image_scraper.search import Query
from smart_image_scraper.store import Counts, Store

QUERY = Query(text="monkey", limit=1000)


def photo(number: int, **facts: Any) -> Photo:
    hit = SearchHit(term="monkey", run=QUERY.run_id("listed"))
    owner = Owner(id=f"{number}@N01", name=f"owner {number}")
    return Photo(id=PhotoId(f"flickr:{number}"), owner=owner, searches=(hit,), **facts)


class ListedSearch(AsyncIterator[Photo]):
    def __init__(self, photos: Iterable[Photo], *, ends_with: Exception | None) -> None:
        self._photos = iter(photos)
        self._ends_with = ends_with
        self.account = SearchAccount(calls=3, available=700)

    async def __anext__(self) -> Photo:
        for found in self._photos:
            return found
        raise self._ends_with or StopAsyncIteration


class ListedSource:
    """A source that finds what it is given."""

    name = "listed"

    def __init__(self, photos: Iterable[Photo], *, ends_with: Exception | None = None) -> None:
        self._found = ListedSearch(photos, ends_with=ends_with)

    def search(self, query: Query) -> ListedSearch:
        return self._found


async def test_a_search_stores_what_it_finds_and_accounts_for_it(
    store: Store, vault: Vault, progress: Any
) -> None:
    source = ListedSource(photo(number) for number in range(600))

    summary = await search(source, QUERY, store=store, vault=vault, progress=progress)

    assert (summary.found, summary.new, summary.known, summary.erased) == (600, 600, 0, 0)
    assert summary.account.available == 700
    assert store.count(Filter(runs=(summary.run,))) == 600
    assert progress.done == {"search": 600}
    run = next(store.runs.all())
    assert (run.term, run.found, run.account.calls, run.executions) == ("monkey", 600, 3, 1)
    assert run.finished_at is not None


async def test_a_search_that_breaks_off_keeps_what_it_had_found(
    store: Store, vault: Vault, progress: Any
) -> None:
    broken = ListedSource(map(photo, range(300)), ends_with=TransientError("gone"))

    with pytest.raises(TransientError, match="gone"):
        await search(broken, QUERY, store=store, vault=vault, progress=progress)

    assert store.count(Filter()) == 300
    run = next(store.runs.all())
    assert (run.found, run.finished_at) == (300, None)


async def test_owners_are_opened_by_the_vault_alone(
    store: Store, vault: Vault, progress: Any
) -> None:
    await search(ListedSource([photo(1)]), QUERY, store=store, vault=vault, progress=progress)

    stored = next(store.get([PhotoId("flickr:1")]))
    assert stored.photo.owner is None
    assert vault.open(stored).owner == Owner(id="1@N01", name="owner 1")


class SwappingStore:
    """A store that gives one photo's tokens back as another's."""

    def __init__(self) -> None:
        self._photos: list[EncryptedPhoto] = []

    def put(self, photos: Iterable[EncryptedPhoto], **_: Any) -> Counts:
        self._photos = list(photos)
        return Counts(new=len(self._photos))

    def get(self, ids: Iterable[PhotoId], **_: Any) -> Iterable[EncryptedPhoto]:
        return [replace(photo, tokens={}) for photo in self._photos]


def test_a_photo_that_does_not_come_back_as_it_was_ends_everything(vault: Vault) -> None:
    broken: Any = SwappingStore()

    with pytest.raises(StoreError, match="flickr:1: its encrypted fields do not come back"):
        keep([photo(1)], store=broken, vault=vault)


def test_keeping_nothing_is_nothing(store: Store) -> None:
    assert keep([], store=store, vault=Vault(KeyRing.new())) == Counts()
