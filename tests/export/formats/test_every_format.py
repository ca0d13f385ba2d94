import gc
import hashlib
import json
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smart_image_scraper.errors import SisError, UsageError, WorkspaceError
from smart_image_scraper.export import FORMATS
from smart_image_scraper.export.columns import columns
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.folder import folder_written_whole
from smart_image_scraper.export.format import Format, WriteOptions
from tests.made.full_disk import largest_file

MakeEntry = Callable[..., Entry]
WITH_FILES = [form for form in FORMATS.values() if form.needs_files]
WITHOUT_FILES = [form for form in FORMATS.values() if not form.needs_files]

every_format = pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)
with_files = pytest.mark.parametrize("form", WITH_FILES, ids=lambda form: form.name)


def alive() -> int:
    return sum(type(each) is Entry for each in gc.get_objects())


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_the_formats_are_those_that_are_promised() -> None:
    assert [*FORMATS] == [
        *("csv", "json-lines", "parquet", "geojson"),
        *("image-folder", "webdataset", "coco", "fiftyone"),
    ]
    assert all(name == form.name for name, form in FORMATS.items())


@every_format
def test_every_photo_is_counted(form: Format, data_sets: Any) -> None:
    assert data_sets.written[form.name].photos == len(data_sets.entries) == 30


@every_format
def test_every_file_but_the_photos_is_described(form: Format, data_sets: Any) -> None:
    files = contents(data_sets.folder(form.name))
    written = data_sets.written[form.name]
    images = {
        str(path.relative_to(data_sets.folder(form.name)))
        for path in data_sets.folder(form.name).glob(written.images or "none")
        if path.suffix in {".jpg", ".png"}
    }

    assert {file.path for file in written.files} == set(files) - images
    for file in written.files:
        assert file.bytes == len(files[file.path])
        known = (hashlib.sha256(files[file.path]).hexdigest(), file.media_type)
        # A shard's digest would take as long as the shard; each photo's own is in it.
        assert (file.sha256, file.media_type) in {known, (None, "application/x-tar")}


@every_format
def test_a_format_of_one_file_writes_that_alone(form: Format, data_sets: Any) -> None:
    if form.file is not None:
        assert [*contents(data_sets.folder(form.name))] == [form.file]
        assert not form.needs_files


@every_format
def test_the_columns_that_are_told_of_are_columns(form: Format, data_sets: Any) -> None:
    table = data_sets.written[form.name].table
    names = {column.name for column in columns(data_sets.options.concepts)}

    assert {"id", "license", "credit"} & set(table.columns) >= {"credit"}
    assert set(table.columns) <= names
    assert [*data_sets.folder(form.name).glob(table.pattern)] != []


@every_format
def test_credit_and_licence_stand_in_every_format(form: Format, data_sets: Any) -> None:
    entry = data_sets.entries[0]
    text = b"\n".join(contents(data_sets.folder(form.name)).values())

    assert json.dumps(entry.credit)[1:30].encode() in text or entry.credit[:20].encode() in text
    assert b"cc-by-2.0" in text


@every_format
def test_the_same_photos_make_the_same_files(form: Format, data_sets: Any, tmp_path: Path) -> None:
    form.write(iter(data_sets.entries), folder=tmp_path, options=data_sets.options)

    assert contents(tmp_path) == contents(data_sets.folder(form.name))


@every_format
def test_no_photos_are_a_data_set_too(form: Format, tmp_path: Path) -> None:
    written = form.write(iter([]), folder=tmp_path, options=WriteOptions(concepts=("monkey",)))

    assert written.photos == 0
    assert {file.path for file in written.files} == set(contents(tmp_path))


@every_format
@pytest.mark.parametrize("title", ["half \ud83d of one", "nul \0 in it", '"], {\\ \u2028 \n', ""])
def test_any_text_can_be_written(
    form: Format, make_file_entry: MakeEntry, tmp_path: Path, title: str
) -> None:
    (tmp_path / "out").mkdir()
    entry = make_file_entry(tmp_path, 1, title=title, tags=(title,))

    written = form.write(iter([entry]), folder=tmp_path / "out", options=WriteOptions())

    assert written.photos == 1


@every_format
def test_photos_are_taken_one_at_a_time(
    form: Format, make_file_entry: MakeEntry, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    made = make_file_entry(tmp_path, 1)
    before = most = alive()

    def entries() -> Iterator[Entry]:
        nonlocal most
        for number in range(600):
            yield replace(made, file_name=f"flickr-{number}.jpg")
            if number % 300 == 299:  # every look takes a tenth of a second
                most = max(most, alive())

    form.write(entries(), folder=tmp_path / "out", options=WriteOptions())

    assert most - before < 100, "of 600: those that are on their way to the disk"


@every_format
def test_what_the_entries_raise_ends_the_export_and_leaves_nothing(
    form: Format, data_sets: Any, tmp_path: Path
) -> None:
    def broken() -> Iterator[Entry]:
        yield from data_sets.entries[:10]
        raise SisError("the store does not answer")

    def export() -> None:
        with folder_written_whole(tmp_path / "out", private=False) as folder:
            form.write(broken(), folder=folder, options=data_sets.options)

    with pytest.raises(SisError, match="the store does not answer"):
        export()

    assert [*tmp_path.iterdir()] == []


@every_format
def test_a_full_disk_leaves_nothing(form: Format, data_sets: Any, tmp_path: Path) -> None:
    def export() -> None:
        with folder_written_whole(tmp_path / "out", private=False) as folder:
            form.write(iter(data_sets.entries), folder=folder, options=data_sets.options)

    with largest_file(1000), pytest.raises(WorkspaceError) as caught:
        export()

    assert str(caught.value) == f"{tmp_path}/out: cannot be written, and was not: File too large"
    assert [*tmp_path.iterdir()] == []


@with_files
def test_a_file_that_is_gone_ends_the_export_with_the_photos_name(
    form: Format, make_file_entry: MakeEntry, tmp_path: Path
) -> None:
    entries = [make_file_entry(tmp_path, number) for number in range(3)]
    gone = entries[1].file
    assert gone is not None
    Path(gone).unlink()
    (tmp_path / "out").mkdir()

    with pytest.raises(WorkspaceError) as caught:
        form.write(iter(entries), folder=tmp_path / "out", options=WriteOptions())

    assert str(caught.value) == (
        f"flickr:1: its file {gone} cannot be read any more: No such file or directory"
    )


@with_files
def test_a_data_sets_files_are_its_own(
    form: Format, make_file_entry: MakeEntry, tmp_path: Path
) -> None:
    """Whoever changes a photo in the data set does not change the workspace's."""
    (tmp_path / "out").mkdir()
    entry = make_file_entry(tmp_path, 1)

    form.write(iter([entry]), folder=tmp_path / "out", options=WriteOptions())

    assert entry.file is not None
    assert Path(entry.file).stat().st_nlink == 1


@pytest.mark.parametrize(
    ("name", "package"),
    [("parquet", "pyarrow"), ("webdataset", "pyarrow"), ("webdataset", "msgspec")],
)
def test_a_format_whose_package_is_not_there_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(UsageError) as caught:
        FORMATS[name].write(iter([]), folder=tmp_path, options=WriteOptions())

    assert str(caught.value) == (
        f"the format {name} needs {package}: pip install 'smart-image-scraper[export]'"
    )


KILLED = """
import os, pickle, signal, sys
from pathlib import Path
from smart_image_scraper.export import FORMATS
from smart_image_scraper.export.folder import folder_written_whole

entries, options = pickle.loads(sys.stdin.buffer.read())

def until_killed():
    yield from entries[:20]
    os.kill(os.getpid(), signal.SIGKILL)

with folder_written_whole(Path(sys.argv[1]), private=False) as folder:
    FORMATS[sys.argv[2]].write(until_killed(), folder=folder, options=options)
"""


@every_format
def test_a_killed_export_leaves_no_data_set_and_the_next_one_is_whole(
    form: Format, data_sets: Any, tmp_path: Path
) -> None:
    entries = [
        replace(entry, photo=replace(entry.photo, failures={}), scores=dict(entry.scores))
        for entry in data_sets.entries
    ]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path / "out", form.name],
        input=pickle.dumps((entries, data_sets.options)),
        check=False,
    )
    left = [path.name for path in tmp_path.iterdir()]

    with folder_written_whole(tmp_path / "out", private=False) as folder:
        form.write(iter(data_sets.entries), folder=folder, options=data_sets.options)

    assert killed.returncode == -signal.SIGKILL
    assert left == ["out.partial"]
    assert contents(tmp_path / "out") == contents(data_sets.folder(form.name))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
