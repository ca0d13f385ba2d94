"""Search: a search whose source answers in batches, and what becomes of each row of them."""

from abc import abstractmethod
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from smart_image_scraper.photo import Photo, PhotoId, SearchAccount, SearchHit
from smart_image_scraper.search.query import Query

Row = TypeVar("Row")


class BatchSearch(AsyncIterator[Photo], Generic[Row]):
    """A search under way. Iterating yields its photos, and asks for a batch only when one is due.

    An error leaves it where it was: asking for the next photo asks for the same batch again.

    Args:
        query: What to look for; its limit must be given.
        source: The source's name.
        to_do: The arguments of the searches that the query takes, one after the other.
        attempts: Tells how many requests have been sent, those that were repeated included.
    """

    def __init__(
        self,
        query: Query,
        *,
        source: str,
        to_do: Iterable[Mapping[str, str]],
        attempts: Callable[[], int],
    ) -> None:
        self._hit = SearchHit(term=query.term, run=query.run_id(source))
        self._to_do = deque(to_do)
        self._calls = 0
        self._attempts = attempts
        self._attempts_before = attempts()
        self._ready: deque[Photo] = deque()
        self._left = query.limit or 0
        self._seen: set[PhotoId] = set()
        self._counts: Counter[str] = Counter()

    @property
    def account(self) -> SearchAccount:
        """What the search has cost and brought until now."""
        counts: dict[str, Any] = dict(self._counts)
        attempts = self._attempts() - self._attempts_before
        return SearchAccount(**counts, calls=self._calls, attempts=attempts)

    async def __anext__(self) -> Photo:
        while self._left and self._to_do and not self._ready:
            await self._go_on()
        if not (self._left and self._ready):
            raise StopAsyncIteration
        self._left -= 1
        return self._ready.popleft()

    @abstractmethod
    async def _go_on(self) -> None:
        """Ask for what is next, and take its rows; drop what is done from what is to do."""

    @abstractmethod
    def _id_of(self, row: Row) -> PhotoId:
        """Return a row's photo id.

        Raises:
            ValueError: There is none, or its site does not show the photo.
        """

    @abstractmethod
    def _read(self, row: Row) -> Photo | str:
        """Return a row's photo, or the account's word for why it is left out."""

    def _take(self, rows: Iterable[Row]) -> None:
        """Take the photos of rows, as far as any are wanted, and count what becomes of each row."""
        for row in rows:
            if len(self._ready) >= self._left:
                break
            self._counts["rows"] += 1
            self._counts[self._sort_in(row)] += 1

    def _sort_in(self, row: Row) -> str:
        try:
            identity = self._id_of(row)
        except ValueError:
            return "unreadable"
        if identity in self._seen:
            return "repeated"
        self._seen.add(identity)
        found = self._read(row)
        if isinstance(found, str):
            return found
        self._ready.append(found)
        return "photos"
