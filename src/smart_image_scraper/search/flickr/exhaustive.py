"""Search: everything that Flickr has, beyond the 4,000 results that it shows of one search.

A search is parted into disjoint windows of upload dates that hold at most 3,000 photos, and each
window is read to its end. Where to part is not guessed: one row of the search, sorted by date of
upload, tells when the 2,800th photo was uploaded (a probe), so that windows are full whether
uploads come evenly or in bursts. A window of one second that still holds more is parted by licence,
content type and place.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

from smart_image_scraper.photo import Photo, SearchAccount, SearchHit
from smart_image_scraper.search.flickr.arguments import PER_GEO_PAGE, search_arguments
from smart_image_scraper.search.flickr.page import Page, Row
from smart_image_scraper.search.flickr.paging import Then, what_follows
from smart_image_scraper.search.flickr.sieve import Sieve
from smart_image_scraper.search.flickr.values import unix_time
from smart_image_scraper.search.flickr.windows import (
    MOST_IN_WINDOW,
    Window,
    moment,
    whole_windows,
)
from smart_image_scraper.search.query import Query

PROBED_ROW = 2800
"""Which row of a window that holds too much tells where to part it.

With some rows that come twice, what is before it fills six pages of 500.
"""

# Totals move by three per cent between calls: a window that was parted by a probe, and then seems
# to hold a little too much, is read as it is.
_TOO_MUCH = 3400


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where an exhaustive search is, so that another process can go on from there.

    Attributes:
        to_do: The windows that are not read to their end, in the order in which they are read.
        page: The page of the first of them that is next.
        shown: How many photos the pages of that window before it have shown.
        seen: Which photos have come that may come again, packed by the sieve.
    """

    to_do: tuple[Window, ...]
    page: int = 1
    shown: int = 0
    seen: bytes = b""

    def at(self, *windows: Window) -> Self:
        """Return the cursor at the beginning of windows that take the place of the first one."""
        return replace(self, to_do=(*windows, *self.to_do[1:]), page=1, shown=0)

    def as_document(self) -> dict[str, Any]:
        """Return it as a run keeps it."""
        windows = [window.as_document() for window in self.to_do]
        return {"to_do": windows, "page": self.page, "shown": self.shown, "seen": self.seen}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read what :meth:`as_document` wrote."""
        windows = tuple(Window.from_document(each) for each in document["to_do"])
        return cls(
            to_do=windows,
            page=document["page"],
            shown=document["shown"],
            seen=document["seen"],
        )


class ExhaustiveSearch(AsyncIterator[Sequence[Photo]]):
    """A search under way that ends when there is nothing more to be had.

    Each step is one call, and returns the photos that it brought, which may be none. ``cursor``
    then says where to go on: whoever keeps both loses at most one call when killed, and none if
    the answer is kept, too, from when :meth:`ask` has got it until what :meth:`take` made of it is
    kept. An error leaves the search where it was.

    Args:
        fetch: Takes the arguments of a page, returns the page.
        query: What to look for.
        source: The source's name.
        cursor: Where to go on; ``None`` to begin.
        account: What was spent and found until there.
        attempts: Tells how many requests have been sent, those that were repeated included.

    Raises:
        UsageError: The query asks for a licence that Flickr does not have.
    """

    def __init__(
        self,
        fetch: Callable[[Mapping[str, str]], Awaitable[Page]],
        query: Query,
        *,
        source: str,
        cursor: Cursor | None = None,
        account: SearchAccount | None = None,
        attempts: Callable[[], int],
    ) -> None:
        self._fetch = fetch
        self._query = query
        self._arguments = search_arguments(query)[0]
        self._attempts = attempts
        self._attempts_before = attempts()
        self._before = account or SearchAccount()
        self._calls = 0
        self._windows = 0
        self._available = self._before.available
        self._saturated = self._before.saturated
        self._in_window: set[str] = set()
        self._sieve = Sieve(SearchHit(term=query.term, run=query.run_id(source)))
        self._cursor = cursor or Cursor(to_do=whole_windows(query, now=datetime.now(UTC)))
        self._sieve.remember(self._cursor.seen)

    @property
    def cursor(self) -> Cursor:
        """Where the search is."""
        return replace(self._cursor, seen=self._sieve.seen())

    @property
    def account(self) -> SearchAccount:
        """What the search has cost and brought until now, in former processes, too."""
        before = self._before
        counts = {name: getattr(before, name) + n for name, n in self._sieve.counts.items()}
        return replace(
            before,
            **counts,
            calls=before.calls + self._calls,
            attempts=before.attempts + self._attempts() - self._attempts_before,
            windows=before.windows + self._windows,
            available=self._available,
            saturated=self._saturated,
        )

    @property
    def limit(self) -> int | None:
        """At most so many photos are wanted; ``None`` for all."""
        return self._query.limit

    @property
    def is_done(self) -> bool:
        """Whether there is nothing more to be had, or the query's limit is reached."""
        return not self._cursor.to_do or self._left == 0

    async def measure(self) -> list[int]:
        """Ask how many photos there are, and part what is too much once; for a new search.

        Returns:
            About how many there are, in each of the boxes that are asked for.
        """
        windows: list[Window] = []
        totals: list[int] = []
        for window in self._cursor.to_do:
            page = await self._fetch({**self._arguments, **_probe_arguments(window)})
            self._calls += 1
            windows += _parted(window, page)
            totals.append(page.total or 0)
        self._available = sum(totals)
        self._cursor = Cursor(to_do=tuple(windows))
        return totals

    async def __anext__(self) -> Sequence[Photo]:
        if self.is_done:
            raise StopAsyncIteration
        return self.take(await self.ask())

    async def ask(self) -> Page:
        """Make the call that is next; the search stays where it is until it takes the answer."""
        window, number = self._cursor.to_do[0], self._cursor.page
        asked = {**window.arguments(), "page": str(number)}
        if self._is_to_be_probed:
            asked = _probe_arguments(window)
        return await self._fetch({**self._arguments, **asked})

    def take(self, page: Page) -> Sequence[Photo]:
        """Take the answer to the call that is next: move on, and return the photos it brought."""
        self._calls += 1
        window = self._cursor.to_do[0]
        if self._is_to_be_probed:
            self._cursor = self._cursor.at(*_parted(window, page))
            return ()
        return self._read(window, page)

    @property
    def _is_to_be_probed(self) -> bool:
        window = self._cursor.to_do[0]
        too_much = window.about is None or window.about > MOST_IN_WINDOW
        return self._cursor.page == 1 and too_much and not window.is_one_second

    @property
    def _left(self) -> int | None:
        if self._query.limit is None:
            return None
        return max(0, self._query.limit - self.account.photos)

    def _read(self, window: Window, page: Page) -> Sequence[Photo]:
        """Take a page of a window, and move the cursor."""
        number = self._cursor.page
        arguments = {**self._arguments, **window.arguments()}
        within = replace(
            self._query, uploaded_from=moment(window.first), uploaded_to=moment(window.last)
        )
        photos = self._sieve.photos(page.rows, query=within, most=self._left)
        if self._left == 0:
            return photos  # and whoever raises the limit goes on with this page
        new = {row.get("id", "") for row in page.rows if _is_within(window, row)} - self._in_window
        self._in_window |= new
        shown, total = self._cursor.shown + len(new), page.total or 0
        if number == 1 and total > _TOO_MUCH and (parts := self._finer(window, total=total)):
            self._go_to(*parts)
            return photos
        follows = what_follows(page, number=number, per_page=int(arguments["per_page"]))
        if new and follows is Then.MORE:
            self._cursor = replace(self._cursor, page=number + 1, shown=shown)
        elif new and follows is Then.HIDDEN:
            self._end_with_hidden(window, available=total, shown=shown)
        else:
            self._windows += 1
            self._go_to()
        return photos

    def _finer(self, window: Window, *, total: int) -> tuple[Window, ...]:
        """Return the parts of a window that holds too much; none if it cannot be parted."""
        if window.is_one_second:
            return window.parts_of_second(self._query)
        return (replace(window, about=total),)  # the next step asks where to part it

    def _end_with_hidden(self, window: Window, *, available: int, shown: int) -> None:
        # Its totals promised less than came: too much after all.
        parts = window.halves() if not window.is_one_second else self._finer(window, total=0)
        if not parts:
            self._windows += 1
            # However many Flickr says there are: that is an estimate, and the cap was reached.
            hidden = window.saturated(available=max(available, shown), found=shown)
            self._saturated += (hidden,)
        self._go_to(*parts)

    def _go_to(self, *windows: Window) -> None:
        """Go on with the parts of the present window, or else with the one after it."""
        self._in_window.clear()
        self._cursor = self._cursor.at(*windows)
        if self._cursor.to_do:
            self._sieve.forget_before(self._cursor.to_do[0].first)


def _probe_arguments(window: Window) -> dict[str, str]:
    """Return the arguments that ask how much a window holds, and when its 2,800th photo came."""
    # Flickr makes pages of geo queries 250 rows long, whatever is asked for.
    per_page = PER_GEO_PAGE if window.is_geo else 1
    asked = {"per_page": str(per_page), "page": str((PROBED_ROW - 1) // per_page + 1)}
    return {**window.arguments(), **asked, "extras": "date_upload"}


def _parted(window: Window, probe: Page) -> tuple[Window, ...]:
    """Return a window with what it holds; its two parts, if that is too much."""
    total = probe.total or 0
    if total <= MOST_IN_WINDOW or window.is_one_second:
        return (replace(window, about=total),)
    before, after = window.cut(_where_to_cut(window, probe))
    return replace(before, about=PROBED_ROW), replace(after, about=total - PROBED_ROW)


def _is_within(window: Window, row: Row) -> bool:
    uploaded = unix_time(row.get("dateupload"))
    return uploaded is None or window.first <= uploaded.timestamp() <= window.last


def _where_to_cut(window: Window, page: Page) -> int:
    """Return the second to cut at: that of the probed row, or else the one in the middle."""
    uploaded = unix_time(page.rows[0].get("dateupload")) if page.rows else None
    second = window.first if uploaded is None else int(uploaded.timestamp())
    if second == window.first and uploaded is not None:
        return second + 1  # so many were uploaded in its first second
    if window.first < second <= window.last:
        return second
    return window.halves()[1].first
