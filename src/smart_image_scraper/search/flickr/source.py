"""Search: Flickr as a source of photos, page by page."""

import math
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import Photo, PhotoId, SearchHit
from smart_image_scraper.search.flickr.arguments import meets, search_arguments
from smart_image_scraper.search.flickr.client import ENDPOINT, FlickrClient
from smart_image_scraper.search.flickr.page import Page, Row, read_page
from smart_image_scraper.search.flickr.row import is_video, photo_id, read_photo
from smart_image_scraper.search.query import Query

MOST_RESULTS = 4000
"""Flickr shows at most so many results of one search, and then repeats the last page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAccount:
    """What a search has cost and brought so far. ``rows`` is the sum of the next five.

    Attributes:
        calls: Replies that Flickr gave; attempts that had to be repeated are not in it.
        rows: Rows in these replies.
        photos: Rows that are photos.
        repeated: Rows of a photo that had come before: pages overlap.
        videos: Rows that are videos, and left out.
        outside: Rows outside of the upload dates, the box or the country that were asked for, and
            left out.
        unreadable: Rows without a photo id, and left out.
        available: How many results Flickr said there are, on the first page; an estimate.
    """

    calls: int = 0
    rows: int = 0
    photos: int = 0
    repeated: int = 0
    videos: int = 0
    outside: int = 0
    unreadable: int = 0
    available: int | None = None


class FlickrSearch(AsyncIterator[Photo]):
    """A search under way. Iterating yields its photos, and asks for a page only when one is due.

    An error leaves it where it was: asking for the next photo asks for the same page again.

    Args:
        fetch: Takes the arguments of a page, returns the page.
        query: What to look for.

    Raises:
        UsageError: The query asks for a licence that Flickr does not have.
    """

    def __init__(self, fetch: Callable[[Mapping[str, str]], Awaitable[Page]], query: Query) -> None:
        self._fetch = fetch
        self._query = query
        self._hit = SearchHit(term=query.term, run=query.run_id(FlickrSource.name))
        self._to_do = deque(search_arguments(query))
        self._page_number = 1
        self._ready: deque[Photo] = deque()
        self._left = query.limit
        self._seen: set[PhotoId] = set()
        self._counts: Counter[str] = Counter()
        self._available: int | None = None

    @property
    def account(self) -> SearchAccount:
        """What the search has cost and brought until now."""
        return SearchAccount(**self._counts, available=self._available)

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
        seen_before = len(self._seen)
        self._counts.update(calls=1, rows=len(page.rows))
        self._counts.update(self._sort_in(row) for row in page.rows)
        if self._page_number == 1 and page.total is not None:
            self._available = (self._available or 0) + page.total
        brought_new = len(self._seen) > seen_before
        if brought_new and self._goes_on(page, per_page=int(arguments["per_page"])):
            self._page_number += 1
        else:
            self._to_do.popleft()
            self._page_number = 1

    def _goes_on(self, page: Page, *, per_page: int) -> bool:
        # Neither the number of pages nor that of rows can be trusted: the first is not capped and
        # rests on an estimate, and full pages miss a row now and then. Only both together say
        # that this page is the last.
        per_page = min(page.per_page or per_page, per_page)
        is_short = len(page.rows) < per_page
        was_announced = page.pages is not None and self._page_number >= page.pages
        within_results = self._page_number < math.ceil(MOST_RESULTS / per_page)
        return within_results and not (is_short and was_announced)

    def _sort_in(self, row: Row) -> str:
        """Keep a row if it is a photo to return, and tell what it is, as in the account."""
        try:
            identity = photo_id(row)
        except ValueError:
            return "unreadable"
        if identity in self._seen:
            return "repeated"
        self._seen.add(identity)
        if is_video(row):
            return "videos"
        photo = read_photo(row, hit=self._hit)
        if not meets(photo, self._query):
            return "outside"
        self._ready.append(photo)
        return "photos"


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

    def __init__(self, client: HttpClient, *, api_key: str, endpoint: str = ENDPOINT) -> None:
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
        return FlickrSearch(self._fetch, query)

    async def _fetch(self, arguments: Mapping[str, str]) -> Page:
        return await self._flickr.call("flickr.photos.search", arguments, read=read_page)
