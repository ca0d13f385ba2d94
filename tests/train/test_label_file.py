from pathlib import Path

import pytest

from smart_image_scraper.errors import UsageError
from smart_image_scraper.train.label_file import LabelRow, read_labels


def written(folder: Path, text: str) -> Path:
    path = folder / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_yes_no_and_unknown_are_read_from_a_spreadsheets_file(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufefffilename,monkey,cage\na.jpg,TRUE,no\nb.jpg,,x\n")

    rows = read_labels(path, concepts=("monkey", "cage", "net"))

    assert rows == [
        LabelRow(name="a.jpg", answers={"monkey": True, "cage": False}),
        LabelRow(name="b.jpg", answers={"cage": True}),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,cage\na,1\n", "it takes a column 'id' or 'filename', and at least one of 'cage'"),
        ("id,monkey\na,1\n", "its columns are id, monkey"),
        ("id,cage\na,perhaps\n", "'a' has 'perhaps' for 'cage'; write true, false or nothing"),
    ],
)
def test_a_file_that_is_none_says_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_labels(written(tmp_path, text), concepts=("cage",))


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_labels(tmp_path / "none.csv", concepts=("cage",))
