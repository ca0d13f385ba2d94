import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.export.copies import copy_bytes, copy_photo
from smart_image_scraper.export.entry import Entry


@pytest.fixture(params=["in the kernel", "other systems", "not between these file systems"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copy in each of the ways that there are."""

    def refuse(*_: object) -> int:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    if request.param == "other systems":
        monkeypatch.delattr(os, "copy_file_range")
    elif request.param == "not between these file systems":
        monkeypatch.setattr(os, "copy_file_range", refuse)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("length", [0, 1, 3_000_000])
def test_a_copy_has_the_same_content_and_is_a_file_of_its_own(
    make_entry: Callable[..., Entry], tmp_path: Path, length: int
) -> None:
    (tmp_path / "source").write_bytes(os.urandom(length))
    (tmp_path / "to").mkdir()
    entry = make_entry()

    copy_photo(_with_file(entry, tmp_path / "source"), tmp_path / "to")

    copy = tmp_path / "to" / "flickr-1489.jpg"
    assert copy.read_bytes() == (tmp_path / "source").read_bytes()
    copy.write_bytes(b"changed")
    assert (tmp_path / "source").stat().st_size == length


@pytest.mark.usefixtures("way")
def test_a_file_that_becomes_shorter_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"half")

    with (
        (tmp_path / "source").open("rb") as from_,
        (tmp_path / "to").open("wb") as to,
        pytest.raises(WorkspaceError, match="became 4 bytes shorter while it was read"),
    ):
        copy_bytes(from_.fileno(), to.fileno(), count=8)


def test_a_full_disk_is_no_reason_to_try_it_another_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "copy_file_range", full)
    (tmp_path / "source").write_bytes(b"photo")

    with (
        (tmp_path / "source").open("rb") as from_,
        (tmp_path / "to").open("wb") as to,
        pytest.raises(OSError, match="No space left on device"),
    ):
        copy_bytes(from_.fileno(), to.fileno(), count=5)


def _with_file(entry: Entry, path: Path) -> Entry:
    return replace(entry, file=path)
