"""Serve: what is wrong with what is served, in sentences that say what to do."""

import threading
from collections.abc import Iterator

from smart_image_scraper.errors import KeyRingError, SisError
from smart_image_scraper.photo import Filter
from smart_image_scraper.web.access import Visitor
from smart_image_scraper.web.engine import select
from smart_image_scraper.web.served import Served

_LOOKED_AT = 32
_TO_VIEWERS = "something is missing or broken here; those who may judge photos see what it is"
_BEGINNING = "it has begun a moment ago, and is still looking for the database"


class Problems:
    """Knows what is wrong, as of when somebody looked last.

    Args:
        served: What is served.
    """

    def __init__(self, served: Served) -> None:
        self._served = served
        self._lock = threading.Lock()
        self._found: tuple[str, ...] | None = None
        self._noted: str | None = None
        self.is_watched = False

    def note(self, problem: str | None) -> None:
        """Note what somebody else has found; ``None``: it is over."""
        self._noted = problem

    def look(self) -> None:
        """Look for what is wrong. It may take as long as a store that is silent, some seconds."""
        with self._lock:
            self._found = tuple(dict.fromkeys(self._look()))

    def find(self) -> tuple[str, ...]:
        """Return what is wrong: nothing, at best.

        Nobody waits for a silent store here while ``is_watched`` says that somebody looks again and
        again.
        """
        if self._found is None and not self.is_watched:
            self.look()
        if self._found is not None:
            return self._found
        return () if self._served.library.state().loading else (_BEGINNING,)

    def tell(self, visitor: Visitor) -> tuple[str, ...]:
        """Return what a visitor is told of what is wrong.

        Sentences that say what to do name folders and servers, and are for who can do it.
        """
        found = self.find()
        if visitor.is_curator or not found:
            return found
        return (_TO_VIEWERS,) if visitor.role is not None else ()

    def _look(self) -> Iterator[str]:
        if self._noted is not None:
            yield self._noted
        yield from self._served.library.state().problems
        try:
            sealed = self._served.store().key_fingerprints() is not None
        except SisError as error:
            self._served.store.doubt()
            yield str(error)
            sealed = False
        if sealed:
            yield from self._missing_keys()
        yield from self._missing_files()

    def _missing_keys(self) -> Iterator[str]:
        try:
            self._served.open_vault()
        except KeyRingError as error:
            yield f"personal fields stay closed: {error}"

    def _missing_files(self) -> Iterator[str]:
        snapshot, media = self._served.library.snapshot(), self._served.media
        newest = select(snapshot, Filter(has_file=True)).page("added", offset=0, limit=_LOOKED_AT)
        pictures = [card.picture for card in snapshot.cards(newest) if card.picture is not None]
        if missing := sum(media.original(picture) is None for picture in pictures):
            have = "has" if missing == 1 else "have"
            yield (
                f"of {len(pictures):,} photos that were looked at, {missing:,} {have} no file in "
                f"{self._served.workspace / 'files'} any more; put the folder back in its place"
            )
