import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from smart_image_scraper.errors import SisError, UsageError, WorkspaceError
from smart_image_scraper.export import Manifest, seed_frame
from smart_image_scraper.photo import EncryptedPhoto, Photo

MakePhoto = Callable[..., Photo]
Write = Callable[[Iterator[Photo], Path], Manifest]


@pytest.fixture
def write() -> Write:
    """The frame of the older scripts is such a file."""
    return lambda photos, to: seed_frame.write(
        (EncryptedPhoto(photo=photo) for photo in photos), to=to
    )


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let writing fail beyond a size, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_the_manifest_counts_what_was_written(
    write: Write, make_photo: MakePhoto, tmp_path: Path
) -> None:
    manifest = write(iter([make_photo("flickr:1"), make_photo("flickr:2")]), tmp_path / "out")

    assert manifest == Manifest(path=tmp_path / "out", photos=2, rows=2)


def test_nothing_to_export_is_a_whole_file_too(write: Write, tmp_path: Path) -> None:
    manifest = write(iter([]), tmp_path / "out")

    assert manifest.photos == manifest.rows == 0
    assert (tmp_path / "out").exists()


def test_an_export_that_breaks_off_leaves_the_file_that_was_there(
    write: Write, make_photo: MakePhoto, tmp_path: Path
) -> None:
    def broken() -> Iterator[Photo]:
        yield make_photo()
        raise SisError("the store does not answer")

    (tmp_path / "out").write_text("before")

    with pytest.raises(SisError, match="the store does not answer"):
        write(broken(), tmp_path / "out")

    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out").read_text() == "before"


def test_a_full_disk_leaves_the_file_that_was_there(
    write: Write, make_photo: MakePhoto, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("before")

    with largest_file(2000), pytest.raises(WorkspaceError) as caught:
        write((make_photo(f"flickr:{number}") for number in range(500)), tmp_path / "out")

    assert str(caught.value) == f"{tmp_path}/out: cannot be written, and was not: File too large"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out").read_text() == "before"


def test_a_folder_that_is_not_there_is_a_wrong_use(write: Write, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="none/out: cannot be written there: No such file"):
        write(iter([]), tmp_path / "none" / "out")


@pytest.mark.parametrize("name", [".", "folder"])
def test_a_folder_in_place_of_the_file_is_a_wrong_use(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()

    with pytest.raises(UsageError, match="this is a folder; name a file in it"):
        write(iter([]), Path(name))
