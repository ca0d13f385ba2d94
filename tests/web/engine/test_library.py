"""The library notices every change that the app shows, and its files tell nothing personal."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from smart_image_scraper.errors import StoreError, WorkspaceError
from smart_image_scraper.photo import (
    DuplicateGroup,
    DuplicateKind,
    EncryptedPhoto,
    Filter,
    Gone,
    GoneReason,
    Judgement,
    Stage,
    Threshold,
    Verdict,
)
from smart_image_scraper.store import Store
from smart_image_scraper.web.engine import describe, select
from smart_image_scraper.web.library import Library
from tests.made.libraries import contents, contents_anew

ALL = tuple(Stage)
PHOTOS = 40
Serve = Callable[..., Any]


@pytest.fixture
def served(serve: Serve) -> Any:
    return serve(PHOTOS)


def assert_is_up_to_date(library: Library, store: Store, *, workspace: Path) -> None:
    """See that a snapshot that was brought up to date is what one that is read anew would be."""
    assert contents(library.snapshot()) == contents_anew(store, workspace)
    assert not library.state().stale


def changed(photo: EncryptedPhoto, **facts: Any) -> EncryptedPhoto:
    return replace(photo, photo=replace(photo.photo, **facts))


def one(store: Store) -> EncryptedPhoto:
    where = Filter(has_file=True, without_duplicates=True, gone=False)
    return next(photo for photo in store.find(where) if photo.photo.title and photo.owner_index)


CHANGES: dict[str, Callable[[Store, Any], object]] = {
    "new photos": lambda store, made: store.put(
        [made.photos(7).photo(number) for number in (1_000, 1, 2_000, 150)], stages=ALL
    ),
    "another title": lambda store, _made: store.put([changed(one(store), title="a zebra")]),
    "no title": lambda store, _made: store.put([changed(one(store), title=None)]),
    "gone": lambda store, made: store.put(
        [
            changed(
                one(store), checked_at=made.now, gone=Gone(reason=GoneReason.PRIVATE, at=made.now)
            )
        ],
        stages=[Stage.REFRESH],
    ),
    "a file that is not there": lambda store, _made: store.forget_files([one(store).photo]),
    "groups": lambda store, _made: store.save_duplicates(
        {
            one(store).photo.id: (
                DuplicateGroup(kind=DuplicateKind.COPY, group="flickr:9", best=False),
            )
        }
    ),
    "erased": lambda store, made: erase(store, [made.photo_id(0), made.photo_id(7)]),
    "runs deleted": lambda store, _made: store.erasure.delete_runs(["run-0"]),
    "another owner": lambda store, _made: store.put(
        [replace(one(store), owner_index=b"z" * 16, digest=b"z" * 16)]
    ),
    "scores": lambda store, made: made.score(store, [1, 2, 3], seed=5),
    "scores of new photos": lambda store, made: (
        store.put([made.photos(7).photo(5_000)]),
        made.score(store, [5_000], seed=6),
    ),
    "another model": lambda store, made: made.score(store, [4, 5, 6], seed=6, model="mine@1"),
    "calibrated": lambda store, made: store.scores.save_scoring(
        replace(made.scoring("cage", hours=1), slope=9.0, reviews=40)
    ),
    "scores forgotten": lambda store, made: store.scores.forget_photos(
        [made.photo_id(number) for number in range(10)]
    ),
    "reviewed": lambda store, made: store.reviews.add(
        [
            made.review(1, Verdict.ACCEPT, hours=50),
            made.review(2, Verdict.REJECT, concept="cage", hours=50),
            made.review(0, Verdict.WITHDRAW, hours=51),
            made.review(9_999, Verdict.ACCEPT),
        ]
    ),
    "reviewed before": lambda store, made: store.reviews.add(
        [made.review(3, Verdict.REJECT, hours=-50)]
    ),
}


def erase(store: Store, ids: list[Any]) -> None:
    store.erasure.begin([photo.photo for photo in store.get(ids)])
    store.erasure.delete(ids)
    store.scores.forget_photos(ids)
    store.erasure.finish(ids)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_is_noticed(
    served: Any,
    workspace: Path,
    made: SimpleNamespace,
    *,
    change: Callable[[Store, Any], object],
) -> None:
    library = served.library()
    before = library.snapshot()

    change(served.store, made)
    library.refresh()

    assert library.snapshot().revision != before.revision
    assert_is_up_to_date(library, served.store, workspace=workspace)


def test_many_changes_one_after_the_other_and_starts_between_are_noticed(
    served: Any, workspace: Path, made: SimpleNamespace
) -> None:
    library = served.library()

    for number, change in enumerate(CHANGES.values()):
        change(served.store, made)
        library.refresh()
        if number % 3 == 0:
            library = served.library()  # opened again, on what the former one has put away

    assert_is_up_to_date(library, served.store, workspace=workspace)


def test_nothing_new_is_the_same_snapshot(served: Any) -> None:
    time.sleep(0.2)  # what has just changed is read once more
    library = served.library()
    before = library.snapshot()

    library.refresh()

    assert library.snapshot() is before


def test_a_change_in_the_same_millisecond_is_noticed(served: Any) -> None:
    library = served.library()
    photo = one(served.store)
    served.store.put([changed(photo, title="first")])
    library.refresh()
    photos = served.store._database["photos"]
    photos.update_one({"_id": photo.photo.id}, {"$set": {"title": "second"}})

    library.refresh()

    assert library.snapshot().cards([photo.photo.id])[0].title == "second"


def test_a_snapshot_answers_what_people_said_of_a_concept(
    served: Any, made: SimpleNamespace
) -> None:
    library = served.library()
    before = library.snapshot()
    ids = [made.photo_id(number) for number in (1, 2, 3, 9_999)]
    served.store.reviews.add(
        [
            made.review(1, Verdict.ACCEPT, concept="net", hours=50),
            made.review(2, Verdict.REJECT, concept="net", hours=50),
        ]
    )

    library.refresh()

    np.testing.assert_equal(before.answers("net", ids), [np.nan] * 4)
    now = library.snapshot()
    np.testing.assert_equal(now.answers("net", ids), [1, 0, np.nan, np.nan])
    assert now.verdicts.count("net") == 2


def test_columns_in_which_nothing_has_changed_are_kept(served: Any) -> None:
    library = served.library()
    before = library.snapshot().photos.columns

    served.store.put([changed(one(served.store), title="a zebra")])
    library.refresh()

    after = library.snapshot().photos.columns
    replaced = {name for name in after if after[name] is not before[name]}
    assert replaced == {"title_start", "title_length", "updated"}


def test_a_snapshot_stays_what_it_is(served: Any, made: SimpleNamespace) -> None:
    library = served.library()
    before = library.snapshot()
    shown = contents(before)

    for change in CHANGES.values():
        change(served.store, made)
        library.refresh()

    first = before.cards([card.id for card in shown[0]])
    assert first == shown[0]
    assert len(before) == PHOTOS


def test_no_file_tells_whose_a_photo_is_or_what_was_erased(
    served: Any, made: SimpleNamespace
) -> None:
    secret = changed(one(served.store), id=made.photo_id(3_000), title="Unmistakable")
    secret = replace(secret, owner_index=b"owner-index-1234", digest=b"d" * 16)
    served.store.put([secret])
    library = served.library()
    library.close()
    kept = everything_in(served.workspace / "web")

    erase(served.store, [made.photo_id(3_000)])
    served.library().close()

    left = everything_in(served.workspace / "web")
    assert b"owner-index-1234" not in kept
    assert b"Unmistakable" in kept
    assert b"unmistakable" in kept
    assert b"nmistakable" not in left


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_reloading_reads_everything_anew(
    served: Any, workspace: Path, made: SimpleNamespace
) -> None:
    library = served.library()
    before = library.snapshot()
    served.store.put([made.photos(3).photo(700)])

    library.reload()
    library._loading.join()

    assert library.snapshot().revision != before.revision
    assert made.photo_id(700) in library.snapshot()
    assert_is_up_to_date(library, served.store, workspace=workspace)


def test_while_the_database_is_down_the_last_snapshot_stays(served: Any) -> None:
    fails = False

    def store() -> Store:
        if fails:
            raise StoreError("the database does not answer; see that it runs")
        opened: Store = served.store
        return opened

    library = Library(store, served.workspace)
    assert len(library.snapshot()) == 0
    library.refresh()
    fails = True

    library.refresh()

    assert library.state().problems == ("the database does not answer; see that it runs",)
    assert select(library.snapshot(), Filter()).matching == PHOTOS
    library.close()


def test_before_the_first_load_and_without_photos_everything_answers(serve: Serve) -> None:
    library = serve().library()

    snapshot = library.snapshot()

    selection = select(snapshot, Filter(text="monkey", reviews=(Judgement.parse("none"),)))
    assert selection.matching == 0
    assert selection.page("newest", offset=0, limit=9) == []
    assert selection.page("oldest", offset=5, limit=9) == []
    assert selection.facets()["country"] == []
    assert describe(snapshot)["empty"]
    assert library.state().photos == 0


def test_photos_that_another_program_has_removed_are_told(served: Any) -> None:
    library = served.library()
    served.store._database["photos"].delete_one({})

    library.refresh()

    state = library.state()
    assert state.stale
    assert state.problems == (
        "the database holds 39 photos, and 40 are shown; read all of them anew with Reload",
    )


def test_a_workspace_is_served_once(served: Any) -> None:
    served.library()

    with pytest.raises(WorkspaceError, match="another `sis serve` has this workspace open"):
        Library(lambda: served.store, served.workspace)


def test_many_texts_are_read_in_the_background(
    serve: Serve, workspace: Path, made: SimpleNamespace
) -> None:
    served = serve(PHOTOS)
    library = Library(lambda: served.store, served.workspace, few=10)

    library.refresh()
    erase(served.store, [made.photo_id(0)])
    served.store.put([changed(one(served.store), title="a zebra")])
    library.refresh()
    library._reading.join()
    library.refresh()
    library._reading.join()

    assert library.state().texts == 1
    assert select(library.snapshot(), Filter(text="zebra")).matching == 1
    assert_is_up_to_date(library, served.store, workspace=workspace)
    library.close()


def test_owners_are_numbers_that_stay_theirs(served: Any, made: SimpleNamespace) -> None:
    library = served.library()
    owner = one(served.store).owner_index
    library.close()
    served.store.put([changed(one(served.store), id=made.photo_id(800))])

    again = served.library().snapshot()

    same = [p.photo.id for p in served.store.find(Filter()) if p.owner_index == owner]
    numbers = again.column("owner")[again.rows_of(same)]
    assert len(same) > 1
    assert len(set(numbers.tolist())) == 1
    assert numbers[0] > 0
    assert np.count_nonzero(again.column("owner") == numbers[0]) == len(same)


def test_a_probability_is_what_the_store_says(served: Any) -> None:
    snapshot = served.library().snapshot()
    where = Filter(scores=(Threshold.parse("cage>0"),))

    shown = {
        card.id: card.scores["cage"] for card in snapshot.cards(list(select(snapshot, where).ids()))
    }

    stored = {
        photo.photo.id: next(each.value for each in photo.photo.scores if each.concept == "cage")
        for photo in served.store.find(where)
    }
    assert shown == stored


def test_the_time_of_the_last_look_is_told(served: Any) -> None:
    before = datetime.now(UTC)

    state = served.library().state()

    assert state.loaded_at is not None
    assert state.loaded_at >= before
    assert not state.loading
