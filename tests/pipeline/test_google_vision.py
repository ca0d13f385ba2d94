import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from smart_image_scraper.errors import CredentialsError
from smart_image_scraper.photo import (
    EncryptedPhoto,
    Filter,
    Photo,
    PhotoId,
    Score,
    Stage,
    StoredFile,
)
from smart_image_scraper.pipeline.google_vision import (
    VisionSummary,
    estimate_vision,
    score_with_vision,
)
from smart_image_scraper.score import Concept
from smart_image_scraper.score.google_vision import MODEL, GoogleVision
from smart_image_scraper.score.label_words import LabelWords
from smart_image_scraper.store import Store

EVERYTHING = Filter()


@pytest.fixture
def google(vision_service: Any) -> Iterator[GoogleVision]:
    client = GoogleVision(vision_service.KEY, endpoint=vision_service.url, backoff_s=0.001)
    yield client
    client.close()


@pytest.fixture
def add(store: Store, workspace: Path) -> Callable[..., PhotoId]:
    """Put a photo of one colour into the store, with its file."""

    def call(
        number: int, colour: tuple[int, int, int] = (200, 30, 30), *, content: bytes | None = None
    ) -> PhotoId:
        if content is None:
            buffer = BytesIO()
            Image.new("RGB", (16, 12), colour).save(buffer, "PNG", compress_level=number % 9)
            content = buffer.getvalue()
        digest = sha256(content).hexdigest()
        path = workspace / "files" / f"{digest}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        file = StoredFile(
            path=path.name,
            sha256=digest,
            media_type="image/png",
            bytes=len(content),
            width=16,
            height=12,
            url=None,
            fetched_at=datetime(2026, 11, 25, tzinfo=UTC),
        )
        photo = Photo(id=PhotoId(f"made:{number:03}"), file=file)
        store.put([EncryptedPhoto(photo=photo)], stages=(Stage.SEARCH, Stage.DOWNLOAD))
        return photo.id

    return call


@pytest.fixture
def run(store: Store, workspace: Path, progress: Any) -> Callable[..., VisionSummary]:
    def call(service: GoogleVision | None, *concepts: str, **options: Any) -> VisionSummary:
        return score_with_vision(
            store,
            service,
            workspace=workspace,
            concepts=[Concept.parse(each) for each in concepts or ("monkey", "cage")],
            words=options.pop("words", LabelWords.load()),
            where=options.pop("where", EVERYTHING),
            progress=progress,
            **options,
        )

    return call


def photo(store: Store, photo_id: PhotoId) -> Photo:
    return next(store.get([photo_id])).photo


def test_photos_are_scored_by_what_google_sees(
    store: Store, add: Callable, run: Callable, google: GoogleVision, vision_service: Any
) -> None:
    red, green = add(1, vision_service.RED), add(2, vision_service.GREEN)
    magnet, nothing = add(3, vision_service.GREY), add(4, vision_service.BLUE)

    summary = run(google)

    assert summary == VisionSummary(model=MODEL, labelled=4, scored=4, failed={})
    no_monkey = Score(concept="monkey", model=MODEL, below=0.5)
    no_cage = Score(concept="cage", model=MODEL, below=0.5)
    monkey = Score(concept="monkey", model=MODEL, value=0.93)
    cage = Score(concept="cage", model=MODEL, value=0.75)
    assert photo(store, red).scores == (no_cage, monkey)
    assert photo(store, green).scores == (cage, no_monkey)
    assert photo(store, magnet).scores == photo(store, nothing).scores == (no_cage, no_monkey)


def test_a_further_concept_costs_no_further_request(
    store: Store, add: Callable, run: Callable, google: GoogleVision, vision_service: Any
) -> None:
    red = add(1)
    run(google, "monkey")

    summary = run(None, "wildlife")

    assert (summary.labelled, summary.scored) == (0, 1)
    assert vision_service.requests == [1]
    assert {score.concept: score.value for score in photo(store, red).scores} == {
        "monkey": 0.93,
        "wildlife": 0.8,
    }


def test_a_second_run_asks_and_scores_nothing(
    add: Callable, run: Callable, google: GoogleVision, vision_service: Any
) -> None:
    add(1)
    run(google)

    again = run(google)

    assert (again.labelled, again.scored) == (0, 0)
    assert vision_service.requests == [1]


def test_scores_follow_words_that_have_changed(
    store: Store, add: Callable, run: Callable, google: GoogleVision, tmp_path: Path
) -> None:
    red = add(1)
    run(google, "cage")
    own = tmp_path / "words.toml"
    own.write_text('cage = ["wildlife"]', encoding="utf-8")

    summary = run(None, "cage", words=LabelWords.load(own))

    assert summary.scored == 1
    assert photo(store, red).scores == (Score(concept="cage", model=MODEL, value=0.8),)


def test_synonyms_and_contrasts_that_are_given_count(
    store: Store, add: Callable, run: Callable, google: GoogleVision, vision_service: Any
) -> None:
    red, green = add(1, vision_service.RED), add(2, vision_service.GREEN)
    run(google, "thing=wildlife,fencing")

    summary = run(None, "thing=wildlife,fencing!macaque,chain-link fencing")

    assert summary.scored == 2
    assert photo(store, red).scores == (Score(concept="thing", model=MODEL, value=0.8),)
    assert photo(store, green).scores == (Score(concept="thing", model=MODEL, below=0.5),)


def test_many_photos_go_in_requests_of_sixteen(
    add: Callable, run: Callable, google: GoogleVision, vision_service: Any, progress: Any
) -> None:
    for number in range(40):
        add(number)

    summary = run(google)

    assert summary.labelled == 40
    assert sorted(vision_service.requests) == [8, 16, 16]
    assert progress.done == {"label": 40}


def test_only_the_photos_that_are_meant_are_sent(
    add: Callable, run: Callable, google: GoogleVision, vision_service: Any, store: Store
) -> None:
    add(1)
    second = add(2)

    summary = run(google, where=Filter(ids=(second,)))

    assert summary.labelled == 1
    assert vision_service.requests == [1]
    assert estimate_vision(store, where=EVERYTHING).photos == 1


def test_what_fails_is_recorded_on_its_photo_and_the_rest_goes_on(
    store: Store, add: Callable, run: Callable, google: GoogleVision, vision_service: Any
) -> None:
    vision_service.image_errors[vision_service.GREEN] = [3, 3]
    vision_service.image_errors[vision_service.BLUE] = [14, 14]
    fine, refused, later = (
        add(1, vision_service.RED),
        add(2, vision_service.GREEN),
        add(3, vision_service.BLUE),
    )
    damaged = add(4, content=b"\x89PNG of another kind")

    summary = run(google)

    assert summary.failed == {"refused": 1, "unavailable": 1, "damaged": 1}
    assert (summary.labelled, summary.scored) == (1, 1)
    failures = {each: photo(store, each).failures.get(Stage.SCORE) for each in (refused, later)}
    assert [failure.retryable for failure in failures.values() if failure] == [False, True]
    assert photo(store, damaged).failures[Stage.SCORE].reason == "damaged"
    assert photo(store, fine).failures == {}
    assert photo(store, refused).scores == ()


def test_what_may_pass_is_tried_by_the_next_run_and_what_may_not_with_again(
    store: Store, add: Callable, run: Callable, google: GoogleVision, vision_service: Any
) -> None:
    vision_service.image_errors[vision_service.GREEN] = [3, 3]
    vision_service.image_errors[vision_service.BLUE] = [14, 14]
    refused, later = add(1, vision_service.GREEN), add(2, vision_service.BLUE)
    run(google)

    second = run(google)
    third = run(google, again=True)

    assert (second.labelled, third.labelled) == (1, 1)
    assert photo(store, refused).failures == photo(store, later).failures == {}


def test_a_photo_with_older_scores_can_fail_too(
    store: Store, add: Callable, run: Callable, google: GoogleVision, vision_service: Any
) -> None:
    vision_service.image_errors[vision_service.RED] = [3, 3]
    red = add(1)
    older = Score(concept="monkey", model="google-vision-2021", value=0.9)
    stored = next(store.get([red]))
    store.put(
        [replace(stored, photo=replace(stored.photo, scores=(older,)))], stages=(Stage.SCORE,)
    )

    summary = run(google)

    assert summary.failed == {"refused": 1}
    assert photo(store, red).failures[Stage.SCORE].reason == "refused"
    assert photo(store, red).scores == (older,)


def test_a_photo_whose_file_is_gone_is_pending_for_the_download(
    store: Store, add: Callable, run: Callable, google: GoogleVision, workspace: Path
) -> None:
    red = add(1)
    for path in (workspace / "files").iterdir():
        path.unlink()

    summary = run(google)

    assert summary.failed == {"missing": 1}
    assert store.count_pending(Stage.DOWNLOAD) == 1
    assert "the file cannot be read" in photo(store, red).failures[Stage.SCORE].message


def test_a_file_that_cannot_be_read_just_now_stays_the_photos(
    store: Store, add: Callable, run: Callable, google: GoogleVision, workspace: Path
) -> None:
    add(1)
    for path in (workspace / "files").iterdir():
        path.unlink()
        path.mkdir()

    summary = run(google)

    assert summary.failed == {"unreadable": 1}
    assert store.count_pending(Stage.DOWNLOAD) == 0


def test_another_picture_in_a_photo_s_place_is_looked_at_anew(
    store: Store, add: Callable, run: Callable, google: GoogleVision, vision_service: Any
) -> None:
    first = add(1, vision_service.RED)
    run(google, "monkey", "wildlife")
    store.forget_files([photo(store, first)])
    add(1, vision_service.GREEN)

    summary = run(google, "monkey")

    assert summary.labelled == 1
    assert photo(store, first).scores == (Score(concept="monkey", model=MODEL, below=0.5),)


def test_what_was_answered_before_the_run_ended_is_kept(
    store: Store, add: Callable, run: Callable, google: GoogleVision, vision_service: Any
) -> None:
    for number in range(40):
        add(number)
    forbidden = (403, {"error": {"code": 403, "message": "billing is off"}}, {})
    good = threading.Semaphore(1)
    answer = vision_service.reply

    def reply(*arguments: Any) -> Any:
        return answer(*arguments) if good.acquire(blocking=False) else forbidden

    vision_service.reply = reply

    with pytest.raises(CredentialsError, match="billing is off"):
        run(google)

    assert store.labels.count_pending(EVERYTHING, model=MODEL) == 40 - 16
    vision_service.reply = answer
    assert run(google).labelled == 40 - 16
    assert sum(vision_service.requests) == 40


def test_the_estimate_counts_what_would_be_sent_and_the_month_s_free_images(
    store: Store, add: Callable
) -> None:
    for number in range(3):
        add(number)

    few = estimate_vision(store, where=EVERYTHING)

    assert few.photos == 3
    assert few.least_usd == 0
    assert few.most_usd == pytest.approx(0.0045)
