from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from smart_image_scraper.demo import Catalogue, MadePhoto
from smart_image_scraper.demo.matching import is_geo_query, is_parameterless

Find = Callable[..., list[str]]


@pytest.fixture(scope="module")
def made(catalogue: Catalogue) -> Callable[..., MadePhoto]:
    """Make a photo with nothing special but what is given."""
    plain: dict[str, Any] = {
        "title": "",
        "description": "",
        "tags": (),
        "license": 0,
        "safety": 0,
        "content_type": 0,
        "media": "photo",
        "latitude": 0,
        "longitude": 0,
        "accuracy": 0,
        "context": 0,
    }

    def made(photo_id: str, **changes: object) -> MadePhoto:
        return replace(catalogue.photos[0], id=photo_id, **(plain | changes))

    return made


@pytest.fixture
def find(made: Callable[..., MadePhoto]) -> Find:
    """Find ids among photos given as ``id={…}``."""

    def find(photos: dict[str, dict[str, object]], **arguments: str) -> list[str]:
        given = [made(photo_id, **changes) for photo_id, changes in photos.items()]
        arguments.setdefault("sort", "date-posted-asc")
        return [photo.id for photo in Catalogue.of(given).find(**arguments)]

    return find


def test_every_word_must_occur_in_title_description_or_tags(find: Find) -> None:
    photos = {
        "1": {"title": "A Monkey, wild!"},
        "2": {"description": "monkey", "tags": ("wild",)},
        "3": {"title": "monkeys wild"},
        "4": {"tags": ("monkey",)},
    }

    assert find(photos, text="monkey WILD") == ["1", "2"]


def test_a_minus_excludes_a_word(find: Find) -> None:
    photos = {"1": {"title": "monkey cage"}, "2": {"title": "monkey"}}

    assert find(photos, text="monkey -cage") == ["2"]


def test_quotes_keep_words_together_as_one_term(find: Find) -> None:
    photos = {"1": {"title": "wild monkey"}, "2": {"title": "monkey"}}

    assert find(photos, text='"wild monkey"') == ["1"]
    assert find(photos, text='monkey -"wild monkey"') == ["2"]


@pytest.mark.parametrize(
    ("title", "term"), [("ニホンザルとサルの森", "サル"), ("野生猴子们", "猴子"), ("ดูลิงป่า", "ลิง")]
)
def test_words_of_unspaced_scripts_are_found_within_longer_ones(
    find: Find, title: str, term: str
) -> None:
    assert find({"1": {"title": title}, "2": {"title": "else"}}, text=term) == ["1"]


@pytest.mark.parametrize("word", ["قرد", "обезьяна", "बंदर", "forêt"])
def test_words_of_spaced_scripts_are_found_whole(find: Find, word: str) -> None:
    assert find({"1": {"title": f"x {word} y"}, "2": {"title": f"{word}z"}}, text=word) == ["1"]


def test_one_of_several_tags_is_enough_unless_all_are_asked_for(find: Find) -> None:
    photos = {"1": {"tags": ("monkey",)}, "2": {"tags": ("monkey", "puertoprincesa")}, "3": {}}

    assert find(photos, tags="monkey,Puerto Princesa") == ["1", "2"]
    assert find(photos, tags="monkey,Puerto Princesa", tag_mode="all") == ["2"]
    assert find(photos, tags="monkey,-puertoprincesa") == ["1"]


def test_upload_dates_are_inclusive_at_both_ends(find: Find) -> None:
    photos = {str(second): {"uploaded": 1_400_000_000 + second} for second in range(1, 6)}

    found = find(photos, min_upload_date="1400000002", max_upload_date="1400000004")

    assert found == ["2", "3", "4"]


def test_upload_dates_may_be_mysql_datetimes_in_utc(find: Find) -> None:
    photos = {str(second): {"uploaded": 1_400_000_000 + second} for second in range(3)}

    assert find(photos, min_upload_date="2014-05-13 16:53:21") == ["1", "2"]


def test_taken_dates_are_inclusive_local_times(find: Find) -> None:
    photos = {
        "1": {"taken": "2014-05-13 16:53:19"},
        "2": {"taken": "2014-05-13 16:53:20"},
        "3": {"taken": "0000-00-00 00:00:00"},
    }

    assert find(photos, min_taken_date="2014-05-13 16:53:20") == ["2"]
    assert find(photos, max_taken_date="1400000000", min_taken_date="0001-01-01") == ["1", "2"]


def test_conditions_narrow_the_result(find: Find) -> None:
    photos = {
        "1": {"license": 4},
        "2": {"license": 9, "content_type": 2},
        "3": {"media": "video"},
        "4": {"context": 2, "accuracy": 11},
    }

    assert find(photos, license="4,9") == ["1", "2"]
    assert find(photos, content_types="2,3") == ["2"]
    assert find(photos, media="photos") == ["1", "2", "4"]
    assert find(photos, media="videos") == ["3"]
    assert find(photos, geo_context="2", min_upload_date="1") == ["4"]


def test_only_safe_photos_are_seen_without_a_signature(find: Find) -> None:
    photos = {"1": {"safety": 0}, "2": {"safety": 1}, "3": {"safety": 2}}

    assert find(photos, safe_search="3") == ["1"]


def test_a_user_is_searched_by_nsid(catalogue: Catalogue) -> None:
    nsid = catalogue.photos[0].owner.nsid

    found = catalogue.find(user_id=nsid)

    assert found
    assert {photo.owner.nsid for photo in found} == {nsid}


def test_a_box_finds_geotags_even_worthless_ones(find: Find) -> None:
    photos = {
        "1": {"latitude": 10.0, "longitude": 120.0, "accuracy": 16},
        "2": {"latitude": 10.0, "longitude": 120.0, "accuracy": 0},
        "3": {"latitude": 0, "longitude": 0, "accuracy": 16},
        "4": {},
    }

    assert find(photos, bbox="116,4,127,22", min_upload_date="1") == ["1", "2"]
    assert find(photos, bbox="-1,-1,1,1", min_upload_date="1") == ["3"]
    assert find(photos, has_geo="1", min_upload_date="1") == ["1", "2", "3"]
    assert find(photos, has_geo="0", min_upload_date="1") == ["4"]


def test_a_geo_query_without_a_limit_sees_twelve_hours_of_uploads(find: Find) -> None:
    place = {"latitude": 10.0, "longitude": 120.0, "accuracy": 16}
    photos = {
        "1": {**place, "uploaded": 1_400_000_000},
        "2": {**place, "uploaded": 1_400_000_000 + 12 * 3_600},
        "3": {**place, "uploaded": 1_400_000_000 + 13 * 3_600},
    }

    assert find(photos, bbox="116,4,127,22") == ["2", "3"]
    assert find(photos, bbox="116,4,127,22", min_upload_date="1") == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("date-posted-asc", "132"),
        ("date-posted-desc", "231"),
        ("", "231"),
        ("date-taken-asc", "321"),
        ("date-taken-desc", "123"),
        ("interestingness-desc", "213"),
        ("interestingness-asc", "312"),
        ("relevance", "321"),
    ],
)
def test_every_order_is_known(find: Find, order: str, expected: str) -> None:
    plain = {"views": 0, "comments": 0}
    photos = {
        "1": {**plain, "uploaded": 1, "taken": "2014-03-01 00:00:00", "favorites": 5},
        "2": {**plain, "uploaded": 3, "taken": "2014-02-01 00:00:00", "favorites": 9},
        "3": {**plain, "uploaded": 2, "taken": "2014-01-01 00:00:00", "favorites": 1},
    }
    photos["1"]["description"] = "the monkey"
    photos["2"]["tags"] = ("monkey",)
    photos["3"]["title"] = "Monkey"

    assert "".join(find(photos, text="monkey", sort=order)) == expected


@pytest.mark.parametrize(
    "arguments",
    [
        {"bbox": "120,4,116,22"},
        {"bbox": "0,0,181,1"},
        {"bbox": "1,2,3"},
        {"bbox": "a,b,c,d"},
        {"min_upload_date": "yesterday"},
        {"min_upload_date": "2", "max_upload_date": "1"},
        {"min_taken_date": "2020-01-01", "max_taken_date": "2019-01-01"},
        {"license": "cc-by"},
    ],
)
def test_what_makes_no_sense_is_an_error(catalogue: Catalogue, arguments: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="."):
        catalogue.find(**arguments)


def test_a_licence_alone_is_no_search() -> None:
    assert is_parameterless({"license": "4", "sort": "relevance", "text": " "})
    assert not is_parameterless({"bbox": "0,0,1,1"})


def test_geo_queries_are_told_by_their_arguments() -> None:
    assert is_geo_query({"bbox": "0,0,1,1"})
    assert is_geo_query({"has_geo": "1", "text": "monkey"})
    assert not is_geo_query({"text": "monkey", "bbox": ""})
