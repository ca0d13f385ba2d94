from typing import Any

from smart_image_scraper.web.access import Throttle
from smart_image_scraper.web.access.throttle import IN_TOTAL, PER_ADDRESS, WINDOW_S


def test_an_address_has_so_many_tries_and_then_waits(clock: Any) -> None:
    throttle = Throttle(clock)

    waits = [throttle.take("192.0.2.1") for _ in range(PER_ADDRESS + 1)]

    assert waits == [0.0] * PER_ADDRESS + [WINDOW_S]
    assert throttle.take("192.0.2.2") == 0.0


def test_after_a_quarter_of_an_hour_it_may_try_again(clock: Any) -> None:
    throttle = Throttle(clock)
    for _ in range(PER_ADDRESS):
        throttle.take("192.0.2.1")

    clock.now += WINDOW_S

    assert throttle.take("192.0.2.1") == 0.0


def test_all_addresses_together_have_so_many_tries(clock: Any) -> None:
    throttle = Throttle(clock)

    waits = [throttle.take(f"192.0.2.{number}") for number in range(IN_TOTAL)]

    assert set(waits) == {0.0}
    assert throttle.take("198.51.100.1") == WINDOW_S


def test_a_right_password_costs_no_try(clock: Any) -> None:
    throttle = Throttle(clock)

    for _ in range(3 * PER_ADDRESS):
        assert throttle.take("192.0.2.1") == 0.0
        throttle.give_back("192.0.2.1")


def test_addresses_of_one_subscriber_count_as_one(clock: Any) -> None:
    throttle = Throttle(clock)

    for number in range(PER_ADDRESS):
        throttle.take(f"2001:db8:1:2::{number:x}")

    assert throttle.take("2001:db8:1:2:ffff::1") > 0
    assert throttle.take("2001:db8:1:3::1") == 0
    assert throttle.take("::ffff:192.0.2.1") == throttle.take("192.0.2.1") == 0
