import json
from typing import Any

import pytest
import shapely


@pytest.fixture
def document(data_sets: Any) -> dict[str, Any]:
    text = (data_sets.folder("geojson") / "photos.geojson").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def test_a_gis_library_reads_every_photo_where_it_was_taken(
    document: dict[str, Any], data_sets: Any
) -> None:
    # GEOS cannot read a feature without a place, which the standard has; GDAL can.
    located = [feature for feature in document["features"] if feature["geometry"]]

    points = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in located])

    known = [entry.photo.coordinates for entry in data_sets.entries if entry.photo.coordinates]
    assert [(point.x, point.y) for point in points] == [
        (each.longitude, each.latitude) for each in known
    ]
    assert len(known) == 15


def test_the_members_are_those_of_the_standard(document: dict[str, Any]) -> None:
    assert document["type"] == "FeatureCollection"
    assert document["name"] == "Monkeys"
    assert len(document["features"]) == 30
    for feature in document["features"]:
        assert feature.keys() == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"


def test_a_photo_without_coordinates_is_there_without_a_place(document: dict[str, Any]) -> None:
    assert document["features"][0]["geometry"]["coordinates"] == [118.1, 5.8]
    assert document["features"][1]["geometry"] is None
    assert document["features"][1]["id"] == "flickr:1"


def test_coordinates_stand_in_the_geometry_alone(document: dict[str, Any]) -> None:
    properties = document["features"][0]["properties"]

    assert properties["license"] == "cc-by-2.0"
    assert not {"latitude", "longitude"} & properties.keys()
