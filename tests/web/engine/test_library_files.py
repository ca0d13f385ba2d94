"""What a library leaves in files, from which a start goes on."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from smart_image_scraper.photo import Verdict
from smart_image_scraper.web.library import Library
from smart_image_scraper.web.shelf import Shelf
from smart_image_scraper.web.snapshot.moment import load
from smart_image_scraper.web.text_index import TextIndex
from tests.made.libraries import contents, contents_anew

PHOTOS = 40
Serve = Callable[..., Any]


@pytest.fixture
def served(serve: Serve) -> Any:
    return serve(PHOTOS)


def test_reviews_alone_write_no_files(served: Any, made: SimpleNamespace) -> None:
    library = served.library()
    time.sleep(0.2)
    library.refresh()
    library.close()
    kept = sorted((served.workspace / "web").glob("snapshot-*"))

    again = served.library()
    served.store.reviews.add([made.review(1, Verdict.ACCEPT, hours=60)])
    again.refresh()
    again.close()

    assert sorted((served.workspace / "web").glob("snapshot-*")) == kept
    assert again.snapshot().cards([made.photo_id(1)])[0].verdict == "accept"


def lies_in_a_file(column: Any) -> bool:
    while isinstance(column, np.ndarray) and not isinstance(column, np.memmap):
        column = column.base
    return column is not None


def test_what_is_written_lies_in_files_and_no_more_in_memory(served: Any, tmp_path: Path) -> None:
    moment = load(served.store.overview, advance=lambda _read: None)
    index = TextIndex.begin(tmp_path)
    shelf = Shelf(tmp_path / "workspace")

    shown = shelf.put(moment, index)
    shelf.close()
    index.close()

    photos = shown.photos
    columns = [*photos.columns.values(), *photos.answers.values(), *shown.raw.columns.values()]
    columns += [photos.titles, shown.text_numbers, shown.text_digests]
    assert [column.dtype for column in columns if not lies_in_a_file(column)] == []
    assert {len(column) for column in shown.raw.columns.values()} == {PHOTOS}


def test_a_start_goes_on_from_the_files(served: Any) -> None:
    former = contents(served.library().snapshot())
    served.opened[-1].close()
    folder = next((served.workspace / "web").glob("snapshot-*"))
    made_at = folder.stat().st_mtime_ns

    again = served.library()

    assert contents(again.snapshot()) == former
    assert folder.stat().st_mtime_ns == made_at


@pytest.mark.parametrize("damage", ["columns/taken.npy", "snapshot.json", "columns/ids.npy"])
def test_damaged_files_are_read_anew(served: Any, workspace: Path, *, damage: str) -> None:
    served.library()
    served.opened[-1].close()
    path = next((served.workspace / "web").glob("snapshot-*")) / damage
    path.write_bytes(path.read_bytes()[:100])

    library = served.library()

    assert contents(library.snapshot()) == contents_anew(served.store, workspace)
    assert not library.state().stale


def test_whichever_file_is_missing_or_empty_the_app_starts_and_shows_everything(
    serve: Serve, served: Any
) -> None:
    shown = contents(served.library().snapshot())
    served.opened[-1].close()
    web = served.workspace / "web"
    whole = served.workspace / "whole"
    shutil.copytree(web, whole)
    names = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file())

    for number, name in enumerate(names):
        shutil.rmtree(web)
        shutil.copytree(whole, web)
        (web / name).unlink()
        if number % 2:
            (web / name).touch()

        library = served.library()

        assert contents(library.snapshot()) == shown, name
        assert library.state().problems == (), name
        library.close()


def test_the_files_of_another_database_are_not_taken(serve: Serve, served: Any) -> None:
    served.library()
    served.opened[-1].close()
    other = serve(3)

    library = Library(lambda: other.store, served.workspace)
    library.refresh()

    assert library.state().photos == 3
    library.close()
