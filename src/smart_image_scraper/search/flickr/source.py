"""Search: Flickr as a source of photos, page by page."""

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from smart_image_scraper.photo import Photo, SearchAccount, SearchHit
from smart_image_scraper.search.flickr.arguments import search_arguments
from smart_image_scraper.search.flickr.client import ENDPOINT, FlickrClient
from smart_image_scraper.search.flickr.exhaustive import Cursor, ExhaustiveSearch
from smart_image_scraper.search.flickr.page import Page, read_page
from smart_image_scraper.search.flickr.paging import Then, what_follows
from smart_image_scraper.search.flickr.sieve import Sieve
from smart_image_scraper.search.query import Query

if TYPE_CHECKING:
    from smart_image_scraper.net import HttpClient


class FlickrSearch(AsyncIterator[Photo]):
    """A search under way. Iterating yields its photos, and asks for a page only when one is due.

    An error leaves it where it was: asking for the next photo asks for the same page again.

    Args:
        fetch: Takes the arguments of a page, returns the page.
        query: What to look for; its limit must be given.
        attempts: Tells how many requests have been sent, those that were repeated included.

    Raises:
        UsageError: The query asks for a licence that Flickr does not have.
    """

    def __init__(
        self,
        fetch: Callable[[Mapping[str, str]], Awaitable[Page]],
        query: Query,
        *,
        attempts: Callable[[], int] = lambda: 0,
    ) -> None:
        self._fetch = fetch
        self._attempts = attempts
        self._attempts_before = attempts()
        self._query = query
        self._to_do = deque(search_arguments(query))
        self._page_number = 1
        self._ready: deque[Photo] = deque()
        self._left = query.limit or 0
        self._sieve = Sieve(SearchHit(term=query.term, run=query.run_id(FlickrSource.name)))
        self._calls = 0
        self._available: int | None = None

    @property
    def account(self) -> SearchAccount:
        """What the search has cost and brought until now."""
        counts: dict[str, Any] = dict(self._sieve.counts)
        return SearchAccount(
            **counts,
            calls=self._calls,
            attempts=self._attempts() - self._attempts_before,
            available=self._available,
        )

    async def __anext__(self) -> Photo:
        while self._left and self._to_do and not self._ready:
            await self._turn_page()
        if not (self._left and self._ready):
            raise StopAsyncIteration
        self._left -= 1
        return self._ready.popleft()

    async def _turn_page(self) -> None:
        arguments = self._to_do[0]
        page = await self._fetch({**arguments, "page": str(self._page_number)})
        known_before = self._sieve.known
        self._calls += 1
        self._ready.extend(self._sieve.photos(page.rows, query=self._query, most=self._left))
        if self._page_number == 1 and page.total is not None:
            self._available = (self._available or 0) + page.total
        per_page = int(arguments["per_page"])
        brought_new = self._sieve.known > known_before
        follows = what_follows(page, number=self._page_number, per_page=per_page)
        if brought_new and follows is Then.MORE:
            self._page_number += 1
        else:
            self._to_do.popleft()
            self._page_number = 1


class FlickrSource:
    """Search Flickr, by its public interface for programs.

    Without a login, which is not used here, Flickr finds public and safe photos only, whatever
    ``safe_search`` asks.

    Args:
        client: Makes the calls; it keeps to the rate that Flickr allows a key.
        api_key: The key that Flickr counts the calls by.
        endpoint: The address of the service.

    Raises:
        CredentialsError: There is no key.
    """

    name = "flickr"

    def __init__(self, client: "HttpClient", *, api_key: str, endpoint: str = ENDPOINT) -> None:
        self._flickr = FlickrClient(client, api_key=api_key, endpoint=endpoint)

    def search(self, query: Query) -> FlickrSearch:
        """Find photos, lazily; see ``Source.search``.

        A query finds at most 4,000 photos, the most that Flickr shows. A box that crosses the
        180th meridian, or a country of several parts, takes a search for each part, one after the
        other, each with its own 4,000, whatever the order.

        Raises:
            UsageError: The query asks for a licence that Flickr does not have.
            CredentialsError: Flickr does not accept the key.
            SourceError: Flickr refused.
            TransientError: Flickr was out of service, or sent no readable answer.
            NetworkError: Flickr could not be reached.
        """
        return FlickrSearch(self._fetch, query, attempts=self._flickr.sent)

    def search_exhaustively(
        self,
        query: Query,
        *,
        cursor: Cursor | None = None,
        account: SearchAccount | None = None,
    ) -> ExhaustiveSearch:
        """Find everything, beyond the 4,000 results of one search; see :class:`ExhaustiveSearch`.

        Raises:
            UsageError: The query asks for a licence that Flickr does not have.
            CredentialsError: As the next ones, see :meth:`search`.
        """
        return ExhaustiveSearch(
            self._fetch,
            query,
            source=self.name,
            cursor=cursor,
            account=account,
            attempts=self._flickr.sent,
        )

    async def _fetch(self, arguments: Mapping[str, str]) -> Page:
        return await self._flickr.call("flickr.photos.search", arguments, read=read_page)
