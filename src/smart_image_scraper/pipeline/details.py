"""Pipeline: ask the site about one photo at a time: for places, EXIF and comments.

Each photo costs a call, so only photos that need one are asked about, and of several stages the one
that tells most comes first: ``DETAILS`` is in that order.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import (
    BudgetError,
    PhotoError,
    SisError,
    StatusError,
    TooLargeError,
    TransientError,
)
from smart_image_scraper.photo import CommentTally, EncryptedPhoto, Filter, Photo, Stage
from smart_image_scraper.photo.sealed import APART, STAGE_OF, without_sensitive_values
from smart_image_scraper.pipeline.answers import Answers
from smart_image_scraper.pipeline.download import with_failure, without_failure
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.pipeline.reading_back import check_stored, sample
from smart_image_scraper.pipeline.refresh import count_elsewhere
from smart_image_scraper.pipeline.remarks import erase_late_remarks, without_forgotten
from smart_image_scraper.pipeline.shown_exif import metadata_of, stated_camera
from smart_image_scraper.pipeline.workers import Workers
from smart_image_scraper.search.flickr import FlickrClient, get_comments, get_exif, get_info
from smart_image_scraper.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsSummary:
    """What came of asking for one kind of details.

    Attributes:
        stage: Which kind.
        photos: Photos of which they are known now.
        found: What was found, in how many pieces: ``comments``, ``places``, ``notes``, ``tags``.
        failed: By reason, photos that failed.
        elsewhere: Photos of other sites than Flickr, which have no such details.
    """

    stage: Stage
    photos: int
    found: Mapping[str, int]
    failed: Mapping[str, int]
    elsewhere: int = 0


async def fetch_details(
    stage: Stage,
    store: Store,
    *,
    vault: Vault,
    flickr: FlickrClient,
    where: Filter,
    again: bool = False,
    workers: int,
    progress: Progress,
) -> DetailsSummary:
    """Ask for the details that are missing, and record them, or why there are none.

    A photo that is gone, or whose owner hides what is asked for, gets that recorded and is kept as
    it is. One that gets no answer is for a later run.

    Args:
        stage: One of ``DETAILS``.
        store: Says of which photos they are missing.
        vault: Seals what is personal of them.
        flickr: Makes the calls.
        where: Only these photos.
        again: Whether photos that failed for good are tried once more, too.
        workers: So many calls at a time.
        progress: Is told of every photo that is done.

    Returns:
        What came of it, until the end or until the budget of calls was used up.

    Raises:
        SisError: What ends the run, as a service that is out; what was found until then is
            recorded.
    """
    elsewhere = await asyncio.to_thread(count_elsewhere, store, where)
    total = await asyncio.to_thread(lambda: store.count_pending(stage, where, again=again))
    work = _Work(stage, store, vault=vault, flickr=flickr)
    with progress.stage(stage.value, total=total) as advance, suppress(BudgetError):
        fetching = Workers(work.fetched, record=work.record, advance=advance)
        await fetching.run(store.pending(stage, where, again=again), workers=workers)
    return replace(work.summary(), elsewhere=elsewhere)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A photo with the fields of its stage, personal ones in the clear; and what was found."""

    photo: Photo
    found: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """A photo as it is to be recorded, and in the clear what of it was sealed just now."""

    sealed: EncryptedPhoto
    opened: Photo
    found: Mapping[str, int] = field(default_factory=dict)


class _Work:
    """One kind of details under way."""

    def __init__(self, stage: Stage, store: Store, *, vault: Vault, flickr: FlickrClient) -> None:
        self._stage = stage
        self._store = store
        self._vault = vault
        self._flickr = flickr
        self._photos = 0
        self._found: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._answers = Answers()

    def summary(self) -> DetailsSummary:
        """Return what has come of it so far."""
        return DetailsSummary(
            stage=self._stage,
            photos=self._photos,
            found=dict(self._found),
            failed=dict(self._failed),
        )

    async def fetched(self, encrypted: EncryptedPhoto) -> _Result:
        """Return a photo with its details, or with why there are none."""
        try:
            answer = await _ASK[self._stage](self._flickr, encrypted.photo)
        except (StatusError, TransientError) as error:
            self._answers.failed(error)
            return self._without(encrypted, error, reason="no-answer", retryable=True)
        except TooLargeError as error:
            self._answers.answered()
            return self._without(encrypted, error, reason="too-large")
        except PhotoError as error:
            self._answers.answered()
            return self._without(encrypted, error, reason=error.reason, retryable=error.retryable)
        self._answers.answered()
        allowed = await asyncio.to_thread(
            without_forgotten, answer.photo, store=self._store, vault=self._vault
        )
        return self._with(encrypted, replace(answer, photo=allowed))

    def record(self, results: Sequence[_Result]) -> None:
        """Write what came of photos, and see that a sample of it can be read."""
        self._store.put([result.sealed for result in results], stages=(self._stage,))
        check_stored(
            sample([result.opened for result in results]), store=self._store, vault=self._vault
        )
        for result in results:
            erase_late_remarks(
                result.opened, sealed=result.sealed, store=self._store, vault=self._vault
            )
            self._count(result)

    def _with(self, encrypted: EncryptedPhoto, answer: _Answer) -> _Result:
        personal = [name for name in APART if STAGE_OF[name] is self._stage]
        opened = Photo(
            id=answer.photo.id, **{name: getattr(answer.photo, name) for name in personal}
        )
        sealed = self._vault.seal(opened)
        whole = without_failure(without_sensitive_values(answer.photo), self._stage)
        tokens = {**encrypted.tokens, **sealed.tokens}
        return _Result(
            sealed=replace(encrypted, photo=whole, tokens=tokens, digest=sealed.digest),
            opened=opened,
            found=answer.found,
        )

    def _without(
        self, encrypted: EncryptedPhoto, error: SisError, *, reason: str, retryable: bool = False
    ) -> _Result:
        # What was found before stays in the store; here it would stand for a success.
        empty: dict[str, Any] = {
            part.name: part.default
            for part in fields(Photo)
            if part.metadata.get("stage") is self._stage
        }
        photo = encrypted.photo
        told = PhotoError(f"{photo.id}: {error}", reason=reason, retryable=retryable)
        failed = with_failure(replace(photo, **empty), self._stage, error=told)
        return _Result(sealed=replace(encrypted, photo=failed), opened=Photo(id=failed.id))

    def _count(self, result: _Result) -> None:
        failure = result.sealed.photo.failures.get(self._stage)
        if failure is not None:
            self._failed[failure.reason] += 1
        else:
            self._photos += 1
            self._found.update(result.found)


async def _places(flickr: FlickrClient, photo: Photo) -> _Answer:
    told = (await get_info(flickr, photo.id)).photo
    place, notes = told.stated_place, told.notes or ()
    return _Answer(
        photo=replace(photo, stated_place=place, raw_tags=told.raw_tags, notes=told.notes),
        found={"places": int(place is not None and place.country is not None), "notes": len(notes)},
    )


async def _api_exif(flickr: FlickrClient, photo: Photo) -> _Answer:
    metadata = metadata_of(await get_exif(flickr, photo.id))
    camera = stated_camera(metadata)
    text = metadata.as_text() if metadata.tags else None
    return _Answer(
        photo=replace(photo, stated_camera=camera, api_exif=text), found={"tags": camera.tag_count}
    )


async def _comments(flickr: FlickrClient, photo: Photo) -> _Answer:
    comments = await get_comments(flickr, photo.id)
    tally = CommentTally(
        count=len(comments), announced=photo.comment_count, read_at=datetime.now(UTC)
    )
    return _Answer(
        photo=replace(photo, comment_tally=tally, comments=comments or None),
        found={"comments": len(comments)},
    )


_ASK: Mapping[Stage, Callable[[FlickrClient, Photo], Awaitable[_Answer]]] = MappingProxyType(
    {Stage.PLACES: _places, Stage.API_EXIF: _api_exif, Stage.COMMENTS: _comments}
)
