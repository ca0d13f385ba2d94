import random
from collections.abc import Sequence

import pytest

from smart_image_scraper.demo import Catalogue, MadePhoto
from smart_image_scraper.demo.paging import Page, page_of


@pytest.fixture(scope="module")
def many() -> tuple[MadePhoto, ...]:
    return Catalogue.made(5_000).photos


def page(found: Sequence[MadePhoto], **arguments: str) -> Page:
    return page_of(found, arguments=arguments, rng=random.Random(1))


def ids(page: Page) -> list[str]:
    return [photo.id for photo in page.photos]


def test_pages_beyond_4000_results_repeat_the_last_one(many: tuple[MadePhoto, ...]) -> None:
    last = page(many, per_page="500", page="8")
    beyond = page(many, per_page="500", page="9")
    far_beyond = page(many, per_page="500", page="900")

    assert len(last.photos) == 500
    assert ids(last) == ids(beyond) == ids(far_beyond)


def test_at_most_4000_rows_are_to_be_had(many: tuple[MadePhoto, ...]) -> None:
    rows = [photo for n in range(1, 16) for photo in page(many, per_page="300", page=f"{n}").photos]

    assert len(rows) == 4_000 + len(page(many, per_page="300", page="14").photos)


def test_the_number_of_pages_knows_no_cap(many: tuple[MadePhoto, ...]) -> None:
    assert page(many, per_page="100").pages >= 48


def test_the_total_moves_by_up_to_3_percent(many: tuple[MadePhoto, ...]) -> None:
    rng = random.Random(5)

    totals = [page_of(many, arguments={}, rng=rng).total for _ in range(50)]

    assert len(set(totals)) > 10
    assert all(4_850 <= total <= 5_150 for total in totals)


def test_some_ids_come_again_on_the_next_page(many: tuple[MadePhoto, ...]) -> None:
    first, second = page(many, page="1"), page(many, page="2")

    assert len(set(ids(first)) & set(ids(second))) == 3
    assert len(second.photos) == 100


@pytest.mark.parametrize("count", [1, 99, 100, 101, 1_000, 3_870, 3_880, 3_990, 4_000])
@pytest.mark.parametrize("per_page", [7, 100, 300, 500])
def test_repeats_hide_no_photo(many: tuple[MadePhoto, ...], count: int, per_page: int) -> None:
    found = many[:count]

    seen = {
        photo.id
        for number in range(1, 4_000 // per_page + 2)
        for photo in page(found, per_page=f"{per_page}", page=f"{number}").photos
    }

    assert seen == {photo.id for photo in found}


def test_a_page_beyond_the_results_is_empty(many: tuple[MadePhoto, ...]) -> None:
    assert not page(many[:100], page="2").photos
    assert not page((), page="1").photos


@pytest.mark.parametrize(
    ("asked", "given"), [("", 100), ("10", 10), ("500", 500), ("501", 500), ("0", 100)]
)
def test_a_page_has_100_photos_if_not_said_and_500_at_most(
    many: tuple[MadePhoto, ...], asked: str, given: int
) -> None:
    result = page(many, per_page=asked)

    assert result.per_page == len(result.photos) == given


def test_a_geo_page_has_250_photos_whatever_was_asked(many: tuple[MadePhoto, ...]) -> None:
    for asked in ("10", "500"):
        result = page(many, per_page=asked, bbox="0,0,1,1")
        assert result.per_page == len(result.photos) == 250


def test_a_page_below_the_first_is_the_first(many: tuple[MadePhoto, ...]) -> None:
    assert ids(page(many, page="0")) == ids(page(many, page="1"))
