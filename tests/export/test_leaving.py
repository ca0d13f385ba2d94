from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from smart_image_scraper.export.leaving import (
    Leave,
    LeftOut,
    license_when_downloaded,
    nothing_left,
)
from smart_image_scraper.photo import License, Photo, Relicensing

MakePhoto = Callable[..., Photo]
BY, RESERVED, UNKNOWN = License("cc-by-2.0"), License.ALL_RIGHTS_RESERVED, License.UNKNOWN
COMMONS = License("no-known-copyright-restrictions")


def fetched_under(photo: Photo, license_: License | None) -> Photo:
    assert photo.file is not None
    return replace(photo, file=replace(photo.file, license=license_))


@pytest.mark.parametrize("word", ["cc-by-nc-nd-2.0", "cc0-1.0", "pdm-1.0", COMMONS.word])
def test_a_photo_that_anyone_may_pass_on_leaves_under_its_licence(
    make_photo: MakePhoto, word: str
) -> None:
    photo = fetched_under(make_photo(license=License(word)), BY)

    assert Leave().license_of(photo) == License(word)


@pytest.mark.parametrize(
    ("license_", "why"), [(RESERVED, LeftOut.NOT_FREE), (UNKNOWN, LeftOut.UNKNOWN)]
)
def test_a_photo_without_a_free_licence_stays(
    make_photo: MakePhoto, license_: License, why: LeftOut
) -> None:
    assert Leave().license_of(make_photo(license=license_)) is why


def test_an_export_of_nothing_says_all_that_left_photos_out() -> None:
    error = nothing_left({LeftOut.UNKNOWN: 1970, LeftOut.REJECTED: 1}, gone=2)

    assert str(error) == (
        "no photo is left to export, so nothing was written; left out: 1,970 photos whose licence "
        "nobody knows (`sis refresh` asks Flickr for it, `sis import folder --license` says it of "
        "your own; --include-all-rights-reserved); 1 photo that a review rejected "
        "(--with-rejected); 2 photos taken away by owners (--gone)"
    )


@pytest.mark.parametrize("license_", [RESERVED, UNKNOWN])
def test_a_photo_without_a_free_licence_leaves_if_an_exception_is_claimed(
    make_photo: MakePhoto, license_: License
) -> None:
    photo = make_photo(license=license_)

    assert Leave(all_rights_reserved=True).license_of(photo) == license_


def test_a_photo_whose_licence_was_withdrawn_stays(make_photo: MakePhoto) -> None:
    photo = fetched_under(make_photo(license=RESERVED), BY)

    assert Leave().license_of(photo) is LeftOut.WITHDRAWN


def test_a_copy_keeps_a_withdrawn_licence_if_that_is_asked_for(make_photo: MakePhoto) -> None:
    photo = fetched_under(make_photo(license=RESERVED), BY)

    assert Leave(license_at_download=True).license_of(photo) == BY


@pytest.mark.parametrize("license_", [COMMONS, RESERVED, UNKNOWN, None])
def test_a_word_that_is_no_licence_of_a_copy_does_not_outlast_its_withdrawal(
    make_photo: MakePhoto, license_: License | None
) -> None:
    photo = fetched_under(make_photo(license=RESERVED), license_)

    assert Leave(license_at_download=True).license_of(photo) is LeftOut.NOT_FREE


def test_a_licence_that_was_not_noted_is_told_by_the_sites_history(make_photo: MakePhoto) -> None:
    photo = make_photo(license=RESERVED)
    assert photo.file is not None
    at = photo.file.fetched_at
    before = Relicensing(at=at - timedelta(days=9), old=RESERVED, new=BY)
    after = Relicensing(at=at + timedelta(days=9), old=BY, new=RESERVED)

    told = [
        license_when_downloaded(replace(photo, license_history=history))
        for history in ((before, after), (after,), (before,), ())
    ]

    assert told == [BY, BY, BY, None]


def test_without_a_file_there_is_no_licence_of_it(make_photo: MakePhoto) -> None:
    change = Relicensing(at=datetime(2020, 1, 1, tzinfo=UTC), old=BY, new=RESERVED)

    assert license_when_downloaded(make_photo(file=None, license_history=(change,))) is None
