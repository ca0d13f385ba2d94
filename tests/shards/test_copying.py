import errno
import os
from pathlib import Path

import pytest

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.shards.copying import copy_bytes


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
def test_what_is_copied_is_the_same(tmp_path: Path, length: int) -> None:
    (tmp_path / "source").write_bytes(os.urandom(length))

    with (tmp_path / "source").open("rb") as from_, (tmp_path / "to").open("wb") as to:
        copy_bytes(from_.fileno(), to.fileno(), count=length)

    assert (tmp_path / "to").read_bytes() == (tmp_path / "source").read_bytes()


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
