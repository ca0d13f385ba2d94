"""Search: Wikimedia Commons as a source of photos, batch by batch."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from smart_image_scraper.errors import SourceError
from smart_image_scraper.photo import Photo, PhotoId
from smart_image_scraper.search.batches import BatchSearch
from smart_image_scraper.search.commons.arguments import MOST_RESULTS, search_arguments
from smart_image_scraper.search.commons.client import ENDPOINT, CommonsClient
from smart_image_scraper.search.commons.page import Page, is_video, photo_id, read_photo
from smart_image_scraper.search.conditions import meets
from smart_image_scraper.search.query import Query
from smart_image_scraper.search.values import whole_number

if TYPE_CHECKING:
    from smart_image_scraper.net import HttpClient


class CommonsSearch(BatchSearch[Page]):
    """A search under way; see :class:`BatchSearch`.

    Args:
        fetch: Takes the arguments of a call, returns the reply.
        query: What to look for; its limit must be given.
        attempts: Tells how many requests have been sent, those that were repeated included.

    Raises:
        UsageError: The query asks for what Commons cannot answer.
    """

    def __init__(
        self,
        fetch: Callable[[Mapping[str, str]], Awaitable[Mapping[str, Any]]],
        query: Query,
        *,
        attempts: Callable[[], int] = lambda: 0,
    ) -> None:
        to_do = search_arguments(query)
        super().__init__(query, source=CommonsSource.name, to_do=to_do, attempts=attempts)
        self._fetch = fetch
        self._query = query
        self._where: Mapping[str, str] = {}
        self._batch: dict[str, dict[str, Any]] = {}

    async def _go_on(self) -> None:
        """Ask for the next reply; once the batch that it belongs to is whole, take it."""
        reply = await self._fetch({**self._to_do[0], **self._where})
        self._calls += 1
        following = _following(reply, where=self._where)
        self._where = following or {}
        if following is None:
            self._to_do.popleft()
        self._add(reply)
        if "batchcomplete" in reply or following is None:
            # The order of pages in a reply is that of their ids.
            pages = sorted(
                self._batch.values(), key=lambda page: whole_number(page.get("index")) or 0
            )
            self._batch = {}
            self._take(pages)

    def _add(self, reply: Mapping[str, Any]) -> None:
        # A reply that would be too long comes in parts: each names all pages of the batch, and has
        # of some what others lack (https://www.mediawiki.org/wiki/API:Continue).
        for page in reply.get("query", {}).get("pages", ()):
            known = self._batch.setdefault(str(page.get("pageid", page.get("title"))), {})
            known.update(page)

    def _id_of(self, row: Page) -> PhotoId:
        return photo_id(row)

    def _read(self, row: Page) -> Photo | str:
        if is_video(row):
            return "videos"
        photo = read_photo(row, hit=self._hit)
        return photo if meets(photo, self._query) else "outside"


def _following(reply: Mapping[str, Any], *, where: Mapping[str, str]) -> Mapping[str, str] | None:
    """Return what the next call must ask for besides; ``None`` if there is no more."""
    follows = {name: str(value) for name, value in reply.get("continue", {}).items()}
    if not follows:
        return None
    if follows == where:
        raise SourceError("Wikimedia Commons goes round in circles with this search")
    offset = follows.get("gsroffset", "0")
    return None if offset.isdecimal() and int(offset) >= MOST_RESULTS else follows


class CommonsSource:
    """Search Wikimedia Commons, by its public interface for programs.

    Args:
        client: Makes the calls; it keeps to the rate that Wikimedia asks for.
        contact: Where whoever runs this can be reached; the client's user agent has it.
        endpoint: The address of the service.

    Raises:
        SettingsError: There is no contact.
    """

    name = "commons"

    def __init__(self, client: "HttpClient", *, contact: str, endpoint: str = ENDPOINT) -> None:
        self._commons = CommonsClient(client, contact=contact, endpoint=endpoint)

    def search(self, query: Query) -> CommonsSearch:
        """Find photos, lazily; see ``Source.search``.

        At most the first 10,000 results are looked at, which is all that Commons shows of a
        search; of a box that crosses the 180th meridian, or a country of several parts, those of
        each part. Words are looked for by its search, tags as categories, and a place by the circle
        around it. Place, dates and licence are checked on what it answers, so that a photo that
        does not tell them is left out.

        Raises:
            UsageError: The query asks for what Commons cannot answer.
            SourceError: Commons refused.
            TransientError: Commons was out of service, or sent no readable answer.
            NetworkError: Commons could not be reached.
        """
        return CommonsSearch(self._commons.query, query, attempts=self._commons.sent)
