import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from PIL import Image

from smart_image_scraper.exif import find_exiftool


def install(folder: Path, *, answer: str) -> None:
    program = folder / "exiftool"
    program.write_text(f"#!/bin/sh\n{answer}\n")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ("echo 13.59", "13.59"),
        ("echo 12.38", "12.38"),
        ("echo 12.37", None),
        ("echo perl: no such module", None),
        ("exit 2", None),
    ],
)
def test_only_an_exiftool_without_known_holes_is_used(
    answer: str, version: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, answer=answer)
    monkeypatch.setenv("PATH", str(tmp_path))

    found = find_exiftool()

    assert found == ((tmp_path / "exiftool", version) if version else None)


def test_none_is_found_where_none_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_exiftool() is None


READING = """
import sys, time
from pathlib import Path
from smart_image_scraper.exif import MetadataReader
reader = MetadataReader.installed()
reader.read(Path(sys.argv[1]))
print("read", flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(not shutil.which("setpriv"), reason="the kernel is asked by way of setpriv")
def test_no_exiftool_outlives_a_program_that_was_killed(exiftool: Path, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    Image.linear_gradient("L").save(picture)
    command = [sys.executable, "-c", READING, str(picture)]

    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "read\n"
        (child,) = psutil.Process(program.pid).children()
        program.kill()

    child.wait(timeout=60)
