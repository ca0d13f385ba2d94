from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smart_image_scraper.demo import DEMO_KEY, Catalogue, FlickrSite
from smart_image_scraper.demo.faults import Fault, Part
from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import TooLargeError, TransientError
from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import (
    EncryptedPhoto,
    Filter,
    GoneReason,
    License,
    Photo,
    PhotoId,
    Relicensing,
    Size,
    Stage,
)
from smart_image_scraper.pipeline import RefreshSummary, plan_refresh, refresh, search
from smart_image_scraper.pipeline.answers import MOST_IN_A_ROW
from smart_image_scraper.search import Query
from smart_image_scraper.search.flickr import FlickrClient, FlickrSource
from smart_image_scraper.store import Store
from tests.made.photos import stored_file

INFO = "flickr.photos.getInfo"
HISTORY = "flickr.photos.licenses.getLicenseHistory"


@pytest.fixture
async def site() -> AsyncIterator[FlickrSite]:
    async with FlickrSite(Catalogue.made(60)) as site:
        yield site


@pytest.fixture
async def client(site: FlickrSite) -> AsyncIterator[HttpClient]:
    async with HttpClient(user_agent="test", allow=site.addresses, attempts=1) as client:
        yield client


class Refreshing:
    """A store with what a search found, and the site that it was found at."""

    def __init__(self, store: Store, *, client: HttpClient, site: FlickrSite, vault: Vault) -> None:
        self.store = store
        self.site = site
        self.source = FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)
        self.flickr = FlickrClient(client, api_key=DEMO_KEY, endpoint=site.endpoint)
        self.vault = vault

    async def search(self, progress: Any) -> list[str]:
        found = await search(
            self.source,
            Query(text="monkey", limit=50),
            store=self.store,
            vault=self.vault,
            progress=progress,
        )
        return [photo_id.native for photo_id in found.photos]

    async def refresh(
        self, progress: Any, *, age: timedelta | None = None, flickr: FlickrClient | None = None
    ) -> RefreshSummary:
        # Without an age, everything is due.
        before = datetime.now(UTC) - (age or timedelta(seconds=-1))
        return await refresh(
            self.store,
            flickr or self.flickr,
            where=Filter(),
            before=before,
            workers=3,
            progress=progress,
        )

    def photo(self, native: str) -> Photo:
        (stored,) = self.store.get([PhotoId(f"flickr:{native}")])
        return stored.photo


@pytest.fixture
def work(store: Store, client: HttpClient, site: FlickrSite, vault: Vault) -> Refreshing:
    return Refreshing(store, client=client, site=site, vault=vault)


async def test_photos_of_which_nothing_changed_stay_as_they_are_but_for_the_date(
    work: Refreshing, progress: Any
) -> None:
    found = await work.search(progress)
    before = list(work.store.find(Filter(), whole=True))

    done = await work.refresh(progress)

    assert (done.checked, done.relicensed, done.changed, done.returned) == (len(found), 0, 0, 0)
    assert (dict(done.gone), dict(done.failed)) == ({}, {})
    after = list(work.store.find(Filter(), whole=True))
    assert [undated(each) for each in after] == [undated(each) for each in before]
    assert all(
        now.photo.checked_at > then.photo.checked_at
        for now, then in zip(after, before, strict=True)
    )
    assert work.site.calls(INFO) == len(found)
    assert work.site.calls(HISTORY) == 0
    assert progress.done["refresh"] == len(found)


def undated(encrypted: EncryptedPhoto) -> EncryptedPhoto:
    return replace(encrypted, photo=replace(encrypted.photo, checked_at=None))


async def test_what_is_removed_or_private_or_of_a_closed_account_is_marked_and_kept(
    work: Refreshing, progress: Any
) -> None:
    removed, hidden, *others = await work.search(progress)
    photos = work.site.catalogue.index.by_id
    closed = next(each for each in others if photos[each].owner != photos[removed].owner)
    theirs = {
        each for each in (removed, hidden, *others) if photos[each].owner == photos[closed].owner
    }
    work.site.remove(removed)
    work.site.make_private(hidden)
    work.site.close_account(photos[closed].owner.nsid)
    gone = theirs | {removed, hidden}

    done = await work.refresh(progress)

    assert dict(done.gone) == {"not-found": len(gone)}
    assert {each.photo.id.native for each in work.store.find(Filter(gone=True))} == gone
    assert work.photo(removed).title is not None
    assert work.photo(removed).gone.reason is GoneReason.NOT_FOUND  # type: ignore[union-attr]


async def test_a_photo_that_stays_gone_is_gone_since_it_was_first_missed(
    work: Refreshing, progress: Any
) -> None:
    removed, *_ = await work.search(progress)
    work.site.remove(removed)

    gone = []
    for _ in range(2):
        await work.refresh(progress)
        gone.append(work.photo(removed).gone)

    assert gone[0] == gone[1] is not None


async def test_a_photo_that_is_there_again_is_not_gone_any_more(
    work: Refreshing, progress: Any
) -> None:
    photo, *_ = await work.search(progress)
    work.site.make_private(photo)
    await work.refresh(progress)
    gone = work.photo(photo).gone

    async with (
        FlickrSite(work.site.catalogue) as as_before,
        HttpClient(user_agent="test", allow=as_before.addresses) as client,
    ):
        flickr = FlickrClient(client, api_key=DEMO_KEY, endpoint=as_before.endpoint)
        done = await work.refresh(progress, flickr=flickr)

    assert gone is not None
    assert (done.returned, dict(done.gone)) == (1, {})
    assert work.photo(photo).gone is None


async def test_a_changed_licence_comes_with_its_history(work: Refreshing, progress: Any) -> None:
    photo, *others = await work.search(progress)
    at = datetime(2026, 5, 6, tzinfo=UTC)
    before = work.photo(photo).license
    new = License("cc0-1.0")
    work.site.relicense(photo, 9, at=int(at.timestamp()))

    done = await work.refresh(progress)

    assert done.relicensed == 1
    assert work.photo(photo).license == new != before
    assert work.photo(photo).license_history == (Relicensing(at=at, old=before, new=new),)
    assert work.photo(others[0]).license_history == ()
    assert work.site.calls(HISTORY) == 1
    await work.refresh(progress)
    assert work.site.calls(HISTORY) == 1


async def test_the_history_of_a_licence_is_asked_for_although_a_search_saw_it_change(
    work: Refreshing, progress: Any
) -> None:
    photo, *_ = await work.search(progress)
    encrypted = next(work.store.get([PhotoId(f"flickr:{photo}")]))
    file = stored_file("ab" * 32, license=encrypted.photo.license)
    downloaded = replace(encrypted, photo=replace(encrypted.photo, file=file))
    work.store.put([downloaded], stages=(Stage.DOWNLOAD,))
    work.site.relicense(photo, 9)
    await work.search(progress)

    done = await work.refresh(progress)

    assert (done.relicensed, work.site.calls(HISTORY)) == (0, 1)
    (change,) = work.photo(photo).license_history
    assert (change.old, change.new) == (file.license, License("cc0-1.0"))
    assert work.photo(photo).file == file


async def test_a_photo_that_was_seen_since_takes_no_call(work: Refreshing, progress: Any) -> None:
    await work.search(progress)

    done = await work.refresh(progress, age=timedelta(days=30))

    assert done.checked == 0
    assert work.site.calls(INFO) == 0


async def test_photos_of_other_sites_are_not_asked_about(
    work: Refreshing, store: Store, progress: Any
) -> None:
    store.put([EncryptedPhoto(photo=Photo(id=PhotoId("folder:1")))])

    done = await work.refresh(progress)

    assert done.checked == 0


@pytest.mark.parametrize("fault", [Fault.EMPTY, Fault.BAD_GATEWAY])
async def test_a_photo_without_an_answer_is_left_for_the_next_time(
    work: Refreshing, progress: Any, *, fault: Fault
) -> None:
    found = await work.search(progress)
    work.site.strike(Part.API, fault)

    done = await work.refresh(progress)
    again = await work.refresh(progress, age=timedelta(seconds=0))

    assert dict(done.failed) == {"no-answer": 1}
    assert done.checked == len(found) - 1
    assert again.checked >= 1
    assert work.store.count(Filter(failed=Stage.REFRESH)) == 0


async def test_a_photo_whose_answer_is_too_long_waits_for_its_turn(
    work: Refreshing, progress: Any
) -> None:
    found = await work.search(progress)
    too_long = found[: MOST_IN_A_ROW + 1]
    begun = datetime.now(UTC)

    class Verbose(FlickrClient):
        async def ask(self, method: str, photo_id: PhotoId, *, read: Any) -> Any:
            if photo_id.native in too_long:
                raise TooLargeError(f"{photo_id}: the reply is over the limit")
            return await work.flickr.ask(method, photo_id, read=read)

    client = HttpClient(user_agent="test")
    done = await work.refresh(progress, flickr=Verbose(client, api_key=DEMO_KEY))

    assert dict(done.failed) == {"too-large": len(too_long)}
    assert done.checked == len(found) - len(too_long)
    assert work.store.count(Filter(checked_before=begun)) == 0
    failed = work.store.find(Filter(failed=Stage.REFRESH))
    assert sorted(each.photo.id.native for each in failed) == sorted(too_long)


async def test_what_a_search_finds_while_a_photo_is_being_asked_about_stays(
    work: Refreshing, progress: Any
) -> None:
    photo, *_ = await work.search(progress)
    encrypted = next(work.store.get([PhotoId(f"flickr:{photo}")]))
    newer = replace(encrypted, photo=replace(encrypted.photo, favorite_count=1_000_000))

    class Searching(FlickrClient):
        async def ask(self, method: str, photo_id: PhotoId, *, read: Any) -> Any:
            work.store.put([newer])
            return await work.flickr.ask(method, photo_id, read=read)

    client = HttpClient(user_agent="test")
    await work.refresh(progress, flickr=Searching(client, api_key=DEMO_KEY))

    assert work.photo(photo).favorite_count == 1_000_000


async def test_a_photo_whose_owner_forbids_downloads_since_is_not_offered_any_more(
    work: Refreshing, progress: Any
) -> None:
    found = await work.search(progress)
    by_id = work.site.catalogue.index.by_id
    forbidden, other = [each for each in found if not by_id[each].original_offered][:2]
    original = Size(label="original", url=f"http://{work.site.image_address}/o.jpg")
    encrypted = next(work.store.get([PhotoId(f"flickr:{forbidden}")]))
    before = replace(encrypted.photo, sizes=(original, *encrypted.photo.sizes))
    work.store.put([replace(encrypted, photo=before)])

    done = await work.refresh(progress)

    assert done.changed == 1
    assert work.photo(forbidden).sizes == ()
    assert work.photo(other).sizes != ()


async def test_a_service_that_is_out_ends_the_refresh_and_keeps_what_was_learned(
    work: Refreshing, progress: Any
) -> None:
    found = await work.search(progress)
    work.site.strike(Part.API, None, times=4)
    work.site.strike(Part.API, Fault.CODE_105, times=1000)
    begun = datetime.now(UTC)

    with pytest.raises(TransientError):
        await work.refresh(progress)

    left = work.store.count(Filter(checked_before=begun))
    assert left == len(found) - 4
    assert 0 < work.store.count(Filter(failed=Stage.REFRESH)) < 10


async def test_a_plan_counts_calls_and_hours_without_a_call(
    work: Refreshing, store: Store, progress: Any
) -> None:
    found = await work.search(progress)
    before = datetime.now(UTC) + timedelta(seconds=1)

    plan = plan_refresh(store, where=Filter(), before=before, calls_per_hour=len(found) * 2)

    assert (plan.photos, plan.calls, plan.hours) == (len(found), len(found), 0.5)
    assert work.site.calls(INFO) == 0
