"""Pipeline: refresh: ask the site about photos that were not looked at for long."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from smart_image_scraper.errors import (
    BudgetError,
    GoneError,
    PhotoError,
    SisError,
    StatusError,
    TooLargeError,
    TransientError,
    UsageError,
)
from smart_image_scraper.photo import (
    TOLD,
    EncryptedPhoto,
    Filter,
    Gone,
    GoneReason,
    License,
    Photo,
    PhotoId,
    Relicensing,
    Stage,
)
from smart_image_scraper.pipeline.answers import Answers
from smart_image_scraper.pipeline.download import with_failure, without_failure
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.pipeline.workers import Workers
from smart_image_scraper.search.flickr import FlickrClient
from smart_image_scraper.search.flickr.info import PhotoInfo, get_info
from smart_image_scraper.search.flickr.licenses import get_license_history
from smart_image_scraper.store import Store

_SITE = "flickr"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshPlan:
    """What a refresh would do.

    Attributes:
        photos: Photos that are due.
        calls: What they take, and no more than one more for each whose licence has changed.
        hours: How long that takes by the site's limit.
        elsewhere: Photos of other sites, which are not asked about theirs.
    """

    stage: ClassVar = "refresh-plan"
    photos: int
    calls: int
    hours: float
    elsewhere: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshSummary:
    """What came of a refresh.

    Attributes:
        checked: Photos that the site was asked about, and answered.
        relicensed: Of these, the ones that have another licence than before.
        changed: The ones of which anything else but the numbers of views and comments is new.
        gone: By reason, photos that the site shows no more, the ones known before among them.
        returned: Photos that had been gone, and are there again.
        failed: By reason, photos of which nothing could be learned.
        elsewhere: Photos of other sites, which are not asked about theirs.
    """

    stage: ClassVar = "refresh"
    checked: int
    relicensed: int
    changed: int
    gone: Mapping[str, int]
    returned: int
    failed: Mapping[str, int]
    elsewhere: int = 0


def due(where: Filter, *, before: datetime) -> Filter:
    """Return the filter for the photos that are due: not looked at since then, and at Flickr."""
    return replace(_at_flickr(where), checked_before=before)


def count_elsewhere(store: Store, where: Filter) -> int:
    """Return of how many photos Flickr knows nothing, since they are of other sites."""
    return store.count(where) - store.count(_at_flickr(where))


def _at_flickr(where: Filter) -> Filter:
    """Return the filter for those of the photos that are Flickr's.

    Raises:
        UsageError: The filter is for other sites alone.
    """
    if where.sites and _SITE not in where.sites:
        raise UsageError(
            f"only Flickr can be asked about single photos, and not {', '.join(where.sites)}; "
            "leave --site out"
        )
    return replace(where, sites=(_SITE,))


def plan_refresh(
    store: Store, *, where: Filter, before: datetime, calls_per_hour: int
) -> RefreshPlan:
    """Tell what :func:`refresh` would take, without a call."""
    photos = store.count(due(where, before=before))
    return RefreshPlan(
        photos=photos,
        calls=photos,
        hours=photos / calls_per_hour,
        elsewhere=count_elsewhere(store, where),
    )


async def refresh(
    store: Store,
    flickr: FlickrClient,
    *,
    where: Filter,
    before: datetime,
    workers: int,
    progress: Progress,
) -> RefreshSummary:
    """Ask Flickr about photos, and record what has changed and what is gone.

    Each takes a call, and one more if its licence has changed. A photo that a search has found
    since then takes none: it was seen then.

    Args:
        store: Has the photos.
        flickr: Answers.
        where: Only these photos.
        before: Only those that were last looked at before then, or never.
        workers: So many calls at a time.
        progress: Is told of every photo that is done.

    Returns:
        What came of it, until the end or until the budget of calls was used up.

    Raises:
        SisError: What ends the run; what was learned until then is recorded.
    """
    elsewhere = await asyncio.to_thread(count_elsewhere, store, where)
    where = due(where, before=before)
    total = await asyncio.to_thread(store.count, where)
    work = _Work(store, flickr)
    with progress.stage("refresh", total=total) as advance, suppress(BudgetError):
        asking = Workers(work.checked, record=work.record, advance=advance)
        await asking.run(store.find(where), workers=workers)
    return replace(work.summary(), elsewhere=elsewhere)


class _Work:
    """One refresh under way."""

    def __init__(self, store: Store, flickr: FlickrClient) -> None:
        self._store = store
        self._flickr = flickr
        self._counts: Counter[str] = Counter()
        self._gone: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._forbidden: set[PhotoId] = set()
        self._answers = Answers()

    def summary(self) -> RefreshSummary:
        """Return what has come of it so far."""
        return RefreshSummary(
            checked=self._counts["checked"],
            relicensed=self._counts["relicensed"],
            changed=self._counts["changed"],
            gone=dict(self._gone),
            returned=self._counts["returned"],
            failed=dict(self._failed),
        )

    async def checked(self, encrypted: EncryptedPhoto) -> EncryptedPhoto:
        """Return a photo with what its site says of it now."""
        photo = encrypted.photo
        try:
            now = await self._asked(photo)
        except (StatusError, TransientError) as error:
            self._answers.failed(error)
            return self._without(encrypted, error, reason="no-answer", checked_at=None)
        except TooLargeError as error:
            self._answers.answered()
            # It would be as long at once again: the photo waits for its turn.
            return self._without(encrypted, error, reason="too-large", checked_at=datetime.now(UTC))
        self._answers.answered()
        self._count(photo, now=now)
        return replace(encrypted, photo=without_failure(now, Stage.REFRESH))

    def record(self, photos: Sequence[EncryptedPhoto]) -> None:
        """Write what was learned of photos, and nothing that a search may have found meanwhile."""
        ids = {each.photo.id for each in photos}
        self._store.forget_sizes(ids & self._forbidden)
        self._store.put(photos, stages=(Stage.REFRESH,))

    async def _asked(self, photo: Photo) -> Photo:
        checked_at = datetime.now(UTC)
        try:
            info = await get_info(self._flickr, photo.id)
            if info.is_public is False:
                gone = _gone(photo, GoneReason.PRIVATE, at=checked_at)
                return replace(photo, gone=gone, checked_at=checked_at)
            now = replace(_with_told(photo, info), gone=None, checked_at=checked_at)
            if not now.sizes and photo.sizes:
                self._forbidden.add(photo.id)
            return replace(now, license_history=await self._history(now, before=photo.license))
        except GoneError as error:
            gone = _gone(photo, GoneReason(error.reason), at=checked_at)
            return replace(photo, gone=gone, checked_at=checked_at)

    async def _history(self, photo: Photo, *, before: License) -> tuple[Relicensing, ...]:
        # A search may have seen the new licence first; then the file still knows the former one.
        downloaded = (photo.file and photo.file.license) or before
        told = [each.new for each in photo.license_history[-1:]] == [photo.license]
        if before == photo.license and (downloaded == photo.license or told):
            return photo.license_history
        changes = await get_license_history(self._flickr, photo.id)
        # Of a photo whose licence has never changed, the one that it has is listed, too.
        return tuple(
            Relicensing(at=each.at, old=each.old, new=each.new)
            for each in changes
            if each.at is not None and each.old is not None and each.new is not None
        )

    def _without(
        self,
        encrypted: EncryptedPhoto,
        error: SisError,
        *,
        reason: str,
        checked_at: datetime | None,
    ) -> EncryptedPhoto:
        """Return the photo with that failure; what was found out before stays in the store."""
        self._failed[reason] += 1
        why = PhotoError(str(error), reason=reason, retryable=True)
        unknown = replace(encrypted.photo, checked_at=checked_at, gone=None, license_history=())
        return replace(encrypted, photo=with_failure(unknown, Stage.REFRESH, error=why))

    def _count(self, photo: Photo, *, now: Photo) -> None:
        self._counts["checked"] += 1
        if now.gone is not None:
            self._gone[now.gone.reason.value] += 1
            return
        self._counts["returned"] += photo.gone is not None
        self._counts["relicensed"] += now.license != photo.license
        self._counts["changed"] += _facts(now) != _facts(photo)


def _with_told(photo: Photo, info: PhotoInfo) -> Photo:
    told: dict[str, Any] = {name: getattr(info.photo, name) for name in TOLD}
    for name in ("tags", "machine_tags"):
        # The order of tags is another one than that of a search.
        before, now = getattr(photo, name), getattr(info.photo, name)
        told[name] = before if sorted(before) == sorted(now) else now
    if info.photo.coordinates is None:
        told |= {"woe_id": None, "place_id": None}
    # In every recorded reply, "candownload" is 0 just where the original is not offered, and all
    # other sizes are. Only where there was an original has the owner forbidden it since.
    if info.may_download is False and any(size.label == "original" for size in photo.sizes):
        told["sizes"] = ()
    return replace(photo, **told)


def _gone(photo: Photo, reason: GoneReason, *, at: datetime) -> Gone:
    """Return that a photo is gone, since when it was first seen to be for that reason."""
    if photo.gone is not None and photo.gone.reason is reason:
        return photo.gone
    return Gone(reason=reason, at=at)


def _facts(photo: Photo) -> Photo:
    """Return what counts as a change besides the licence."""
    numbers: dict[str, Any] = dict.fromkeys(("views", "comment_count", "changed_at"))
    found_out: dict[str, Any] = {"checked_at": None, "gone": None, "license_history": ()}
    return replace(photo, **numbers, **found_out, license=License.UNKNOWN)
