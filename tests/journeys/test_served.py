"""From nothing to the photos in the browser."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


@contextmanager
def serving(*arguments: str, folder: Path, settings: dict[str, str]) -> Iterator[str]:
    """Run a command that serves, and return the address once it says it; then end it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "smart_image_scraper", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=os.environ | settings,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        lines = iter(process.stdout.readline, "")
        address = next((line for line in lines if line.startswith("serve: ")), "")
        yield address.removeprefix("serve: ").strip()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, process.stderr.read()
    finally:
        process.kill()
        process.communicate()


def read(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=30) as reply:
        return json.load(reply)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


def test_the_demo_ends_in_the_browser(here: Path, environment: dict[str, str]) -> None:
    arguments = ("demo", "--photos", "30", "--serve", "--port", "0")

    with serving(*arguments, folder=here, settings=environment) as address:
        photos = read(f"{address}/api/photos?order=score:monkey&term=monkey")
        schema = read(f"{address}/api/schema")
        page = urllib.request.urlopen(address).read().decode()

    assert 0 < photos["matching"] < schema["photos"] <= 30
    assert {each["concept"] for each in schema["concepts"]} == {"monkey", "cage"}
    assert schema["problems"] == []
    assert 'src="/static/' in page


def test_an_empty_workspace_is_served_and_says_what_is_missing(
    here: Path, workspace: Path, environment: dict[str, str]
) -> None:
    settings = environment | {"SIS_DB": ""}

    with serving("serve", "--port", "0", folder=here, settings=settings) as address:
        schema = read(f"{address}/api/schema")
        health = read(f"{address}/healthz")

    assert (schema["empty"], schema["photos"]) == (True, 0)
    assert health["status"] == "degraded"
    assert f"{workspace}: there is no workspace with photos" in health["problems"][0]
    assert "begin it with `sis scrape` or `sis import`" in health["problems"][0]
    assert not (workspace / "db").exists()


def test_a_database_that_is_down_is_said_to_be_and_the_page_is_there(
    here: Path, environment: dict[str, str]
) -> None:
    settings = environment | {"SIS_DB": "mongodb://127.0.0.1:9/sis"}

    with serving("serve", "--port", "0", folder=here, settings=settings) as address:
        page = urllib.request.urlopen(address).read().decode()
        health = read(f"{address}/healthz")

    assert 'src="/static/' in page
    (problem,) = health["problems"]
    assert problem.startswith("no database answers at 127.0.0.1:9 within 5 s; see that it runs")
