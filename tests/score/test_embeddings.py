"""Embeddings on disk: whole batches, whatever happens, and several processes at once."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.photo import PhotoId
from smart_image_scraper.score import Embeddings
from smart_image_scraper.score.embeddings import SHARD_ROWS, remove_embeddings

APPENDER = """
import sys
from pathlib import Path
import numpy as np
from smart_image_scraper.photo import PhotoId
from smart_image_scraper.score import Embeddings

name, batches = sys.argv[2], int(sys.argv[3])
with Embeddings.open(Path(sys.argv[1]), dimension=4) as embeddings:
    print("open", flush=True)
    for batch in range(batches):
        contents = {PhotoId(f"{name}:{batch}-{number}"): "x" for number in range(16)}
        embeddings.append(contents, np.full((16, 4), batch, np.float32))
        print(batch, flush=True)
"""


def ids(*numbers: int) -> list[PhotoId]:
    return [PhotoId(f"flickr:{number}") for number in numbers]


def vectors(*values: float) -> NDArray[np.float32]:
    return np.array([[value] * 4 for value in values], np.float32)


def kept(embeddings: Embeddings) -> int:
    return sum(len(names) for names, _ in embeddings.blocks())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "embeddings"


@pytest.fixture
def embeddings(folder: Path) -> Iterator[Embeddings]:
    with Embeddings.open(folder, dimension=4) as embeddings:
        yield embeddings


def test_removed_photos_leave_neither_a_row_nor_their_id(folder: Path) -> None:
    backbone = folder / "made@1"
    with Embeddings.open(backbone, dimension=4) as embeddings:
        embeddings.append(dict.fromkeys(ids(1, 2, 3), "a"), vectors(0.1, 0.2, 0.3))

    remove_embeddings(folder, ids(2, 9))
    remove_embeddings(folder, ids(2, 9))

    with Embeddings.open(backbone, dimension=4) as embeddings:
        assert embeddings.missing(dict.fromkeys(ids(1, 2, 3), "a")) == ids(2)
        assert embeddings.read(ids(1, 3))[:, 0] == pytest.approx([0.1, 0.3], abs=1e-3)
        embeddings.append(dict.fromkeys(ids(4), "a"), vectors(0.4))
        assert embeddings.read(ids(3, 4))[:, 0] == pytest.approx([0.3, 0.4], abs=1e-3)
    assert (np.load(backbone / "00000.npy")[:4, 0] > 0).tolist() == [True, False, True, True]
    assert not any(b"flickr:2" in path.read_bytes() for path in backbone.iterdir())


def test_a_photo_that_was_embedded_twice_leaves_no_row_either(folder: Path) -> None:
    backbone = folder / "made@1"
    with Embeddings.open(backbone, dimension=4) as embeddings:
        for content in ("a", "b"):
            embeddings.append(dict.fromkeys(ids(1, 2), content), vectors(0.1, 0.2))

    remove_embeddings(folder, ids(1))

    rows = np.load(backbone / "00000.npy")[:6, 0]
    assert rows == pytest.approx([0, 0.2, 0, 0, 0, 0], abs=1e-3)


def test_where_nothing_was_embedded_nothing_is_removed(folder: Path) -> None:
    remove_embeddings(folder, ids(1))

    assert not folder.exists()


def test_vectors_are_read_in_the_order_of_the_ids(embeddings: Embeddings) -> None:
    embeddings.append(dict.fromkeys(ids(1, 2, 3), "a"), vectors(0.1, 0.2, 0.3))

    assert embeddings.read(ids(3, 1))[:, 0] == pytest.approx([0.3, 0.1], abs=1e-3)
    assert kept(embeddings) == 3
    with pytest.raises(KeyError):
        embeddings.read(ids(4))


def test_a_photo_whose_file_shows_something_else_is_missing_until_it_is_embedded_anew(
    embeddings: Embeddings,
) -> None:
    embeddings.append({ids(1)[0]: "a", ids(2)[0]: "a"}, vectors(1, 2))

    contents = {ids(1)[0]: "b", ids(2)[0]: "a", ids(3)[0]: "c"}
    missing, outdated = embeddings.missing(contents), embeddings.outdated(contents)
    embeddings.append({ids(1)[0]: "b"}, vectors(9))

    assert (missing, outdated) == (ids(1, 3), ids(1))
    assert embeddings.missing({ids(1)[0]: "b"}) == []
    assert embeddings.read(ids(1))[0, 0] == 9
    assert kept(embeddings) == 2
    assert [name for names, _ in embeddings.blocks() for name in names] == ids(1, 2)


def test_more_than_a_shard_is_read_a_shard_at_a_time(embeddings: Embeddings) -> None:
    count = SHARD_ROWS + 3
    embeddings.append(dict.fromkeys(ids(*range(count)), "a"), vectors(*([0.0] * (count - 1)), 7))

    blocks = [(len(names), rows.shape) for names, rows in embeddings.blocks()]

    assert blocks == [(SHARD_ROWS, (SHARD_ROWS, 4)), (3, (3, 4))]
    assert embeddings.read(ids(count - 1, 0))[:, 0].tolist() == [7, 0]


def test_another_process_reads_what_was_appended(folder: Path, embeddings: Embeddings) -> None:
    embeddings.append(dict.fromkeys(ids(1), "a"), vectors(5))

    with Embeddings.open(folder, dimension=4) as other:
        assert other.read(ids(1))[0, 0] == 5


def test_vectors_of_another_shape_are_refused(embeddings: Embeddings) -> None:
    with pytest.raises(ValueError, match="2 photos cannot have vectors"):
        embeddings.append(dict.fromkeys(ids(1, 2), "a"), vectors(1))


def test_a_folder_of_another_dimension_is_named_with_what_to_do(
    folder: Path, embeddings: Embeddings
) -> None:
    embeddings.append(dict.fromkeys(ids(1), "a"), vectors(1))

    with (
        Embeddings.open(folder, dimension=5) as other,
        pytest.raises(WorkspaceError, match=r"no shard of 5 dimensions; remove the folder"),
    ):
        other.read(ids(1))


def test_a_damaged_index_is_named_with_what_to_do(folder: Path) -> None:
    folder.mkdir()
    (folder / "index.sqlite").write_text("no database" * 100)

    with pytest.raises(WorkspaceError, match=r"cannot be read or written .*embed anew"):
        Embeddings.open(folder, dimension=4)


@pytest.mark.parametrize("left", [0, 40, 4096])
def test_a_damaged_shard_is_named_with_what_to_do(
    embeddings: Embeddings, folder: Path, left: int
) -> None:
    embeddings.append(dict.fromkeys(ids(1), "a"), vectors(1))
    shard = folder / "00000.npy"
    shard.write_bytes(shard.read_bytes()[:left])

    with pytest.raises(WorkspaceError, match=r"cannot be read or written .*embed anew"):
        embeddings.read(ids(1))
    with pytest.raises(WorkspaceError, match=r"cannot be read or written .*embed anew"):
        embeddings.append(dict.fromkeys(ids(2), "a"), vectors(2))
    with pytest.raises(WorkspaceError, match=r"cannot be read or written .*embed anew"):
        remove_embeddings(folder.parent, ids(1))


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_kill_9_leaves_whole_batches_that_are_read_and_gone_on_with(folder: Path) -> None:
    with _appending(folder, "killed", batches=10_000) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(4)]
        time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        said += process.stdout.read().splitlines()
    acknowledged = sum(line.strip().isdigit() for line in said)

    with Embeddings.open(folder, dimension=4) as embeddings:
        batches, rest = divmod(kept(embeddings), 16)
        read = embeddings.read([PhotoId(f"killed:{batch}-15") for batch in range(batches)])
        embeddings.append(dict.fromkeys(ids(1), "a"), vectors(3))

        assert rest == 0
        assert acknowledged <= batches <= acknowledged + 1
        assert read[:, 0].tolist() == list(range(batches))
        assert embeddings.read(ids(1))[0, 0] == 3


def test_two_processes_append_at_once_and_neither_writes_over_the_other(folder: Path) -> None:
    processes = [_appending(folder, name, batches=20) for name in ("one", "two")]
    for process in processes:
        process.communicate()

    with Embeddings.open(folder, dimension=4) as embeddings:
        assert kept(embeddings) == 2 * 20 * 16
        for name in ("one", "two"):
            read = embeddings.read([PhotoId(f"{name}:{batch}-7") for batch in range(20)])
            assert read[:, 0].tolist() == list(range(20))


FULL_DISK = ("unshare", "--map-root-user", "--mount", "sh", "-c")
ON_A_FULL_DISK = """
import sys
from pathlib import Path
import numpy as np
from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.photo import PhotoId
from smart_image_scraper.score import Embeddings

disk = Path(sys.argv[1])
many = {PhotoId(f"flickr:{number}"): "x" for number in range(4096)}
with Embeddings.open(disk / "made", dimension=64) as embeddings:
    embeddings.append({PhotoId("flickr:0"): "x"}, np.ones((1, 64), np.float32))
    with open(disk / "others", "wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass
    try:
        embeddings.append(many, np.ones((4096, 64), np.float32))
    except WorkspaceError as error:
        print(error)
    (disk / "others").unlink()
    embeddings.append(many, np.full((4096, 64), 2, np.float32))
    print(len(embeddings.missing(many)), embeddings.read(list(many)).min())
"""


@pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run([*FULL_DISK, "true"], capture_output=True, check=False).returncode != 0,
    reason="a small disk cannot be made here",
)
def test_a_full_disk_is_an_error_and_the_next_batch_is_kept_when_there_is_room(
    tmp_path: Path,
) -> None:
    lines = 'mount -t tmpfs -o size=3m tmpfs "$1" && exec "$2" -c "$3" "$1"'
    command = [*FULL_DISK, lines, "sh", str(tmp_path), sys.executable, ON_A_FULL_DISK]

    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stderr
    said, at_last = ended.stdout.splitlines()
    assert "cannot be read or written ([Errno 28] No space left on device); free some" in said
    assert at_last == "0 2.0"


def _appending(folder: Path, name: str, *, batches: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", APPENDER, str(folder), name, str(batches)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
