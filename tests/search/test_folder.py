import hashlib
import os
from pathlib import Path

import pytest

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import License
from smart_image_scraper.search.folder import read_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "monkeys"
    path.mkdir()
    return path


def put(path: Path, content: bytes = b"image") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_an_image_is_a_photo_named_by_its_content(folder: Path) -> None:
    path = put(folder / "Old gibbon.JPG", b"bytes")

    ((photo, found),) = read_folder(folder)

    assert photo.id == f"folder:{hashlib.sha256(b'bytes').hexdigest()[:32]}"
    assert photo.title == "Old gibbon"
    assert found == path


def test_the_licence_is_that_which_is_said_of_all_and_else_unknown(folder: Path) -> None:
    put(folder / "a.jpg")

    ((photo, _),) = read_folder(folder)
    ((said, _),) = read_folder(folder, license_=License("cc-by-4.0"))

    assert photo.license == License.UNKNOWN
    assert said.license == License("cc-by-4.0")


def test_the_term_is_the_folder_that_the_image_lies_in(folder: Path) -> None:
    put(folder / "a.jpg", b"1")
    put(folder / "asia" / "サル" / "b.png", b"2")

    terms = [photo.searches[0].term for photo, _ in read_folder(folder)]

    assert terms == ["monkeys", "サル"]


def test_images_come_in_the_order_of_their_paths(folder: Path) -> None:
    for name in ("b/2.webp", "a/9.gif", "b/1.tiff"):
        put(folder / name, name.encode())

    paths = [path.relative_to(folder).as_posix() for _, path in read_folder(folder)]

    assert paths == ["a/9.gif", "b/1.tiff", "b/2.webp"]


def test_what_is_no_image_is_left_out(folder: Path) -> None:
    for name in ("notes.txt", "jpg", ".hidden.jpg", "._mac.jpg"):
        put(folder / name)
    put(folder / "a.jpeg")

    assert [path.name for _, path in read_folder(folder)] == ["a.jpeg"]


def test_links_to_folders_are_not_followed(folder: Path) -> None:
    put(folder / "a.jpg")
    (folder / "loop").symlink_to(folder)

    assert len(list(read_folder(folder))) == 1


def test_an_image_that_lies_there_twice_is_one_photo_with_two_terms(folder: Path) -> None:
    put(folder / "ape" / "first.jpg")
    put(folder / "monkey" / "second.jpg")

    (first, _), (second, _) = read_folder(folder)

    assert first.id == second.id
    assert first.title == second.title == "first"
    assert [photo.searches[0].term for photo in (first, second)] == ["ape", "monkey"]


def test_reading_again_from_elsewhere_gives_equal_photos(folder: Path, tmp_path: Path) -> None:
    put(folder / "a.jpg")
    put(tmp_path / "elsewhere" / "monkeys" / "a.jpg")

    again = [photo for photo, _ in read_folder(tmp_path / "elsewhere" / "monkeys")]

    assert [photo for photo, _ in read_folder(folder)] == again


def test_a_name_that_is_not_utf8_does_not_reach_the_database(folder: Path) -> None:
    put(Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.jpg")))

    ((photo, _),) = read_folder(folder)

    assert photo.title == "caf\ufffd"


def test_a_folder_without_images_is_refused_at_once(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"monkeys: there are no images in it \(files that end in"):
        read_folder(folder)


def test_a_folder_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="monkeys/none: there is no such folder"):
        read_folder(folder / "none")


def test_a_pipe_is_named_and_not_waited_for(folder: Path) -> None:
    put(folder / "a.jpg")
    pipe = folder / "pipe.jpg"
    os.mkfifo(pipe)
    refused: list[UsageError] = []

    found = list(read_folder(folder, leave_out=refused.append))

    assert [path.name for _, path in found] == ["a.jpg"]
    assert [str(error) for error in refused] == [
        f"{pipe}: cannot be read: it is no file, but a pipe or a device"
    ]


def test_a_file_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "gone.jpg").symlink_to("nowhere")

    with pytest.raises(UsageError, match=r"gone\.jpg: cannot be read: No such file"):
        list(read_folder(folder))
