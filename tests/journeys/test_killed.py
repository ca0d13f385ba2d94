"""A scrape that is killed, again and again, ends as if it had not been."""

import json
import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

KILLS = 10
SCRAPE = ("scrape", "monkey", "サル", "cage", "-n", "60", "--size", "320")


def facts(photos: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is known of every photo, without the times at which it was done."""
    for photo in photos:
        photo["searches"] = sorted(photo["searches"], key=str)
        for part in (photo["file"], *photo["failures"].values()):
            if part:
                part.pop("fetched_at", None)
                part.pop("at", None)
        photo.pop("checked_at")
    return photos


def files(workspace: Path) -> set[str]:
    return {
        str(path.relative_to(workspace / "files"))
        for path in (workspace / "files").rglob("*")
        if path.is_file()
    }


def test_ten_kills_lose_nothing_and_double_nothing(
    start_site: Callable,
    settings: Callable,
    command: tuple[str, ...],
    listed: Callable,
    servers: Callable,
    tmp_path: Path,
) -> None:
    site = start_site("--photos", "300", "--latency", "0.05")
    unbroken = settings(site, tmp_path / "unbroken")
    broken = settings(site, tmp_path / "broken")
    moments = random.Random(20)
    subprocess.run([*command, *SCRAPE], env=unbroken, capture_output=True, check=False)

    for _ in range(KILLS):
        with subprocess.Popen(
            [*command, *SCRAPE],
            env=broken,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as scrape:
            time.sleep(moments.uniform(0.2, 2.5))
            scrape.kill()
    last = subprocess.run([*command, *SCRAPE], env=broken, capture_output=True, check=False)

    expected = facts(listed(unbroken))
    assert last.returncode in {0, 3}, last.stderr
    assert facts(listed(broken)) == expected
    assert len({photo["id"] for photo in expected}) == len(expected) > 60
    paths = {photo["file"]["path"] for photo in expected if photo["file"]}  # type: ignore[index]
    assert files(tmp_path / "broken") == files(tmp_path / "unbroken") == paths
    psutil.wait_procs(servers(tmp_path), timeout=60)
    assert servers(tmp_path) == []


def test_an_exhaustive_search_that_is_killed_goes_on_where_it_was(
    start_site: Callable,
    settings: Callable,
    command: tuple[str, ...],
    listed: Callable,
    tmp_path: Path,
) -> None:
    site = start_site("--photos", "5000")
    search = (*command, "search", "--exhaustive", "--json", "--", "-nosuchword")
    paced = {"SIS_FLICKR_CALLS_PER_SECOND": "4"}
    unbroken = settings(site, tmp_path / "unbroken") | paced
    broken = settings(site, tmp_path / "broken") | paced
    moments = random.Random(7)
    whole = subprocess.run(search, env=unbroken, capture_output=True, check=True)

    kills = 0
    for _ in range(4):
        with subprocess.Popen(
            search, env=broken, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                process.wait(timeout=moments.uniform(1, 3))
            except subprocess.TimeoutExpired:
                process.kill()
                kills += 1
    last = subprocess.run(search, env=broken, capture_output=True, check=True)

    expected, found = json.loads(whole.stdout), json.loads(last.stdout)
    assert facts(listed(broken)) == facts(listed(unbroken))
    assert found["finished"]
    assert expected["found"] > 4_000
    # The last command may have begun anew, if the one before it came to its end.
    assert found["account"]["calls"] <= expected["account"]["calls"] + kills


def test_a_killed_database_loses_no_photo_that_it_acknowledged(
    start_site: Callable,
    settings: Callable,
    command: tuple[str, ...],
    listed: Callable,
    servers: Callable,
    tmp_path: Path,
) -> None:
    site = start_site("--photos", "200", "--latency", "0.2")
    workspace = tmp_path / "workspace"
    environment = settings(site, workspace)
    search = ("search", "monkey", "-n", "200", "--json")
    searched = subprocess.run([*command, *search], env=environment, capture_output=True, check=True)
    found = json.loads(searched.stdout)["found"]
    download = [*command, "download", "--size", "320"]
    psutil.wait_procs(servers(workspace), timeout=60)  # that of the search

    with subprocess.Popen(
        download, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as broken:
        # Sought before: the download goes on while processes are looked through.
        while not (running := servers(workspace)) and broken.poll() is None:
            time.sleep(0.02)
        while len(list(workspace.glob("files/??/??/*"))) < 10 and broken.poll() is None:
            time.sleep(0.02)
        for server in running:
            server.kill()
        _, said = broken.communicate()
    again = subprocess.run(download, env=environment, capture_output=True, text=True, check=False)

    assert broken.returncode == 1, said
    assert "Traceback" not in said
    assert again.returncode in {0, 3}, again.stderr
    photos = facts(listed(environment))
    assert len(photos) == found
    assert all(photo["file"] or photo["failures"] for photo in photos)
