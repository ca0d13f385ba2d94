"""The supervisor with any server: a command that SIGTERM ends, and a lock."""

import signal
import threading
from pathlib import Path

import pytest

from smart_image_scraper.store.mongod.lock import Lock, try_lock
from smart_image_scraper.store.mongod.supervisor import MAX_LOG_BYTES, main, rotate, supervise


def test_a_server_runs_until_its_last_user_has_gone(tmp_path: Path) -> None:
    user = try_lock(tmp_path / "use.lock", Lock.SHARED)
    assert user is not None
    threading.Timer(0.2, user.close).start()

    code = supervise(tmp_path / "use.lock", tmp_path / "log", command=["/bin/sleep", "60"])

    assert user.closed
    assert code == -signal.SIGTERM


def test_the_supervisor_ends_with_a_server_that_ends_by_itself(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    user = try_lock(tmp_path / "use.lock", Lock.SHARED)
    assert user is not None

    with user:
        main([str(tmp_path / "use.lock"), str(tmp_path / "log"), "/bin/sh", "-c", "exit 14"])

    assert capfd.readouterr().out == "exit code 14\n"


def test_a_command_that_cannot_be_run_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    main([str(tmp_path / "use.lock"), str(tmp_path / "log"), "/no/mongod"])

    assert capfd.readouterr().out == "No such file or directory: /no/mongod\n"


def test_a_large_log_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    log, older = tmp_path / "mongod.log", tmp_path / "mongod.log.1"
    log.write_bytes(b"x" * (MAX_LOG_BYTES + 1))
    older.write_bytes(b"older")

    rotated = rotate(log)

    assert rotated
    assert not log.exists()
    assert older.stat().st_size == MAX_LOG_BYTES + 1


def test_the_server_is_told_when_its_log_was_moved_aside(tmp_path: Path) -> None:
    log, told = tmp_path / "mongod.log", tmp_path / "told"
    # Once it runs, the log grows too large; SIGUSR1 must come, and ends it.
    grow = f"trap 'touch {told}; exit 0' USR1; head -c {MAX_LOG_BYTES + 1} /dev/zero > {log};"
    user = try_lock(tmp_path / "use.lock", Lock.SHARED)
    assert user is not None

    with user:
        code = supervise(
            tmp_path / "use.lock",
            log,
            command=["/bin/sh", "-c", f"{grow} while true; do sleep 0.05; done"],
            log_check_s=0.05,
        )

    assert code == 0
    assert told.exists()
    assert (tmp_path / "mongod.log.1").exists()


def test_a_small_or_absent_log_stays(tmp_path: Path) -> None:
    log = tmp_path / "mongod.log"

    without_log = rotate(log)
    log.write_bytes(b"x")
    with_small_log = rotate(log)

    assert not without_log
    assert not with_small_log
    assert log.exists()
