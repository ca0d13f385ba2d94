from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smart_image_scraper.photo import Coordinates, Granularity, License, Owner, SearchHit
from smart_image_scraper.search.commons.page import METADATA, is_video, photo_id, read_photo

MakePage = Callable[..., dict[str, Any]]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
FILES = "https://upload.wikimedia.org/wikipedia/commons"
FILE_PARTS = ("timestamp", "user", "width", "height", "thumburl", "url", "mediatype", "extmetadata")
LACKING = '<div class="boilerplate metadata">This file is lacking <b>author</b> information.</div>'


def test_a_page_becomes_a_photo(make_page: MakePage) -> None:
    hit = SearchHit(term="langur", run="1")

    photo = read_photo(make_page(), hit=hit)

    assert photo.id == "commons:36285"
    assert photo.page_url == "https://commons.wikimedia.org/?curid=36285"
    assert photo.title == "Langur on a gate"
    assert photo.description == "Seen at noon.\nTwice."
    assert photo.license == License("cc-by-sa-4.0")
    assert photo.owner == Owner(id="commons:Bee keeper", name="Bee & Co.")
    assert photo.uploaded_at == datetime(2014, 10, 22, 18, 18, 43, tzinfo=UTC)
    assert photo.taken is not None
    assert photo.taken.granularity is Granularity.SECOND
    assert photo.coordinates == Coordinates(latitude=7.957, longitude=80.76)
    assert photo.searches == (hit,)


def test_categories_are_tags_but_for_those_about_people(make_page: MakePage) -> None:
    categories = (
        "Langurs in Sri Lanka|Files by User:Someone|Photographs by Jo|No QIC by usr:Jo|"
        "Taken by Bee & co.|Wall of bee keeper|Photographs of gates|"
        "Files uploaded by Jo|Pages reviewed by Jo (bot)|Works by Jo|Monkeys by country"
    )

    photo = read_photo(make_page(metadata={"Categories": categories}))

    assert photo.tags == ("Langurs in Sri Lanka", "Photographs of gates", "Monkeys by country")


def test_a_category_named_after_who_uploaded_the_file_of_another_author_is_no_tag(
    make_page: MakePage,
) -> None:
    artist = '<a href="https://www.flickr.com/people/16707908@N07">Jeff</a>'
    categories = "Rainforests|Collection of Bee Keeper"

    photo = read_photo(
        make_page(metadata={"Artist": artist, "Categories": categories}, user="Bee_Keeper")
    )

    assert photo.tags == ("Rainforests",)


def test_a_category_with_a_longer_word_than_the_name_is_a_tag(make_page: MakePage) -> None:
    categories = "Rainforests|Gates of Ra|ラの写真集"

    photo = read_photo(make_page(metadata={"Artist": "Ra", "Categories": categories}, user="写真"))

    assert photo.tags == ("Rainforests",)


@pytest.mark.parametrize(
    ("artist", "account", "name"),
    [
        (
            '<a href="//commons.wikimedia.org/w/?title=User:New_one&amp;redlink=1">N. One</a>',
            "commons:New one",
            "N. One",
        ),
        (
            '<a href="//commons.wikimedia.org/wiki/User:%C5%A0J%C5%AF">ŠJů</a>',
            "commons:ŠJů",
            "ŠJů",
        ),
        (
            'By <a href="https://en.wikipedia.org/wiki/it:User:elvezio">Elvezio</a> of it',
            "commons:Elvezio",
            "By Elvezio of it",
        ),
        (
            '<a rel="nofollow" href="https://www.flickr.com/people/16707908@N07">Jeff &amp; B</a>',
            "16707908@N07",
            "Jeff & B",
        ),
        ('<a href="http://flickr.com/photos/16707908@N07/1">Jeff</a>', "16707908@N07", "Jeff"),
        ("T. M. Langli", "commons:Bee keeper", "T. M. Langli"),
        ('<a href="https://example.org/User:Jo">Jo</a>', "commons:Bee keeper", "Jo"),
        ('<a href="https://[">Jo</a>', "commons:Bee keeper", "Jo"),
        ('<span lang="en">Unknown author</span>', "commons:Bee keeper", None),
        (LACKING, "commons:Bee keeper", None),
        (None, "commons:Bee keeper", None),
    ],
)
def test_the_author_is_who_is_named_and_the_account_the_one_that_is_linked(
    make_page: MakePage, artist: str | None, account: str, name: str | None
) -> None:
    photo = read_photo(make_page(metadata={"Artist": artist}))

    assert photo.owner == Owner(id=account, name=name)


def test_a_photo_of_which_nobody_is_told_has_no_owner(make_page: MakePage) -> None:
    assert read_photo(make_page(metadata={"Artist": None}, user=None)).owner is None


def test_the_credit_that_an_author_asks_for_is_kept(make_page: MakePage) -> None:
    asked = 'Photo: Bee / <a href="http:////x.org">Wikimedia Commons</a> / CC BY-SA 4.0'

    photo = read_photo(make_page(metadata={"Attribution": asked}))

    assert photo.owner is not None
    assert photo.owner.credit == "Photo: Bee / Wikimedia Commons / CC BY-SA 4.0"


def test_files_are_offered_in_the_widths_that_wikimedia_lists(make_page: MakePage) -> None:
    original, *others = read_photo(make_page()).sizes

    assert (original.label, original.url) == ("original", f"{FILES}/2/25/Langur.jpg")
    assert [(size.width, size.height, size.label) for size in others] == [
        (1920, 1280, "1920"),
        (1280, 853, "1280"),
        (960, 640, "960"),
        (500, 333, "500"),
        (330, 220, "330"),
        (250, 167, "250"),
    ]
    assert others[2].url == f"{FILES}/thumb/2/25/Langur.jpg/960px-Langur.jpg"


def test_a_portrait_is_named_by_its_longer_edge(make_page: MakePage) -> None:
    sizes = read_photo(make_page(width=2000, height=3000)).sizes

    assert [(size.label, size.width) for size in sizes[2:4]] == [("1920", 1280), ("1440", 960)]


def test_what_is_drawn_of_another_kind_of_file_keeps_its_way_of_naming(make_page: MakePage) -> None:
    thumb = f"{FILES}/thumb/2/25/Langur.tif/lossy-page1-250px-Langur.tif.jpg"

    sizes = read_photo(make_page(thumburl=thumb)).sizes

    assert sizes[1].url == f"{FILES}/thumb/2/25/Langur.tif/lossy-page1-1920px-Langur.tif.jpg"


@pytest.mark.parametrize(
    "changes",
    [
        {"width": 240, "height": 160, "thumburl": f"{FILES}/2/25/Langur.jpg"},
        {"thumburl": None},
        {"width": None},
        {"thumburl": f"{FILES}/thumb/odd"},
    ],
)
def test_where_no_other_width_is_known_there_is_the_original(
    make_page: MakePage, changes: dict[str, Any]
) -> None:
    sizes = read_photo(make_page(**changes)).sizes

    assert [size.label for size in sizes] == ["original"]


@pytest.mark.parametrize(
    "metadata",
    [
        {"GPSLatitude": "0", "GPSLongitude": "0.0"},
        {"GPSLatitude": "91", "GPSLongitude": "8"},
        {"GPSLatitude": "north", "GPSLongitude": "8"},
        {"GPSLatitude": None},
    ],
)
def test_coordinates_that_cannot_be_are_none(
    make_page: MakePage, metadata: dict[str, str | None]
) -> None:
    assert read_photo(make_page(metadata=metadata)).coordinates is None


@pytest.mark.parametrize("changes", [{"url": None}, {"url": ""}])
def test_a_file_that_was_hidden_or_deleted_is_no_photo(
    make_page: MakePage, changes: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="shows no file"):
        photo_id(make_page(**changes))


@pytest.mark.parametrize("page", [{}, {"pageid": 1}, {"pageid": 1, "imageinfo": []}])
def test_a_page_without_a_file_is_no_photo(page: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="shows no file"):
        photo_id(page)


def test_a_page_without_an_id_is_no_photo(make_page: MakePage) -> None:
    page = {name: value for name, value in make_page().items() if name != "pageid"}

    with pytest.raises(ValueError, match="is no photo id"):
        read_photo(page)


def test_a_video_is_told_by_its_kind(make_page: MakePage) -> None:
    assert is_video(make_page(mediatype="VIDEO"))
    assert not is_video(make_page())


def test_a_page_without_metadata_tells_little_and_its_licence_is_unknown(
    make_page: MakePage,
) -> None:
    page = make_page()
    del page["imageinfo"][0]["extmetadata"]

    photo = read_photo(page)

    assert photo.license == License.UNKNOWN
    assert (photo.description, photo.tags, photo.taken, photo.coordinates) == (None, (), None, None)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    place=st.sampled_from((*FILE_PARTS, *(f"extmetadata.{name}" for name in METADATA))),
    value=ANY_JSON,
)
def test_whatever_stands_in_a_page_is_read_or_refused(
    make_page: MakePage, place: str, value: Any
) -> None:
    page = make_page()
    holder = page["imageinfo"][0]
    *folder, name = place.split(".")
    if folder:
        holder[folder[0]][name] = {"value": value}
    else:
        holder[name] = value

    try:
        photo = read_photo(page)
    except ValueError as refused:
        assert "shows no file" in str(refused)  # noqa: PT017 — a photo is right, too
    else:
        assert photo.id == "commons:36285"
