from collections import Counter

import pytest

from smart_image_scraper.demo import UNEVEN_TAG, Catalogue, MadePhoto
from smart_image_scraper.demo.uneven import fitting_bursts

BURSTS = (450, 250, 300, 120)


@pytest.fixture(scope="module")
def uneven() -> Catalogue:
    return Catalogue.uneven(4_000, bursts=BURSTS, seed=2)


@pytest.fixture(scope="module")
def bursts(uneven: Catalogue) -> list[list[MadePhoto]]:
    """Return the photos of each burst."""
    biggest = Counter(photo.uploaded for photo in uneven.photos).most_common(len(BURSTS))
    seconds = {size: second for second, size in biggest}
    return [[one for one in uneven.photos if one.uploaded == seconds[size]] for size in BURSTS]


def test_one_tag_finds_them_all(uneven: Catalogue) -> None:
    assert len(uneven.find(text=UNEVEN_TAG)) == len(uneven.find(tags=UNEVEN_TAG)) == 4_000


def test_bursts_have_the_sizes_that_were_asked_for(bursts: list[list[MadePhoto]]) -> None:
    assert [len(burst) for burst in bursts] == list(BURSTS)


def test_the_first_burst_differs_in_places_alone(bursts: list[list[MadePhoto]]) -> None:
    for burst in (bursts[0], bursts[3]):
        assert len({(photo.license, photo.content_type) for photo in burst}) == 1
        assert len({(photo.latitude, photo.longitude) for photo in burst}) == len(burst)
        assert {photo.longitude > 0 for photo in burst} == {True, False}
        assert all(photo.is_geotagged for photo in burst)


def test_the_second_burst_has_every_licence(bursts: list[list[MadePhoto]]) -> None:
    assert {photo.license for photo in bursts[1]} == set(range(17))


def test_the_third_burst_cannot_be_told_apart(bursts: list[list[MadePhoto]]) -> None:
    assert len({(photo.license, photo.content_type) for photo in bursts[2]}) == 1
    assert not any(photo.is_geotagged for photo in bursts[2])


def test_the_others_are_spread_unevenly_over_twenty_years(uneven: Catalogue) -> None:
    others = uneven.photos[sum(BURSTS) :]
    years = Counter(1970 + photo.uploaded // 31_556_952 for photo in others)
    days = Counter(photo.uploaded // 86_400 for photo in others)

    assert min(years) <= 2006
    assert max(years) >= 2022
    assert max(years.values()) > 10 * min(years.values())
    assert days.most_common(1)[0][1] > 10
    assert Counter(photo.uploaded for photo in others).most_common(1)[0][1] < 10


def test_the_same_seed_makes_the_same_photos() -> None:
    first, again, other = (
        Catalogue.uneven(60, bursts=(5, 5), seed=seed).photos for seed in (1, 1, 2)
    )

    assert first == again != other


def test_bursts_must_fit() -> None:
    with pytest.raises(ValueError, match="bursts of 1,050 do not fit into 1,000 photos"):
        Catalogue.uneven(1_000, bursts=(1_000, 50))


def test_bursts_shrink_with_the_catalogue_unless_they_are_given() -> None:
    few = Catalogue.uneven(300).photos

    assert Counter(photo.uploaded for photo in few).most_common(1)[0][1] == 45
    assert fitting_bursts(60_000) == (9_000, 5_000, 6_000)
