"""What whole tasks stand on: the command line and the imitation of Flickr as processes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An imitation of Flickr in a process of its own."""

    endpoint: str
    addresses: list[str]
    key: str


@pytest.fixture
def start_site() -> Iterator[Callable[..., Site]]:
    """Start imitations of Flickr, and end them with the test."""
    with ExitStack() as sites:

        def start(*options: str) -> Site:
            process = sites.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "smart_image_scraper.demo", *options],
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            sites.callback(process.terminate)
            assert process.stdout is not None
            return Site(**json.loads(process.stdout.readline()))

        yield start


@pytest.fixture
def settings(tmp_path: Path) -> Callable[[Site, Path], dict[str, str]]:
    """Return the environment of a command that scrapes a site into a workspace."""

    def make(site: Site, workspace: Path) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if "SIS" not in name}
        return inherited | {
            "SIS_WORKSPACE": str(workspace),
            "SIS_STATE_DIR": str(tmp_path / "state"),
            "SIS_FLICKR_URL": site.endpoint,
            "SIS_FLICKR_KEY": site.key,
            "SIS_ALLOW_ADDRESSES": ",".join(site.addresses),
            "SIS_IMAGES_PER_SECOND": "0",
        }

    return make


@pytest.fixture
def command() -> tuple[str, ...]:
    """The start of every command line."""
    return (sys.executable, "-m", "smart_image_scraper")


@pytest.fixture
def listed(command: tuple[str, ...]) -> Callable[[dict[str, str]], list[dict[str, Any]]]:
    """Return what ``sis list`` tells of the photos, in an environment."""

    def call(environment: dict[str, str]) -> list[dict[str, Any]]:
        done = subprocess.run(
            [*command, "list", "--json"], env=environment, capture_output=True, check=True
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    return call


@pytest.fixture
def servers() -> Callable[[Path], list[psutil.Process]]:
    """Return the database servers that run for a workspace."""

    def find(workspace: Path) -> list[psutil.Process]:
        return [
            process
            for process in psutil.process_iter(["name", "cmdline"])
            if process.info["name"] == "mongod" and str(workspace) in str(process.info["cmdline"])
        ]

    return find
