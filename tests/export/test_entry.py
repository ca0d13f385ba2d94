import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.export.entry import file_name_of
from smart_image_scraper.photo import PhotoId

ids = st.from_regex(r"[a-z][a-z0-9-]{0,9}:[A-Za-z0-9._~-]{1,30}", fullmatch=True).map(PhotoId)


@pytest.mark.parametrize(
    ("photo_id", "path", "name"),
    [
        ("flickr:14898030836", "ab/cd/abcd.jpg", "flickr-14898030836.jpg"),
        ("folder:a.b~c", "ab/cd/abcd.png", "folder-a~2eb~7ec.png"),
    ],
)
def test_a_file_is_named_by_its_photo(photo_id: str, path: str, name: str) -> None:
    assert file_name_of(PhotoId(photo_id), path=path) == name


@given(photo_id=ids)
def test_a_name_has_one_dot(photo_id: PhotoId) -> None:
    assert file_name_of(photo_id, path="ab/cd/abcd.jpg").count(".") == 1


@given(one=ids, other=ids)
def test_two_photos_never_have_the_same_name(one: PhotoId, other: PhotoId) -> None:
    names = {file_name_of(photo_id, path="x.jpg") for photo_id in (one, other)}

    assert len(names) == len({one, other})
