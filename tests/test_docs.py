import subprocess
import sys
from pathlib import Path

CHECK = Path(__file__).parents[1] / "docs" / "check.py"


def test_the_documentation_agrees_with_the_code() -> None:
    outcome = subprocess.run([sys.executable, CHECK], capture_output=True, text=True, check=False)

    assert outcome.stdout == "docs: nothing wrong\n"


def test_examples_keep_their_lines() -> None:
    page = (CHECK.parent / "cli.md").read_text()

    assert "\\b" not in page
    assert '  Example:\n    sis scrape "monkey wild" "サル" -n 500' in page
