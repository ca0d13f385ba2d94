import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smart_image_scraper.net.breaker import Breaker, PauseTooLongError, parse_retry_after


def refuse(breaker: Breaker, *, asked_s: float | None = None) -> float:
    breaker.refused(sent_at=time.monotonic(), asked_s=asked_s)
    return breaker.left_s


async def test_the_pause_doubles_with_each_refusal_in_a_row() -> None:
    told: list[tuple[str, float]] = []
    breaker = Breaker("images.test", base_s=0.01, max_s=1, on_wait=lambda *said: told.append(said))

    for _ in range(3):
        refuse(breaker)
        await breaker.wait()

    assert told == [("images.test", 0.01), ("images.test", 0.02), ("images.test", 0.04)]


async def test_a_success_ends_the_row() -> None:
    breaker = Breaker("images.test", base_s=0.01, max_s=1)
    refuse(breaker)
    await breaker.wait()

    breaker.succeeded()

    assert refuse(breaker) == pytest.approx(0.01, abs=0.005)


async def test_a_success_of_a_request_that_was_under_way_does_not_end_the_pause() -> None:
    breaker = Breaker("images.test", base_s=0.01, max_s=1)
    refuse(breaker)

    breaker.succeeded()

    assert breaker.left_s > 0
    await breaker.wait()
    assert refuse(breaker) == pytest.approx(0.02, abs=0.005)


def test_requests_that_are_refused_together_make_one_pause() -> None:
    told: list[float] = []
    breaker = Breaker("images.test", base_s=10, max_s=900, on_wait=lambda _, s: told.append(s))
    sent_at = time.monotonic()

    for _ in range(8):
        breaker.refused(sent_at=sent_at, asked_s=None)

    assert told == [10]


def test_a_longer_pause_that_the_host_asks_for_is_kept() -> None:
    breaker = Breaker("images.test", base_s=10, max_s=900)

    left_s = refuse(breaker, asked_s=120)

    assert left_s == pytest.approx(120, abs=1)


def test_a_shorter_pause_that_the_host_asks_for_does_not_shorten_ours() -> None:
    breaker = Breaker("images.test", base_s=10, max_s=900)

    left_s = refuse(breaker, asked_s=1)

    assert left_s == pytest.approx(10, abs=1)


async def test_doubling_stops_at_the_longest_pause() -> None:
    breaker = Breaker("images.test", base_s=0.01, max_s=0.02)
    for _ in range(70):
        breaker.refused(sent_at=time.monotonic() + 60, asked_s=None)

    assert 0 < breaker.left_s <= 0.02


async def test_a_pause_that_grows_while_it_is_waited_for_is_waited_for_to_its_end() -> None:
    breaker = Breaker("images.test", base_s=0.2, max_s=1)
    refuse(breaker)
    waiting = asyncio.create_task(breaker.wait())
    await asyncio.sleep(0)

    refuse(breaker, asked_s=0.4)
    await waiting

    assert breaker.left_s == 0


async def test_a_pause_beyond_the_longest_is_not_waited_for() -> None:
    breaker = Breaker("images.test", base_s=1, max_s=900)
    refuse(breaker, asked_s=3600)

    with pytest.raises(PauseTooLongError, match=r"images.test asks for a pause of 3600 s") as error:
        await breaker.wait()

    assert error.value.status == 429


def test_seconds_are_read_from_retry_after() -> None:
    assert parse_retry_after("120") == 120


def test_a_date_is_read_from_retry_after() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)

    assert parse_retry_after(date) == pytest.approx(60, abs=2)


def test_a_date_without_a_zone_is_in_utc() -> None:
    date = (datetime.now(UTC) + timedelta(seconds=60)).strftime("%a, %d %b %Y %H:%M:%S -0000")

    assert parse_retry_after(date) == pytest.approx(60, abs=2)


def test_a_date_that_has_passed_is_no_wait() -> None:
    assert parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0


@pytest.mark.parametrize(
    "value",
    [
        *(None, "", "soon", "-1", "1.5"),
        "Wed, 21 Oct 99999999999 07:28:00 GMT",
        "Wed, 21 Oct 2015 99999999999:28:00 GMT",
        "Wed, 21 Oct 2015 07:28:00 +99999999999999",
    ],
)
def test_what_is_neither_seconds_nor_a_date_is_no_wish(value: str | None) -> None:
    assert parse_retry_after(value) is None


@given(st.text())
@example("0\x1f")
def test_no_retry_after_header_breaks_the_reader(value: str) -> None:
    seconds = parse_retry_after(value)

    assert seconds is None or seconds >= 0
