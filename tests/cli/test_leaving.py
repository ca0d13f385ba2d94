"""How the program leaves where its output goes nowhere, or it is stopped at once."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SIS = [sys.executable, "-m", "smart_image_scraper"]


@pytest.mark.parametrize("command", ["config", "--help", "--version", "keys --help"])
def test_a_reader_that_has_gone_ends_the_command_without_a_word(command: str) -> None:
    with subprocess.Popen(
        [*SIS, *command.split()], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        _, said = process.communicate()

    assert said == b""
    assert process.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_output_onto_a_full_disk_is_an_error_of_one_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*SIS, "config"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert done.stderr == (
        "sis: standard output cannot be written: No space left on device; what was written is "
        "incomplete\n"
    )
    assert done.returncode == 1


def test_ctrl_c_while_the_program_is_being_loaded_leaves_no_traceback(tmp_path: Path) -> None:
    # A module that takes forever to load, in the place of one that every command needs.
    (tmp_path / "click.py").write_text("import time\nprint('loading', flush=True)\ntime.sleep(60)")
    command = [sys.executable, "-c", "from smart_image_scraper.__main__ import main; main()"]
    begun = time.monotonic()
    with subprocess.Popen(
        command, env={"PYTHONPATH": str(tmp_path)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()

    assert said == b"sis: stopped; run the same command to go on where it was\n"
    assert process.returncode == 130
    assert time.monotonic() - begun < 30


def test_a_current_folder_that_was_removed_is_an_error_of_one_sentence(
    sis: Callable[..., Any],
) -> None:
    Path.cwd().rmdir()

    outcome = sis("config")

    assert outcome.err == (
        "sis: the current folder cannot be used: No such file or directory; change to another one\n"
    )
    assert outcome.code == 1
