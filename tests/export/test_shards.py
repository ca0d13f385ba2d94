import tarfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.shards import Background, Shard, _header


@given(
    name=st.from_regex(r"[0-9]{6,12}\.(jpg|png|webp|json|txt)", fullmatch=True),
    length=st.integers(0, 8**11 - 1),
)
def test_a_header_is_that_of_the_standard_library(name: str, length: int) -> None:
    member = tarfile.TarInfo(name)
    member.size = length

    assert _header(name, length) == member.tobuf(tarfile.USTAR_FORMAT)


def test_a_shard_holds_what_was_added_in_its_order(
    make_entry: Callable[..., Entry], tmp_path: Path
) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"x" * 512)
    shard = Shard(tmp_path / "00000.tar")

    shard.add("000", make_entry(file=tmp_path / "photo.jpg"), beside={"json": b"{}", "txt": b""})
    shard.end()
    shard.close()

    with tarfile.open(tmp_path / "00000.tar") as tar:
        found = {member.name: tar.extractfile(member) for member in tar.getmembers()}
        contents = {name: file.read() for name, file in found.items() if file is not None}
    assert contents == {"000.jpg": b"x" * 512, "000.json": b"{}", "000.txt": b""}


def test_calls_run_one_after_another_in_their_order() -> None:
    done: list[int] = []

    with Background() as background:
        for number in range(500):
            background.call(partial(done.append, number))

    assert done == [*range(500)]


def test_what_a_call_raises_is_raised_and_the_calls_behind_it_do_not_run() -> None:
    done: list[int] = []

    def fail() -> None:
        raise OSError(28, "No space left on device")

    def run() -> None:
        with Background() as background:
            background.call(fail)
            background.wait()
            background.call(partial(done.append, 1))

    with pytest.raises(OSError, match="No space left on device"):
        run()

    assert done == []
