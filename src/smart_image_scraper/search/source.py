"""Search: the protocol that every source of photos follows."""

from collections.abc import AsyncIterable, Awaitable
from typing import Protocol

from smart_image_scraper.photo import Photo, SearchAccount
from smart_image_scraper.search.query import Query


class Search(AsyncIterable[Photo], Protocol):
    """A search under way: iterating finds photos."""

    # Python 3.11 has no protocol that derives from AsyncIterator, so its other half stands here.
    def __anext__(self) -> Awaitable[Photo]:
        """Find the next photo."""
        ...

    @property
    def account(self) -> SearchAccount:
        """What it has cost and brought until now."""
        ...


class Source(Protocol):
    """A place where photos are found."""

    name: str
    """The source's name, as in a photo's id and in the record of a run."""

    def search(self, query: Query) -> Search:
        """Find photos, lazily: a caller that stops early costs no further request.

        Args:
            query: What to look for.

        Returns:
            At most ``query.limit`` photos, each id once, each with a search hit for the query.

        Raises:
            UsageError: The source cannot answer such a query.
            SourceError: The source refused, or its answer cannot be read.
            NetworkError: The source could not be reached.
        """
        ...
