import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from smart_image_scraper.demo import DEMO_KEY, Catalogue, FlickrSite, MadePhoto
from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.errors import BudgetError, StoreError
from smart_image_scraper.net import Budget, RateLimiter
from smart_image_scraper.photo import Filter, License, PhotoId
from smart_image_scraper.pipeline import search_exhaustively
from smart_image_scraper.search import Order, Query
from smart_image_scraper.search.flickr import FlickrSource
from smart_image_scraper.store import Run, Store
from tests.made.searching import hasty_client

QUERY = Query(text="-nosuchword", exhaustive=True, order=Order.OLDEST, limit=None)
RUN_ID = QUERY.run_id("flickr")
Exhaust = Callable[..., Awaitable[Any]]


class Broken(Exception):  # noqa: N818 — it stands for a kill
    pass


class FailingStore:
    """A store that breaks at one of its writes, as a process does that is killed there."""

    def __init__(self, store: Any, *, left: list[int]) -> None:
        self._store = store
        self._left = left

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._store, name)
        if name == "runs":
            return FailingStore(attribute, left=self._left)
        if name not in {"put", "save", "start"}:
            return attribute

        def write(*arguments: Any, **options: Any) -> Any:
            self._left[0] -= 1
            if self._left[0] == 0:
                raise Broken
            return attribute(*arguments, **options)

        return write


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.made(5_000)


@pytest.fixture
async def site(catalogue: Catalogue) -> AsyncIterator[FlickrSite]:
    async with FlickrSite(catalogue) as site:
        yield site


@asynccontextmanager
async def source_at(site: FlickrSite, **settings: Any) -> AsyncIterator[FlickrSource]:
    async with hasty_client(site, **settings) as client:
        yield FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)


@pytest.fixture
async def source(site: FlickrSite) -> AsyncIterator[FlickrSource]:
    async with source_at(site) as source:
        yield source


@pytest.fixture
def exhaust(store: Store, vault: Vault, progress: Any) -> Exhaust:
    """Search exhaustively, with the test's store; a test may give another one."""
    return partial(search_exhaustively, store=store, vault=vault, progress=progress)


def there(catalogue: Catalogue) -> set[str]:
    found = catalogue.find(text="-nosuchword", content_types="0", media="photos")
    return {f"flickr:{photo.id}" for photo in found}


def stored(store: Store) -> set[str]:
    return {photo.photo.id for photo in store.find(Filter(runs=(RUN_ID,)))}


def uploaded(photo: MadePhoto) -> int:
    return photo.uploaded


async def test_everything_is_stored_with_its_account(
    source: FlickrSource,
    catalogue: Catalogue,
    store: Store,
    exhaust: Exhaust,
    progress: Any,
) -> None:
    done = await exhaust(source, QUERY, language="en")

    (run,) = store.runs.all()
    assert stored(store) == there(catalogue)
    assert done.found == done.new == len(there(catalogue)) == progress.done["search"]
    assert (run.account, run.language, run.cursor) == (done.account, "en", None)
    assert run.finished_at is not None
    assert done.finished
    assert progress.notes[0] == "0 windows"
    assert progress.notes[-1] == "2 windows"


async def test_a_search_that_is_broken_off_at_any_write_ends_as_if_it_had_not_been(
    source: FlickrSource,
    site: FlickrSite,
    catalogue: Catalogue,
    store: Store,
    exhaust: Exhaust,
) -> None:
    moments = random.Random(3)
    for _ in range(5):
        failing: Any = FailingStore(store, left=[moments.randrange(1, 9)])
        with pytest.raises(Broken):
            await exhaust(source, QUERY, store=failing)

    done = await exhaust(source, QUERY)

    assert stored(store) == there(catalogue)
    assert done.account.photos == done.found == len(there(catalogue))
    account = done.account
    assert account.rows == account.photos + account.repeated + account.outside


@pytest.mark.parametrize(
    ("at", "wasted"),
    [
        pytest.param(1, 1, id="before the run is noted"),
        pytest.param(2, 1, id="before the answer is kept"),
        pytest.param(3, 0, id="before the photos are stored"),
        pytest.param(4, 0, id="before the cursor is stored"),
        pytest.param(7, 0, id="later"),
    ],
)
async def test_an_answer_that_was_kept_is_not_asked_for_again(
    store: Store, exhaust: Exhaust, at: int, wasted: int
) -> None:
    few = Catalogue.made(700)
    failing: Any = FailingStore(store, left=[at])
    async with FlickrSite(few) as site, source_at(site) as source:
        with pytest.raises(Broken):
            await exhaust(source, QUERY, store=failing)
        waiting = store.runs.get(RUN_ID)

        done = await exhaust(source, QUERY)

    assert (waiting is not None and waiting.reply is not None) == (at > 2)
    assert site.calls() == done.account.calls + wasted == 3 + wasted
    assert done.account.attempts == done.account.calls
    assert done.account.photos == len(there(few)) == len(stored(store))
    assert next(store.runs.all()).reply is None


async def test_an_answer_whose_key_is_gone_is_asked_for_again(
    store: Store, vault: Vault, exhaust: Exhaust
) -> None:
    failing: Any = FailingStore(store, left=[3])
    async with FlickrSite(Catalogue.made(100)) as site, source_at(site) as source:
        with pytest.raises(Broken):
            await exhaust(source, QUERY, store=failing)

        done = await exhaust(source, QUERY, vault=Vault(KeyRing.new()))

    assert done.finished
    assert done.found == len(stored(store))


async def test_a_finished_search_begins_anew_and_finds_nothing_new(
    store: Store, exhaust: Exhaust
) -> None:
    async with FlickrSite(Catalogue.made(100)) as site, source_at(site) as source:
        first = await exhaust(source, QUERY)

        again = await exhaust(source, QUERY)

    (run,) = store.runs.all()
    assert (again.found, again.new, again.known) == (first.found, 0, first.found)
    assert run.executions == 2


async def test_a_repeated_search_that_is_broken_off_counts_what_it_found_itself(
    store: Store, exhaust: Exhaust
) -> None:
    few = Catalogue.made(900)
    async with FlickrSite(few) as site, source_at(site) as source:
        first = await exhaust(source, QUERY)
        failing: Any = FailingStore(store, left=[8])
        with pytest.raises(Broken):
            await exhaust(source, QUERY, store=failing)

        again = await exhaust(source, QUERY)

    assert (again.found, again.new, again.known) == (first.found, 0, first.found)
    assert again.account.photos == first.account.photos == len(there(few))


async def test_what_a_repeated_search_finds_changed_is_stored_also_after_it_was_broken_off(
    store: Store, exhaust: Exhaust
) -> None:
    few = Catalogue.made(900)
    async with FlickrSite(few) as site, source_at(site) as source:
        await exhaust(source, QUERY)
        last = max(few.find(text="-nosuchword", content_types="0", media="photos"), key=uploaded)
        site.relicense(last.id, 9)
        failing: Any = FailingStore(store, left=[5])
        with pytest.raises(Broken):
            await exhaust(source, QUERY, store=failing)

        await exhaust(source, QUERY)

    (found,) = store.get([PhotoId(f"flickr:{last.id}")])
    assert found.photo.license == License("cc0-1.0")


async def test_a_search_that_found_as_many_as_were_wanted_is_finished(
    store: Store, exhaust: Exhaust
) -> None:
    few = replace(QUERY, limit=7)
    async with FlickrSite(Catalogue.made(100)) as site, source_at(site) as source:
        for _ in range(2):
            done = await exhaust(source, few)

    (run,) = store.runs.all()
    assert (done.found, done.finished, run.cursor) == (7, True, None)
    assert few.run_id("flickr") != RUN_ID


async def test_what_there_is_and_where_a_search_goes_on_is_announced_first(
    site: FlickrSite, exhaust: Exhaust
) -> None:
    told: list[Any] = []
    for most in (4, 3):
        limiters = {site.address: Budget(RateLimiter(None), most=most)}
        async with source_at(site, limiters=limiters) as source:
            await exhaust(source, QUERY, announce=told.append)

    total, run = told
    assert total == [pytest.approx(4_325, rel=0.04)]
    assert (run.id, run.account.calls) == (RUN_ID, 4)


async def test_a_budget_that_is_used_up_leaves_a_cursor(
    site: FlickrSite, catalogue: Catalogue, store: Store, exhaust: Exhaust
) -> None:
    limiters = {site.address: Budget(RateLimiter(None), most=6)}
    async with source_at(site, limiters=limiters) as source:
        done = await exhaust(source, QUERY)

    waiting = store.runs.get(RUN_ID)
    assert not done.finished
    assert waiting is not None
    assert waiting.cursor is not None
    assert waiting.found == done.found == len(stored(store)) > 2_000
    assert waiting.account.calls == site.calls() == 6


async def test_a_budget_that_does_not_suffice_to_begin_begins_nothing(
    site: FlickrSite, store: Store, exhaust: Exhaust
) -> None:
    limiters = {site.address: Budget(RateLimiter(None), most=0)}
    async with source_at(site, limiters=limiters) as source:
        with pytest.raises(BudgetError):
            await exhaust(source, QUERY)

    assert list(store.runs.all()) == []


def test_a_cursor_of_another_form_is_refused_by_the_server(store: Store) -> None:
    run = Run(
        id=RUN_ID,
        source="flickr",
        term="monkey",
        params={},
        started_at=datetime(2026, 1, 2, tzinfo=UTC),
        cursor={"owner": "Jane Doe"},
    )

    with pytest.raises(StoreError, match="the document breaks the schema"):
        store.runs.start(run)

    assert store.runs.get(RUN_ID) is None
