import os
import stat
from pathlib import Path

import pytest

from smart_image_scraper.encrypt import ring_file
from smart_image_scraper.errors import KeyRingError


def test_a_missing_file_names_the_command_that_makes_one(ring_path: Path) -> None:
    with pytest.raises(KeyRingError) as caught:
        ring_file.read(ring_path)

    assert str(caught.value) == (
        f"{ring_path}: there is no key ring; make one with `sis keys init`"
    )


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o601, 0o620])
def test_a_file_on_which_others_have_rights_is_refused(ring_path: Path, mode: int) -> None:
    ring_path.write_text("secret")
    ring_path.chmod(mode)

    with pytest.raises(KeyRingError, match=f"run `chmod 600 {ring_path}`"):
        ring_file.read(ring_path)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file to another user")
def test_a_file_of_another_user_is_refused(ring_path: Path) -> None:
    ring_path.write_text("secret")
    ring_path.chmod(0o600)
    os.chown(ring_path, 12345, -1)

    with pytest.raises(KeyRingError, match="belongs to another user"):
        ring_file.read(ring_path)


def test_a_file_that_is_no_text_is_refused_without_a_word_of_it(ring_path: Path) -> None:
    ring_path.write_bytes(b"secret\xff")
    ring_path.chmod(0o600)

    with pytest.raises(KeyRingError) as caught:
        ring_file.read(ring_path)

    assert str(caught.value) == f"{ring_path}: the key ring is not a text file; restore it"
    assert caught.value.__suppress_context__


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyRingError, match="the key ring cannot be read: Is a directory"):
        ring_file.read(tmp_path)


def test_a_new_file_is_made_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys"

    assert ring_file.write_new(path, "text")
    assert path.read_text() == "text"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_there_is_not_written_anew(ring_path: Path) -> None:
    ring_file.write_new(ring_path, "first")

    assert not ring_file.write_new(ring_path, "second")
    assert ring_path.read_text() == "first"


def test_a_link_that_leads_nowhere_is_not_written_through(ring_path: Path) -> None:
    ring_path.symlink_to("nowhere")

    assert not ring_file.write_new(ring_path, "text")
    assert [path.name for path in ring_path.parent.iterdir()] == ["keys"]


def test_a_file_is_replaced_whole(ring_path: Path) -> None:
    ring_file.write_new(ring_path, "first")

    ring_file.replace(ring_path, "second")

    assert ring_path.read_text() == "second"
    assert [path.name for path in ring_path.parent.iterdir()] == ["keys"]


def test_a_file_that_is_kept_elsewhere_stays_there(ring_path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "ring"
    ring_file.write_new(elsewhere, "first")
    ring_path.symlink_to(elsewhere)

    ring_file.replace(ring_path, "second")

    assert (ring_path.is_symlink(), elsewhere.read_text()) == (True, "second")
    assert list(elsewhere.parent.iterdir()) == [elsewhere]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(KeyRingError, match=r"file/keys: the key ring cannot be written: \w+"):
        ring_file.write_new(tmp_path / "file" / "keys", "text")
