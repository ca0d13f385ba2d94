"""A database folder after whose test no server may be left, and processes that use it."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from smart_image_scraper.store.mongod import ManagedMongod
from smart_image_scraper.store.mongod.folder import DatabaseFolder

USER = """
import sys
from pathlib import Path
from smart_image_scraper.store.mongod import ManagedMongod
mongod = ManagedMongod(Path(sys.argv[1]))
print(mongod.acquire(), flush=True)
sys.stdin.read()
"""


def _processes(folder: Path, name: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if any(str(folder) in part for part in command) and any(name in part for part in command):
            found.append(process)
    return found


@pytest.fixture
def processes(folder: Path) -> Callable[[str], list[psutil.Process]]:
    """Return the processes of the test's folder whose command has a word in it."""
    return lambda name: _processes(folder, name)


@pytest.fixture
def mongods(folder: Path) -> Callable[[], list[psutil.Process]]:
    """Return the mongod processes of the test's folder."""
    return lambda: [process for process in _processes(folder, "--dbpath") if _is_mongod(process)]


def _is_mongod(process: psutil.Process) -> bool:
    try:
        return process.name() == "mongod" and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], bool]:
    """Wait up to a minute until something holds; say whether it does."""

    def wait(holds: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + 60
        while not holds() and time.monotonic() < deadline:
            time.sleep(0.02)
        return holds()

    return wait


@pytest.fixture
def folder(tmp_path: Path, until: Callable[[Callable[[], bool]], bool]) -> Iterator[Path]:
    """Return a folder for a database; afterwards no process of it may be left."""
    folder = tmp_path / "db"
    yield folder
    assert until(lambda: not _processes(folder, "--dbpath")), _processes(folder, "--dbpath")


@pytest.fixture
def home(folder: Path) -> DatabaseFolder:
    """Return the paths in the test's folder."""
    return DatabaseFolder(root=folder)


@pytest.fixture
def mongod(folder: Path) -> Iterator[ManagedMongod]:
    """Return a user of the folder's database that has not begun to use it."""
    mongod = ManagedMongod(folder)
    yield mongod
    mongod.release()


@pytest.fixture
def start_user(folder: Path) -> Iterator[Callable[[], "subprocess.Popen[str]"]]:
    """Start processes that use the database until their stdin ends; its address is on stdout."""
    users: list[subprocess.Popen[str]] = []

    def start() -> "subprocess.Popen[str]":
        users.append(
            subprocess.Popen(
                [sys.executable, "-c", USER, folder],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        return users[-1]

    yield start
    for user in users:
        user.communicate()


@pytest.fixture
def fake_mongod(tmp_path: Path) -> Callable[[str], Path]:
    """Make a shell script that stands in for mongod; ``$LOG`` is where it logs."""

    def make(script: str) -> Path:
        path = tmp_path / "fake-mongod"
        find_log = 'while [ $# -gt 0 ]; do [ "$1" = --logpath ] && LOG=$2; shift; done'
        path.write_text(f"#!/bin/sh\n{find_log}\n{script}\n")
        path.chmod(0o700)
        return path

    return make
