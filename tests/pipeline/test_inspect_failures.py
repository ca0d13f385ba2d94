"""What becomes of photos that cannot be inspected."""

import pytest

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.photo import (
    Filter,
    Stage,
)
from tests.made.inspecting import Inspection, jpeg, old_jpeg_tiff


def test_a_missing_file_is_recorded_and_the_run_goes_on(inspection: Inspection) -> None:
    for number in (1, 2, 3):
        file = inspection.add(number, jpeg(number))
        if number == 2:
            (inspection.workspace / "files" / file.path).unlink()

    summary = inspection.run()

    failure = inspection.photo(2).failures[Stage.INSPECT]
    assert (summary.inspected, summary.failed) == (2, {"missing": 1})
    assert (failure.reason, failure.retryable) == ("missing", True)
    assert "`sis download` fetches the photo again" in failure.message
    assert inspection.store.count(Filter(failed=Stage.INSPECT)) == 1


def test_a_file_that_cannot_be_read_stays_in_the_record(inspection: Inspection) -> None:
    file = inspection.add(1, jpeg())
    (inspection.workspace / "files" / file.path).unlink()
    (inspection.workspace / "files" / file.path).mkdir()  # as a disk that fails

    summary = inspection.run()

    assert summary.failed == {"unreadable": 1}
    assert inspection.photo(1).file == file
    assert inspection.photo(1).failures[Stage.INSPECT].retryable


def test_where_the_folder_of_files_is_not_there_no_file_is_forgotten(
    inspection: Inspection,
) -> None:
    file = inspection.add(1, jpeg())
    (inspection.workspace / "files").rename(inspection.workspace / "elsewhere")

    with pytest.raises(WorkspaceError, match="files are not here"):
        inspection.run()

    assert inspection.photo(1).file == file
    assert not (inspection.workspace / "files").exists()


def test_a_file_that_is_back_is_inspected_and_leaves_no_failure(inspection: Inspection) -> None:
    file = inspection.add(1, jpeg())
    (inspection.workspace / "files" / file.path).unlink()
    inspection.run()
    inspection.add(1, jpeg())

    summary = inspection.run()

    assert (summary.inspected, summary.stripped, summary.failed) == (1, 1, {})
    assert inspection.photo(1).failures == {}
    assert inspection.photo(1).inspection.stripped


@pytest.mark.parametrize("damage", [jpeg()[:700], b"GIF87 is no image"], ids=["cut", "no image"])
def test_a_damaged_file_is_recorded_and_not_lost(inspection: Inspection, damage: bytes) -> None:
    fetched = inspection.add(1, damage)
    inspection.add(2, jpeg())

    summary = inspection.run()

    failure = inspection.photo(1).failures[Stage.INSPECT]
    assert summary.inspected == 1
    assert summary.failed == {failure.reason: 1}
    assert not failure.retryable
    assert inspection.photo(1).file == fetched
    assert inspection.content(1) == damage


def test_what_failed_for_good_is_tried_again_only_if_asked(inspection: Inspection) -> None:
    inspection.add(1, jpeg()[:700])
    inspection.run()

    unasked, asked = inspection.run(), inspection.run(again=True)

    assert (unasked.failed, asked.failed) == ({}, {"damaged": 1})


def test_a_file_that_cannot_be_stripped_stays_and_the_way_out_is_told(
    inspection: Inspection,
) -> None:
    fetched = inspection.add(1, old_jpeg_tiff(), ending="tif")

    summary = inspection.run()

    photo = inspection.photo(1)
    assert (summary.inspected, summary.failed) == (1, {"unsupported": 1})
    assert "leave it out with --stripped" in photo.failures[Stage.INSPECT].message
    assert (photo.file, photo.inspection.stripped) == (fetched, False)
    assert inspection.store.count(Filter(stripped=False)) == 1


def test_a_file_that_cannot_be_stripped_is_inspected_if_it_may_stay_as_it_is(
    inspection: Inspection,
) -> None:
    fetched = inspection.add(1, old_jpeg_tiff(), ending="tif")

    summary = inspection.run(keep_metadata=True)

    assert summary.inspected == 1
    assert inspection.photo(1).file == fetched
    assert not inspection.photo(1).inspection.stripped


def test_a_file_that_is_missing_when_it_should_be_stripped_is_recorded(
    inspection: Inspection,
) -> None:
    file = inspection.add(1, jpeg())
    inspection.run(keep_metadata=True)
    (inspection.workspace / "files" / file.path).unlink()

    summary = inspection.run(strip=True)

    assert summary.failed == {"missing": 1}
    assert inspection.photo(1).file is None
    assert inspection.store.count(Filter(failed=Stage.INSPECT)) == 1
