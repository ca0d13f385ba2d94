from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.photo import (
    Coordinates,
    License,
    Owner,
    Photo,
    PhotoId,
    SearchHit,
    Size,
    TakenDate,
)
from smart_image_scraper.search.flickr.row import SIZES, is_video, photo_id, read_photo

PhotoOf = Callable[..., Photo]
LARGE = "https://live.staticflickr.com/65535/14898030836_0123456789_b.jpg"
ORIGINAL = "https://live.staticflickr.com/65535/14898030836_abcdef0123_o.jpg"
HIT = SearchHit(term="monkey", run="0123456789ab")

NAMES = (
    *("id", "title", "description", "tags", "machine_tags", "license", "owner", "ownername"),
    *("realname", "pathalias", "dateupload", "lastupdate", "datetaken", "datetakengranularity"),
    *("datetakenunknown", "latitude", "longitude", "accuracy", "context", "woeid", "place_id"),
    *("views", "count_views", "count_faves", "count_comments", "safety_level", "media"),
    *(f"{what}_{suffix}" for suffix in SIZES for what in ("url", "width", "height")),
)
ODD_TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["", "0", "1", "-1", "nan", "inf", "1e400", "0000-00-00 00:00:00", "9" * 5000]),
    st.sampled_from(["http://[", "https://a:b@c:d/", "//x", "ftp://x/y", "http://\u2100.com/"]),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes().map(lambda moment: moment.isoformat(" ", "seconds")),
)


def test_a_whole_row_becomes_a_whole_photo(photo_of: PhotoOf) -> None:
    photo = photo_of()

    assert photo == Photo(
        id=PhotoId("flickr:14898030836"),
        title="Langur on a gate",
        description="Seen at noon.\n<b>Twice</b>.",
        tags=("monkey", "サル", "vision:night=77"),
        machine_tags=("vision:night=77",),
        license=License("cc-by-2.0"),
        owner=Owner(id="12037949754@N01", name="Bees", path_alias="bees", real_name="B. Ees"),
        uploaded_at=datetime(2014, 10, 22, 18, 18, 43, tzinfo=UTC),
        changed_at=datetime(2014, 10, 22, 18, 20, tzinfo=UTC),
        taken=TakenDate(local=datetime(2014, 10, 19, 11, 21, 20)),
        coordinates=Coordinates(latitude=9.135158, longitude=40.083811),
        geo_accuracy=16,
        geo_context=2,
        woe_id="8672628",
        place_id="shjV_KVUVLptOYqQ6w",
        views=81,
        comment_count=2,
        favorite_count=3,
        safety=0,
        sizes=(
            Size(label="original", url=ORIGINAL, width=3000, height=2000),
            Size(label="1024", url=LARGE, width=1024, height=683),
        ),
        searches=(HIT,),
    )


def test_a_row_of_nothing_but_an_id_is_a_photo_of_which_nothing_is_known() -> None:
    photo = read_photo({"id": "14898030836"}, hit=HIT)

    assert photo == Photo(id=PhotoId("flickr:14898030836"), searches=(HIT,))


def test_a_row_without_an_id_is_no_photo(make_row: Callable[..., dict[str, str]]) -> None:
    with pytest.raises(ValueError, match="is no photo id"):
        photo_id(make_row(id=None))


def test_texts_that_an_owner_left_empty_stay_empty(photo_of: PhotoOf) -> None:
    photo = photo_of(title="", description="")

    assert (photo.title, photo.description) == ("", "")


def test_names_that_an_owner_left_empty_are_unknown(photo_of: PhotoOf) -> None:
    photo = photo_of(ownername="", realname="", pathalias="")

    assert photo.owner == Owner(id="12037949754@N01")


@pytest.mark.parametrize(
    ("latitude", "longitude", "accuracy"),
    [
        ("0", "0", "0"),
        ("0", "0", "16"),
        ("0.000000", "-0.0", "16"),
        ("8.079310", "77.550004", "0"),
        ("91", "40", "16"),
        ("nan", "40", "16"),
        ("here", "there", "16"),
        (None, "40", "16"),
    ],
)
def test_a_geotag_that_cannot_be_believed_is_none_with_all_that_follows_from_it(
    photo_of: PhotoOf, latitude: str | None, longitude: str, accuracy: str
) -> None:
    photo = photo_of(latitude=latitude, longitude=longitude, accuracy=accuracy)

    assert (photo.coordinates, photo.geo_accuracy, photo.geo_context) == (None, None, None)
    assert (photo.woe_id, photo.place_id) == (None, None)


def test_a_geotag_on_the_equator_is_believed(photo_of: PhotoOf) -> None:
    assert photo_of(latitude="0").coordinates == Coordinates(latitude=0, longitude=40.083811)


@pytest.mark.parametrize("accuracy", ["17", "street", None])
def test_a_geotag_of_unknown_accuracy_is_believed(photo_of: PhotoOf, accuracy: str | None) -> None:
    photo = photo_of(accuracy=accuracy, place_id="")

    assert photo.coordinates is not None
    assert (photo.geo_accuracy, photo.place_id) == (None, None)


def test_the_views_are_read_by_either_of_their_names(photo_of: PhotoOf) -> None:
    assert photo_of(views=None, count_views="9160").views == 9160


def test_malformed_values_are_unknown_and_the_photo_is_kept(photo_of: PhotoOf) -> None:
    photo = photo_of(
        license="99", dateupload="soon", views="many", safety_level="7", datetaken="2014"
    )

    assert photo.license == License.UNKNOWN
    assert (photo.uploaded_at, photo.views, photo.safety, photo.taken) == (None, None, None, None)


def test_sizes_are_labelled_by_their_longer_edge_and_come_largest_first(
    photo_of: PhotoOf,
) -> None:
    urls = {f"url_{suffix}": f"https://live.staticflickr.com/{suffix}" for suffix in SIZES}

    photo = photo_of(**urls)

    edges = [size.label for size in photo.sizes]
    assert edges[0] == "original"
    assert [int(edge) for edge in edges[1:]] == sorted(map(int, edges[1:]), reverse=True)
    assert len(edges) == 18


def test_the_pixels_of_an_original_are_read_by_their_other_name_too(photo_of: PhotoOf) -> None:
    photo = photo_of(width_o=None, height_o=None, o_width="6000", o_height="4000")

    assert photo.sizes[0] == Size(label="original", url=ORIGINAL, width=6000, height=4000)


def test_a_size_is_offered_without_its_pixels_where_they_are_malformed(photo_of: PhotoOf) -> None:
    photo = photo_of(width_l="0", height_l="tall")

    assert photo.sizes[1] == Size(label="1024", url=LARGE)


def test_an_address_of_flickrs_image_hosts_without_encryption_is_changed_to_one_with(
    photo_of: PhotoOf,
) -> None:
    photo = photo_of(url_l="http://farm3.staticflickr.com/2822/10115956703_b14e1be9d0_b.jpg")

    assert photo.sizes[1].url == "https://farm3.staticflickr.com/2822/10115956703_b14e1be9d0_b.jpg"


def test_an_address_of_another_host_stays_as_it_is(photo_of: PhotoOf) -> None:
    photo = photo_of(url_l="http://127.0.0.1:8080/14898030836_b.jpg")

    assert photo.sizes[1].url == "http://127.0.0.1:8080/14898030836_b.jpg"


@pytest.mark.parametrize(
    "address", ["", "ftp://a.org/b.jpg", "https:///b.jpg", "http://[", "b.jpg"]
)
def test_what_is_no_web_address_is_no_size(photo_of: PhotoOf, address: str) -> None:
    assert [size.label for size in photo_of(url_l=address).sizes] == ["original"]


@pytest.mark.parametrize("name", ["can_download", "candownload"])
def test_a_photo_whose_owner_allows_no_download_has_no_sizes(photo_of: PhotoOf, name: str) -> None:
    assert photo_of(**{name: "0"}).sizes == ()
    assert len(photo_of(**{name: "1"}).sizes) == 2


def test_a_video_is_told_from_a_photo(make_row: Callable[..., dict[str, str]]) -> None:
    assert [is_video(make_row(media=media)) for media in ("photo", "video", None)] == [
        False,
        True,
        False,
    ]


@given(st.dictionaries(st.sampled_from(NAMES), ODD_TEXTS, max_size=12))
def test_no_text_in_a_row_breaks_more_than_its_own_value(row: dict[str, str]) -> None:
    photo = read_photo({**row, "id": "14898030836"}, hit=HIT)

    assert photo.id == "flickr:14898030836"


@pytest.mark.parametrize("text", ["0", "007", "14898030836a", "٣", 19 * "9"])
def test_an_id_that_flickr_would_not_give_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="is no photo id"):
        photo_id({"id": text})


@given(ODD_TEXTS)
def test_an_id_is_taken_as_it_is_or_not_at_all(text: str) -> None:
    try:
        identity = photo_id({"id": text})
    except ValueError:
        identity = None

    assert identity in {None, f"flickr:{text}"}
