from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smart_image_scraper.export.coordinates import (
    CoarseTerms,
    Precision,
    cell_centre,
    told_box,
    told_term,
    told_with,
)
from smart_image_scraper.photo import (
    BoundingBox,
    Comment,
    Coordinates,
    Note,
    Photo,
    Place,
    PlaceMatch,
    SearchHit,
    StatedName,
    StatedPlace,
)
from tests.made.photos import inspection

MakePhoto = Callable[..., Photo]
POINT = Coordinates(latitude=5.8394, longitude=118.1172)
NAME = StatedName(name="Somewhere", woe_id="1", place_id="2")


@pytest.fixture
def placed(make_photo: MakePhoto) -> Photo:
    """A photo that tells its place in every way that a photo can."""
    return make_photo(
        coordinates=POINT,
        title="Sepilok 5.8394 N",
        description="at 5°50'21.8\"N 118°7'1.9\"E, or https://maps.example.org/?q=5.8394,118.1172",
        tags=("monkey", "geolat58394", "geotagged", "foursquare:venue=4b05"),
        raw_tags=("monkey", "geo:lat=5.8394", "Foursquare:venue=4b05"),
        machine_tags=("geo:lon=118.1172", "foursquare:venue=4b05", "taxonomy:genus=macaca"),
        geo_accuracy=16,
        woe_id="1154",
        place_id="abc",
        place=Place(
            country_code="MY",
            country="Malaysia",
            region="Sabah",
            region_code="MY-12",
            city="Sandakan",
            distance_km=1.234,
            locality="Sepilok",
            locality_distance_km=0.567,
            match=PlaceMatch.INSIDE,
            nearest_country_km=3.21,
            gazetteer="made",
        ),
        stated_place=StatedPlace(
            neighbourhood=NAME, locality=NAME, county=NAME, region=NAME, country=NAME
        ),
        exif='{"GPSLatitude": "5.8394"}',
        api_exif='{"GPSLatitude": "5.8394"}',
        comments=(Comment(id="1", text="I know it: 5.8394, 118.1172"),),
        notes=(Note(id="1", text="5.8394"),),
    )


def test_an_exact_photo_is_the_photo(placed: Photo) -> None:
    assert told_with(placed, Precision.EXACT) is placed


def test_a_cell_tells_its_centre_and_the_region(placed: Photo) -> None:
    told = told_with(placed, Precision.CELL)

    assert told.coordinates == Coordinates(latitude=5.85, longitude=118.15)
    assert told.place == Place(
        country_code="MY", country="Malaysia", region="Sabah", region_code="MY-12", gazetteer="made"
    )
    assert told.stated_place == StatedPlace(region=NAME, country=NAME)


def test_a_country_is_all_that_is_told(placed: Photo) -> None:
    told = told_with(placed, Precision.COUNTRY)

    assert told.coordinates is None
    assert told.place == Place(country_code="MY", country="Malaysia", gazetteer="made")
    assert told.stated_place == StatedPlace(country=NAME)


def test_nothing_is_told_of_the_place(placed: Photo) -> None:
    told = told_with(placed, Precision.NONE)

    assert (told.coordinates, told.place, told.stated_place) == (None, None, None)


def test_where_nothing_of_the_place_is_told_the_clocks_zone_is_not(placed: Photo) -> None:
    clocked = replace(placed, inspection=inspection(utc_offset_min=480, geotag_distance_km=1.0))

    told = [told_with(clocked, precision).inspection for precision in Precision]

    assert [each and each.utc_offset_min for each in told] == [480, 480, 480, None]
    assert [each and each.geotag_distance_km for each in told] == [1.0, None, None, None]


@pytest.mark.parametrize("precision", [Precision.CELL, Precision.COUNTRY, Precision.NONE])
def test_no_other_field_tells_it_more_exactly(placed: Photo, precision: Precision) -> None:
    told = repr(told_with(placed, precision))

    for exact in ("5.8394", "118.1172", "58394", "50'21", "4b05", "1154", "Sepilok'", "0.567"):
        assert exact not in told


def test_what_does_not_tell_the_place_stays(placed: Photo) -> None:
    told = told_with(placed, Precision.CELL)

    assert (told.tags, told.machine_tags) == (("monkey", "geotagged"), ("taxonomy:genus=macaca",))
    assert (told.title, told.id, told.views) == ("Sepilok […]", placed.id, placed.views)


@given(
    latitude=st.floats(-90, 90, allow_nan=False), longitude=st.floats(-180, 180, allow_nan=False)
)
def test_a_centre_is_near_and_in_the_same_cell_as_itself(latitude: float, longitude: float) -> None:
    point = Coordinates(latitude=latitude, longitude=longitude)

    centre = cell_centre(point)

    assert abs(centre.latitude - latitude) <= 0.0501
    assert abs(centre.longitude - longitude) <= 0.0501
    assert cell_centre(centre) == centre


def test_points_of_one_cell_cannot_be_told_apart() -> None:
    centres = {cell_centre(Coordinates(latitude=5.8 + off, longitude=118.1)) for off in (0, 0.099)}

    assert len(centres) == 1


@pytest.mark.parametrize(
    ("changes", "labels"),
    [
        ({"searches": (SearchHit(term="Macaca nigra", run="1"),)}, ()),
        ({"tags": ("macacanigra",)}, ()),
        ({"raw_tags": ("Macaca nigra",)}, ()),
        ({"machine_tags": ("taxonomy:binomial=Macaca nigra",)}, ()),
        ({"title": "A macaca nigra, at last"}, ()),
        ({"description": "<b>Macaca  nigra</b>"}, ()),
        ({}, ("macaca nigra",)),
    ],
)
def test_a_coarse_term_is_found_wherever_it_is_said(
    make_photo: MakePhoto, changes: dict[str, Any], labels: tuple[str, ...]
) -> None:
    terms = CoarseTerms.of(["Macaca nigra"])

    assert terms.match(make_photo(**changes), labels=labels)


def test_a_longer_word_is_no_coarse_term(make_photo: MakePhoto) -> None:
    terms = CoarseTerms.of(["ape", ""])

    assert not terms.match(
        make_photo(title="A landscape", tags=("landscape",), description="grape")
    )


def test_a_coarse_term_of_a_script_without_spaces_is_found_within_a_text(
    make_photo: MakePhoto,
) -> None:
    assert CoarseTerms.of(["黒猿"]).match(make_photo(title="森の黒猿です"))


def test_no_terms_match_nothing(make_photo: MakePhoto) -> None:
    fetched = replace(make_photo(), checked_at=datetime(2026, 1, 1, tzinfo=UTC))

    assert not CoarseTerms().match(fetched)


BOXES = st.tuples(
    *(st.floats(-180, 180), st.floats(-90, 89.9), st.floats(-180, 180), st.floats(0.001, 90))
)


@given(edges=BOXES)
def test_a_box_is_widened_to_the_edges_of_cells(edges: tuple[float, float, float, float]) -> None:
    west, south, east, height = (round(edge, 4) for edge in edges)
    assume(west != east and (west, east) != (180, -180))
    box = BoundingBox(west=west, south=south, east=east, north=min(south + height, 90))

    told = BoundingBox.parse(told_box(str(box), Precision.CELL))

    assert all(edge == round(edge, 1) for edge in (told.west, told.south, told.east, told.north))
    assert told.contains(Coordinates(latitude=box.south, longitude=box.west))
    assert told.contains(Coordinates(latitude=box.north, longitude=box.east))
    assert told_box(str(told), Precision.CELL) == str(told)


@pytest.mark.parametrize(
    ("precision", "term"),
    [
        (Precision.EXACT, "box 118.1171,5.8393,118.1173,5.8395"),
        (Precision.CELL, "box 118.1,5.8,118.2,5.9"),
        (Precision.COUNTRY, "box […]"),
        (Precision.NONE, "box […]"),
    ],
)
def test_a_search_for_a_box_tells_it_as_exactly_as_places(precision: Precision, term: str) -> None:
    assert told_term("box 118.1171,5.8393,118.1173,5.8395", precision) == term


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("term", ["box turtle", "monkey", "", "boxes 1,2,3,4"])
def test_words_that_were_searched_for_are_told(precision: Precision, term: str) -> None:
    assert told_term(term, precision) == term
