"""The scripts' own logic, which needs no page: run by Node where it is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

import smart_image_scraper

SCRIPTS = Path(smart_image_scraper.__file__).parent / "web/static"
OWN = sorted([*SCRIPTS.glob("js/*.js"), *SCRIPTS.glob("css/*.css")])
SUITES = sorted((Path(__file__).parent / "js").glob("*.test.mjs"))


@pytest.mark.parametrize("script", OWN, ids=lambda path: path.name)
def test_a_script_or_style_sheet_has_at_most_300_lines(script: Path) -> None:
    assert len(script.read_text("utf-8").splitlines()) <= 300


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
@pytest.mark.parametrize("suite", SUITES, ids=lambda path: path.name)
def test_what_the_scripts_promise_holds(suite: Path) -> None:
    run = subprocess.run(
        ["node", "--test", str(suite)], capture_output=True, text=True, check=False, timeout=60
    )

    assert run.returncode == 0, run.stdout + run.stderr
