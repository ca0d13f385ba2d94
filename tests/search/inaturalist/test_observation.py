"""What one observation says, as photos."""

import json
from collections.abc import Callable
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smart_image_scraper.photo import Coordinates, Granularity, License, Owner, Photo, Size
from smart_image_scraper.photo.account_id import bare_account, parse_account
from smart_image_scraper.search.inaturalist.observation import pictures_of, read_photo
from smart_image_scraper.search.inaturalist.place import cell_of

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
PARTS = (
    *("quality_grade", "taxon", "species_guess", "description", "tags", "created_at", "flags"),
    *("time_observed_at", "user", "obscured", "geoprivacy", "taxon_geoprivacy", "location"),
    *("positional_accuracy", "public_positional_accuracy"),
)
PICTURE_PARTS = ("id", "license_code", "attribution", "original_dimensions", "flags", "url")
RECORDED = Path(__file__).parents[3] / ".." / "shared" / "fixtures" / "sources" / "inaturalist"

Make = Callable[..., dict[str, Any]]
Read = Callable[..., Photo]


@pytest.fixture
def read(make_observation: Make, make_picture: Make) -> Read:
    """Read a photo of an observation, either with some values changed."""

    def read(*, picture: dict[str, Any] | None = None, **changes: Any) -> Photo:
        return read_photo(make_picture(**(picture or {})), observation=make_observation(**changes))

    return read


def test_a_photo_is_read_with_what_its_observation_says(read: Read) -> None:
    photo = read()

    assert photo.id == "inaturalist:24355315"
    assert photo.page_url == "https://www.inaturalist.org/photos/24355315"
    assert photo.title == "Long-tailed Macaque (Macaca fascicularis)"
    assert photo.description == "At the river."
    assert photo.license == License("cc-by-4.0")
    assert photo.owner == Owner(id="inaturalist:886482", name="Ann Example, Jr.", path_alias="ann")
    assert photo.uploaded_at == datetime(2018, 9, 5, 12, 31, 8, tzinfo=UTC)
    assert photo.taken is not None
    assert photo.taken.local == datetime(2018, 9, 5, 14, 6)
    assert photo.taken.granularity is Granularity.SECOND
    assert photo.coordinates == Coordinates(latitude=7.646894, longitude=124.360086)
    assert photo.geo_accuracy == 16


def test_the_taxon_is_in_the_tags_as_imports_at_flickr_write_it(read: Read) -> None:
    photo = read()

    assert photo.tags == ("Macaca fascicularis", "Long-tailed Macaque", "beach", "troop")
    assert photo.machine_tags == (
        "taxonomy:genus=Macaca",
        "taxonomy:species=fascicularis",
        "taxonomy:binomial=Macaca fascicularis",
        "taxonomy:common=Long-tailed Macaque",
        "inaturalist:taxon=111",
        "inaturalist:observation=16227955",
        "inaturalist:grade=research",
    )


@pytest.mark.parametrize(
    ("rank", "name", "tags"),
    [
        ("family", "Cercopithecidae", {"taxonomy:family=Cercopithecidae"}),
        (
            "subspecies",
            "Macaca fascicularis aurea",
            {
                "taxonomy:genus=Macaca",
                "taxonomy:binomial=Macaca fascicularis",
                "taxonomy:trinomial=Macaca fascicularis aurea",
            },
        ),
        ("hybrid", "Quercus \N{MULTIPLICATION SIGN} hispanica", set()),
        ("species", "", set()),
    ],
)
def test_other_ranks_have_the_tags_that_are_true_of_them(
    read: Read, rank: str, name: str, tags: set[str]
) -> None:
    photo = read(taxon={"name": name, "rank": rank})

    assert {tag for tag in photo.machine_tags if tag.startswith("taxonomy:")} == tags


def test_sizes_are_those_that_are_smaller_than_the_original(read: Read) -> None:
    base = "https://inaturalist-open-data.s3.amazonaws.com/photos/24355315"

    sizes = read().sizes

    assert sizes[:2] == (
        Size(label="original", url=f"{base}/original.jpeg?1536150664", width=1445, height=1057),
        Size(label="1024", url=f"{base}/large.jpeg?1536150664", width=1024, height=749),
    )
    assert [size.label for size in sizes] == ["original", "1024", "500", "240", "100", "75"]
    small = read(picture={"original_dimensions": {"width": 300, "height": 400}}).sizes
    assert [size.label for size in small] == ["original", "240", "100", "75"]
    unknown = read(picture={"original_dimensions": None}).sizes
    assert [(size.label, size.width) for size in unknown[:2]] == [
        ("original", None),
        ("1024", None),
    ]


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (None, "all-rights-reserved"),
        ("cc0", "cc0-1.0"),
        ("CC-BY", "cc-by-4.0"),
        ("cc-by-nc-sa", "cc-by-nc-sa-4.0"),
        ("pd", "public-domain"),
        ("gfdl", "unknown"),
    ],
)
def test_licences_are_read_by_their_code(read: Read, code: str | None, word: str) -> None:
    assert read(picture={"license_code": code}).license == License(word)


@pytest.mark.parametrize(
    "changes",
    [
        {"obscured": True},
        {"geoprivacy": "obscured"},
        {"taxon_geoprivacy": "obscured"},
        {"geoprivacy": "private", "location": None},
        {"location": None},
        {"location": "0.0,0.0"},
        {"location": "north,east"},
        {"location": "91.0,0.1"},
        {"location": "1.0"},
    ],
)
def test_coordinates_that_are_withheld_or_no_place_are_unknown(
    read: Read, changes: dict[str, Any]
) -> None:
    photo = read(**changes)

    assert (photo.coordinates, photo.geo_accuracy) == (None, None)


def test_withheld_coordinates_are_in_a_cell(make_observation: Make) -> None:
    obscured = make_observation(obscured=True, location=[-7.51, 124.39])

    corners = cell_of(obscured)

    told = {(round(corner.latitude, 6), round(corner.longitude, 6)) for corner in corners}
    assert told == {(-7.6, 124.2), (-7.6, 124.4), (-7.4, 124.2), (-7.4, 124.4)}
    assert (
        cell_of(make_observation())
        == cell_of(make_observation(geoprivacy="private", location=None))
        == ()
    )


@given(
    latitude=st.floats(-89.7, 89.7),
    longitude=st.floats(-179.7, 179.7),
    drawn=st.tuples(st.floats(0.001, 0.999), st.floats(0.001, 0.999)),
)
def test_the_true_point_is_always_in_the_cell(
    latitude: float, longitude: float, drawn: tuple[float, float]
) -> None:
    true = (latitude, longitude)
    told = [(value // 0.2 + part) * 0.2 for value, part in zip(true, drawn, strict=True)]

    corners = cell_of({"obscured": True, "location": told})

    assert len(corners) == 4
    for value, edges in zip(true, zip(*map(astuple, corners), strict=True), strict=True):
        assert min(edges) - 1e-9 <= value <= max(edges) + 1e-9


@pytest.mark.parametrize(
    ("metres", "level"),
    [(5, 16), (500, 14), (9_000, 11), (28_000, 7), (300_000, 3), (9e6, 1), (None, None), (0, None)],
)
def test_metres_are_told_as_the_levels_that_say_what_a_geotag_tells(
    read: Read, metres: float | None, level: int | None
) -> None:
    told = {"positional_accuracy": metres, "public_positional_accuracy": metres}

    assert read(**told).geo_accuracy == level


def test_of_two_figures_of_how_exact_coordinates_are_the_coarser_one_counts(read: Read) -> None:
    told = [(30, 28_000), (28_000, 30), (28_000, None), (None, 28_000)]

    levels = [
        read(positional_accuracy=one, public_positional_accuracy=other).geo_accuracy
        for one, other in told
    ]

    assert levels == [7] * 4


@pytest.mark.parametrize(
    ("details", "granularity", "local"),
    [
        ({"year": 2018, "month": 9, "day": 5}, Granularity.DAY, datetime(2018, 9, 5)),
        ({"year": 2018, "month": 9}, Granularity.MONTH, datetime(2018, 9, 1)),
        ({"year": 2018}, Granularity.YEAR, datetime(2018, 1, 1)),
    ],
)
def test_a_date_without_a_time_is_as_exact_as_it_is_told(
    read: Read, details: dict[str, int], granularity: Granularity, local: datetime
) -> None:
    taken = read(time_observed_at=None, observed_on_details=details).taken

    assert taken is not None
    assert (taken.granularity, taken.local) == (granularity, local)


@pytest.mark.parametrize("details", [None, {}, {"year": 2018, "month": 13}])
def test_a_date_that_is_none_is_unknown(read: Read, details: dict[str, int] | None) -> None:
    assert read(time_observed_at=None, observed_on_details=details).taken is None


@pytest.mark.parametrize(
    ("picture", "changes"),
    [
        ({"flags": [{"flag": "copyright infringement", "resolved": False}]}, {}),
        ({"hidden": True}, {}),
        ({"url": None}, {}),
        ({"url": "https://static.inaturalist.org/copyright-infringement-square.png"}, {}),
        ({"id": None}, {}),
        ({}, {"flags": [{"flag": "spam"}]}),
        ({}, {"spam": True}),
        ({}, {"user": {"id": 1, "login": "x", "suspended": True}}),
    ],
)
def test_what_is_hidden_or_flagged_is_no_photo(
    read: Read, picture: dict[str, Any], changes: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="photo"):
        read(picture=picture, **changes)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(name=st.sampled_from(PARTS), told=ANY_JSON)
def test_any_value_of_an_observation_leaves_it_readable(read: Read, name: str, told: Any) -> None:
    try:
        photo = read(**{name: told})
    except ValueError as error:
        assert "photo" in str(error)  # noqa: PT017 — either is right
        return

    assert photo.id == "inaturalist:24355315"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    name=st.sampled_from(PICTURE_PARTS),
    inner=st.sampled_from(("", "width", "height", "resolved")),
    told=ANY_JSON,
)
def test_any_value_of_a_photo_leaves_it_readable(
    read: Read, name: str, inner: str, told: Any
) -> None:
    value = {inner: told} if inner else told
    try:
        photo = read(picture={name: value})
    except ValueError as error:
        assert "photo" in str(error)  # noqa: PT017 — either is right
        return

    assert photo.id.startswith("inaturalist:")


@pytest.mark.parametrize(
    ("picture", "changes"),
    [
        ({"license_code": 3.5}, {"user": 3.5, "taxon": "x"}),
        ({"original_dimensions": {"width": "2048", "height": [1]}}, {"tags": 1}),
        ({"flags": ["x"]}, {"flags": 2, "geoprivacy": []}),
        ({}, {"taxon": {"name": ["x"], "preferred_common_name": {}, "id": True}}),
        ({}, {"created_at": "0001-01-01T00:00:00+05:00"}),
    ],
)
def test_malformed_values_are_unknown(
    read: Read, picture: dict[str, Any], changes: dict[str, Any]
) -> None:
    assert read(picture=picture, **changes).id == "inaturalist:24355315"


def test_a_flag_that_is_settled_says_nothing(read: Read) -> None:
    assert read(picture={"flags": [{"flag": "spam", "resolved": True}]}).id


def test_the_account_is_written_as_people_name_it_to_have_it_forgotten(read: Read) -> None:
    owner = read().owner

    assert owner is not None
    assert owner.id is not None
    assert parse_account(owner.id) == owner.id
    assert bare_account(owner.id) == "886482"
    with pytest.raises(ValueError, match="and inaturalist:12345 at iNaturalist"):
        parse_account("inaturalist:ann")


def test_where_no_author_is_named_the_account_is(read: Read) -> None:
    photo = read(picture={"attribution": "no rights reserved"}, user={"id": 5, "login": "bee"})

    assert photo.owner == Owner(id="inaturalist:5", name="bee", path_alias="bee")


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded answers are not here")
@pytest.mark.parametrize(
    ("name", "photos", "license_", "taken"),
    [
        ("v1_get_observation", 2, "cc-by-4.0", datetime(2018, 9, 5, 14, 6)),
        ("v1_get_observation_2", 1, "cc-by-4.0", datetime(2021, 6, 10, 16, 2)),
        ("v1_get_observations_page1", 1, "cc-by-nc-4.0", datetime(2020, 8, 27, 8, 57, 22)),
        ("v1_get_observations_page2", 1, "all-rights-reserved", datetime(2020, 8, 26, 22, 46, 10)),
        ("v2_get_observations_full", 2, "all-rights-reserved", datetime(2018, 7, 7)),
    ],
)
def test_recorded_answers_are_read_whole(
    name: str, photos: int, license_: str, taken: datetime
) -> None:
    reply = json.loads((RECORDED / f"{name}.json").read_text())
    observation = reply["results"][0] if "results" in reply else reply

    read = [read_photo(picture, observation=observation) for picture in pictures_of(observation)]

    assert len(read) >= photos
    for photo in read:
        assert photo.license == License(license_)
        assert photo.taken is not None
        assert photo.taken.local == taken
        assert photo.coordinates is not None
        assert photo.owner is not None
        assert photo.owner.id == f"inaturalist:{observation['user']['id']}"
        assert photo.sizes[0].width
        assert photo.title
