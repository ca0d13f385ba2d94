import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smart_image_scraper.errors import SisError, UsageError, WorkspaceError
from smart_image_scraper.export import Manifest, seed_frame
from smart_image_scraper.photo import EncryptedPhoto, Photo
from tests.made.full_disk import largest_file

MakePhoto = Callable[..., Photo]
Write = Callable[[Iterator[Photo], Path], Manifest]


@pytest.fixture
def write() -> Write:
    """The frame of the older scripts is such a file."""
    return lambda photos, to: seed_frame.write(
        (EncryptedPhoto(photo=photo) for photo in photos), to=to
    )


def write_and_die(to: Path) -> None:
    """Begin to write a file, in a process that kills itself there."""
    lines = f"""
        import os, signal
        from pathlib import Path
        from smart_image_scraper.export.file import written_whole

        with written_whole(Path({str(to)!r}), private=False) as file:
            file.write("half of it")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(lines)], check=False)
    assert ended.returncode == -signal.SIGKILL


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


def test_what_a_killed_export_left_the_next_one_removes(
    write: Write, make_photo: MakePhoto, tmp_path: Path
) -> None:
    write_and_die(tmp_path / "out")
    left = [path.name for path in tmp_path.iterdir()]

    write(iter([make_photo()]), tmp_path / "out")

    assert left == [".out.partial"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


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
