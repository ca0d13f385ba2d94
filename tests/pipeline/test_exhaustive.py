import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from smart_image_scraper.demo import DEMO_KEY, Catalogue, FlickrSite, MadePhoto
from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.errors import BudgetError, StoreError
from smart_image_scraper.net import Budget, HttpClient, RateLimiter
from smart_image_scraper.photo import Filter, License, PhotoId
from smart_image_scraper.pipeline import search_exhaustively
from smart_image_scraper.search import Order, Query
from smart_image_scraper.search.flickr import FlickrSource
from smart_image_scraper.store import Run, Store

QUERY = Query(text="-nosuchword", exhaustive=True, order=Order.OLDEST, limit=None)
RUN_ID = QUERY.run_id("flickr")


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


@pytest.fixture
async def source(site: FlickrSite) -> AsyncIterator[FlickrSource]:
    async with HttpClient(user_agent="test", allow=site.addresses) as client:
        yield FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)


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
    vault: Vault,
    progress: Any,
) -> None:
    done = await search_exhaustively(
        source, QUERY, store=store, vault=vault, progress=progress, language="en"
    )

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
    vault: Vault,
    progress: Any,
) -> None:
    moments = random.Random(3)
    for _ in range(5):
        failing: Any = FailingStore(store, left=[moments.randrange(1, 9)])
        with pytest.raises(Broken):
            await search_exhaustively(source, QUERY, store=failing, vault=vault, progress=progress)

    done = await search_exhaustively(source, QUERY, store=store, vault=vault, progress=progress)

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
    store: Store, vault: Vault, progress: Any, at: int, wasted: int
) -> None:
    few = Catalogue.made(700)
    failing: Any = FailingStore(store, left=[at])
    async with (
        FlickrSite(few) as site,
        HttpClient(user_agent="test", allow=site.addresses) as client,
    ):
        source = FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)
        with pytest.raises(Broken):
            await search_exhaustively(source, QUERY, store=failing, vault=vault, progress=progress)
        waiting = store.runs.get(RUN_ID)

        done = await search_exhaustively(source, QUERY, store=store, vault=vault, progress=progress)

    assert (waiting is not None and waiting.reply is not None) == (at > 2)
    assert site.calls() == done.account.calls + wasted == 3 + wasted
    assert done.account.attempts == done.account.calls
    assert done.account.photos == len(there(few)) == len(stored(store))
    assert next(store.runs.all()).reply is None


async def test_an_answer_whose_key_is_gone_is_asked_for_again(
    store: Store, vault: Vault, progress: Any
) -> None:
    failing: Any = FailingStore(store, left=[3])
    async with (
        FlickrSite(Catalogue.made(100)) as site,
        HttpClient(user_agent="test", allow=site.addresses) as client,
    ):
        source = FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)
        with pytest.raises(Broken):
            await search_exhaustively(source, QUERY, store=failing, vault=vault, progress=progress)

        done = await search_exhaustively(
            source, QUERY, store=store, vault=Vault(KeyRing.new()), progress=progress
        )

    assert done.finished
    assert done.found == len(stored(store))


async def test_a_finished_search_begins_anew_and_finds_nothing_new(
    store: Store, vault: Vault, progress: Any
) -> None:
    async with (
        FlickrSite(Catalogue.made(100)) as site,
        HttpClient(user_agent="test", allow=site.addresses) as client,
    ):
        source = FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)
        first = await search_exhaustively(
            source, QUERY, store=store, vault=vault, progress=progress
        )

        again = await search_exhaustively(
            source, QUERY, store=store, vault=vault, progress=progress
        )

    (run,) = store.runs.all()
    assert (again.found, again.new, again.known) == (first.found, 0, first.found)
    assert run.executions == 2


async def test_a_repeated_search_that_is_broken_off_counts_what_it_found_itself(
    store: Store, vault: Vault, progress: Any
) -> None:
    few = Catalogue.made(900)
    async with (
        FlickrSite(few) as site,
        HttpClient(user_agent="test", allow=site.addresses) as client,
    ):
        source = FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)
        first = await search_exhaustively(
            source, QUERY, store=store, vault=vault, progress=progress
        )
        failing: Any = FailingStore(store, left=[8])
        with pytest.raises(Broken):
            await search_exhaustively(source, QUERY, store=failing, vault=vault, progress=progress)

        again = await search_exhaustively(
            source, QUERY, store=store, vault=vault, progress=progress
        )

    assert (again.found, again.new, again.known) == (first.found, 0, first.found)
    assert again.account.photos == first.account.photos == len(there(few))
    assert again.account.repeated >= 0


async def test_what_a_repeated_search_finds_changed_is_stored_also_after_it_was_broken_off(
    store: Store, vault: Vault, progress: Any
) -> None:
    few = Catalogue.made(900)
    async with (
        FlickrSite(few) as site,
        HttpClient(user_agent="test", allow=site.addresses) as client,
    ):
        source = FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)
        await search_exhaustively(source, QUERY, store=store, vault=vault, progress=progress)
        last = max(few.find(text="-nosuchword", content_types="0", media="photos"), key=uploaded)
        site.relicense(last.id, 9)
        failing: Any = FailingStore(store, left=[5])
        with pytest.raises(Broken):
            await search_exhaustively(source, QUERY, store=failing, vault=vault, progress=progress)

        await search_exhaustively(source, QUERY, store=store, vault=vault, progress=progress)

    (found,) = store.get([PhotoId(f"flickr:{last.id}")])
    assert found.photo.license == License("cc0-1.0")


async def test_a_search_that_found_as_many_as_were_wanted_is_finished(
    store: Store, vault: Vault, progress: Any
) -> None:
    few = replace(QUERY, limit=7)
    async with (
        FlickrSite(Catalogue.made(100)) as site,
        HttpClient(user_agent="test", allow=site.addresses) as client,
    ):
        source = FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)
        for _ in range(2):
            done = await search_exhaustively(
                source, few, store=store, vault=vault, progress=progress
            )

    (run,) = store.runs.all()
    assert (done.found, done.finished, run.cursor) == (7, True, None)
    assert few.run_id("flickr") != RUN_ID


async def test_what_there_is_and_where_a_search_goes_on_is_announced_first(
    site: FlickrSite, store: Store, vault: Vault, progress: Any
) -> None:
    told: list[Any] = []
    for most in (4, 3):
        limiters = {site.address: Budget(RateLimiter(None), most=most)}
        async with HttpClient(user_agent="test", allow=site.addresses, limiters=limiters) as client:
            source = FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)
            await search_exhaustively(
                source,
                QUERY,
                store=store,
                vault=vault,
                progress=progress,
                announce=told.append,
            )

    total, run = told
    assert total == [pytest.approx(4_325, rel=0.04)]
    assert (run.id, run.account.calls) == (RUN_ID, 4)


async def test_a_budget_that_is_used_up_leaves_a_cursor(
    site: FlickrSite, catalogue: Catalogue, store: Store, vault: Vault, progress: Any
) -> None:
    limiters = {site.address: Budget(RateLimiter(None), most=6)}
    async with HttpClient(user_agent="test", allow=site.addresses, limiters=limiters) as client:
        source = FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)

        done = await search_exhaustively(source, QUERY, store=store, vault=vault, progress=progress)

    waiting = store.runs.get(RUN_ID)
    assert not done.finished
    assert waiting is not None
    assert waiting.cursor is not None
    assert waiting.found == done.found == len(stored(store)) > 2_000
    assert waiting.account.calls == site.calls() == 6


async def test_a_budget_that_does_not_suffice_to_begin_begins_nothing(
    site: FlickrSite, store: Store, vault: Vault, progress: Any
) -> None:
    limiters = {site.address: Budget(RateLimiter(None), most=0)}
    async with HttpClient(user_agent="test", allow=site.addresses, limiters=limiters) as client:
        source = FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)

        with pytest.raises(BudgetError):
            await search_exhaustively(source, QUERY, store=store, vault=vault, progress=progress)

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
