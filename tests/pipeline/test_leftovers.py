import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from smart_image_scraper.download import Files
from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.photo import EncryptedPhoto, Photo, PhotoId, Stage, StoredFile
from smart_image_scraper.pipeline.leftovers import purge_leftovers
from smart_image_scraper.store import Store


def keep(workspace: Path, content: bytes) -> StoredFile:
    """Put a file and its thumbnail where they belong."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = f"{sha256[:2]}/{sha256[2:4]}/{sha256}.png"
    for name in (f"files/{path}", f"thumbs/{path[:-4]}.jpg"):
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_bytes(content)
    return StoredFile(
        path=path,
        sha256=sha256,
        media_type="image/png",
        bytes=len(content),
        width=1,
        height=1,
        url=None,
        fetched_at=datetime(2026, 1, 2, tzinfo=UTC),
    )


def left(workspace: Path) -> set[bytes]:
    return {path.read_bytes() for path in workspace.rglob("*") if path.is_file()}


@pytest.fixture
def recorded(store: Store, workspace: Path) -> None:
    """A photo whose stripped file is recorded, and the fetched one still to be removed."""
    fetched = keep(workspace, b"fetched")
    file = replace(keep(workspace, b"stripped"), replaces=fetched.path)
    photo = EncryptedPhoto(photo=Photo(id=PhotoId("flickr:1"), file=file))
    store.put([photo], stages=(Stage.SEARCH, Stage.DOWNLOAD))


@pytest.mark.usefixtures("recorded")
def test_files_that_no_photo_has_are_removed_with_their_thumbnails(
    store: Store, workspace: Path, progress: Any
) -> None:
    keep(workspace, b"left behind")
    (workspace / "files" / "notes.txt").write_bytes(b"not ours")

    rehearsed = purge_leftovers(store, workspace=workspace, rehearse=True, progress=progress)
    before = left(workspace)
    done = purge_leftovers(store, workspace=workspace, progress=progress)

    assert (rehearsed.files, done.files) == (1, 1)
    assert before == {b"fetched", b"stripped", b"left behind", b"not ours"}
    assert left(workspace) == before - {b"left behind"}


@pytest.mark.usefixtures("recorded")
def test_nothing_is_removed_while_another_command_keeps_files(
    store: Store, workspace: Path, progress: Any
) -> None:
    keep(workspace, b"about to be recorded")
    other = Files(workspace / "files")

    with pytest.raises(WorkspaceError, match="another command is at work there"):
        purge_leftovers(store, workspace=workspace, progress=progress)

    assert b"about to be recorded" in left(workspace)
    del other
    assert purge_leftovers(store, workspace=workspace, progress=progress).files == 1


def test_nothing_is_removed_if_the_database_knows_no_file_at_all(
    store: Store, workspace: Path, progress: Any
) -> None:
    keep(workspace, b"of another database")

    with pytest.raises(WorkspaceError, match="names none of the 1 files there; see that SIS_DB"):
        purge_leftovers(store, workspace=workspace, progress=progress)

    assert left(workspace) == {b"of another database"}


def test_an_empty_workspace_has_no_leftovers(store: Store, workspace: Path, progress: Any) -> None:
    assert purge_leftovers(store, workspace=workspace, progress=progress).files == 0
