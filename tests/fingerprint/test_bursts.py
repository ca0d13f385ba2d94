import numpy as np
import pytest

from smart_image_scraper.fingerprint import group_bursts


def bursts(*, owners: list[int], taken_s: list[float], differing: int = 80) -> list[int]:
    """Group photos of which each differs from the one before in some bits."""
    bits = np.zeros((len(owners), 256), dtype=np.uint8)
    for photo in range(1, len(owners)):
        bits[photo] = bits[photo - 1]
        bits[photo, :differing] ^= 1
    first = group_bursts(
        np.packbits(bits, axis=1), owners=np.array(owners), taken_s=np.array(taken_s)
    )
    return first.tolist()


def test_a_burst_goes_on_as_long_as_no_pause_is_long() -> None:
    assert bursts(owners=[1] * 5, taken_s=[0, 4, 8, 14, 15]) == [0, 0, 0, 3, 3]


def test_two_people_do_not_make_one_burst() -> None:
    assert bursts(owners=[1, 2, 1, 2], taken_s=[0, 0, 1, 1]) == [0, 1, 0, 1]


def test_photos_of_different_things_are_no_burst() -> None:
    assert bursts(owners=[1, 1], taken_s=[0, 1], differing=128) == [0, 1]


@pytest.mark.parametrize(
    ("owners", "taken_s"), [([-1, -1], [0, 0]), ([1, 1], [np.nan, np.nan]), ([], [])]
)
def test_what_is_unknown_is_in_no_burst(owners: list[int], taken_s: list[float]) -> None:
    assert bursts(owners=owners, taken_s=taken_s) == list(range(len(owners)))
