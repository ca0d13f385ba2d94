import random
from collections.abc import Iterator, Sequence
from math import ceil

import pytest

from smart_image_scraper.demo import Catalogue, MadePhoto
from smart_image_scraper.demo.paging import Page, Quirks, page_of


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

    assert ids(last)[-1] == many[3_999].id
    assert ids(last) == ids(beyond) == ids(far_beyond)


def test_at_most_4000_photos_are_to_be_had(many: tuple[MadePhoto, ...]) -> None:
    seen = {
        photo_id for n in range(1, 16) for photo_id in ids(page(many, per_page="300", page=f"{n}"))
    }

    assert seen == {photo.id for photo in many[:4_000]}


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
    assert ids(second)[3:] == [photo.id for photo in many[100:200]]


def read_until(pages: Iterator[Page]) -> tuple[set[str], int]:
    """Read pages until one of them brings nothing new; return the ids, and how many had any."""
    seen: set[str] = set()
    for number, one in enumerate(pages):
        if seen >= set(ids(one)):
            return seen, number
        seen |= set(ids(one))
    raise AssertionError("every page brought something new")


@pytest.mark.parametrize("count", [1, 99, 100, 101, 1_000, 3_870, 3_900, 3_990, 4_000])
@pytest.mark.parametrize("per_page", [7, 100, 300, 500])
@pytest.mark.parametrize("repeated", [0, 0.15, 1])
def test_who_reads_until_nothing_new_comes_sees_everything(
    many: tuple[MadePhoto, ...], count: int, per_page: int, repeated: float
) -> None:
    quirks = Quirks(repeated=repeated, total_error=0)
    asked = ({"per_page": f"{per_page}", "page": f"{number}"} for number in range(1, 4_000))
    pages = (
        page_of(many[:count], arguments=arguments, rng=random.Random(1), quirks=quirks)
        for arguments in asked
    )

    seen, number = read_until(pages)

    assert seen == {photo.id for photo in many[:count]}
    assert number == ceil(count / per_page)
    assert page_of(many[:count], arguments={}, rng=random.Random(1), quirks=quirks).total == count


def test_repeats_can_be_15_percent_of_a_page(many: tuple[MadePhoto, ...]) -> None:
    first, second = (
        page_of(
            many,
            arguments={"per_page": "500", "page": number},
            rng=random.Random(1),
            quirks=Quirks(repeated=0.15),
        )
        for number in ("1", "2")
    )

    assert len(set(ids(first)) & set(ids(second))) == 75
    assert len(second.photos) == 575


def test_one_photo_a_page_can_be_asked_for_far_down(many: tuple[MadePhoto, ...]) -> None:
    result = page(many, per_page="1", page="3001")

    assert ids(result) == [many[3_000].id]
    assert not page(many[:3_000], per_page="1", page="3001").photos


def test_the_cap_and_the_geo_pages_can_be_smaller(many: tuple[MadePhoto, ...]) -> None:
    quirks = Quirks(max_results=40, geo_per_page=20, repeated=0)
    last, beyond = (
        page_of(
            many,
            arguments={"bbox": "0,0,1,1", "page": number},
            rng=random.Random(1),
            quirks=quirks,
        )
        for number in ("2", "9")
    )

    assert ids(last) == ids(beyond) == [photo.id for photo in many[20:40]]


@pytest.mark.parametrize("quirk", ["repeated", "total_error", "strays"])
def test_a_share_over_1_is_refused(quirk: str) -> None:
    with pytest.raises(ValueError, match=f"{quirk} is a share, from 0 to 1, not 15"):
        Quirks(**{quirk: 15})


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
