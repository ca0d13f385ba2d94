"""Serve: the library, which keeps a snapshot of what the store holds and brings it up to date."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING

import numpy as np

from smart_image_scraper.errors import SisError
from smart_image_scraper.photo import Filter
from smart_image_scraper.store import Overview, Store
from smart_image_scraper.web.library_state import LibraryState
from smart_image_scraper.web.likeness import Likeness
from smart_image_scraper.web.memory import give_back
from smart_image_scraper.web.shelf import Shelf
from smart_image_scraper.web.snapshot import Snapshot
from smart_image_scraper.web.snapshot.moment import (
    Moment,
    load,
    no_moment,
    update,
    with_texts,
    with_texts_of,
    without_texts,
)
from smart_image_scraper.web.snapshot.scores import ScoreColumns
from smart_image_scraper.web.text_index import TextIndex, Texts
from smart_image_scraper.web.text_reading import Built, build_index, follow
from smart_image_scraper.web.work import Work

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Library", "LibraryState"]

_FEW = 20_000
_PUT_EVERY_S = 60.0
"""How often at most a snapshot that changes all the time is written."""


class Library:
    """Keeps a snapshot of the photos. Every method may be called from any thread.

    Args:
        open_store: Returns the store, the same each time; raises ``SisError`` while there is none.
            It is called by each refresh.
        workspace: Gets the snapshot, in its folder ``web``; has the ``embeddings``.
        model_path: A folder that holds an image-text model, in place of the hub.
        few: The texts of so many photos are read at once; those of more, in a thread of its own.

    Raises:
        WorkspaceError: The folder cannot be written, or another process serves this workspace.
    """

    def __init__(
        self,
        open_store: Callable[[], Store],
        workspace: Path,
        *,
        model_path: Path | None = None,
        few: int = _FEW,
    ) -> None:
        self._open_store = open_store
        self._few = few
        self._shelf = Shelf(workspace)
        self._likeness = Likeness(workspace / "embeddings", model_path=model_path)
        self._updating = Lock()
        self._closing = Event()
        self._loading = Work()
        self._reading = Work()
        self._moment: Moment | None = None
        self._index: TextIndex | None = None
        self._behind: list[NDArray[np.bytes_]] = []
        self._erased_behind = False
        self._snapshot = self._made(no_moment(), former=None)
        self._seen_at: datetime | None = None
        self._put_at = time.monotonic()
        self._is_put = True
        self._counted = (0, 0, 0)
        self._failure: str | None = None

    def snapshot(self) -> Snapshot:
        """Return the snapshot as it is now: immutable, without photos before the first load.

        It is at hand at once, and stays what it is while the library goes on.
        """
        return self._snapshot

    def refresh(self) -> None:
        """Bring the snapshot up to date, and wait for it: what changed, or all if there is none.

        A few milliseconds where nothing changed. Where the store does not answer, the snapshot
        stays as it is, and :meth:`state` tells why.
        """
        with self._updating, self._noting():
            overview = self._open_store().overview
            identity = overview.identity()
            if self._moment is None or self._moment.photos.identity != identity:
                self._begin(overview, identity)
            else:
                self._update(self._moment, overview)

    def reload(self) -> None:
        """Begin to read everything anew, in a thread of its own. Nothing if that is under way."""
        if not self._closing.is_set():
            self._loading.start(self._load_anew)

    def state(self) -> LibraryState:
        """Tell how the snapshot stands to the store."""
        snapshot = self._snapshot
        _, _, counted = self._counted
        stale = self._moment is not None and counted != len(snapshot)
        problems = [self._failure] if self._failure is not None else []
        if stale:
            problems.append(
                f"the database holds {counted:,} photos, and {len(snapshot):,} are shown; read all "
                "of them anew with Reload"
            )
        return LibraryState(
            revision=snapshot.revision,
            photos=len(snapshot),
            loaded_at=self._seen_at,
            loading=self._loading.is_going,
            progress=self._loading.progress,
            texts=1.0 if snapshot.texts is not None else self._reading.progress,
            stale=stale,
            problems=tuple(problems),
        )

    def close(self) -> None:
        """Wait for what is under way, and let go of the files. Idempotent."""
        self._closing.set()
        self._loading.join()
        self._reading.join()
        with self._updating, suppress(SisError):
            if self._moment is not None and not self._is_put:
                self._put()
            if self._index is not None:
                self._index.close()
            self._shelf.close()

    def _begin(self, overview: Overview, identity: str) -> None:
        """Go on from what was put away, or read all."""
        taken = self._shelf.take(identity)
        if taken is not None:
            self._moment, self._index = taken
            self._update(self._moment, overview, is_new=True)
            return
        self._index = None
        with self._loading.here():
            self._show(self._load(overview))
        self._count(overview)
        self._read_texts(overview)
        self._put()

    def _load(self, overview: Overview) -> Moment:
        self._loading.expect(overview.count())
        return load(overview, advance=self._loading.advance)

    def _load_anew(self) -> None:
        with self._noting():
            moment = self._load(self._open_store().overview)
            with self._updating:
                if self._moment is not None:
                    # For as long as they are read.
                    moment = with_texts_of(moment, self._moment)
                overview = self._open_store().overview
                self._update(moment, overview, is_new=True)
                self._read_texts(overview)
                self._put()

    def _update(self, moment: Moment, overview: Overview, *, is_new: bool = False) -> None:
        result = update(moment, overview)
        moment = result.moment
        if self._index is not None and len(result.changed):
            moment = follow(self._index, overview, moment=moment, changed=result.changed)
        if self._reading.is_going:
            self._behind.append(result.changed)
            self._erased_behind |= result.erased
        if is_new or result.is_new:
            self._show(moment)
        else:
            self._moment = moment
        self._count(overview)
        if self._index is None or result.erased or self._erased_behind:
            self._read_texts(overview)
        if not self._is_put and time.monotonic() - self._put_at > _PUT_EVERY_S:
            self._put()

    def _read_texts(self, overview: Overview) -> None:
        """Make the index of texts anew: at once, or in a thread of its own if they are many."""
        if len(self._snapshot) > self._few:
            self._reading.start(self._read_texts_apart)
        elif not self._reading.is_going:
            with self._reading.here():
                self._take_texts(self._built(overview), overview)

    def _read_texts_apart(self) -> None:
        with self._noting():
            again = True
            while again and not self._closing.is_set():
                built = self._built(self._open_store().overview)
                with self._updating:
                    self._take_texts(built, self._open_store().overview)
                    again = self._erased_behind

    def _built(self, overview: Overview) -> Built | None:
        self._behind, self._erased_behind = [], False
        self._reading.expect(len(self._snapshot))
        for step in build_index(overview, self._shelf.root, stop=self._closing):
            if isinstance(step, Built):
                return step
            self._reading.advance(step)
        return None

    def _take_texts(self, built: Built | None, overview: Overview) -> None:
        if built is None or self._moment is None:
            return
        former, self._index = self._index, built.index
        moment = with_texts(without_texts(self._moment), built.added)
        if self._behind:
            changed = np.unique(np.concatenate(self._behind))
            moment = follow(built.index, overview, moment=moment, changed=changed)
        self._show(moment)
        self._put()
        if former is not None:
            former.remove()

    def _show(self, moment: Moment) -> None:
        """Let a moment be what is shown."""
        self._is_put &= self._moment is not None and self._moment.is_kept_as(moment)
        former, self._moment = self._snapshot, moment
        self._snapshot = self._made(moment, former=former)
        former.retire()

    def _made(self, moment: Moment, *, former: Snapshot | None) -> Snapshot:
        scores = ScoreColumns(
            moment.scorings,
            photos=moment.photos,
            raw=moment.raw,
            former=None if former is None else former.scores,
        )
        return Snapshot(
            moment.photos,
            revision=f"{time.time_ns():x}",
            scores=scores,
            verdicts=moment.verdicts,
            texts=self._texts(moment),
            likeness=self._likeness,
        )

    def _texts(self, moment: Moment) -> Texts | None:
        return None if self._index is None else Texts(self._index, moment.text_numbers)

    def _put(self) -> None:
        """Write what is shown, and show it from the files, so that it takes less memory."""
        if self._moment is None:
            return
        self._moment = self._shelf.put(self._moment, self._index)
        former = self._snapshot
        self._snapshot = former.from_files(
            self._moment.photos, raw=self._moment.raw, texts=self._texts(self._moment)
        )
        former.retire()
        self._put_at, self._is_put = time.monotonic(), True
        give_back()

    def _count(self, overview: Overview) -> None:
        """See whether there are photos that are not shown, or are shown and not there."""
        self._seen_at = datetime.now(UTC)
        estimated, shown = overview.count(), len(self._snapshot)
        if self._counted[:2] != (estimated, shown):
            # The estimate may be wrong, and counting takes half a second for a million.
            exact = shown if estimated == shown else self._open_store().count(Filter())
            self._counted = (estimated, shown, exact)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except SisError as error:
            self._failure = str(error)
        else:
            self._failure = None
