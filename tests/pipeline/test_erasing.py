import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Filter, Owner, Photo, PhotoId, Stage, StoredFile
from smart_image_scraper.pipeline import forget, purge
from smart_image_scraper.store import Counts, Store

OWNER = "12@N01"
THEIRS = [PhotoId(f"flickr:{number}") for number in (1, 2, 3)]
OTHER = PhotoId("flickr:9")
ALL_STAGES = (Stage.SEARCH, Stage.DOWNLOAD, Stage.INSPECT)


def keep(workspace: Path, content: bytes) -> StoredFile:
    """Put a file and its thumbnails, in two sizes, where they belong."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = f"{sha256[:2]}/{sha256[2:4]}/{sha256}.png"
    for name in (f"files/{path}", f"thumbs/{path[:-4]}.jpg", f"thumbs/{path[:-4]}-640.jpg"):
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
    """Return the contents of all files, each of which is told by its content."""
    return {path.read_bytes() for path in workspace.rglob("*") if path.is_file()}


@pytest.fixture
def photos(store: Store, vault: Vault, workspace: Path) -> list[Photo]:
    """Three photos of one owner and one of another; the third shares its file with the other's."""
    first, second, shared = (keep(workspace, name) for name in (b"first", b"second", b"shared"))
    fetched = keep(workspace, b"as it was fetched")
    mine = Owner(id=OWNER, name="Jane Doe")
    photos = [
        Photo(id=THEIRS[0], owner=mine, exif="Jane's camera", file=first),
        Photo(id=THEIRS[1], owner=mine, file=replace(second, replaces=fetched.path)),
        Photo(id=THEIRS[2], owner=mine, file=shared),
        Photo(id=OTHER, owner=Owner(id="99@N01"), file=shared),
    ]
    store.put(map(vault.seal, photos), stages=ALL_STAGES)
    return photos


def owners(vault: Vault) -> Sequence[tuple[str, bytes]]:
    return [(OWNER, vault.owner_index(OWNER))]


def test_an_owner_is_forgotten_with_photos_files_and_thumbnails(
    store: Store, vault: Vault, workspace: Path, photos: list[Photo], progress: Any
) -> None:
    done = forget(store, workspace=workspace, owners=owners(vault), progress=progress)

    assert (done.owners, done.photos, done.files, done.not_searched) == (1, 3, 3, 0)
    assert [each.photo.id for each in store.find(Filter())] == [OTHER]
    assert left(workspace) == {b"shared"}
    assert list(store.get(THEIRS, whole=True)) == []
    assert progress.done == {"forget": 3}


def test_what_was_forgotten_is_not_stored_again(
    store: Store, vault: Vault, workspace: Path, photos: list[Photo], progress: Any
) -> None:
    forget(store, workspace=workspace, owners=owners(vault), progress=progress)
    another = Photo(id=PhotoId("flickr:4"), owner=Owner(id=OWNER))
    # As an older record has it, whose owner was sealed elsewhere.
    without_owner = Photo(id=THEIRS[0])

    counts = store.put(map(vault.seal, [*photos, another, without_owner]), stages=ALL_STAGES)

    assert counts == Counts(known=1, erased=5)


def test_a_rehearsal_counts_the_same_and_changes_nothing(
    store: Store, vault: Vault, workspace: Path, photos: list[Photo], progress: Any
) -> None:
    before = list(store.find(Filter(), whole=True)), left(workspace)

    rehearsed = forget(
        store, workspace=workspace, owners=owners(vault), rehearse=True, progress=progress
    )

    assert (list(store.find(Filter(), whole=True)), left(workspace)) == before
    assert store.erasure.blocked([*THEIRS, vault.owner_index(OWNER)]) == set()
    done = forget(store, workspace=workspace, owners=owners(vault), progress=progress)
    assert replace(rehearsed, is_rehearsal=False) == done


@pytest.mark.parametrize("steps", range(6))
def test_an_erasing_that_was_cut_off_at_any_step_is_completed_by_the_next(
    store: Store, vault: Vault, workspace: Path, photos: list[Photo], progress: Any, *, steps: int
) -> None:
    erasure = store.erasure
    path = photos[0].file.path  # type: ignore[union-attr]  # the fixture's has one
    begun = [
        lambda: erasure.block_owners([vault.owner_index(OWNER)]),
        lambda: erasure.begin(photos[:3]),
        lambda: erasure.delete(THEIRS[:1]),
        lambda: erasure.delete(THEIRS),
        (workspace / "files" / path).unlink,
    ]
    for step in begun[:steps]:
        step()

    forget(store, workspace=workspace, owners=owners(vault), progress=progress)

    assert left(workspace) == {b"shared"}
    assert [each.photo.id for each in store.find(Filter())] == [OTHER]
    assert erasure.unfinished() == []
    assert store.put([vault.seal(photos[0])]) == Counts(erased=1)


def test_any_erasing_completes_what_another_has_left(
    store: Store, workspace: Path, photos: list[Photo], progress: Any
) -> None:
    store.erasure.begin(photos[:1])
    store.erasure.delete(THEIRS[:1])

    done = purge(store, workspace=workspace, where=Filter(ids=(THEIRS[1],)), progress=progress)

    assert (done.photos, done.files) == (1, 3)
    assert left(workspace) == {b"shared"}


def test_a_shared_file_goes_with_the_last_photo_that_has_it(
    store: Store, workspace: Path, photos: list[Photo], progress: Any
) -> None:
    first = forget(store, workspace=workspace, photos=[THEIRS[2]], progress=progress)
    second = forget(store, workspace=workspace, photos=[OTHER], progress=progress)

    assert (first.files, second.files) == (0, 1)
    assert b"shared" not in left(workspace)


def test_an_unknown_photo_is_refused_before_anything_is_changed(
    store: Store, vault: Vault, workspace: Path, photos: list[Photo], progress: Any
) -> None:
    with pytest.raises(UsageError, match="there is no photo flickr:77, and nothing was changed"):
        forget(
            store, workspace=workspace, photos=[THEIRS[0], PhotoId("flickr:77")], progress=progress
        )

    assert store.count(Filter()) == 4
    assert store.erasure.blocked(THEIRS) == set()


def test_a_photo_can_be_forgotten_again(
    store: Store, workspace: Path, photos: list[Photo], progress: Any
) -> None:
    forget(store, workspace=workspace, photos=[THEIRS[0]], progress=progress)

    again = forget(store, workspace=workspace, photos=[THEIRS[0]], progress=progress)

    assert (again.photos, again.files) == (0, 0)
