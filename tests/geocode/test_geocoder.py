import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.errors import CountryError
from smart_image_scraper.geocode import Geocoder, country_boxes
from smart_image_scraper.photo import Coordinates, PlaceMatch

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
points = st.tuples(latitudes, longitudes)


def at(latitude: float, longitude: float) -> Coordinates:
    return Coordinates(latitude=latitude, longitude=longitude)


@pytest.mark.parametrize(
    ("place", "latitude", "longitude", "code"),
    [
        ("Sandakan, inside the box of the Philippines", 5.8394, 118.1172, "MY"),
        ("the Chocolate Hills on Bohol", 9.83, 124.14, "PH"),
        ("Ko Tarutao, nearer to a town in Malaysia", 6.61857, 99.610633, "TH"),
        ("Ferney-Voltaire, beside Geneva", 46.2558, 6.1081, "FR"),
        ("Büsingen, a German town within Switzerland", 47.6969, 8.6897, "DE"),
        ("Llívia, a Spanish town within France", 42.4645, 1.9808, "ES"),
        ("Vatican City", 41.9022, 12.4533, "VA"),
        ("Maseru, in Lesotho", -29.3151, 27.4869, "LS"),
        ("Pristina", 42.6629, 21.1655, "XK"),
        ("Hanoi", 21.0285, 105.8542, "VN"),
        ("Hong Kong", 22.2793, 114.1628, "HK"),
        ("Shenzhen, beside Hong Kong", 22.5431, 114.0579, "CN"),
        ("Windhoek, whose country's code looks like a missing value", -22.5609, 17.0658, "NA"),
        ("Saint-Denis on Réunion", -20.8789, 55.4481, "RE"),
        ("a boat off Miami Beach", 25.79, -80.05, "US"),
        ("the South Pole", -90.0, 0.0, "AQ"),
        ("the North Pole", 90.0, 0.0, None),
        ("the middle of the Pacific", -40.0, -120.0, None),
    ],
)
def test_a_point_gets_the_country_that_it_lies_in(
    geocoder: Geocoder, place: str, latitude: float, longitude: float, code: str | None
) -> None:
    assert geocoder.place(at(latitude, longitude)).country_code == code, place


def test_a_place_says_all_that_is_known_and_where_it_is_from(geocoder: Geocoder) -> None:
    place = geocoder.place(at(5.8394, 118.1172))

    assert (place.country, place.region, place.region_code) == ("Malaysia", "Sabah", "MY-12")
    assert place.city == "Sandakan"
    assert place.distance_km is not None
    assert 0 <= place.distance_km < 5
    assert place.match is PlaceMatch.INSIDE
    assert (place.nearest_country_code, place.nearest_country_km) == (None, None)
    assert place.gazetteer == "OpenStreetMap 2024-12, GeoNames 2026-10"
    assert str(place.gazetteer_date) == "2026-10-03"


@pytest.mark.parametrize(
    ("latitude", "longitude", "city", "locality"),
    [
        (51.5413, -0.1517, "London", "Chalk Farm"),
        (35.7203, 139.7607, "Tokyo", "Nezu"),
        (52.5186, 13.3416, "Berlin", "Hansaviertel"),
    ],
)
def test_a_quarter_is_the_locality_and_the_city_is_what_a_person_would_say(
    geocoder: Geocoder, latitude: float, longitude: float, city: str, locality: str
) -> None:
    place = geocoder.place(at(latitude, longitude))

    assert (place.city, place.locality) == (city, locality)
    assert place.locality_distance_km is not None
    assert place.distance_km is not None
    assert place.locality_distance_km < place.distance_km


def test_a_city_is_one_of_the_same_country(geocoder: Geocoder) -> None:
    # Kehl faces Strasbourg, a far larger city, across the Rhine.
    place = geocoder.place(at(48.5728, 7.815))

    assert (place.country_code, place.city) == ("DE", "Kehl")


def test_zero_zero_is_nowhere(geocoder: Geocoder) -> None:
    place = geocoder.place(at(0.0, -0.0))

    assert place.match is PlaceMatch.NONE
    assert (place.country_code, place.nearest_country_code, place.city) == (None, None, None)


def test_a_point_at_sea_gets_the_nearest_country_and_no_other_answer(geocoder: Geocoder) -> None:
    place = geocoder.place(at(37.0, -14.0))

    assert place.match is PlaceMatch.SEA
    assert (place.country_code, place.country, place.region, place.city) == (None,) * 4
    assert place.nearest_country_code == "PT"
    # From the cape of São Vicente to there are 445 km, of which 22 are territorial waters.
    assert place.nearest_country_km == pytest.approx(423, abs=15)


def test_a_point_off_the_coast_is_near_its_country_and_says_how_far_out(
    geocoder: Geocoder,
) -> None:
    # 45 km west of the cape of São Vicente, whose waters end after 22.
    place = geocoder.place(at(37.02, -9.51))

    assert (place.match, place.country_code) == (PlaceMatch.NEAR, "PT")
    assert place.nearest_country_code == "PT"
    assert place.nearest_country_km == pytest.approx(23, abs=3)


@pytest.mark.parametrize(("latitude", "code"), [(-59.9, None), (-60.0, None), (-60.1, "AQ")])
def test_all_south_of_60_degrees_is_antarctica(
    geocoder: Geocoder, latitude: float, code: str | None
) -> None:
    assert geocoder.place(at(latitude, -120.0)).country_code == code


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        (-16.8, 179.97, "FJ"),
        (-16.8, -179.97, "FJ"),
        (67.0, 179.9, "RU"),
        (67.0, -179.9, "RU"),
        (51.9, 179.6, "US"),
        (51.88, -176.65, "US"),
    ],
)
def test_both_sides_of_the_180th_meridian_are_known(
    geocoder: Geocoder, latitude: float, longitude: float, code: str
) -> None:
    assert geocoder.place(at(latitude, longitude)).country_code == code


@given(latitude=latitudes)
def test_both_names_of_the_180th_meridian_are_one_place(
    geocoder: Geocoder, latitude: float
) -> None:
    assert geocoder.place(at(latitude, 180.0)) == geocoder.place(at(latitude, -180.0))


@pytest.mark.parametrize(
    ("accuracy", "region", "city"),
    [
        (1, None, None),
        (6, None, None),
        (7, "Sabah", None),
        (10, "Sabah", None),
        (11, "Sabah", "Sandakan"),
        (16, "Sabah", "Sandakan"),
        (0, "Sabah", "Sandakan"),
        (None, "Sabah", "Sandakan"),
    ],
)
def test_a_coarse_geotag_gets_no_more_than_it_tells(
    geocoder: Geocoder, accuracy: int | None, region: str | None, city: str | None
) -> None:
    place = geocoder.place(at(5.8394, 118.1172), accuracy=accuracy)

    assert (place.country_code, place.region, place.city) == ("MY", region, city)
    assert (place.distance_km is None) == (place.locality is None) == (city is None)


@pytest.mark.parametrize(
    ("latitude", "longitude", "code", "region"),
    [(-25.0, 124.5, "AU", "Western Australia"), (-80.0, 90.0, "AQ", None)],
)
def test_far_from_any_town_there_is_no_city_and_farther_no_region(
    geocoder: Geocoder, latitude: float, longitude: float, code: str, region: str | None
) -> None:
    place = geocoder.place(at(latitude, longitude))

    assert (place.country_code, place.region) == (code, region)
    assert (place.city, place.distance_km, place.locality, place.locality_distance_km) == (
        None,
    ) * 4


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(math.nan, 10.0), (10.0, math.nan), (90.1, 0.0), (10.0, 180.1), (math.inf, 0.0)],
)
def test_a_column_may_hold_what_is_no_point_on_the_earth(
    geocoder: Geocoder, latitude: float, longitude: float
) -> None:
    found = geocoder.places([latitude, 48.8584], [longitude, 2.2945])

    assert found[0].match is PlaceMatch.NONE
    assert found[0].country_code is None
    assert (found[1].country_code, found[1].city) == ("FR", "Paris")


def test_columns_of_different_length_are_refused(geocoder: Geocoder) -> None:
    with pytest.raises(ValueError, match="not columns of one length"):
        geocoder.places([1.0, 2.0], [1.0])


def test_no_points_have_no_places(geocoder: Geocoder) -> None:
    assert len(geocoder.places([], [])) == 0


@given(several=st.lists(points, min_size=1, max_size=20))
def test_a_point_gets_the_same_place_alone_and_among_others(
    geocoder: Geocoder, several: list[tuple[float, float]]
) -> None:
    together = geocoder.places(*zip(*several, strict=True))

    alone = [geocoder.place(at(*point)) for point in several]

    assert [together[index] for index in range(len(several))] == alone


@given(latitude=st.floats(-60, 70), longitude=longitudes)
def test_whatever_is_geocoded_to_a_country_lies_in_its_boxes(
    geocoder: Geocoder, latitude: float, longitude: float
) -> None:
    code = geocoder.place(at(latitude, longitude)).country_code
    if code is None:
        return

    assert any(box.contains(at(latitude, longitude)) for box in country_boxes(code))


def test_every_town_lies_in_the_boxes_of_the_country_it_is_geocoded_to(
    geocoder: Geocoder,
) -> None:
    vectors = geocoder.names.gazetteer.points[::23, :3]
    latitude = np.degrees(np.arcsin(vectors[:, 2] / np.linalg.norm(vectors, axis=1)))
    longitude = np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0]))

    codes = geocoder.places(latitude, longitude).country_codes()

    for code, *point in zip(codes, latitude, longitude, strict=True):
        assert any(box.contains(at(*point)) for box in country_boxes(str(code))), (code, point)


@given(latitude=latitudes, longitude=longitudes)
def test_what_the_grid_answers_is_what_the_polygons_answer(
    geocoder: Geocoder, latitude: float, longitude: float
) -> None:
    place = np.array([latitude]), np.array([longitude])

    assert geocoder.borders.country_at(*place) == geocoder.borders._by_polygon(*place)


@given(latitude=st.floats(-55, 70), longitude=longitudes)
def test_the_city_is_the_most_populous_that_reaches_the_point(
    geocoder: Geocoder, latitude: float, longitude: float
) -> None:
    found = geocoder.places([latitude], [longitude])
    if found.city[0] < 0:
        return
    gazetteer = geocoder.names.gazetteer
    every = np.arange(len(gazetteer.population), dtype=np.int32)
    same = gazetteer.points[:, 3] == gazetteer.points[found.city[0], 3]
    towns = every[same & (gazetteer.population >= 10_000)]
    phi, theta = np.radians([latitude, longitude])
    here = 6371.0088 * np.array(
        [np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)]
    )
    far_km = np.linalg.norm(gazetteer.points[towns, :3] - here, axis=1)

    reaching = towns[far_km <= 0.01 * np.sqrt(gazetteer.population[towns].astype(float))]

    expected = gazetteer.population[reaching].max(initial=0)
    if len(reaching):
        assert gazetteer.population[found.city[0]] == expected
    else:
        assert found.city[0] == found.locality[0]


def test_a_country_contains_its_points_and_no_others(geocoder: Geocoder) -> None:
    inside = geocoder.contains(
        "PH", latitudes=[9.83, 5.8394, 14.6, 0.0], longitudes=[124.14, 118.1172, 121.0, 0.0]
    )

    assert inside.tolist() == [True, False, True, False]


def test_a_country_that_does_not_exist_contains_nothing_and_says_so(geocoder: Geocoder) -> None:
    with pytest.raises(CountryError, match="'ph' is no country's ISO 3166 code"):
        geocoder.contains("ph", latitudes=[1.0], longitudes=[1.0])


def test_what_a_word_means_is_told_without_loading_borders_and_places() -> None:
    program = (
        "import sys; from smart_image_scraper.geocode import resolve_country, country_boxes;"
        "resolve_country('PH'), country_boxes('PH'); print({'scipy', 'shapely'} & set(sys.modules))"
    )

    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "set()"
