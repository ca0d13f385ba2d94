import errno
import fcntl
import hashlib
import os
import signal
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from smart_image_scraper.download.files import Files, workspace_errors
from smart_image_scraper.errors import WorkspaceError

WRITER = """
import sys
from pathlib import Path
from smart_image_scraper.download.files import Files

files = Files(Path(sys.argv[1]))
with files.incoming() as file:
    file.write(b"half a photo")
    file.flush()
    print("writing", flush=True)
    sys.stdin.read()
"""


def put(files: Files, content: bytes, *, ending: str = "jpg") -> str:
    with files.incoming() as file:
        file.write(content)
        file.flush()
        sha256 = hashlib.sha256(content).hexdigest()
        return files.keep(Path(file.name), sha256=sha256, ending=ending)


def put_unclaimed(files: Files, content: bytes) -> str:
    with files.incoming() as file:
        file.write(content)
        file.flush()
        sha256 = hashlib.sha256(content).hexdigest()
        return files.keep_unclaimed(Path(file.name), sha256=sha256, ending="jpg")


def all_files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def start_writer(root: Path) -> subprocess.Popen[str]:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "writing\n"
    return writer


def test_a_file_is_named_by_its_content(tmp_path: Path) -> None:
    path = put(Files(tmp_path), b"photo", ending="png")

    sha256 = hashlib.sha256(b"photo").hexdigest()
    assert path == f"{sha256[:2]}/{sha256[2:4]}/{sha256}.png"
    assert (tmp_path / path).read_bytes() == b"photo"


def test_equal_files_are_kept_once(tmp_path: Path) -> None:
    files = Files(tmp_path)

    first = put(files, b"photo")
    inode = (tmp_path / first).stat().st_ino
    second = put(files, b"photo")

    assert first == second
    assert all_files(tmp_path) == [tmp_path / first]
    assert (tmp_path / first).stat().st_ino == inode


def test_a_torn_file_of_the_same_name_is_replaced(tmp_path: Path) -> None:
    files = Files(tmp_path)
    path = tmp_path / put(files, b"photo")
    path.write_bytes(b"pho")

    put(files, b"photo")

    assert path.read_bytes() == b"photo"


def test_a_file_that_is_not_kept_is_gone(tmp_path: Path) -> None:
    files = Files(tmp_path)

    with suppress(KeyboardInterrupt), files.incoming() as file:
        file.write(b"half")
        raise KeyboardInterrupt

    assert all_files(tmp_path) == []


def test_a_file_has_the_permissions_that_files_have(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()

    path = tmp_path / put(Files(tmp_path / "files"), b"photo")

    mode = stat.S_IMODE((tmp_path / "files" / path.relative_to(tmp_path)).stat().st_mode)
    assert mode == stat.S_IMODE(other.stat().st_mode)


def test_a_process_leaves_no_folder_behind(tmp_path: Path) -> None:
    writer = start_writer(tmp_path)

    writer.communicate(timeout=60)

    assert writer.returncode == 0
    assert list((tmp_path / "incoming").iterdir()) == []


def test_the_next_process_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    writer = start_writer(tmp_path)
    writer.send_signal(signal.SIGKILL)
    writer.communicate(timeout=60)
    (left,) = all_files(tmp_path)

    files = Files(tmp_path)

    assert not left.exists()
    assert put(files, b"photo")


def test_the_folder_of_a_living_process_is_left_alone(tmp_path: Path) -> None:
    writer = start_writer(tmp_path)
    (writing,) = all_files(tmp_path)

    Files(tmp_path)

    assert writing.read_bytes() == b"half a photo"
    writer.communicate(timeout=60)


def test_a_folder_is_not_taken_between_its_making_and_its_locking(tmp_path: Path) -> None:
    # Whoever makes or removes folders waits for this lock.
    (tmp_path / "incoming").mkdir()
    descriptor = os.open(tmp_path / "incoming", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    starting = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdin=subprocess.DEVNULL, text=True
    )

    with pytest.raises(subprocess.TimeoutExpired):
        starting.wait(1)
    assert list((tmp_path / "incoming").iterdir()) == []

    os.close(descriptor)
    assert starting.wait(60) == 0


def test_a_stray_file_among_the_folders_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming" / ".DS_Store").touch()

    assert put(Files(tmp_path), b"photo")


def test_a_folder_that_is_a_file_is_named_in_the_message(tmp_path: Path) -> None:
    (tmp_path / "files").touch()

    with pytest.raises(WorkspaceError, match=r"/files cannot be written \(.*\); check that it is"):
        Files(tmp_path / "files")


def test_a_full_disk_is_told_as_one(tmp_path: Path) -> None:
    with (
        pytest.raises(WorkspaceError, match="the disk is full; free some space and run the same"),
        workspace_errors(tmp_path),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")


def unrecorded(_: str) -> bool:
    return False


def test_a_file_that_was_not_claimed_is_removed_by_the_next_process_unless_it_is_recorded(
    tmp_path: Path,
) -> None:
    ended = Files(tmp_path)
    lost, known = put_unclaimed(ended, b"lost"), put_unclaimed(ended, b"known")
    del ended

    Files(tmp_path).drop_unclaimed(is_recorded=lambda path: path == known)

    assert not (tmp_path / lost).exists()
    assert all_files(tmp_path) == [tmp_path / known]


def test_a_claimed_file_stays(tmp_path: Path) -> None:
    ended = Files(tmp_path)
    path = put_unclaimed(ended, b"photo")
    ended.claim(path)
    del ended

    Files(tmp_path).drop_unclaimed(is_recorded=unrecorded)

    assert all_files(tmp_path) == [tmp_path / path]


def test_what_was_not_claimed_is_known_until_somebody_looks(tmp_path: Path) -> None:
    ended = Files(tmp_path)
    path = put_unclaimed(ended, b"photo")
    del ended
    for _ in range(2):
        Files(tmp_path)

    Files(tmp_path).drop_unclaimed(is_recorded=unrecorded)

    assert not (tmp_path / path).exists()


def test_a_killed_process_leaves_its_notes(tmp_path: Path) -> None:
    script = WRITER.replace(
        'print("writing", flush=True)',
        'files.keep_unclaimed(Path(file.name), sha256=64 * "a", ending="jpg"); '
        "import os; os.kill(os.getpid(), 9)",
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    before = (tmp_path / "aa" / "aa" / f"{64 * 'a'}.jpg").read_bytes()

    Files(tmp_path).drop_unclaimed(is_recorded=unrecorded)

    assert before == b"half a photo"
    assert all_files(tmp_path) == []


def test_a_file_that_another_process_is_about_to_record_stays(tmp_path: Path) -> None:
    ended, living = Files(tmp_path), Files(tmp_path)
    path = put_unclaimed(ended, b"photo")
    del ended
    put_unclaimed(living, b"photo")

    Files(tmp_path).drop_unclaimed(is_recorded=unrecorded)

    assert (tmp_path / path).exists()


def test_nothing_is_kept_while_another_process_looks_what_is_recorded(tmp_path: Path) -> None:
    ended, living = Files(tmp_path), Files(tmp_path)
    path = put_unclaimed(ended, b"photo")
    del ended
    keeping = threading.Thread(target=put_unclaimed, args=(living, b"photo"))

    def is_recorded(_: str) -> bool:
        keeping.start()
        keeping.join(0.2)
        return not keeping.is_alive()

    Files(tmp_path).drop_unclaimed(is_recorded=is_recorded)
    keeping.join()

    assert (tmp_path / path).read_bytes() == b"photo"


def test_a_file_is_dropped_unless_it_is_recorded(tmp_path: Path) -> None:
    files = Files(tmp_path)
    lost, known = put(files, b"lost"), put(files, b"known")

    dropped = [files.drop(path, is_recorded=lambda each: each == known) for path in (lost, known)]

    assert dropped == [True, False]
    assert all_files(tmp_path) == [tmp_path / known]


def test_a_file_that_is_not_there_any_more_counts_as_dropped(tmp_path: Path) -> None:
    files = Files(tmp_path)
    path = put(files, b"photo")

    dropped = [files.drop(path, is_recorded=unrecorded) for _ in range(2)]

    assert dropped == [True, True]


def test_a_file_that_another_process_is_about_to_record_is_dropped_by_the_next_if_it_did_not(
    tmp_path: Path,
) -> None:
    erasing, downloading = Files(tmp_path), Files(tmp_path)
    path = put_unclaimed(downloading, b"photo")

    dropped = erasing.drop(path, is_recorded=unrecorded)
    stays = (tmp_path / path).exists()
    downloading.claim(path)  # its record was erased just now, after it was written
    del erasing
    Files(tmp_path).drop_unclaimed(is_recorded=unrecorded)

    assert (dropped, stays) == (False, True)
    assert not (tmp_path / path).exists()
