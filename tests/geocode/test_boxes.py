import pytest

from smart_image_scraper.errors import CountryError
from smart_image_scraper.geocode import country_boxes
from smart_image_scraper.geocode.countries import Countries
from smart_image_scraper.photo import Coordinates


@pytest.mark.parametrize("code", sorted(Countries.load().names))
def test_a_country_has_a_few_boxes_that_do_not_cross_the_180th_meridian(code: str) -> None:
    boxes = country_boxes(code)

    assert 1 <= len(boxes) <= 8
    assert not any(box.crosses_antimeridian for box in boxes)


@pytest.mark.parametrize("code", ["FJ", "KI", "NZ", "RU", "US"])
def test_a_country_on_both_sides_of_the_180th_meridian_is_not_boxed_around_the_earth(
    code: str,
) -> None:
    boxes = country_boxes(code)

    assert min(box.west for box in boxes) < -150
    assert max(box.east for box in boxes) > 160
    # The middle of the Atlantic and of Africa.
    assert not any(
        box.contains(Coordinates(latitude=0, longitude=longitude))
        for box in boxes
        for longitude in (-30, 15)
    )


def test_the_boxes_of_the_united_states_leave_most_of_canada_out() -> None:
    edmonton, anchorage, honolulu, denver = (
        Coordinates(latitude=latitude, longitude=longitude)
        for latitude, longitude in [(53.5, -113.5), (61.2, -149.9), (21.3, -157.9), (39.7, -105.0)]
    )

    boxes = country_boxes("US")

    held = [any(box.contains(point) for box in boxes) for point in (anchorage, honolulu, denver)]
    assert held == [True, True, True]
    assert not any(box.contains(edmonton) for box in boxes)


def test_a_code_that_does_not_exist_has_no_boxes() -> None:
    with pytest.raises(CountryError, match="'ZZ' is no country's ISO 3166 code"):
        country_boxes("ZZ")
