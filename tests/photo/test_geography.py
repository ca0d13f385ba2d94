import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.photo import BoundingBox, Coordinates

longitudes = st.floats(-180, 180).map(lambda value: round(value, 6))
latitudes = st.floats(-90, 90).map(lambda value: round(value, 6))


@pytest.mark.parametrize("text", ["116,4,127,22", "116 4 127 22", " 116, 4, 127, 22 "])
def test_a_box_is_read_with_commas_or_spaces(text: str) -> None:
    assert BoundingBox.parse(text) == BoundingBox(west=116, south=4, east=127, north=22)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("116,4,127", "not four numbers"),
        ("a,b,c,d", "not four numbers"),
        ("", "not four numbers"),
        ("116,22,127,4", "must be below"),
        ("116,4,127,nan", "outside -90..90"),
        ("181,4,127,22", "west 181 is outside -180..180"),
        ("116,4,116,22", "are both 116"),
        ("180,4,-180,22", "are both 180"),
    ],
)
def test_a_wrong_box_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BoundingBox.parse(text)


def test_a_box_across_the_antimeridian_splits_in_two() -> None:
    fiji = BoundingBox(west=176, south=-20, east=-178, north=-15)

    assert fiji.split() == (
        BoundingBox(west=176, south=-20, east=180, north=-15),
        BoundingBox(west=-180, south=-20, east=-178, north=-15),
    )


def test_a_box_that_ends_at_the_antimeridian_stays_whole() -> None:
    box = BoundingBox(west=180, south=0, east=-170, north=1)

    assert box.split() == (BoundingBox(west=-180, south=0, east=-170, north=1),)


def test_a_box_contains_sandakan_which_is_not_in_the_philippines() -> None:
    philippines = BoundingBox.parse("116 4 127 22")

    assert philippines.contains(Coordinates(latitude=5.8394, longitude=118.1172))
    assert not philippines.contains(Coordinates(latitude=35.7, longitude=139.7))


@given(west=longitudes, east=longitudes, south=latitudes, north=latitudes)
def test_a_box_reads_back_from_its_own_text(
    west: float, east: float, south: float, north: float
) -> None:
    if south >= north or west == east or west - east == 360:
        return
    box = BoundingBox(west=west, south=south, east=east, north=north)

    assert BoundingBox.parse(str(box)) == box


@given(
    west=longitudes,
    east=longitudes,
    point=st.builds(Coordinates, latitude=latitudes, longitude=longitudes),
)
def test_the_halves_of_a_box_contain_what_the_box_contains(
    west: float, east: float, point: Coordinates
) -> None:
    if west == east or west - east == 360:
        return
    box = BoundingBox(west=west, south=-45, east=east, north=45)

    in_a_half = any(half.contains(point) for half in box.split())

    # The meridian of 180 degrees has two names; a box that ends at one of them may lose the other.
    assert box.contains(point) == in_a_half or abs(point.longitude) == 180


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, -181), (float("nan"), 0)])
def test_coordinates_outside_the_earth_are_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        Coordinates(latitude=latitude, longitude=longitude)
