import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from smart_image_scraper.errors import SisError, UsageError, WorkspaceError
from smart_image_scraper.export.folder import folder_written_whole, written_file

MANIFEST = '{"smart_image_scraper": "0.1.0"}'


def write_data_set(to: Path, text: str, *, instead: bool = False, private: bool = False) -> None:
    with folder_written_whole(to, private=private, instead=instead) as folder:
        (folder / "photos.csv").write_text(text)
        (folder / "manifest.json").write_text(MANIFEST)


def killed_while(doing: str, to: Path) -> None:
    """Run some lines in a folder that is being written, in a process that kills itself there."""
    lines = f"""
        import os, signal
        from pathlib import Path
        from smart_image_scraper.export.folder import folder_written_whole

        to = Path({str(to)!r})
        with folder_written_whole(to, private=False, instead=True) as folder:
            (folder / "part.csv").write_text("half")
            {doing}
            os.kill(os.getpid(), signal.SIGKILL)
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(lines)], check=False)
    assert ended.returncode == -signal.SIGKILL


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_appears_with_all_that_was_written_into_it(tmp_path: Path) -> None:
    with folder_written_whole(tmp_path / "monkeys", private=False) as folder:
        (folder / "deep" / "er").mkdir(parents=True)
        (folder / "deep" / "er" / "photo.jpg").write_bytes(b"photo")
        assert names(tmp_path) == ["monkeys.partial"]

    assert names(tmp_path) == ["monkeys"]
    assert names(tmp_path / "monkeys") == ["deep"]
    assert (tmp_path / "monkeys" / "deep" / "er" / "photo.jpg").read_bytes() == b"photo"


def test_an_empty_folder_may_be_there(tmp_path: Path) -> None:
    (tmp_path / "monkeys").mkdir()

    write_data_set(tmp_path / "monkeys", "rows")

    assert (tmp_path / "monkeys" / "photos.csv").read_text() == "rows"


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def write_half() -> None:
        with folder_written_whole(tmp_path / "monkeys", private=False) as folder:
            (folder / "photos.csv").write_text("half")
            raise SisError("the store does not answer")

    with pytest.raises(SisError, match="the store does not answer"):
        write_half()

    assert names(tmp_path) == []


def test_a_full_disk_is_told_with_the_place(tmp_path: Path) -> None:
    with (
        pytest.raises(WorkspaceError) as caught,
        folder_written_whole(tmp_path / "monkeys", private=False),
    ):
        raise OSError(28, "No space left on device")

    assert str(caught.value) == (
        f"{tmp_path}/monkeys: cannot be written, and was not: No space left on device"
    )
    assert names(tmp_path) == []


def test_what_a_killed_export_left_is_no_data_set_and_the_next_one_removes_it(
    tmp_path: Path,
) -> None:
    killed_while("pass", tmp_path / "monkeys")
    left = names(tmp_path)

    write_data_set(tmp_path / "monkeys", "rows")

    assert left == ["monkeys.partial"]
    assert names(tmp_path) == ["monkeys"]
    assert names(tmp_path / "monkeys") == ["manifest.json", "photos.csv"]


@pytest.mark.parametrize(
    "moment",
    [
        "pass",
        "(folder / 'manifest.json').write_text(MANIFEST); (folder / '.unfinished').unlink()",
        "to.rename(to.with_name('monkeys.before'))",
    ],
    ids=["while it writes", "when it has written", "between the two renames"],
)
def test_a_data_set_that_was_to_be_replaced_survives_a_kill(tmp_path: Path, moment: str) -> None:
    write_data_set(tmp_path / "monkeys", "before")
    killed_while(moment.replace("MANIFEST", repr(MANIFEST)), tmp_path / "monkeys")

    with pytest.raises(UsageError, match="a data set is there"):
        write_data_set(tmp_path / "monkeys", "after")

    assert (tmp_path / "monkeys" / "photos.csv").read_text() == "before"


def test_a_data_set_of_ours_is_replaced_where_that_is_asked_for(tmp_path: Path) -> None:
    write_data_set(tmp_path / "monkeys", "before")
    (tmp_path / "monkeys" / "more").write_text("of before")

    write_data_set(tmp_path / "monkeys", "after", instead=True)

    assert names(tmp_path) == ["monkeys"]
    assert names(tmp_path / "monkeys") == ["manifest.json", "photos.csv"]
    assert (tmp_path / "monkeys" / "photos.csv").read_text() == "after"


def test_a_data_set_stays_where_its_replacement_fails(tmp_path: Path) -> None:
    write_data_set(tmp_path / "monkeys", "before")

    with (
        pytest.raises(SisError, match="broken"),
        folder_written_whole(tmp_path / "monkeys", private=False, instead=True),
    ):
        raise SisError("broken")

    assert (tmp_path / "monkeys" / "photos.csv").read_text() == "before"
    assert names(tmp_path) == ["monkeys"]


def make_other_data(place: Path) -> None:
    place.mkdir()
    (place / "thesis.tex").write_text("years of work")


def make_other_manifest(place: Path) -> None:
    place.mkdir()
    (place / "manifest.json").write_text('{"name": "an app"}')


def make_link(place: Path) -> None:
    place.symlink_to("elsewhere")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (make_other_data, "this folder is not empty, and no data set of ours; name another one"),
        (make_other_manifest, "this folder is not empty, and no data set of ours"),
        (Path.touch, "this is no folder; name one that is not there yet"),
        (make_link, "this is a link; name the folder that it leads to, or another one"),
    ],
)
@pytest.mark.parametrize("instead", [False, True])
def test_what_is_no_data_set_of_ours_is_never_touched(
    tmp_path: Path, make: Callable[[Path], None], message: str, *, instead: bool
) -> None:
    make(tmp_path / "monkeys")
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(UsageError, match=f"monkeys: {message}"):
        write_data_set(tmp_path / "monkeys", "rows", instead=instead)

    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("make", [make_other_data, make_other_manifest, Path.touch, make_link])
@pytest.mark.parametrize("instead", [False, True])
def test_what_comes_to_the_place_while_a_data_set_is_written_is_not_touched_either(
    tmp_path: Path, make: Callable[[Path], None], *, instead: bool
) -> None:
    make(tmp_path / "other")
    come = sorted(path.name for path in (tmp_path / "other").rglob("*"))

    with (
        pytest.raises(UsageError, match="monkeys: this "),
        folder_written_whole(tmp_path / "monkeys", private=False, instead=instead),
    ):
        (tmp_path / "other").rename(tmp_path / "monkeys")

    assert names(tmp_path) == ["monkeys"]
    assert sorted(path.name for path in (tmp_path / "monkeys").rglob("*")) == come


@pytest.mark.parametrize("make", [make_other_data, Path.touch, make_link])
def test_what_is_in_the_way_of_a_replacement_is_said_before_anything_is_written(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    write_data_set(tmp_path / "monkeys", "before")
    make(tmp_path / "monkeys.before")

    with pytest.raises(UsageError, match=r"monkeys.before: this is in the way, and no data set"):
        write_data_set(tmp_path / "monkeys", "after", instead=True)

    assert (tmp_path / "monkeys" / "photos.csv").read_text() == "before"
    assert names(tmp_path) == ["monkeys", "monkeys.before"]


def test_a_folder_in_the_way_that_is_not_ours_is_never_touched(tmp_path: Path) -> None:
    make_other_data(tmp_path / "monkeys.partial")

    with pytest.raises(UsageError, match=r"monkeys.partial: this is in the way, and no export"):
        write_data_set(tmp_path / "monkeys", "rows")

    assert (tmp_path / "monkeys.partial" / "thesis.tex").exists()


def test_two_exports_do_not_write_to_one_place(tmp_path: Path) -> None:
    with folder_written_whole(tmp_path / "monkeys", private=False) as folder:
        (folder / "photos.csv").write_text("first")

        with pytest.raises(UsageError, match="another export is writing there; wait for it"):
            write_data_set(tmp_path / "monkeys", "second")

    assert (tmp_path / "monkeys" / "photos.csv").read_text() == "first"


@pytest.mark.parametrize("name", [".", "..", "/"])
def test_a_place_without_a_name_is_a_wrong_use(name: str) -> None:
    with pytest.raises(UsageError, match="name a folder that is not there yet"):
        write_data_set(Path(name), "rows")


def test_a_folder_that_is_not_there_is_a_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="none/monkeys: cannot be written there: No such file"):
        write_data_set(tmp_path / "none" / "monkeys", "rows")


def test_a_private_folder_is_closed_to_others_from_its_beginning(tmp_path: Path) -> None:
    with folder_written_whole(tmp_path / "monkeys", private=True) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700

    assert (tmp_path / "monkeys").stat().st_mode & 0o777 == 0o700


def test_a_folder_is_as_open_as_others_unless_it_is_private(tmp_path: Path) -> None:
    (tmp_path / "usual").mkdir()

    write_data_set(tmp_path / "monkeys", "rows")

    assert (tmp_path / "monkeys").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_file_is_described_as_seen_from_its_folder(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / "photos.csv").write_bytes(b"abc")

    file = written_file(tmp_path / "train" / "photos.csv", folder=tmp_path, media_type="text/csv")

    assert (file.path, file.media_type, file.bytes) == ("train/photos.csv", "text/csv", 3)
    assert file.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.skipif(not Path("/proc").is_mount(), reason="there is no such disk")
def test_a_disks_own_folder_cannot_be_replaced_and_that_is_said_first() -> None:
    with (
        pytest.raises(UsageError, match="/proc: another disk begins here, and stays"),
        folder_written_whole(Path("/proc"), private=False),
    ):
        pass
