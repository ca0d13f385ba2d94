"""The scripts' own logic, which needs no page: run by Node where it is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

SUITES = sorted((Path(__file__).parent / "js").glob("*.test.mjs"))


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
@pytest.mark.parametrize("suite", SUITES, ids=lambda path: path.name)
def test_what_the_scripts_promise_holds(suite: Path) -> None:
    run = subprocess.run(
        ["node", "--test", str(suite)], capture_output=True, text=True, check=False, timeout=60
    )

    assert run.returncode == 0, run.stdout + run.stderr
