"""A command that is asked to stop, stops tidily."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest


def _ignore_interrupts() -> None:
    """Begin as a shell begins what it runs in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@pytest.mark.parametrize(
    ("how", "begin"),
    [(signal.SIGINT, None), (signal.SIGTERM, None), (signal.SIGTERM, _ignore_interrupts)],
    ids=["Ctrl-C", "SIGTERM", "SIGTERM in the background"],
)
def test_a_stopped_scrape_says_how_to_go_on_and_leaves_nothing_half(
    how: signal.Signals,
    begin: Callable[[], None] | None,
    start_site: Callable,
    settings: Callable,
    command: tuple[str, ...],
    tmp_path: Path,
) -> None:
    site = start_site("--photos", "200", "--latency", "0.5")
    workspace = tmp_path / "workspace"
    environment = settings(site, workspace)
    scrape = [*command, "scrape", "monkey", "--size", "320"]

    with subprocess.Popen(
        scrape,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=begin,  # noqa: PLW1509 — what it does is safe beside threads
    ) as stopped:
        while not list(workspace.glob("files/??/??/*")) and stopped.poll() is None:
            time.sleep(0.02)
        stopped.send_signal(how)
        _, said = stopped.communicate(timeout=120)

    assert stopped.returncode == 130
    assert said.endswith("sis: stopped; run the same command to go on where it was\n")
    assert "Traceback" not in said
    kept = [path for path in (workspace / "files").rglob("*") if path.is_file()]
    listed = subprocess.run(
        [*command, "list", "--with-file"], env=environment, capture_output=True, check=True
    )
    assert len(listed.stdout.splitlines()) == len(kept)


def test_a_reader_that_has_seen_enough_is_no_error(
    start_site: Callable, settings: Callable, command: tuple[str, ...], tmp_path: Path
) -> None:
    environment = settings(start_site("--photos", "60"), tmp_path / "workspace")
    subprocess.run([*command, "search", "monkey"], env=environment, check=True, capture_output=True)
    listing = f"'{sys.executable}' -m smart_image_scraper list --json | head -n 1"

    seen = subprocess.run(
        ["bash", "-o", "pipefail", "-c", listing], env=environment, capture_output=True, check=False
    )

    assert seen.stdout.count(b"\n") == 1
    assert seen.stderr == b""


def test_the_demo_can_be_left_running_for_commands_of_ones_own(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    plain = {name: value for name, value in os.environ.items() if "SIS" not in name}
    own = plain | {"SIS_STATE_DIR": str(tmp_path / "state")}
    demo = [*command, "demo", "--photos", "30", "--serve", "--port", "0"]
    demo += ["--workspace", str(tmp_path / "demo")]
    exported: dict[str, str] = {}

    with subprocess.Popen(demo, env=own, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        try:
            for line in serving.stdout:
                exported |= dict(re.findall(r"(SIS_\w+)=(\S+)", line))
                if "sis scrape" in line:
                    break
            scrape = [*command, "scrape", "cage", "-n", "2", "--workspace", str(tmp_path / "own")]
            outcome = subprocess.run(
                scrape, env=own | exported, capture_output=True, text=True, check=False
            )
            serving.send_signal(signal.SIGINT)
            code = serving.wait(120)
        finally:
            serving.kill()

    assert outcome.stdout.startswith("search 'cage': found 2 of about ")
    assert code == 0
