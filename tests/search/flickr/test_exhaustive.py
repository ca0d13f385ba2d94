"""The exhaustive search on a small world whose pages are the simplest that Flickr could give."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from math import ceil

import pytest

from smart_image_scraper.errors import TransientError, UsageError
from smart_image_scraper.photo import License, PhotoId, SearchAccount
from smart_image_scraper.search import Order, Query
from smart_image_scraper.search.flickr import Cursor, ExhaustiveSearch
from smart_image_scraper.search.flickr.page import Page, Row
from smart_image_scraper.search.flickr.windows import Window

ALL = Query(text="monkey", exhaustive=True, order=Order.OLDEST, limit=None)
SPREAD = 1_000_000


class World:
    """Photos by their moment of upload, and the cap of 4,000 that Flickr shows of a search."""

    def __init__(self, uploads: Iterable[int], *, license_: int = 0, says: float = 1.0) -> None:
        self.rows: list[Row] = [
            {"id": str(number), "dateupload": str(second), "license": str(license_)}
            for number, second in enumerate(sorted(uploads), start=1)
        ]
        self._seconds = [int(row["dateupload"]) for row in self.rows]
        self.asked: list[Mapping[str, str]] = []
        self.fails_at: set[int] = set()
        self._says = says

    async def __call__(self, arguments: Mapping[str, str]) -> Page:
        self.asked.append(arguments)
        if len(self.asked) in self.fails_at:
            raise TransientError("gone for a moment")
        first = bisect_left(self._seconds, int(arguments["min_upload_date"]))
        last = bisect_right(self._seconds, int(arguments["max_upload_date"]))
        found = [row for row in self.rows[first:last] if _meets(row, arguments)]
        per_page, number = int(arguments["per_page"]), int(arguments["page"])
        number = min(number, ceil(4_000 / per_page), max(1, ceil(len(found) / per_page)))
        total = round(len(found) * self._says)
        return Page(
            rows=tuple(found[:4_000][(number - 1) * per_page : number * per_page]),
            pages=ceil(total / per_page),
            per_page=per_page,
            total=total,
        )


def _meets(row: Row, arguments: Mapping[str, str]) -> bool:
    # None of them has a geotag.
    return arguments.get("license", row["license"]) == row["license"] and (
        arguments.get("has_geo") != "1"
    )


def search(world: World, query: Query = ALL, **where: object) -> ExhaustiveSearch:
    return ExhaustiveSearch(
        world, query, source="flickr", attempts=lambda: len(world.asked), **where
    )


async def ids(found: ExhaustiveSearch) -> list[int]:
    return [int(photo.id.native) async for photos in found for photo in photos]


def spread(count: int) -> Sequence[int]:
    return range(1, SPREAD, SPREAD // count)[:count]


async def test_a_search_of_more_than_4000_is_found_whole_each_photo_once() -> None:
    world = World(spread(11_000))
    found = search(world)

    numbers = await ids(found)

    assert sorted(numbers) == list(range(1, 11_001))
    assert found.account.photos == 11_000
    assert found.account.saturated == ()
    assert found.cursor.to_do == ()


async def test_full_windows_make_it_cost_little_more_than_the_pages() -> None:
    world = World(spread(11_000))
    found = search(world)

    await ids(found)

    assert len(world.asked) == found.account.calls == found.account.attempts
    assert len(world.asked) <= 1.25 * 11_000 / 500


async def test_a_small_search_is_one_window() -> None:
    world = World(spread(700))
    found = search(world)

    total = await found.measure()
    numbers = await ids(found)

    assert total == [700]
    assert len(numbers) == 700
    assert (found.account.windows, found.account.calls) == (1, 3)


async def test_a_burst_in_one_second_is_cut_out_and_what_it_hides_is_named() -> None:
    world = World([*spread(5_000), *[SPREAD // 2] * 9_000])
    found = search(world)

    numbers = await ids(found)

    (window,) = found.account.saturated
    assert len(numbers) == 5_000 + 4_000
    assert int(window.uploaded_from.timestamp()) == SPREAD // 2 == window.uploaded_to.timestamp()
    assert (window.license, window.geotagged) == (License("all-rights-reserved"), False)
    assert (window.available, window.found) == (9_000, 4_000)
    assert found.account.missing == 5_000


async def test_a_burst_of_several_licences_is_found_whole() -> None:
    world = World([SPREAD // 2] * 6_000)
    for number, row in enumerate(world.rows):
        world.rows[number] = {**row, "license": str(number % 3)}
    found = search(world)

    numbers = await ids(found)

    assert sorted(numbers) == list(range(1, 6_001))
    assert found.account.saturated == ()


async def test_totals_that_promise_too_little_lose_nothing() -> None:
    world = World(spread(11_000), says=0.3)
    found = search(world)

    numbers = await ids(found)

    assert sorted(set(numbers)) == list(range(1, 11_001))


async def test_rows_from_outside_of_a_window_are_counted_and_left_to_their_own() -> None:
    class Leaking(World):
        async def __call__(self, arguments: Mapping[str, str]) -> Page:
            page = await super().__call__(arguments)
            return replace(page, rows=(*page.rows, self.rows[0], self.rows[-1]))

    world = Leaking(spread(8_000))
    found = search(world)

    numbers = await ids(found)

    assert sorted(numbers) == list(range(1, 8_001))
    assert found.account.outside > 0


async def test_a_probe_that_says_nothing_useful_is_replaced_by_the_middle() -> None:
    class Silent(World):
        async def __call__(self, arguments: Mapping[str, str]) -> Page:
            page = await super().__call__(arguments)
            return replace(page, rows=()) if arguments["per_page"] == "1" else page

    world = Silent(spread(11_000))

    numbers = await ids(search(world))

    assert sorted(numbers) == list(range(1, 11_001))


async def test_an_error_leaves_the_search_where_it_was() -> None:
    world = World(spread(8_000))
    world.fails_at = {2, 7}
    found = search(world)
    numbers: set[str] = set()

    for _ in range(3):
        with suppress(TransientError):
            async for photos in found:
                numbers |= {photo.id for photo in photos}

    assert len(numbers) == found.account.photos == 8_000
    assert found.cursor.to_do == ()
    assert (found.account.calls, found.account.attempts) == (len(world.asked) - 2, len(world.asked))


@pytest.mark.parametrize("calls", [1, 2, 8, 14])
async def test_a_search_goes_on_in_another_process_as_if_nothing_had_been(calls: int) -> None:
    world = World([*spread(4_000), *[SPREAD // 3] * 4_500])
    first = search(world)
    found: set[PhotoId] = set()
    for _ in range(calls):
        found |= {photo.id for photo in await anext(first)}
    kept = Cursor.from_document(first.cursor.as_document())

    second = search(world, cursor=kept, account=first.account)
    rest = {photo.id async for photos in second for photo in photos}

    whole = search(World([*spread(4_000), *[SPREAD // 3] * 4_500]))
    await ids(whole)
    assert not found & rest
    assert len(found | rest) == second.account.photos == whole.account.photos
    assert len(world.asked) == second.account.calls == whole.account.calls
    assert second.account.saturated == whole.account.saturated


async def test_a_limit_ends_the_search_and_a_larger_one_goes_on() -> None:
    world = World(spread(8_000))
    first = search(world, replace(ALL, limit=700))

    found = await ids(first)
    more = search(
        world,
        replace(ALL, limit=1_200),
        cursor=first.cursor,
        account=first.account,
    )

    assert found == list(range(1, 701))
    assert await ids(more) == list(range(701, 1_201))
    assert more.is_done


async def test_where_a_limit_was_reached_nothing_more_is_asked() -> None:
    world = World(spread(8_000))
    first = search(world, replace(ALL, limit=700))
    await ids(first)
    asked = len(world.asked)

    again = search(world, replace(ALL, limit=700), cursor=first.cursor, account=first.account)

    assert await ids(again) == []
    assert len(world.asked) == asked


def test_an_exhaustive_search_has_no_other_order_than_by_upload() -> None:
    with pytest.raises(UsageError, match="goes by date of upload, the oldest first"):
        Query(text="monkey", exhaustive=True)


def test_only_an_exhaustive_search_may_have_no_limit() -> None:
    with pytest.raises(UsageError, match="only an exhaustive search can go without a number"):
        Query(text="monkey", limit=None)


def test_an_exhaustive_search_is_another_run_than_a_plain_one() -> None:
    plain = Query(text="monkey", order=Order.OLDEST)

    assert plain.run_id("flickr") != ALL.run_id("flickr")


async def test_a_second_of_which_too_little_is_said_is_named_as_saturated_all_the_same() -> None:
    found = search(World([SPREAD // 2] * 4_100, says=0.97))

    numbers = await ids(found)

    (window,) = found.account.saturated
    assert (len(numbers), window.found, window.available) == (4_000, 4_000, 4_000)


async def test_an_account_adds_to_the_one_before() -> None:
    world = World(spread(700))
    before = SearchAccount(calls=5, attempts=6, rows=70, photos=60, repeated=10, windows=2)

    found = search(world, account=before, cursor=Cursor(to_do=(Window(first=1, last=SPREAD),)))
    await ids(found)

    account = found.account
    assert (account.calls, account.attempts, account.photos) == (5 + 3, 6 + 3, 60 + 700)
    assert (account.rows, account.repeated, account.windows) == (70 + 700, 10, 3)
