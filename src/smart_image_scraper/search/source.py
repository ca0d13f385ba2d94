"""Search: the protocol that every source of photos follows."""

from collections.abc import AsyncIterator
from typing import Protocol

from smart_image_scraper.photo import Photo
from smart_image_scraper.search.query import Query


class Source(Protocol):
    """A place where photos are found."""

    name: str
    """The source's name, as in ``--source`` and in the record of a run."""

    def search(self, query: Query) -> AsyncIterator[Photo]:
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
