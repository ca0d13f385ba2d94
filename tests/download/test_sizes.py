import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.download.sizes import in_order, parse_size
from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Size

LABELS = ["original", "2048", "1600", "1024", "800", "640", "500", "240", "150", "100", "75"]


def offered(*labels: str) -> list[Size]:
    return [Size(label=label, url=f"https://live.staticflickr.com/{label}.jpg") for label in labels]


def tried(labels: list[str], *, wanted: str) -> list[str]:
    return [size.label for size in in_order(offered(*labels), edge=parse_size(wanted))]


def test_the_wanted_size_comes_first_then_larger_ones_then_smaller_ones() -> None:
    assert tried(LABELS, wanted="1024") == [
        *["1024", "1600", "2048", "original"],
        *["800", "640", "500", "240", "100"],
    ]


def test_without_the_wanted_size_the_next_larger_one_comes_first() -> None:
    assert tried(["640", "2048", "1600", "original"], wanted="1024")[0] == "1600"


def test_without_a_larger_size_the_largest_smaller_one_comes_first() -> None:
    assert tried(["240", "640", "500"], wanted="1024") == ["640", "500", "240"]


def test_without_the_original_the_largest_size_comes_first() -> None:
    assert tried(["240", "2048", "640"], wanted="original")[0] == "2048"


def test_the_original_comes_first_where_it_is_wanted() -> None:
    assert tried(LABELS, wanted="original")[0] == "original"


@given(st.lists(st.sampled_from(LABELS), unique=True), st.sampled_from(["original", "1", "1024"]))
def test_every_size_but_the_square_crops_is_tried_once(labels: list[str], wanted: str) -> None:
    assert sorted(tried(labels, wanted=wanted)) == sorted(set(labels) - {"75", "150"})


@pytest.mark.parametrize(
    "size", ["", "0", "-1", "big", "1024px", "10.5", "Original", "\u0661\u0660"]
)
def test_what_is_no_size_is_refused(size: str) -> None:
    with pytest.raises(UsageError, match="a size is 'original' or the longer edge in pixels"):
        parse_size(size)
