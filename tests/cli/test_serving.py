"""`sis serve` and `sis password`."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

Sis = Callable[..., Any]

QUESTIONS = (b"password of the curators: ", b"Repeat for confirmation: ")


@pytest.fixture
def given(tmp_path: Path, environment: dict[str, str]) -> Callable[..., Any]:
    """Run `sis password` without a terminal, with a standard input that holds this."""

    def run(*arguments: str, content: bytes) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "smart_image_scraper", "password", *arguments],
            input=content,
            capture_output=True,
            cwd=tmp_path,
            env=os.environ | environment,
            start_new_session=True,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return run


@pytest.fixture
def asked(tmp_path: Path, environment: dict[str, str]) -> Callable[..., Any]:
    """Run `sis password` in a terminal, where answers are typed."""

    def run(*answers: str) -> subprocess.CompletedProcess[str]:
        ours, theirs = pty.openpty()
        with (
            os.fdopen(ours, "wb", buffering=0) as keyboard,
            os.fdopen(theirs, "rb") as terminal,
            subprocess.Popen(
                [sys.executable, "-m", "smart_image_scraper", "password"],
                stdin=terminal,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=tmp_path,
                env=os.environ | environment,
                start_new_session=True,
            ) as command,
        ):
            assert command.stdout
            assert command.stderr
            said = b""
            for answer in answers:
                # What is typed before the question, a terminal forgets.
                while not said.endswith(QUESTIONS) and (more := command.stderr.read(1)):
                    said += more
                keyboard.write(answer.encode() + b"\n")
                said += b"\n"
            out, rest = command.communicate()
        return subprocess.CompletedProcess(
            command.args, command.returncode, out.decode(), (said + rest).decode()
        )

    return run


@pytest.mark.parametrize(
    ("option", "name"), [((), "SIS_WEB_PASSWORD"), (("--viewer",), "SIS_WEB_VIEWER_PASSWORD")]
)
def test_a_password_is_read_from_a_file_or_pipe_and_its_hash_printed_as_a_setting(
    given: Callable[..., Any], option: tuple[str, ...], name: str
) -> None:
    done = given(*option, content=b"correct horse\r\n")

    assert done.returncode == 0, done.stderr
    setting = re.fullmatch(rf"{name}='(\$argon2id\$v=19\$\S+)'\n", done.stdout)
    assert setting
    assert PasswordHasher().verify(setting[1], "correct horse")
    role = "viewers" if option else "curators"
    assert done.stderr == (
        f"sis: there is no terminal; the password of the {role} is read from standard input, as "
        "one line\n"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "standard input has no line with the password of the curators; write it there"),
        (b"\n", "standard input has no line with the password of the curators; write it there"),
        (b"geheim\xfc\n", "standard input is no UTF-8 text; write the password as UTF-8"),
    ],
)
def test_what_is_no_password_is_refused(
    given: Callable[..., Any], workspace: Path, content: bytes, message: str
) -> None:
    done = given("--store", content=content)

    assert (done.returncode, done.stdout) == (2, "")
    assert f"sis: {message}" in done.stderr
    assert not {"Traceback", "Warning", "geheim"} & set(re.findall(r"\w+", done.stderr))
    assert not workspace.exists()


def test_in_a_terminal_a_password_is_asked_for_until_it_is_typed_twice(
    asked: Callable[..., Any],
) -> None:
    done = asked("one", "two", "three", "three")

    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"SIS_WEB_PASSWORD='\$argon2id\$v=19\$\S+'\n", done.stdout)
    assert "do not match" in done.stderr
    assert "three" not in done.stdout + done.stderr


def test_a_stored_password_is_kept_in_the_workspace_for_its_owner_alone(
    given: Callable[..., Any], workspace: Path
) -> None:
    done = given("--store", content=b"correct horse\n")

    path = workspace / "passwords"
    assert done.stdout == f"password: {path}\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text())["curator"].startswith("$argon2id$")


@pytest.mark.parametrize(
    ("arguments", "settings", "message"),
    [
        (
            ("--host", "0.0.0.0", "--port", "0"),
            {},
            "0.0.0.0 can be reached from other machines, and there is no password; make one",
        ),
        (
            ("--url", "https://photos.example.org", "--port", "0"),
            {},
            "https://photos.example.org can be reached from other machines",
        ),
        (
            ("--port", "0"),
            {"SIS_WEB_PASSWORD": "hunter2"},
            "set to something that is no argon2 hash; make one with `sis password`",
        ),
        (("--tls-cert", __file__, "--port", "0"), {}, "--tls-cert and --tls-key go together"),
        (
            ("--tls-cert", __file__, "--tls-key", __file__, "--port", "0"),
            {},
            f"{__file__} and {__file__} are no certificate and its key, in PEM and without a pass",
        ),
        (("--proxy", "nginx", "--port", "0"), {}, "'nginx' is no address of a proxy; write the"),
        (("--url", "photos", "--port", "0"), {}, "'photos' is no address of a site"),
        (("--host", "203.0.113.1"), {}, "203.0.113.1, port 8000: cannot be bound to"),
        (("--port", "0"), {"SIS_WEB_TILES": "javascript:alert(1)"}, "is no address of tiles"),
    ],
)
def test_what_would_be_unsafe_or_cannot_be_is_one_sentence(
    sis: Sis, arguments: tuple[str, ...], settings: dict[str, str], message: str
) -> None:
    outcome = sis("serve", *arguments, **settings)

    assert outcome.code == 2
    assert message in outcome.err
    assert "hunter2" not in outcome.err


def test_whoever_presses_ctrl_c_twice_sees_no_traceback(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    nobody = {"SIS_DB": "mongodb://127.0.0.1:9/sis", "PYTHONUNBUFFERED": "1"}
    serving = subprocess.Popen(
        [sys.executable, "-m", "smart_image_scraper", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=os.environ | environment | nobody,
    )
    assert serving.stdout is not None
    address = serving.stdout.readline().removeprefix("serve: ").strip()
    wait_for(f"{address}/healthz")

    serving.send_signal(signal.SIGINT)
    time.sleep(0.5)
    serving.send_signal(signal.SIGINT)
    _, said = serving.communicate(timeout=120)

    assert "Traceback" not in said
    assert serving.returncode == 130


def test_a_workspace_that_is_not_there_is_said_to_be_none(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "smart_image_scraper", "serve", "--port", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=os.environ | environment | {"SIS_DB": "", "SIS_WORKSPACE": "typo"},
    ) as serving:
        assert serving.stderr is not None
        said = serving.stderr.readline()
        serving.terminate()

    assert said.startswith(f"sis: {tmp_path / 'typo'}: there is no workspace with photos; name the")


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError):
            urllib.request.urlopen(address, timeout=5).close()
            return
        time.sleep(0.1)


def test_a_port_that_is_taken_is_said_to_be(sis: Sis) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        outcome = sis("serve", "--port", str(taken.getsockname()[1]))

    assert outcome.code == 2
    assert "choose another one with --host or --port" in outcome.err
