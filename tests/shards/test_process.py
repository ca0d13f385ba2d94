import os
import pickle
import signal
import subprocess
import sys
import tarfile
import textwrap
from io import BytesIO
from pathlib import Path

import pytest
from pyarrow import parquet

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.shards import Kind, Sample, ShardProcess
from smart_image_scraper.shards.writer import answer

KINDS = {"key": Kind.TEXT, "views": Kind.INTEGER}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"x" * 512)
    return path


def sample_of(photo: Path, key: str = "000") -> Sample:
    return Sample(
        key=key,
        photo="flickr:1",
        file=str(photo),
        ending=".jpg",
        caption="サル",
        values=f'{{"key":"{key}","views":5}}'.encode(),
    )


def test_shards_that_are_written_at_a_time_hold_their_own_samples_in_order(
    photo: Path, tmp_path: Path
) -> None:
    one, other = str(tmp_path / "one.tar"), str(tmp_path / "other.tar")

    with ShardProcess(kinds=KINDS, about={}) as process:
        process.begin(one)
        process.begin(other)
        process.add(one, sample_of(photo, "000"))
        process.add(other, sample_of(photo, "900"))
        process.add(one, sample_of(photo, "001"))
        process.end(one)
        process.end(other)

    with tarfile.open(one) as tar:
        assert tar.getnames()[::3] == ["000.jpg", "001.jpg"]
        values = tar.extractfile("000.json")
        assert values is not None
        assert values.read() == b'{"key":"000","views":5}'
    with tarfile.open(other) as tar:
        assert tar.getnames() == ["900.jpg", "900.json", "900.txt"]
    table = parquet.read_table(tmp_path / "one.parquet").to_pylist()
    assert table == [{"key": "000", "views": 5}, {"key": "001", "views": 5}]


def write_one(photo: Path, shard: Path) -> None:
    with ShardProcess(kinds=KINDS, about={}) as process:
        process.begin(str(shard))
        process.add(str(shard), sample_of(photo))
        process.end(str(shard))


def test_a_file_that_is_gone_is_told_where_the_export_runs(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="flickr:1: its file .* cannot be read any more"):
        write_one(tmp_path / "gone.jpg", tmp_path / "00000.tar")


def test_a_shard_that_cannot_be_written_is_told_where_the_export_runs(
    photo: Path, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError, match="missing"):
        write_one(photo, tmp_path / "missing" / "00000.tar")


def test_what_went_wrong_is_told_before_all_is_handed_over(tmp_path: Path) -> None:
    shard = str(tmp_path / "00000.tar")
    handed_over = 0

    def hand_over() -> None:
        nonlocal handed_over
        with ShardProcess(kinds=KINDS, about={}) as process:
            process.begin(shard)
            while handed_over < 1_000_000:
                handed_over += 1
                process.add(shard, sample_of(tmp_path / "gone.jpg"))

    with pytest.raises(WorkspaceError, match="cannot be read any more"):
        hand_over()

    assert handed_over < 100_000


def test_a_writer_that_is_killed_ends_the_export_with_a_message(
    photo: Path, tmp_path: Path
) -> None:
    shard = str(tmp_path / "00000.tar")

    def write() -> None:
        with ShardProcess(kinds=KINDS, about={}) as process:
            process.begin(shard)
            process.add(shard, sample_of(photo))
            os.kill(process.id, signal.SIGKILL)
            process.end(shard)

    with pytest.raises(WorkspaceError, match=r"ended too soon \(code -9\)"):
        write()


def test_an_export_that_is_stopped_leaves_no_writer(tmp_path: Path) -> None:
    ids: list[int] = []

    def stop() -> None:
        with ShardProcess(kinds=KINDS, about={}) as process:
            ids.append(process.id)
            process.begin(str(tmp_path / "00000.tar"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()

    with pytest.raises(ProcessLookupError):
        os.kill(ids[0], 0)


def test_a_killed_export_leaves_no_writer(tmp_path: Path) -> None:
    script = f"""
        import os, signal
        from smart_image_scraper.shards import ShardProcess
        process = ShardProcess(kinds={{}}, about={{}})
        process.begin({str(tmp_path / "00000.tar")!r})
        os.kill(os.getpid(), signal.SIGKILL)
    """

    # The writer has the same errors' pipe: it is at its end when the last of both has ended.
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        check=False,
        capture_output=True,
        timeout=60,
    )

    assert done.returncode == -signal.SIGKILL
    assert done.stderr == b""


def calls(*named: object) -> BytesIO:
    return BytesIO(b"".join(map(pickle.dumps, [(KINDS, {}), *named])))


def test_a_writer_does_nothing_for_a_caller_that_ended(tmp_path: Path) -> None:
    shard = tmp_path / "00000.tar"

    with pytest.raises(EOFError):
        answer(calls(("begin", str(shard)), None), caller=-1)

    assert not shard.exists()


def test_a_writer_whose_calls_end_in_mid_sentence_ends_no_shard(tmp_path: Path) -> None:
    shard = tmp_path / "00000.tar"
    cut = calls(("begin", str(shard)), ("end", str(shard))).getvalue()[:-5]

    with pytest.raises(pickle.UnpicklingError):
        answer(BytesIO(cut), caller=os.getppid())

    assert shard.stat().st_size == 0


def test_a_writer_returns_what_went_wrong(tmp_path: Path) -> None:
    shard = str(tmp_path / "00000.tar")
    gone = tmp_path / "gone.jpg"

    error = answer(
        calls(("begin", shard), ("add", shard, sample_of(gone)), None), caller=os.getppid()
    )

    assert isinstance(error, WorkspaceError)
    assert str(error).startswith(f"flickr:1: its file {gone} cannot be read any more")


def test_a_writer_on_a_full_disk_returns_what_went_wrong_first(tmp_path: Path) -> None:
    shard = str(tmp_path / "00000.tar")
    (tmp_path / "00000.parquet").symlink_to("/dev/full")
    gone = tmp_path / "gone.jpg"

    error = answer(
        calls(("begin", shard), ("add", shard, sample_of(gone)), None), caller=os.getppid()
    )

    assert isinstance(error, WorkspaceError)
    assert str(error).startswith(f"flickr:1: its file {gone} cannot be read any more")
