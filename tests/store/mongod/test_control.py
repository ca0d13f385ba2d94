"""``sis db``: a server without users, from start to stop."""

import socket
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psutil
import pytest
from pymongo import MongoClient

from smart_image_scraper.errors import MongodError, WorkspaceError
from smart_image_scraper.store.mongod import ManagedMongod, find_mongod, start, status, stop
from smart_image_scraper.store.mongod.folder import DatabaseFolder
from smart_image_scraper.store.mongod.lock import Lock, try_lock

Until = Callable[[Callable[[], bool]], bool]
Mongods = Callable[[], list[psutil.Process]]


def test_a_started_server_runs_without_users_until_it_is_stopped(
    folder: Path, mongods: Mongods
) -> None:
    uri = start(folder)
    with MongoClient[dict[str, object]](uri, serverSelectionTimeoutMS=3000) as client:
        client.admin.command("ping")

    stopped = stop(folder)

    assert stopped
    assert mongods() == []


def test_starting_twice_and_stopping_twice_are_harmless(folder: Path) -> None:
    uris = start(folder), start(folder)

    stops = stop(folder), stop(folder)

    assert uris[0] == uris[1]
    assert stops == (True, True)


def test_stopping_leaves_the_server_to_those_who_still_use_it(
    folder: Path, mongod: ManagedMongod, until: Until, mongods: Mongods
) -> None:
    start(folder)
    mongod.acquire()

    stopped = stop(folder)
    still_running = mongod.is_running()
    mongod.release()

    assert not stopped
    assert still_running
    assert until(lambda: not mongods())


def test_stopping_what_never_ran_changes_nothing(folder: Path) -> None:
    stopped = stop(folder)

    assert stopped
    assert not folder.exists()


def test_a_stop_that_takes_too_long_says_so(folder: Path, home: DatabaseFolder) -> None:
    home.prepare()
    supervisor, stopping = (
        try_lock(path, Lock.EXCLUSIVE) for path in (home.supervisor_lock, home.use_lock)
    )
    assert supervisor is not None
    assert stopping is not None

    with supervisor, stopping, pytest.raises(MongodError, match=r"not stopped in time; see .*log"):
        stop(folder, timeout_s=0.05)


def test_a_holder_whose_pipe_was_replaced_is_an_error(folder: Path, home: DatabaseFolder) -> None:
    home.prepare()
    held = try_lock(home.holder_lock, Lock.EXCLUSIVE)
    assert held is not None

    with held, pytest.raises(WorkspaceError, match="No such file"):
        stop(folder)


def test_the_status_of_a_running_server(folder: Path, mongods: Mongods) -> None:
    uri = start(folder)

    found = status(folder)
    (process,) = mongods()
    stop(folder)

    assert found.is_running
    assert found.is_held
    assert found.uri == uri
    assert found.pid == process.pid
    assert found.version is not None
    assert found.disk_bytes > 0
    assert found.binary == find_mongod()


def test_a_server_that_does_not_say_its_version_has_none(
    folder: Path, home: DatabaseFolder
) -> None:
    home.prepare()
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(home.socket))
        silent.listen()

        found = status(folder)

    assert found.is_running
    assert found.version is None


def test_the_status_of_what_never_ran_is_found_without_making_it(folder: Path) -> None:
    found = status(folder, binary=Path("/no/mongod"))

    assert not folder.exists()
    assert (found.is_running, found.is_held, found.pid, found.disk_bytes) == (False, False, None, 0)
    assert (found.version, found.end_of_life, found.binary) == (None, None, None)
    assert found.warning(date(2030, 1, 1)) is None


def test_a_version_without_security_fixes_is_warned_of(
    folder: Path, fake_mongod: Callable[[str], Path]
) -> None:
    found = status(folder, binary=fake_mongod("echo db version v6.0.5"))

    assert found.warning(date(2025, 7, 31)) is None
    assert found.warning(date(2025, 8, 1)) == (
        "MongoDB 6.0.5 has had no security fixes since 2025-07-31; only this user can reach it,"
        " but install a newer mongod when you can"
    )
