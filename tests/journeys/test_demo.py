"""The first thing that anybody does."""

from collections.abc import Callable
from pathlib import Path


def test_the_demo_ends_with_a_data_set_of_its_own_and_says_what_is_in_it(sis: Callable) -> None:
    outcome = sis("demo", "--photos", "30")

    workspace = Path("sis-demo").resolve()
    lines = outcome.out.splitlines()
    assert outcome.code == 0, outcome.err
    assert lines[0].startswith("search 'monkey': found ")
    assert lines[1].startswith("search 'サル': found ")
    assert lines[2].startswith("download: ")
    assert lines[3].startswith("inspect: ")
    assert lines[4].startswith("geocode: ")
    assert lines[5].startswith("duplicates: ")
    assert lines[6] == f"export: {workspace / 'demo.csv'}"
    assert (workspace / "demo.csv").stat().st_size > 1000
    assert list(workspace.glob("files/??/??/*.jpg"))
    # Neither the workspace nor the database of the settings has got any of it.
    assert sis("list").out == ""


def test_the_demo_can_be_repeated(sis: Callable) -> None:
    sis("demo", "--photos", "20")

    again = sis("demo", "--photos", "20")

    assert again.code == 0, again.err
    assert "(0 new, " in again.out
