from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from smart_image_scraper.photo import EncryptedPhoto, Filter, Inspection, Signal, Stage
from smart_image_scraper.store import Store

SPOILT: dict[Signal, dict[str, Any]] = {
    Signal.DARK: {"brightness": 0.05},
    Signal.BLANK: {"contrast": 0.01},
    Signal.BLURRED: {"sharpness": 0.01},
    Signal.GREY: {"colourfulness": 0.0},
    Signal.TINY: {"size_class": "tiny"},
    Signal.GRAPHIC: {"flatness": 0.8, "make": None, "model": None},
}


@pytest.fixture
def photos(
    store: Store, make_photo: Callable[..., EncryptedPhoto], inspection: Inspection
) -> Store:
    """A good photo, one for each signal, a flat one of a camera, and one that is not inspected."""
    looks = {"good": {}, **{str(signal): look for signal, look in SPOILT.items()}}
    looks["sky"] = {"flatness": 0.8}
    inspected = [
        make_photo(name, inspection=replace(inspection, **look)) for name, look in looks.items()
    ]
    store.put([*inspected, make_photo("unknown")], stages=(Stage.SEARCH, Stage.INSPECT))
    return store


def found(store: Store, **conditions: Any) -> set[str]:
    return {each.photo.id.native for each in store.find(Filter(**conditions))}


@pytest.mark.parametrize("signal", Signal)
def test_each_signal_finds_what_shows_it(photos: Store, signal: Signal) -> None:
    assert found(photos, signals=(signal,)) == {str(signal)}


def test_any_of_several_signals_is_enough(photos: Store) -> None:
    assert found(photos, signals=(Signal.DARK, Signal.TINY)) == {"dark", "tiny"}


def test_what_shows_none_is_what_is_left_of_all(photos: Store) -> None:
    assert found(photos, without_signals=tuple(Signal)) == {"good", "sky", "unknown"}


def test_both_conditions_hold_together(photos: Store) -> None:
    both = {"signals": (Signal.DARK, Signal.GREY), "without_signals": (Signal.DARK,)}

    assert found(photos, **both) == {"grey"}


def test_what_was_inspected_before_flatness_was_measured_is_no_graphic(
    store: Store, make_photo: Callable[..., EncryptedPhoto], inspection: Inspection
) -> None:
    older = replace(inspection, flatness=None, make=None)
    store.put([make_photo(1, inspection=older)], stages=(Stage.SEARCH, Stage.INSPECT))

    assert found(store, signals=(Signal.GRAPHIC,)) == set()
    assert found(store, without_signals=(Signal.GRAPHIC,)) == {"1"}
