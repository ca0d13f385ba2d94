"""When faults strike, and when a host refuses what comes too fast."""

import pytest

from smart_image_scraper.demo import Fault, Faults, Part
from smart_image_scraper.demo.misfortune import Misfortune, Throttle


def test_probabilities_are_kept_and_repeat_with_the_seed() -> None:
    faults = Faults(images={Fault.TOO_MANY: 0.2, Fault.CUT: 0.1}, seed=4)

    first, second = (
        [misfortune.next(Part.IMAGES) for _ in range(2_000)]
        for misfortune in (Misfortune(faults), Misfortune(faults))
    )

    assert first == second
    struck = [strike.fault for strike in first if strike]
    assert 0.16 < struck.count(Fault.TOO_MANY) / 2_000 < 0.24
    assert 0.07 < struck.count(Fault.CUT) / 2_000 < 0.13


def test_a_burst_strikes_several_replies_in_a_row() -> None:
    misfortune = Misfortune(Faults(api={Fault.TOO_MANY: 0.05}, burst=4, retry_after_s=2))

    strikes = [misfortune.next(Part.API) for _ in range(400)]

    begin = next(position for position, strike in enumerate(strikes) if strike)
    assert all(strikes[begin : begin + 4])
    assert {strike.retry_after_s for strike in strikes if strike} == {2}


class StoppedClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_of_seconds_strikes_all_that_come_until_it_ends() -> None:
    clock = StoppedClock()
    misfortune = Misfortune(Faults(images={Fault.TOO_MANY: 0.01}, burst_s=2), clock=clock)
    next(strike for strike in iter(lambda: misfortune.next(Part.IMAGES), "never") if strike)

    clock.now += 1.9
    during = [misfortune.next(Part.IMAGES) for _ in range(50)]
    at_the_other_host = misfortune.next(Part.API)
    clock.now += 0.2
    after = [misfortune.next(Part.IMAGES) for _ in range(5)]

    assert all(strike and strike.fault is Fault.TOO_MANY for strike in during)
    assert at_the_other_host is None
    assert after == [None] * 5


def test_what_is_scripted_waits_for_the_end_of_a_burst() -> None:
    clock = StoppedClock()
    misfortune = Misfortune(Faults(), clock=clock)
    misfortune.script(Part.API, Fault.RESET)

    misfortune.burst(Part.API, seconds=1, retry_after_s=3)
    during = misfortune.next(Part.API)
    clock.now += 1
    after = misfortune.next(Part.API)

    assert during is not None
    assert (during.fault, during.retry_after_s) == (Fault.TOO_MANY, 3)
    assert after is not None
    assert after.fault is Fault.RESET


def test_a_throttle_lets_through_its_rate_whatever_comes() -> None:
    clock = StoppedClock()
    throttle = Throttle(5, retry_after_s=2, clock=clock)

    refusals = []
    for _ in range(1_000):
        refusals.append(throttle.next())
        clock.now += 0.01

    let_through = sum(refusal is None for refusal in refusals)
    assert 50 <= let_through <= 56
    assert {refusal.retry_after_s for refusal in refusals if refusal} == {2}


def test_a_throttle_lets_through_all_that_comes_slowly_enough() -> None:
    clock = StoppedClock()
    throttle = Throttle(0.5, clock=clock)

    for _ in range(20):
        assert throttle.next() is None
        clock.now += 2.001


def test_a_throttle_without_a_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="a rate of 0 per second lets nothing through"):
        Throttle(0)


def test_the_full_mix_holds_all_that_goes_wrong() -> None:
    faults = Faults.full_mix(share=0.2)

    api = set(Fault) - {Fault.FORBIDDEN, Fault.NOT_FOUND}
    assert set(faults.api) == api - {Fault.TEXT, Fault.TRAILING, Fault.PLACEHOLDER}
    assert set(faults.images) == {fault for fault in api if not fault.startswith(("code", "json"))}
    for part in Part:
        assert sum(faults.of(part).values()) == pytest.approx(0.2)
    assert faults.vanished
    assert faults.burst_s


def test_in_the_full_mix_some_429s_say_when_to_come_back() -> None:
    misfortune = Misfortune(Faults.full_mix(share=1, burst_s=0))

    strikes = [misfortune.next(Part.API) for _ in range(400)]

    too_many = [one.retry_after_s for one in strikes if one and one.fault is Fault.TOO_MANY]
    assert 0.3 < too_many.count(None) / len(too_many) < 0.7
    assert set(too_many) == {None, 1}
    assert len({one.fault for one in strikes if one}) == 17


def test_the_two_parts_are_struck_apart() -> None:
    misfortune = Misfortune(Faults(images={Fault.RESET: 1}))

    assert misfortune.next(Part.API) is None
    assert misfortune.next(Part.IMAGES) is not None


def test_probabilities_over_1_are_refused() -> None:
    with pytest.raises(ValueError, match="of api faults are over 1"):
        Faults(api={Fault.RESET: 0.6, Fault.EMPTY: 0.6})
