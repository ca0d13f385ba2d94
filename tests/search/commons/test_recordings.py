"""Answers that Wikimedia Commons really gave, as others have recorded them.

They were recorded in the older form of replies, whose pages are an object by their ids.
"""

import json
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from smart_image_scraper.photo import Granularity, Photo
from smart_image_scraper.search.commons.page import photo_id, read_photo
from smart_image_scraper.search.commons.text import plain_text


@pytest.fixture(scope="module")
def recordings(shared: Path) -> Path:
    folder = shared / "fixtures/sources/commons"
    if not folder.is_dir():
        pytest.skip("needs the recorded answers of ../shared, which are not ours to pass on")
    return folder


@pytest.fixture(scope="module")
def photos(recordings: Path) -> list[Photo]:
    names = ("query_50_pages_with_continue", "query_28_pages_batchcomplete")
    return [read_photo(page) for name in names for page in pages(recordings / f"{name}.json")]


def pages(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text())["query"]["pages"].values())


def test_every_recorded_page_is_read(photos: list[Photo]) -> None:
    assert len(photos) == 78
    assert all(photo.title and photo.sizes for photo in photos)


def test_every_recorded_licence_is_known(photos: list[Photo]) -> None:
    words = Counter(photo.license.word for photo in photos)

    assert words == {
        "public-domain": 32,
        "cc-by-sa-4.0": 25,
        "cc0-1.0": 11,
        "cc-by-4.0": 6,
        "no-known-copyright-restrictions": 2,
        "cc-by-sa-3.0-de": 1,
        "cc-by-sa-3.0-es": 1,
    }


def test_recorded_positions_and_dates_are_as_exact_as_they_are_told(photos: list[Photo]) -> None:
    dates = Counter(photo.taken and photo.taken.granularity for photo in photos)

    assert sum(photo.coordinates is not None for photo in photos) == 9
    assert dates[Granularity.YEAR] > 10
    assert dates[Granularity.SECOND] > 10
    assert dates[None] == 27  # which tell none


def test_recorded_texts_are_without_markup(photos: list[Photo]) -> None:
    texts = [
        text
        for photo in photos
        for text in (photo.title, photo.description, photo.owner and photo.owner.name)
        if text
    ]

    assert len(texts) > 150
    assert not [text for text in texts if "</" in text or "&amp;" in text or "href" in text]


def test_recorded_authors_are_named_and_found_by_their_accounts(photos: list[Photo]) -> None:
    owners = {(photo.owner.id, photo.owner.name) for photo in photos if photo.owner}

    assert ("commons:Acabashi", "Acabashi") in owners
    assert ("commons:BTLmovies", "Pascal Seibt") in owners
    assert ("126377022@N07", "Internet Archive Book Images") in owners
    assert ("commons:ŠJů", "ŠJů") in owners
    assert not [name for _, name in owners if name and "lacking" in name]


def test_no_tag_names_who_made_a_recorded_photo(photos: list[Photo]) -> None:
    for photo in photos:
        assert photo.owner is not None
        assert photo.owner.id is not None
        account = photo.owner.id.removeprefix("commons:").casefold()
        assert not [tag for tag in photo.tags if account in tag.casefold()]


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("artist_div", "Jona Lendering"),
        ("artist_internal_link", "NotaRealUser"),
        ("artist_link", "link text"),
        ("artist_partial_link", "Jeff & Brian from Eastbourne"),
        ("artist_string", "Artist Name"),
    ],
)
def test_recorded_forms_of_naming_an_author(recordings: Path, name: str, author: str) -> None:
    told = json.loads((recordings / f"{name}.json").read_text())

    assert plain_text(told["extmetadata"]["Artist"]["value"]) == author


@pytest.mark.parametrize("name", ["page_missing_image_url", "page_missing_imageinfo"])
def test_a_recorded_page_without_a_file_is_no_photo(recordings: Path, name: str) -> None:
    page = json.loads((recordings / f"{name}.json").read_text())

    with pytest.raises(ValueError, match="shows no file"):
        photo_id(page)


def test_a_recorded_batch_in_parts_has_its_files_in_one_of_them(recordings: Path) -> None:
    parts = [pages(recordings / f"query_globalusage_part{number}.json") for number in (1, 2, 3)]

    put_together: dict[int, dict[str, Any]] = {}
    for page in chain.from_iterable(parts):
        put_together.setdefault(page["pageid"], {}).update(page)

    assert len(put_together) == 9
    assert all(read_photo(page).sizes for page in put_together.values())
