"""The first thing that anybody does."""

import shlex
from collections.abc import Callable
from pathlib import Path


def test_the_demo_ends_with_a_data_set_of_its_own_and_says_what_is_in_it(sis: Callable) -> None:
    outcome = sis("demo", "--photos", "30")

    workspace = Path("sis-demo").resolve()
    lines = outcome.out.splitlines()
    assert outcome.code == 0, outcome.err
    assert lines[0].startswith("search 'monkey': found ")
    assert lines[1].startswith("search 'サル': found ")
    assert lines[2].startswith("search 'parrot': found ")
    assert lines[3].startswith("download: ")
    assert lines[4].startswith("inspect: ")
    assert lines[5].startswith("geocode: ")
    assert lines[6].startswith("duplicates: ")
    assert lines[7].startswith("embed: ")
    assert lines[8].startswith("train: demo@1 knows monkey (ROC AUC ")
    assert lines[9].startswith("score: ")
    assert lines[10] == f"export: {workspace / 'demo.csv'}"
    assert lines[-1] == f"  sis serve --open --workspace {workspace}"
    # Monkeys were looked for, and most of them are found: a deep model has really run.
    likely = sis("list", "--score", "monkey>=0.5", "--workspace", str(workspace), SIS_DB="")
    assert 5 <= len(likely.out.splitlines()) <= 25
    assert (workspace / "demo.csv").stat().st_size > 1000
    assert list(workspace.glob("files/??/??/*.jpg"))
    # Neither the workspace nor the database of the settings has got any of it.
    assert sis("list").out == ""


def test_the_demo_can_be_repeated(sis: Callable) -> None:
    sis("demo", "--photos", "20")

    again = sis("demo", "--photos", "20")

    assert again.code == 0, again.err
    assert "(0 new, " in again.out


def test_what_the_demo_says_to_try_next_runs_as_it_stands_there(sis: Callable) -> None:
    workspace = Path("my demo's 写真").resolve()

    said = sis("demo", "--photos", "3", "--workspace", str(workspace)).out

    (shown,) = [line.strip() for line in said.splitlines() if "sis status" in line]
    assert sis(*shlex.split(shown)[1:], SIS_DB="").out.startswith(f"{workspace}: ")
