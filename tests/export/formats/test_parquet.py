from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from smart_image_scraper.export import FORMATS
from smart_image_scraper.export.columns import columns
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.format import WriteOptions
from smart_image_scraper.photo import Owner


@pytest.fixture
def table(data_sets: Any) -> pa.Table:
    return parquet.read_table(data_sets.folder("parquet") / "photos.parquet")


def test_a_photo_is_a_row_of_all_columns(table: pa.Table, data_sets: Any) -> None:
    told = columns(data_sets.options.concepts)

    assert table.num_rows == 30
    assert table.column_names == [column.name for column in told]
    for entry, row in zip(data_sets.entries, table.to_pylist(), strict=True):
        for column in told:
            expected = column.value(entry)
            assert row[column.name] == (list(expected) if isinstance(expected, tuple) else expected)


def test_columns_are_typed(table: pa.Table) -> None:
    types = {field.name: str(field.type) for field in table.schema}

    assert types["title"] == "string"
    assert types["views"] == "int64"
    assert types["latitude"] == "double"
    assert types["label_monkey"] == "bool"
    assert types["uploaded_at"] == "timestamp[us, tz=UTC]"
    assert types["tags"] == "list<element: string>"
    assert types["lens"] == "string", "not known of any photo"


def test_columns_say_what_they_hold(table: pa.Table) -> None:
    assert table.schema.field("credit").metadata[b"about"] == b"What to write beside the photo."


def test_moments_have_their_zone(table: pa.Table) -> None:
    moment = table.column("uploaded_at")[7].as_py()

    assert moment == datetime(2020, 1, 1, 12, 0, 7, tzinfo=UTC)


def test_rows_come_in_groups_that_are_written_one_by_one(
    make_entry: Callable[..., Entry], tmp_path: Path
) -> None:
    entry = make_entry()

    FORMATS["parquet"].write((entry for _ in range(5_000)), folder=tmp_path, options=WriteOptions())

    metadata = parquet.ParquetFile(tmp_path / "photos.parquet").metadata
    sizes = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    assert sizes == [2000, 2000, 1000]


def test_personal_columns_are_there_where_they_were_asked_for(
    make_entry: Callable[..., Entry], tmp_path: Path
) -> None:
    entry = make_entry()
    entry = replace(entry, photo=replace(entry.photo, owner=Owner(name="Ada")))

    FORMATS["parquet"].write(iter([entry]), folder=tmp_path, options=WriteOptions(personal=True))

    assert parquet.read_table(tmp_path / "photos.parquet").to_pylist()[0]["owner_name"] == "Ada"


def test_a_number_that_is_none_is_not_known(
    make_entry: Callable[..., Entry], tmp_path: Path
) -> None:
    entry = make_entry(scores={"monkey": float("nan"), "cage": float("inf")})

    FORMATS["parquet"].write(
        iter([entry]), folder=tmp_path, options=WriteOptions(concepts=("monkey", "cage"))
    )

    row = parquet.read_table(tmp_path / "photos.parquet").to_pylist()[0]
    assert (row["score_monkey"], row["score_cage"]) == (None, None)
