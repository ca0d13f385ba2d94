"""Sharing one real mongod between processes that come, go and are killed."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import bson
import psutil
import pytest
from pymongo import MongoClient

from smart_image_scraper.errors import MongodError, WorkspaceError
from smart_image_scraper.store.mongod import ManagedMongod, find_mongod
from smart_image_scraper.store.mongod.folder import DatabaseFolder
from smart_image_scraper.store.mongod.lock import Lock, is_locked, try_lock
from smart_image_scraper.store.mongod.server import command_line

Until = Callable[[Callable[[], bool]], bool]
Mongods = Callable[[], list[psutil.Process]]
Processes = Callable[[str], list[psutil.Process]]
StartUser = Callable[[], "subprocess.Popen[str]"]
FakeMongod = Callable[[str], Path]


def _ping(uri: str) -> None:
    with MongoClient[dict[str, object]](uri, serverSelectionTimeoutMS=3000) as client:
        client.admin.command("ping")


def _first_line(user: "subprocess.Popen[str]") -> str:
    assert user.stdout is not None
    return user.stdout.readline().strip()


def test_nothing_is_made_or_started_before_it_is_asked_for(folder: Path) -> None:
    mongod = ManagedMongod(folder)

    uri = mongod.uri

    assert not folder.exists()
    assert not mongod.is_running()
    assert uri.startswith("mongodb://%2F")
    assert uri.endswith(".sock/?directConnection=true&journal=true")


def test_a_user_has_a_database_until_its_block_ends(
    mongod: ManagedMongod, until: Until, mongods: Mongods
) -> None:
    with mongod as uri:
        _ping(uri)

    assert uri == mongod.uri
    assert until(lambda: not mongods())


def test_releasing_twice_or_without_use_is_harmless(mongod: ManagedMongod) -> None:
    mongod.release()
    mongod.acquire()

    mongod.release()
    mongod.release()


def test_acquiring_twice_is_one_use(mongod: ManagedMongod, until: Until, mongods: Mongods) -> None:
    mongod.acquire()
    mongod.acquire()

    mongod.release()

    assert until(lambda: not mongods())


def test_only_this_user_can_reach_it_and_only_by_its_socket(
    mongod: ManagedMongod, home: DatabaseFolder, mongods: Mongods
) -> None:
    with mongod:
        (process,) = mongods()
        listening = [c for c in process.net_connections() if c.status == psutil.CONN_LISTEN]
        socket_mode = stat.S_IMODE(home.socket.stat().st_mode)
        folder_modes = {stat.S_IMODE(path.stat().st_mode) for path in (home.root, home.data)}
        files = [path for path in home.root.rglob("*") if path.is_file()]

        assert listening == []
        assert socket_mode == 0o600
        assert folder_modes == {0o700}
        assert all(not path.stat().st_mode & 0o077 for path in files)


def test_an_open_folder_is_closed_to_other_users(mongod: ManagedMongod, folder: Path) -> None:
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)

    with mongod:
        mode = stat.S_IMODE(folder.stat().st_mode)

    assert mode == 0o700


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_server_and_its_supervisor_do_not_get_the_secrets_of_the_environment(
    mongod: ManagedMongod, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIS_KEYS", "a-secret-key")

    with mongod:
        environments = [Path(f"/proc/{p.pid}/environ").read_bytes() for p in processes("--dbpath")]

    assert len(environments) == 2
    assert not any(b"a-secret-key" in environment for environment in environments)


def test_the_supervisor_stays_small(mongod: ManagedMongod, processes: Processes) -> None:
    with mongod:
        (supervisor,) = processes("supervisor.py")

        assert supervisor.memory_info().rss < 25 << 20


def test_twelve_processes_that_start_at_once_share_one_server(
    start_user: StartUser, mongods: Mongods, until: Until
) -> None:
    users = [start_user() for _ in range(12)]

    uris = [_first_line(user) for user in users]
    servers = len(mongods())
    _ping(uris[0])
    for user in users:
        user.kill()

    assert set(uris) != {""}
    assert len(set(uris)) == 1
    assert servers == 1
    assert until(lambda: not mongods())


def test_the_server_outlives_a_killed_user_while_another_uses_it(
    mongod: ManagedMongod, start_user: StartUser
) -> None:
    user = start_user()
    _first_line(user)
    uri = mongod.acquire()

    user.kill()
    user.wait()
    time.sleep(0.3)

    _ping(uri)


def test_a_killed_last_user_leaves_no_server(
    start_user: StartUser, mongods: Mongods, until: Until
) -> None:
    user = start_user()
    _first_line(user)

    user.kill()

    assert until(lambda: not mongods())


def test_a_killed_server_is_started_again_for_those_who_still_use_it(
    mongod: ManagedMongod, start_user: StartUser, mongods: Mongods, until: Until
) -> None:
    _first_line(start_user())
    uri = mongod.acquire()
    (killed,) = mongods()
    killed.kill()
    assert until(lambda: not mongod.is_running())

    again = mongod.acquire()

    assert again == uri
    _ping(uri)
    assert [process.pid for process in mongods()] != [killed.pid]


def test_a_killed_supervisor_takes_the_server_with_it_and_the_next_user_starts_another(
    mongod: ManagedMongod,
    home: DatabaseFolder,
    processes: Processes,
    mongods: Mongods,
    until: Until,
) -> None:
    mongod.acquire()
    (supervisor,) = processes("supervisor.py")
    (orphan,) = mongods()
    supervisor.kill()
    assert until(lambda: not is_locked(home.supervisor_lock))

    uri = mongod.acquire()

    _ping(uri)
    assert orphan.pid not in [process.pid for process in mongods()]
    assert len(processes("supervisor.py")) == 1


def test_a_server_without_a_supervisor_is_replaced_by_one_that_will_be_stopped(
    mongod: ManagedMongod, home: DatabaseFolder, mongods: Mongods, until: Until
) -> None:
    # As a supervisor that was killed leaves it where the kernel does not end it (macOS).
    home.prepare()
    orphan = subprocess.Popen(
        command_line(home, binary=find_mongod(), cache_gb=0.25), stdout=subprocess.DEVNULL
    )
    assert until(home.answers)

    with mongod as uri:
        _ping(uri)
        left = orphan.poll()

    assert left == 0
    assert until(lambda: not mongods())


def test_a_process_that_a_user_leaves_behind_is_no_user(
    folder: Path, mongods: Mongods, until: Until
) -> None:
    script = (
        "import subprocess, sys; from pathlib import Path;"
        "from smart_image_scraper.store.mongod import ManagedMongod;"
        "mongod = ManagedMongod(Path(sys.argv[1])); mongod.acquire();"
        "print(subprocess.Popen(['sleep', '300'], close_fds=False, stdout=-3, stderr=-3).pid)"
    )

    user = subprocess.run(
        [sys.executable, "-c", script, folder], capture_output=True, text=True, check=True
    )

    assert until(lambda: not mongods())
    assert psutil.pid_exists(int(user.stdout))
    os.kill(int(user.stdout), signal.SIGKILL)


def test_users_that_come_while_the_server_stops_get_a_new_one(folder: Path) -> None:
    for _ in range(3):
        with ManagedMongod(folder, cache_gb=0.25) as uri:
            _ping(uri)


def test_two_databases_with_long_paths_have_sockets_of_their_own(
    tmp_path: Path, folder: Path
) -> None:
    deep = folder.joinpath(*["a-folder-with-a-long-name"] * 5)
    one, two = DatabaseFolder(root=deep / "one"), DatabaseFolder(root=deep / "two")

    with ManagedMongod(one.root) as uri:
        _ping(uri)
        mode = stat.S_IMODE(one.socket.parent.stat().st_mode)

    assert len(os.fsencode(one.socket)) < 104
    assert one.socket != two.socket
    assert not one.socket.is_relative_to(tmp_path)
    assert mode == 0o700


@pytest.mark.parametrize("name", ["one, two", "50 % サル", 'it\'s $HOME; "x"'])
def test_a_folder_may_have_any_name(folder: Path, name: str) -> None:
    with ManagedMongod(folder / name) as uri:
        _ping(uri)

        assert (folder / name / "data/WiredTiger").exists()


def test_a_user_waits_no_longer_than_it_was_told(folder: Path, home: DatabaseFolder) -> None:
    home.prepare()
    stopping = try_lock(home.use_lock, Lock.EXCLUSIVE)
    assert stopping is not None

    with stopping, pytest.raises(MongodError, match=r"not ready after 0\.05 s \(other processes"):
        ManagedMongod(folder, timeout_s=0.05).acquire()


def test_a_server_that_does_not_answer_is_given_up_and_stopped(
    folder: Path, fake_mongod: FakeMongod
) -> None:
    silent = ManagedMongod(folder, binary=fake_mongod("exec sleep 60"), timeout_s=0.5)

    with pytest.raises(
        MongodError, match=r"after 0\.5 s \(mongod does not answer\); try again, or"
    ):
        silent.acquire()


def test_a_server_that_ends_at_once_gives_its_reason(folder: Path, fake_mongod: FakeMongod) -> None:
    line = '{"s":"E","id":1,"msg":"Terminating","attr":{"error":"it is Monday"}}'
    broken = ManagedMongod(folder, binary=fake_mongod(f"echo '{line}' >> $LOG; exit 62"))

    with pytest.raises(MongodError) as caught:
        broken.acquire()

    assert str(caught.value) == (
        f"mongod did not start in {folder}: exit code 62; Terminating: it is Monday"
    )


def test_the_words_of_an_earlier_failure_are_not_repeated(
    folder: Path, fake_mongod: FakeMongod
) -> None:
    folder.mkdir()
    (folder / "mongod.log").write_text('{"s":"E","id":1,"msg":"earlier"}\n')
    broken = ManagedMongod(folder, binary=fake_mongod("echo no library >&2; exit 127"))

    with pytest.raises(MongodError, match="no library; exit code 127$"):
        broken.acquire()


def test_after_a_failed_start_the_next_one_succeeds(
    folder: Path, mongod: ManagedMongod, fake_mongod: FakeMongod
) -> None:
    with pytest.raises(MongodError):
        ManagedMongod(folder, binary=fake_mongod("exit 1")).acquire()

    _ping(mongod.acquire())


def test_a_file_that_is_no_program_says_so(folder: Path, tmp_path: Path) -> None:
    program = tmp_path / "mongod"
    program.write_bytes(b"\x00not a program")
    program.chmod(0o700)

    with pytest.raises(MongodError, match="Exec format error.*for another kind of machine"):
        ManagedMongod(folder, binary=program).acquire()


def test_data_of_another_version_of_mongodb_says_so(
    mongod: ManagedMongod, home: DatabaseFolder
) -> None:
    home.prepare()
    engine = {"storage": {"engine": "mmapv1", "options": {}}}  # the engine of before MongoDB 4.2
    (home.data / "storage.bson").write_bytes(bson.encode(engine))

    with pytest.raises(MongodError, match="exit code .*written by another version of MongoDB"):
        mongod.acquire()


def test_a_file_in_the_folders_place_is_named(folder: Path) -> None:
    folder.write_text("in the way")

    with pytest.raises(WorkspaceError, match=rf"the database folder {folder} cannot be used: "):
        ManagedMongod(folder).acquire()


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission_is_named(folder: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(WorkspaceError, match="Permission denied.*make it writable"):
        ManagedMongod(folder).acquire()

    tmp_path.chmod(0o700)


def test_what_is_looked_for_does_not_get_into_the_log_even_if_it_takes_long(
    mongod: ManagedMongod, home: DatabaseFolder
) -> None:
    with mongod as uri, MongoClient[dict[str, object]](uri) as client:
        client.db.photos.insert_one({"title": "a garden in Kyoto"})
        slow = {"title": "a garden in Kyoto", "$where": "sleep(150) || true"}
        found = client.db.photos.find_one(slow)

        assert found is not None
        assert b"Kyoto" not in home.log.read_bytes()


def test_the_server_goes_on_in_a_new_log_when_told_that_it_was_moved(
    mongod: ManagedMongod, home: DatabaseFolder, mongods: Mongods, until: Until
) -> None:
    with mongod:
        home.log.rename(home.log.with_name("mongod.log.1"))

        mongods()[0].send_signal(signal.SIGUSR1)

        assert until(home.log.exists)


def test_a_large_log_is_moved_aside_at_the_start(
    mongod: ManagedMongod, home: DatabaseFolder
) -> None:
    home.root.mkdir(mode=0o700)
    with home.log.open("wb") as log:
        log.truncate((10 << 20) + 1)

    with mongod:
        sizes = home.log.stat().st_size, home.log.with_name("mongod.log.1").stat().st_size

    assert sizes[0] < 1 << 20
    assert sizes[1] == (10 << 20) + 1
