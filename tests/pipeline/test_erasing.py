import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from smart_image_scraper.download import Files
from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import (
    Comment,
    Filter,
    Note,
    Owner,
    Photo,
    PhotoId,
    Stage,
    StoredFile,
)
from smart_image_scraper.pipeline import forget_owners, forget_photos, lift_blocks, purge
from smart_image_scraper.pipeline.remarks import without_forgotten
from smart_image_scraper.score import Embeddings, KeptTexts, ReadTexts, TextFeatures
from smart_image_scraper.store import Counts, Run, Store
from smart_image_scraper.store.mongod.lock import Lock, try_lock
from tests.made.photos import keep_file

OWNER = "12@N01"
THEIRS = [PhotoId(f"flickr:{number}") for number in (1, 2, 3)]
OTHER = PhotoId("flickr:9")
ALL_STAGES = (Stage.SEARCH, Stage.DOWNLOAD, Stage.INSPECT)
Forget = Callable[..., Any]


@pytest.fixture
def forget(store: Store, vault: Vault, workspace: Path, progress: Any) -> Forget:
    """Forget the owner."""
    return partial(
        forget_owners, store, vault, workspace=workspace, owners=[OWNER], progress=progress
    )


def keep(workspace: Path, content: bytes) -> StoredFile:
    """Put a file and its thumbnails, in two sizes, where they belong."""
    file = keep_file(content, workspace=workspace, ending="png")
    for name in (f"{file.path[:-4]}.jpg", f"{file.path[:-4]}-640.jpg"):
        thumbnail = workspace / "thumbs" / name
        thumbnail.parent.mkdir(parents=True, exist_ok=True)
        thumbnail.write_bytes(content)
    return file


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


def test_an_owner_is_forgotten_with_photos_files_and_thumbnails(
    forget: Forget, store: Store, workspace: Path, photos: list[Photo], progress: Any
) -> None:
    place = workspace / "embeddings" / "made@1"
    with Embeddings.open(place, dimension=4) as embeddings:
        embeddings.append(dict.fromkeys([*THEIRS, OTHER], "a"), np.ones((4, 4), np.float32))
    features = TextFeatures(masked=())
    with KeptTexts.open(place.parent, features=features) as texts:
        numbers, counts = np.ones(4), features.counts(["a text"] * 4)
        read = ReadTexts(records=numbers, digests=numbers, counts=counts)
        texts.put([*THEIRS, OTHER], read)
    raw = {"monkey": np.ones(4, np.float32)}
    store.scores.put("made@1", [*THEIRS, OTHER], columns=raw)

    done = forget()

    assert (done.owners, done.photos, done.files, done.not_searched) == (1, 3, 3, 0)
    with Embeddings.open(place, dimension=4) as embeddings:
        assert [photo for ids, _ in embeddings.blocks() for photo in ids] == [OTHER]
    with KeptTexts.open(place.parent, features=features) as texts:
        assert np.isnan(texts.read([*THEIRS, OTHER]).records).tolist() == [True] * 3 + [False]
    assert store.scores.column("made@1", "monkey")[0].tolist() == [str(OTHER).encode()]
    shutil.rmtree(place.parent)
    assert [each.photo.id for each in store.find(Filter())] == [OTHER]
    assert left(workspace) == {b"shared"}
    assert list(store.get(THEIRS, whole=True)) == []
    assert progress.done == {"forget": 3}


@pytest.mark.parametrize("is_served", [False, True])
def test_what_the_app_keeps_in_files_is_removed_unless_it_runs_and_does_that_itself(
    forget: Forget, workspace: Path, photos: list[Photo], *, is_served: bool
) -> None:
    kept = workspace / "web" / "snapshot-00000001" / "snapshot.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("{}")
    with ExitStack() as serving:
        if is_served:
            lock = try_lock(workspace / "web" / "lock", Lock.EXCLUSIVE)
            assert lock is not None
            serving.enter_context(lock)

        forget()

    assert kept.exists() == is_served


def test_what_was_forgotten_is_not_stored_again(
    forget: Forget, store: Store, vault: Vault, photos: list[Photo]
) -> None:
    forget()
    another = Photo(id=PhotoId("flickr:4"), owner=Owner(id=OWNER))
    # As an older record has it, whose owner was sealed elsewhere.
    without_owner = Photo(id=THEIRS[0])

    counts = store.put(map(vault.seal, [*photos, another, without_owner]), stages=ALL_STAGES)

    assert counts == Counts(known=1, erased=5)


def test_a_dry_run_counts_the_same_and_changes_nothing(
    forget: Forget, store: Store, vault: Vault, workspace: Path, photos: list[Photo]
) -> None:
    before = list(store.find(Filter(), whole=True)), left(workspace)

    dry = forget(dry_run=True)

    assert (list(store.find(Filter(), whole=True)), left(workspace)) == before
    assert store.erasure.blocked([*THEIRS, vault.owner_index(OWNER)]) == set()
    done = forget()
    assert replace(dry, dry_run=False) == done


def test_what_an_owner_wrote_about_the_photos_of_others_is_erased_too(
    forget: Forget, store: Store, vault: Vault
) -> None:
    theirs = Comment(author_id=OWNER, author_name="Jane Doe", text="Mine is better")
    other = Comment(author_id="7@N01", text="Lovely")
    photos = [
        Photo(id=THEIRS[0], comments=(theirs, other), notes=(Note(author_id=OWNER, text="here"),)),
        Photo(id=THEIRS[1], comments=(other,)),
    ]
    store.put(map(vault.seal, photos), stages=tuple(Stage))

    dry = forget(dry_run=True)
    done = forget()

    opened = [vault.open(each) for each in store.find(Filter(), whole=True)]
    assert (dry.remarks, done.remarks) == (1, 1)
    assert [each.comments for each in opened] == [(other,), (other,)]
    assert [each.notes for each in opened] == [None, None]
    assert without_forgotten(photos[0], store=store, vault=vault) == opened[0]
    assert without_forgotten(photos[1], store=store, vault=vault) == photos[1]


def test_words_that_no_key_here_opens_are_counted(
    forget: Forget, store: Store, vault: Vault
) -> None:
    photo = Photo(id=THEIRS[0], comments=(Comment(author_id=OWNER, text="Mine is better"),))
    other_ring = Vault(replace(KeyRing.new(), index=vault.ring.index).add("key-2").use("key-2"))
    store.put([other_ring.seal(photo)], stages=tuple(Stage))

    done = forget()

    assert (done.remarks, done.not_searched) == (0, 1)
    assert len(list(store.erasure.remarks())) == 1


@pytest.mark.parametrize("steps", range(6))
def test_an_erasing_that_was_cut_off_at_any_step_is_completed_by_the_next(
    forget: Forget, store: Store, vault: Vault, workspace: Path, photos: list[Photo], *, steps: int
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

    forget()

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
    first = forget_photos(store, workspace=workspace, photos=[THEIRS[2]], progress=progress)
    second = forget_photos(store, workspace=workspace, photos=[OTHER], progress=progress)

    assert (first.files, second.files) == (0, 1)
    assert b"shared" not in left(workspace)


def test_an_unknown_photo_is_refused_before_anything_is_changed(
    store: Store, vault: Vault, workspace: Path, photos: list[Photo], progress: Any
) -> None:
    with pytest.raises(UsageError, match="there is no photo flickr:77, and nothing was changed"):
        forget_photos(
            store, workspace=workspace, photos=[THEIRS[0], PhotoId("flickr:77")], progress=progress
        )

    assert store.count(Filter()) == 4
    assert store.erasure.blocked(THEIRS) == set()


def test_a_photo_can_be_forgotten_again(
    store: Store, workspace: Path, photos: list[Photo], progress: Any
) -> None:
    forget_photos(store, workspace=workspace, photos=[THEIRS[0]], progress=progress)

    again = forget_photos(store, workspace=workspace, photos=[THEIRS[0]], progress=progress)

    assert (again.photos, again.erased_before, again.files) == (0, 1, 0)


def test_a_block_is_lifted_only_after_what_was_begun_is_finished(
    store: Store, workspace: Path, photos: list[Photo], progress: Any
) -> None:
    store.erasure.begin(photos[:1])
    store.erasure.delete(THEIRS[:1])

    done = lift_blocks(store, [THEIRS[0]], workspace=workspace, progress=progress)

    assert (done.lifted, done.not_blocked) == (1, 0)
    assert b"first" not in left(workspace)


def test_a_file_that_is_about_to_be_recorded_for_another_photo_stays(
    store: Store, vault: Vault, workspace: Path, photos: list[Photo], progress: Any
) -> None:
    downloading = Files(workspace / "files")
    file = photos[0].file
    assert file is not None
    with downloading.incoming() as copy:
        copy.write(b"first")
        copy.flush()
        kept = downloading.keep_unclaimed(Path(copy.name), sha256=file.sha256, ending="png")

    done = forget_photos(store, workspace=workspace, photos=THEIRS[:1], progress=progress)

    another = Photo(id=PhotoId("flickr:4"), file=file)
    store.put([vault.seal(another)], stages=ALL_STAGES)
    downloading.claim(kept)
    assert (done.photos, done.files, kept) == (1, 0, file.path)
    assert store.erasure.unfinished() == []
    again = forget_photos(store, workspace=workspace, photos=[OTHER], progress=progress)
    assert (again.photos, (workspace / "files" / kept).read_bytes()) == (1, b"first")
    assert list((workspace / "thumbs").rglob(f"{file.sha256}*")) == []


def test_answers_that_are_not_stored_yet_are_dropped_though_nothing_of_the_owner_is(
    forget: Forget, store: Store, vault: Vault
) -> None:
    reply = vault.seal_text("<photos />", of="search", name="reply")
    at = datetime(2026, 1, 2, tzinfo=UTC)
    run = Run(id="search", source="flickr", term="monkey", params={}, started_at=at, reply=reply)
    store.runs.save(run)

    forgotten = []
    for dry_run in (True, False):
        forget(dry_run=dry_run)
        (found,) = store.runs.all()
        forgotten.append(found.reply is None)

    assert forgotten == [False, True]


def test_a_dry_run_counts_the_runs_that_would_be_erased(forget: Forget, store: Store) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    store.runs.save(Run(id="named", source="flickr", term=OWNER, params={}, started_at=at))

    dry, done = (forget(dry_run=dry_run) for dry_run in (True, False))

    assert (dry.runs, done.runs) == (1, 1)
    assert list(store.runs.all()) == []
