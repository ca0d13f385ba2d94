from dataclasses import replace
from datetime import UTC, datetime, timedelta

from smart_image_scraper.photo import BoundingBox, License, SaturatedWindow, SearchAccount
from smart_image_scraper.store import Run, Store

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RUN = Run(
    id="0123456789ab",
    source="flickr",
    term="monkey wild",
    params={"text": "monkey wild", "content_types": [0], "safe_search": 1},
    started_at=START,
)
SATURATED = SaturatedWindow(
    uploaded_from=START,
    uploaded_to=START,
    license=License("cc0-1.0"),
    content_type=0,
    geotagged=True,
    box=BoundingBox(west=116, south=4, east=127, north=22),
    available=9000,
    found=4000,
)
ACCOUNT = SearchAccount(
    calls=9, attempts=11, rows=4100, photos=4000, available=9000, windows=2, saturated=(SATURATED,)
)


def test_a_run_that_was_begun_is_found_with_all_that_it_is(store: Store) -> None:
    begun = store.runs.start(RUN)

    assert begun == RUN
    assert list(store.runs.all()) == [RUN]


def test_a_run_keeps_what_became_of_it(store: Store) -> None:
    store.runs.start(RUN)
    ended = replace(
        RUN,
        finished_at=START + timedelta(minutes=1),
        found=10,
        new=7,
        known=3,
        language="ja",
        account=ACCOUNT,
        cursor={
            "to_do": [{"first": 1, "last": 9, "license": "cc-by-2.0"}],
            "page": 2,
            "shown": 7,
            "seen": b"packed",
        },
    )

    store.runs.save(ended)
    store.runs.save(ended)

    assert list(store.runs.all()) == [ended]


def test_a_run_that_begins_again_counts_it_and_starts_from_nothing(store: Store) -> None:
    store.runs.start(RUN)
    store.runs.save(replace(RUN, finished_at=START, found=10, account=ACCOUNT))
    again = replace(RUN, started_at=START + timedelta(days=1))

    begun = store.runs.start(again)
    store.runs.save(replace(again, found=1))

    assert begun == replace(again, executions=2)
    assert list(store.runs.all()) == [replace(again, executions=2, found=1)]


def test_a_run_can_be_saved_without_having_been_begun(store: Store) -> None:
    store.runs.save(RUN)

    assert list(store.runs.all()) == [RUN]


def test_runs_come_the_latest_begun_first(store: Store) -> None:
    later = replace(RUN, id="later", started_at=START + timedelta(days=1))
    for run in (RUN, later):
        store.runs.start(run)

    assert [run.id for run in store.runs.all()] == ["later", RUN.id]
