"""Where the database's folder may be, and what an error says where it may not."""

import errno
from pathlib import Path

import pytest

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.store.mongod.folder import (
    DatabaseFolder,
    check_local,
    check_space,
    explained,
)

MOUNTS = r"""
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
40 27 0:40 / /home rw,relatime shared:1 - nfs4 server:/home rw,vers=4.2
41 40 254:1 / /home/ana/local\040disk rw - xfs /dev/vdb rw
42 27 0:41 / /media/share rw - cifs //server/share rw
43 27 0:42 / /mnt/photos rw - fuse.sshfs ana@server: rw
44 27 0:43 / /srv rw - nfs server:/srv rw
45 44 254:2 / /srv rw - ext4 /dev/vdc rw
""".strip()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/ana/sis-data/db", "nfs4"),
        ("/home", "nfs4"),
        ("/media/share/db", "cifs"),
        ("/mnt/photos/db", "fuse.sshfs"),
    ],
)
def test_a_network_file_system_is_refused(path: str, kind: str) -> None:
    with pytest.raises(WorkspaceError) as caught:
        check_local(Path(path), mounts=MOUNTS)

    assert str(caught.value) == (
        f"the database folder {path} is on a network file system ({kind}), where MongoDB loses"
        " data; choose a workspace on a local disk, or set SIS_DB to the URI of a server"
    )


@pytest.mark.parametrize(
    "path",
    [
        "/var/db",
        "/homework/db",  # begins like /home, and is not in it
        "/home/ana/local disk/db",  # a local disk within a network one
        "/srv/db",  # mounted over: the later one holds
    ],
)
def test_a_local_file_system_is_taken(path: str) -> None:
    check_local(Path(path), mounts=MOUNTS)


def test_where_mounts_are_not_known_nothing_is_refused() -> None:
    check_local(Path("/home/ana"), mounts="")


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_refused_too(code: int) -> None:
    with (
        pytest.raises(WorkspaceError, match="/data/db is on a file system without locks, where"),
        explained(Path("/data/db")),
    ):
        raise OSError(code, "no locks")


def test_what_the_system_says_becomes_one_sentence() -> None:
    with pytest.raises(WorkspaceError) as caught, explained(Path("/data/db")):
        raise OSError(errno.ENOSPC, "No space left on device", "/data/db/use.lock")

    assert str(caught.value) == (
        "the database folder /data/db cannot be used: No space left on device (/data/db/use.lock);"
        " make it writable, or choose another workspace"
    )


def test_a_time_out_is_left_to_those_who_know_what_was_waited_for() -> None:
    with pytest.raises(TimeoutError), explained(Path("/data/db")):
        raise TimeoutError


def test_a_full_disk_is_told_with_what_is_needed() -> None:
    folder = DatabaseFolder(root=Path("/data/db"))

    with pytest.raises(WorkspaceError) as caught:
        check_space(folder, free=3 << 20)

    assert str(caught.value) == (
        "the disk of /data/db is full: 3 MB are free, and the database needs 150 MB to start;"
        " free some space, or choose another workspace"
    )


def test_a_database_that_has_its_journal_needs_less(tmp_path: Path) -> None:
    folder = DatabaseFolder(root=tmp_path)
    folder.data.mkdir()
    (folder.data / "WiredTiger").touch()

    check_space(folder, free=100 << 20)


def test_a_link_in_the_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "db").mkdir()
    (tmp_path / "db/data").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(WorkspaceError, match="db/data belongs to another user; remove or rename"):
        DatabaseFolder(root=tmp_path / "db").prepare()


def test_preparing_twice_changes_nothing(tmp_path: Path) -> None:
    folder = DatabaseFolder(root=tmp_path / "db")
    folder.prepare()

    folder.prepare()

    assert sorted(path.name for path in folder.root.rglob("*")) == ["data"]
    assert folder.server_pid() is None
    assert not folder.answers()
