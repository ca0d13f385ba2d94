"""Many processes at once on one workspace."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil

TWELVE = 12


def test_twelve_processes_share_one_database_and_leave_none_behind(
    start_site: Callable,
    settings: Callable,
    command: tuple[str, ...],
    listed: Callable,
    servers: Callable,
    tmp_path: Path,
) -> None:
    site = start_site("--photos", "60")
    environment = settings(site, tmp_path / "workspace")
    terms = ["monkey", "サル", "cage", "forest"] * 3
    running = [
        subprocess.Popen(
            [*command, "search", term, "--json"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for term in terms
    ]
    most = 0

    while any(process.poll() is None for process in running):
        most = max(most, len(servers(tmp_path)))
        time.sleep(0.02)  # for the processes' own work
    said = [process.communicate() for process in running]

    assert [process.returncode for process in running] == [0] * TWELVE, said
    assert most == 1
    psutil.wait_procs(servers(tmp_path), timeout=60)
    assert servers(tmp_path) == []
    photos = listed(environment)
    found = {json.loads(out)["term"]: json.loads(out)["found"] for out, _ in said}
    for term, count in found.items():
        assert sum(term in [hit["term"] for hit in p["searches"]] for p in photos) == count


def test_the_last_process_may_be_killed_and_no_database_is_left(
    start_site: Callable,
    settings: Callable,
    command: tuple[str, ...],
    servers: Callable,
    tmp_path: Path,
) -> None:
    site = start_site("--photos", "60", "--latency", "1")
    environment = settings(site, tmp_path / "workspace")

    with subprocess.Popen(
        [*command, "scrape", "monkey"], env=environment, stderr=subprocess.DEVNULL
    ) as scrape:
        while not servers(tmp_path) and scrape.poll() is None:
            time.sleep(0.02)
        begun = servers(tmp_path)
        scrape.kill()
    psutil.wait_procs(begun, timeout=60)

    assert begun
    assert servers(tmp_path) == []
