import subprocess
import sys
from pathlib import Path

CHECK = Path(__file__).parents[1] / "docs" / "check.py"


def test_the_documentation_agrees_with_the_code() -> None:
    outcome = subprocess.run([sys.executable, CHECK], capture_output=True, text=True, check=False)

    assert outcome.stdout == "docs: nothing wrong\n"
