"""The first thing that anybody does."""

from collections.abc import Callable
from pathlib import Path

import pytest


def test_the_demo_ends_with_a_data_set_and_says_what_is_in_it(
    sis: Callable, environment: dict[str, str]
) -> None:
    environment["SIS_DB"] = ""
    del environment["SIS_WORKSPACE"]

    outcome = sis("demo", "--photos", "30")

    workspace = Path("sis-demo").resolve()
    lines = outcome.out.splitlines()
    assert outcome.code == 0, outcome.err
    assert lines[0].startswith("search 'monkey': found ")
    assert lines[1].startswith("search 'サル': found ")
    assert lines[2].startswith("download: ")
    assert lines[3] == f"export: {workspace / 'demo.csv'}"
    assert (workspace / "demo.csv").stat().st_size > 1000
    assert list(workspace.glob("files/??/??/*.jpg"))


@pytest.mark.parametrize("again", [1, 2])
def test_the_demo_can_be_repeated(sis: Callable, again: int) -> None:
    for _ in range(again):
        outcome = sis("demo", "--photos", "20")

    assert outcome.code == 0, outcome.err
