import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smart_image_scraper.demo import DEMO_KEY, Catalogue, Fault, FlickrSite, MadePhoto, Part
from smart_image_scraper.demo.methods.exif import has_exif, hides_exif
from smart_image_scraper.demo.remarks import comments_on, notes_on
from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import SisError, TransientError
from smart_image_scraper.photo import (
    Coordinates,
    EncryptedPhoto,
    Filter,
    Photo,
    PhotoId,
    Stage,
    StatedPlace,
)
from smart_image_scraper.pipeline import DetailsSummary, fetch_details, forget_owners
from smart_image_scraper.pipeline.answers import MOST_IN_A_ROW
from smart_image_scraper.search.flickr import FlickrClient
from smart_image_scraper.store import Counts, Store
from tests.made.photos import inspection
from tests.made.searching import hasty_client

INFO, EXIF, COMMENTS = (
    f"flickr.photos.{name}" for name in ("getInfo", "getExif", "comments.getList")
)
INSPECTION = inspection()


class LateStore(Store):
    """A store of which something else happens between an answer and its being stored."""

    meanwhile: Callable[[], object]

    def put(self, photos: Iterable[EncryptedPhoto], **options: Any) -> Counts:
        self.meanwhile()
        return super().put(photos, **options)


class Allowance:
    """A limiter that lets so many calls through."""

    def __init__(self, calls: int) -> None:
        self._left = calls

    async def acquire(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise SisError("the budget is spent")


def found(made: MadePhoto) -> Photo:
    """Return a made photo as a search would have found it, and with an inspection."""
    is_tagged = made.accuracy and made.latitude and made.longitude
    point = Coordinates(latitude=made.latitude, longitude=made.longitude) if is_tagged else None
    return Photo(
        id=PhotoId(f"flickr:{made.id}"),
        tags=made.tags,
        coordinates=point,
        comment_count=made.comments,
        inspection=INSPECTION,
    )


@pytest.fixture
def photos(flickr: FlickrSite) -> list[MadePhoto]:
    return [made for made in flickr.catalogue.photos if made.media == "photo" and made.tags]


class Details:
    """A store with made photos, and what asks Flickr for their details."""

    def __init__(self, store: Store, vault: Vault, *, flickr: FlickrSite, progress: Any) -> None:
        self.store = store
        self.vault = vault
        self.flickr = flickr
        self.progress = progress

    def keep(self, made: Iterable[MadePhoto]) -> None:
        sealed = (self.vault.seal(found(each)) for each in made)
        self.store.put(sealed, stages=(Stage.SEARCH, Stage.INSPECT))

    async def ask(self, stage: Stage, *, calls: int = 10_000, **options: Any) -> DetailsSummary:
        limiters = {self.flickr.address: Allowance(calls)}
        async with hasty_client(self.flickr, limiters=limiters, attempts=2) as client:
            return await fetch_details(
                stage,
                options.pop("store", self.store),
                vault=self.vault,
                flickr=FlickrClient(client, api_key=DEMO_KEY, endpoint=self.flickr.endpoint),
                where=options.pop("where", Filter()),
                workers=options.pop("workers", 4),
                progress=self.progress,
                **options,
            )

    def opened(self, made: MadePhoto) -> Photo:
        (stored,) = self.store.get([PhotoId(f"flickr:{made.id}")], whole=True)
        return self.vault.open(stored)


@pytest.fixture
def details(store: Store, vault: Vault, flickr: FlickrSite, progress: Any) -> Details:
    return Details(store, vault, flickr=flickr, progress=progress)


async def test_places_raw_tags_and_notes_are_kept_as_flickr_states_them(
    flickr: FlickrSite, photos: list[MadePhoto], details: Details
) -> None:
    details.keep(photos)

    done = await details.ask(Stage.PLACES)

    notes = sum(len(notes_on(made)) for made in photos)
    stated = [details.opened(made) for made in photos]
    countries = [photo.stated_place and photo.stated_place.country for photo in stated]
    assert (done.photos, done.failed, done.found["notes"]) == (len(photos), {}, notes)
    assert done.found["places"] == sum(country is not None for country in countries) > 0
    for made, photo in zip(photos, stated, strict=True):
        assert set(photo.raw_tags) >= set(made.raw_tags)
        assert [note.text for note in photo.notes or ()] == [note.text for note in notes_on(made)]
        assert photo.stated_place is not None
    assert StatedPlace() in {photo.stated_place for photo in stated}
    assert flickr.calls(INFO) == len(photos)


@pytest.mark.parametrize("stage", [Stage.PLACES, Stage.API_EXIF, Stage.COMMENTS])
async def test_what_was_asked_for_is_not_asked_for_again(
    flickr: FlickrSite, photos: list[MadePhoto], details: Details, stage: Stage
) -> None:
    details.keep(photos[:12])
    await details.ask(stage)
    before = len(flickr.served)

    done = await details.ask(stage)

    assert (done, len(flickr.served)) == (
        DetailsSummary(stage=stage, photos=0, found={}, failed={}),
        before,
    )


async def test_comments_are_asked_for_where_there_are_some_and_rest_encrypted(
    flickr: FlickrSite, photos: list[MadePhoto], details: Details
) -> None:
    details.keep(photos)
    commented = [made for made in photos if made.comments]

    done = await details.ask(Stage.COMMENTS)

    assert done.found == {"comments": sum(made.comments for made in commented)}
    assert flickr.calls(COMMENTS) == len(commented) < len(photos)
    for made in commented:
        photo, remarks = details.opened(made), comments_on(made)
        assert [
            (comment.text, comment.author_id, comment.author_name)
            for comment in photo.comments or ()
        ] == [(remark.text, remark.author.nsid, remark.author.name) for remark in remarks]
        assert photo.comment_tally is not None
        assert photo.comment_tally.count == photo.comment_tally.announced == made.comments


async def test_what_somebody_wrote_who_is_forgotten_before_it_is_stored_does_not_stay(
    photos: list[MadePhoto], details: Details, server: str, tmp_path: Path
) -> None:
    made = next(each for each in photos if len({one.author for one in comments_on(each)}) > 1)
    author = comments_on(made)[0].author.nsid
    details.keep([made])
    with LateStore.connect(server, database=details.store._database.name) as late:
        late.meanwhile = lambda: forget_owners(
            details.store,
            details.vault,
            workspace=tmp_path,
            owners=[author],
            progress=details.progress,
        )

        await details.ask(Stage.COMMENTS, store=late)

    left = {each.author_id for each in details.opened(made).comments or ()}
    assert left == {one.author.nsid for one in comments_on(made)} - {author}


async def test_comments_are_asked_for_again_when_their_number_has_changed(
    flickr: FlickrSite, photos: list[MadePhoto], details: Details
) -> None:
    made = next(made for made in photos if made.comments)
    details.store.put([details.vault.seal(replace(found(made), comment_count=made.comments + 1))])
    await details.ask(Stage.COMMENTS)

    details.keep([made])
    done = await details.ask(Stage.COMMENTS)

    assert (done.photos, flickr.calls(COMMENTS)) == (1, 2)


@pytest.mark.parametrize("flickr", [Catalogue.made(150)], indirect=True)
async def test_exif_that_flickr_shows_is_kept_apart_from_that_of_the_file(
    photos: list[MadePhoto], details: Details
) -> None:
    details.keep(photos)

    done = await details.ask(Stage.API_EXIF)

    hidden = {made.id for made in photos if hides_exif(made)}
    shown = [made for made in photos if made.id not in hidden]
    assert (done.photos, done.failed) == (len(shown), {"denied": len(hidden)})
    assert hidden
    for made in shown:
        photo = details.opened(made)
        assert photo.stated_camera is not None
        assert photo.api_exif is not None
        assert photo.exif is None
        assert json.loads(photo.api_exif)["reader"] == "flickr.photos.getExif"
        assert (photo.stated_camera.model is not None) == has_exif(made)
        assert photo.inspection == INSPECTION


@pytest.mark.parametrize("flickr", [Catalogue.made(150)], indirect=True)
async def test_exif_that_its_owner_hides_is_recorded_and_the_photo_kept(
    photos: list[MadePhoto], details: Details
) -> None:
    made = next(made for made in photos if hides_exif(made))
    details.keep([made])

    await details.ask(Stage.API_EXIF)

    photo = details.opened(made)
    failure = photo.failures[Stage.API_EXIF]
    assert (failure.reason, failure.retryable, photo.tags) == ("denied", False, made.tags)
    assert failure.message == (
        f"flickr:{made.id}: its owner does not let others see this (code 2: Permission denied)"
    )


async def test_a_photo_that_is_gone_is_recorded_and_asked_about_again_only_on_demand(
    flickr: FlickrSite, photos: list[MadePhoto], details: Details
) -> None:
    details.keep(photos[:3])
    flickr.remove(photos[1].id)

    first = await details.ask(Stage.PLACES)
    second = await details.ask(Stage.PLACES)
    third = await details.ask(Stage.PLACES, again=True)

    assert [(done.photos, done.failed) for done in (first, second, third)] == [
        (2, {"not-found": 1}),
        (0, {}),
        (0, {"not-found": 1}),
    ]
    assert details.opened(photos[1]).failures[Stage.PLACES].message == (
        f"flickr:{photos[1].id}: Flickr has no such photo, or no longer (code 1: Photo not found)"
    )


@pytest.mark.parametrize("fault", [Fault.CODE_201, Fault.TOO_MANY, Fault.BAD_GATEWAY, Fault.CUT])
async def test_a_photo_that_gets_no_answer_is_left_for_a_later_run(
    flickr: FlickrSite, photos: list[MadePhoto], details: Details, fault: Fault
) -> None:
    details.keep(photos[:3])
    flickr.strike(Part.API, fault, times=2)

    first = await details.ask(Stage.PLACES, workers=1)
    second = await details.ask(Stage.PLACES, workers=1)

    assert (first.photos, first.failed) == (2, {"no-answer": 1})
    assert (second.photos, second.failed) == (1, {})
    assert details.store.count(Filter(failed=Stage.PLACES)) == 0


async def test_a_service_that_is_out_ends_the_run_and_what_was_found_is_kept(
    flickr: FlickrSite, photos: list[MadePhoto], details: Details
) -> None:
    details.keep(photos[:20])
    flickr.strike(Part.API, None, times=3)
    flickr.strike(Part.API, Fault.CODE_105, times=2 * MOST_IN_A_ROW)

    with pytest.raises(TransientError, match="out of service"):
        await details.ask(Stage.PLACES, workers=1)

    assert details.store.count_pending(Stage.PLACES) == 17
    assert flickr.calls(INFO) == 3 + 2 * MOST_IN_A_ROW


async def test_a_budget_that_is_spent_ends_the_run_and_the_next_one_goes_on(
    flickr: FlickrSite, photos: list[MadePhoto], details: Details
) -> None:
    details.keep(photos[:20])

    with pytest.raises(SisError, match="the budget is spent"):
        await details.ask(Stage.PLACES, calls=7)
    left = details.store.count_pending(Stage.PLACES)
    done = await details.ask(Stage.PLACES)

    assert (left, done.photos, flickr.calls(INFO)) == (13, 13, 20)


async def test_only_the_photos_that_are_meant_are_asked_about(
    flickr: FlickrSite, photos: list[MadePhoto], details: Details
) -> None:
    details.keep(photos[:5])

    done = await details.ask(Stage.PLACES, where=Filter(ids=(PhotoId(f"flickr:{photos[2].id}"),)))

    assert (done.photos, flickr.served[-1].arguments["photo_id"]) == (1, photos[2].id)
