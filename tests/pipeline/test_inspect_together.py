"""Files that several photos or runs have to do with, and runs that are broken off."""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smart_image_scraper.download import Files
from smart_image_scraper.errors import StoreError, WorkspaceError
from smart_image_scraper.exif import strip
from smart_image_scraper.photo import (
    EncryptedPhoto,
    Filter,
    Stage,
    StoredFile,
)
from smart_image_scraper.pipeline import forget_photos
from smart_image_scraper.store import Counts, Store
from tests.made.inspecting import Inspection, jpeg, photo_id


class Telling:
    """Calls a function with how many photos are done."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell = tell
        self._done = 0

    @contextmanager
    def stage(
        self, name: str, *, total: int | None, **_: object
    ) -> Iterator[Callable[[int], None]]:
        def advance(number: int) -> None:
            self._done += number
            self._tell(self._done)

        yield advance


class RefusingStore(Store):
    """A store that does not take photos any more when it is told so."""

    refuses = False
    refuses_results = False

    def put(self, photos: Iterable[EncryptedPhoto], **options: Any) -> Counts:
        if self.refuses or (self.refuses_results and Stage.INSPECT in options["stages"]):
            raise StoreError("the database does not answer")
        return super().put(photos, **options)


class LateStore(Store):
    """A store of which something else happens between the reading of photos and their work."""

    meanwhile: Callable[[], object]

    def pending(self, *arguments: Any, **options: Any) -> Iterator[EncryptedPhoto]:
        photos = list(super().pending(*arguments, **options))
        self.meanwhile()
        return iter(photos)


def test_photos_that_share_a_file_share_the_stripped_one(inspection: Inspection) -> None:
    for number in (1, 2):
        inspection.add(number, jpeg())

    summary = inspection.run()

    first, second = inspection.photo(1), inspection.photo(2)
    assert first.file == second.file
    assert inspection.files() == {first.file.sha256}
    assert (summary.inspected, summary.stripped, summary.failed) == (2, 2, {})


def test_a_fetched_file_stays_until_every_photo_of_it_has_the_stripped_one(
    inspection: Inspection,
) -> None:
    fetched = inspection.add(1, jpeg())
    inspection.add(2, jpeg())
    inspection.run(1)
    after_one = inspection.files()

    inspection.run(2)

    stripped = inspection.photo(1).file.sha256
    assert after_one == {fetched.sha256, stripped}
    assert inspection.files() == {stripped}


@pytest.fixture
def killed(inspection: Inspection) -> tuple[Inspection, StoredFile]:
    """A photo whose stripped file is recorded, and whose fetched file has not been removed."""
    fetched = inspection.add(1, jpeg())
    inspection.run()
    inspection.write(jpeg())
    inspection.put(1, file=replace(inspection.photo(1).file, replaces=fetched.path))
    return inspection, fetched


def test_a_run_that_was_killed_before_it_removed_a_file_is_finished_by_the_next(
    killed: tuple[Inspection, StoredFile],
) -> None:
    inspection, fetched = killed
    assert fetched.sha256 in inspection.files()

    inspection.run()

    assert inspection.photo(1).file.replaces is None
    assert inspection.files() == {inspection.photo(1).file.sha256}


def test_a_file_that_a_killed_run_left_is_kept_while_another_photo_has_it(
    killed: tuple[Inspection, StoredFile],
) -> None:
    inspection, fetched = killed
    inspection.put(2, file=fetched)

    inspection.run(1)

    assert inspection.photo(1).file.replaces is None
    assert fetched.sha256 in inspection.files()


def test_a_workspace_that_cannot_be_written_ends_the_run_and_keeps_what_was_done(
    inspection: Inspection,
) -> None:
    for number in range(1, 6):
        inspection.add(number, jpeg(number))
    digest = hashlib.sha256(strip(jpeg(4), name="4")).hexdigest()
    (inspection.workspace / "files" / digest[:2]).write_text("no folder")

    with pytest.raises(WorkspaceError, match="cannot be written"):
        inspection.run()

    done = [inspection.photo(number) for number in (1, 2, 3)]
    assert [photo.inspection.stripped for photo in done] == [True, True, True]
    assert {photo.file.sha256 for photo in done} <= inspection.files()
    assert inspection.photo(4).inspection is None


def test_a_run_that_is_stopped_keeps_what_was_done_and_the_next_does_the_rest(
    inspection: Inspection,
) -> None:
    for number in range(1, 6):
        inspection.add(number, jpeg(number))

    def stop(done: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        inspection.run(progress=Telling(stop))
    stopped_at = inspection.store.count(Filter(stripped=True))
    summary = inspection.run()

    assert (stopped_at, summary.inspected, summary.failed) == (3, 2, {})
    assert inspection.files() == {inspection.photo(each).file.sha256 for each in range(1, 6)}


def test_a_database_that_refuses_ends_the_run_and_what_was_recorded_before_stays(
    inspection: Inspection, server: str
) -> None:
    fetched = {number: inspection.add(number, jpeg(number)) for number in range(1, 5)}
    name = inspection.store._database.name
    with RefusingStore.connect(server, database=name) as refusing:

        def refuse(done: int) -> None:
            if done == 1:
                time.sleep(1.05)  # What is done is recorded every second …
            refusing.refuses = done >= 3  # … and once more at the end.

        with pytest.raises(StoreError, match="does not answer"):
            inspection.run(store=refusing, progress=Telling(refuse))

    recorded = [number for number in fetched if inspection.photo(number).inspection is not None]
    left = {file.sha256 for number, file in fetched.items() if number not in recorded}
    assert 1 <= len(recorded) < len(fetched)
    assert {file.sha256 for file in fetched.values()} & inspection.files() == left


def test_a_photo_that_another_run_inspects_meanwhile_is_no_failure(
    inspection: Inspection, server: str
) -> None:
    inspection.add(1, jpeg())
    with LateStore.connect(server, database=inspection.store._database.name) as late:
        late.meanwhile = inspection.run

        summary = inspection.run(store=late)

    assert (summary.inspected, summary.failed) == (0, {})
    assert inspection.photo(1).failures == {}
    assert inspection.files() == {inspection.photo(1).file.sha256}


def test_a_second_download_of_an_inspected_photo_does_not_bring_the_fetched_file_back(
    inspection: Inspection,
) -> None:
    fetched = inspection.add(1, jpeg())
    inspection.run()

    inspection.put(1, file=fetched)

    photo = inspection.photo(1)
    assert photo.file.sha256 != fetched.sha256
    assert photo.inspection.stripped


def test_nothing_is_left_of_a_photo_that_is_erased_while_it_is_inspected(
    inspection: Inspection, progress: Any
) -> None:
    for number in (1, 2):
        inspection.add(number, jpeg(number))

    def erase(done: int) -> None:
        if done == 2:  # inspected, and not recorded yet
            forget_photos(
                inspection.store,
                workspace=inspection.workspace,
                photos=[photo_id(1)],
                progress=progress,
            )

    inspection.run(progress=Telling(erase))

    left = inspection.photo(2).file.sha256
    assert inspection.files() == {left}
    assert [path.stem for path in inspection.thumbnails()] == [left]


def test_nothing_is_left_of_a_photo_that_is_erased_after_its_inspection_was_killed(
    inspection: Inspection, server: str, progress: Any
) -> None:
    inspection.add(1, jpeg())
    name = inspection.store._database.name
    with RefusingStore.connect(server, database=name) as refusing:
        refusing.refuses_results = True
        with pytest.raises(StoreError, match="does not answer"):
            inspection.run(store=refusing)

    forget_photos(
        inspection.store, workspace=inspection.workspace, photos=[photo_id(1)], progress=progress
    )

    assert (inspection.files(), inspection.thumbnails()) == (set(), [])


def test_a_fetched_file_that_another_process_is_about_to_record_stays(
    inspection: Inspection,
) -> None:
    content = jpeg()
    fetched = inspection.add(1, content)
    downloading = Files(inspection.workspace / "files")
    with downloading.incoming() as copy:
        copy.write(content)
        copy.flush()
        downloading.keep_unclaimed(Path(copy.name), sha256=fetched.sha256, ending="jpg")

    inspection.run()

    assert inspection.files() == {fetched.sha256, inspection.photo(1).file.sha256}
