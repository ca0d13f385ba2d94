import re

from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.photo import BoundingBox, Coordinates
from smart_image_scraper.photo.geography import great_circle_km
from smart_image_scraper.search.commons.circle import around

SHARES = st.floats(0, 1)


@st.composite
def boxes(draw: st.DrawFn) -> BoundingBox:
    south = draw(st.floats(-90, 89.9))
    west = draw(st.floats(-180, 179.9))
    return BoundingBox(
        west=west,
        south=south,
        east=draw(st.floats(west + 0.01, 180)),
        north=draw(st.floats(south + 0.01, 90)),
    )


@given(boxes(), SHARES, SHARES)
def test_a_circle_holds_the_whole_box(box: BoundingBox, up: float, right: float) -> None:
    found = re.fullmatch(r"nearcoord:(\d+)km,(-?\d+\.\d{5}),(-?\d+\.\d{5})", around(box))

    assert found is not None
    centre = Coordinates(latitude=float(found[2]), longitude=float(found[3]))
    point = Coordinates(
        latitude=box.south + up * (box.north - box.south),
        longitude=box.west + right * (box.east - box.west),
    )
    assert great_circle_km(centre, point) <= int(found[1])


def test_a_circle_is_not_much_larger_than_its_box() -> None:
    box = BoundingBox(west=120, south=14, east=121, north=15)

    assert around(box) == "nearcoord:80km,14.50000,120.50000"
