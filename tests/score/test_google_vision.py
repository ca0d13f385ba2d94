import inspect
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import requests.exceptions
from google.api_core import exceptions as google_exceptions
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from smart_image_scraper.errors import (
    CredentialsError,
    NetworkError,
    ScoreError,
    StatusError,
    TransientError,
)
from smart_image_scraper.score.google_vision import FLOOR, Answer, GoogleVision
from smart_image_scraper.score.sending import (
    EDGE,
    MAX_IMAGES,
    MAX_REQUEST_BYTES,
    Picture,
    in_requests,
    prepare,
)


@pytest.fixture
def google(vision_service: Any) -> Iterator[GoogleVision]:
    client = GoogleVision(vision_service.KEY, endpoint=vision_service.url, backoff_s=0.001)
    yield client
    client.close()


def file_of(
    colour: tuple[int, int, int], *, size: tuple[int, int] = (32, 24), **options: Any
) -> bytes:
    content = BytesIO()
    Image.new("RGB", size, colour).save(content, options.pop("format", "JPEG"), **options)
    return content.getvalue()


def pictures(*colours: tuple[int, int, int]) -> list[Picture]:
    return [prepare(file_of(colour), name=f"made:{n}") for n, colour in enumerate(colours)]


def descriptions(answer: Answer | ScoreError) -> list[str]:
    assert isinstance(answer, Answer)
    return [label.description for label in answer.labels]


def test_each_image_gets_its_own_labels(google: GoogleVision, vision_service: Any) -> None:
    red, green, blue = google.label(
        pictures(vision_service.RED, vision_service.GREEN, vision_service.BLUE)
    )

    assert descriptions(red) == ["Rhesus macaque", "Wildlife"]
    assert descriptions(green) == ["Chain-link fencing", "Cabinet"]
    assert blue == Answer(labels=(), floor=FLOOR)
    assert isinstance(red, Answer)
    assert red.labels[0].score == 0.93
    assert vision_service.requests == [3]


def test_images_are_sent_small_upright_and_without_what_hangs_on_them(
    google: GoogleVision, vision_service: Any
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x013B] = "Jane Doe"
    whole = file_of(
        vision_service.RED, size=(1600, 800), exif=exif, comment=b"Jane Doe", icc_profile=b"Jane"
    )

    google.label([prepare(whole, name="made:1")])

    sent = vision_service.images[0]
    assert sent.size == (EDGE // 2, EDGE)
    assert sent.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_small_image_is_not_enlarged(google: GoogleVision, vision_service: Any) -> None:
    google.label([prepare(file_of(vision_service.RED, format="PNG"), name="made:1")])

    assert vision_service.images[0].size == (32, 24)


def test_a_file_that_is_no_image_is_the_photo_s_failure() -> None:
    with pytest.raises(ScoreError, match="made:1: the image cannot be decoded") as raised:
        prepare(b"\xff\xd8\xffnot", name="made:1")

    assert (raised.value.reason, raised.value.retryable) == ("damaged", False)


def test_noise_is_sent_in_requests_that_the_service_lets_in(
    google: GoogleVision, vision_service: Any
) -> None:
    content = BytesIO()
    Image.effect_noise((EDGE, EDGE), 200).convert("RGB").save(content, "PNG")
    noise = prepare(content.getvalue(), name="made:1")
    large = Picture(name="made:1", content=noise.content + b"\0" * 400_000)

    answers = [google.label(request) for request in in_requests([large] * 20)]

    assert sum(map(len, answers)) == 20
    assert 1 < len(answers[0]) < MAX_IMAGES


@given(st.lists(st.integers(1, 4_000_000), max_size=60))
def test_requests_hold_every_picture_once_and_as_many_as_fit(sizes: list[int]) -> None:
    content = bytes(max(sizes, default=0))
    asked = [Picture(name=f"made:{n}", content=content[:size]) for n, size in enumerate(sizes)]

    found = list(in_requests(iter(asked)))

    assert [picture for request in found for picture in request] == asked
    for request in found:
        assert len(request) <= MAX_IMAGES
        assert len(request) == 1 or encoded(request) <= MAX_REQUEST_BYTES
    for request, following in pairwise(found):
        full = len(request) == MAX_IMAGES
        assert full or encoded([*request, following[0]]) > MAX_REQUEST_BYTES - 20_000


def encoded(request: list[Picture]) -> int:
    return sum(len(picture.content) * 4 // 3 for picture in request)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(
    google: GoogleVision, vision_service: Any, *, status: int
) -> None:
    vision_service.fail_next(status, status, status)

    answers = google.label(pictures(vision_service.RED))

    assert descriptions(answers[0]) == ["Rhesus macaque", "Wildlife"]
    assert vision_service.requests == [1, 1, 1, 1]


def test_the_pause_that_the_service_asks_for_is_kept(
    google: GoogleVision, vision_service: Any
) -> None:
    vision_service.fail_next(429, Retry_After="1")
    started = time.monotonic()

    google.label(pictures(vision_service.RED))

    assert time.monotonic() - started >= 1


def test_a_pause_of_hours_ends_the_run(google: GoogleVision, vision_service: Any) -> None:
    vision_service.fail_next(429, Retry_After="3600")

    with pytest.raises(TransientError, match="goes on answering 429"):
        google.label(pictures(vision_service.RED))


@pytest.mark.parametrize("status", [429, 500])
def test_what_does_not_pass_ends_the_run(vision_service: Any, status: int) -> None:
    client = GoogleVision(
        vision_service.KEY, endpoint=vision_service.url, attempts=3, backoff_s=0.001
    )
    vision_service.fail_next(*[status] * 3)

    with pytest.raises(TransientError, match=f"goes on answering {status}: status {status}; what"):
        client.label(pictures(vision_service.RED))

    assert vision_service.requests == [1, 1, 1]
    client.close()


def test_a_refused_request_is_not_tried_again(google: GoogleVision, vision_service: Any) -> None:
    vision_service.fail_next(400)

    with pytest.raises(StatusError, match="refused a request with 400: status 400"):
        google.label(pictures(vision_service.RED))

    assert len(vision_service.requests) == 1


def test_too_many_images_are_what_the_service_refuses(
    google: GoogleVision, vision_service: Any
) -> None:
    with pytest.raises(StatusError, match="Too many images per request"):
        google.label(pictures(*[vision_service.RED] * 17))


@pytest.mark.parametrize(
    "reply", [{"responses": []}, {"responses": [{}, {}]}, {"responses": "no list"}, []]
)
def test_a_garbled_answer_is_asked_for_again(
    google: GoogleVision, vision_service: Any, *, reply: Any
) -> None:
    vision_service.replies.append((200, reply, {}))

    answers = google.label(pictures(vision_service.RED))

    assert descriptions(answers[0]) == ["Rhesus macaque", "Wildlife"]


@pytest.mark.parametrize("code", [3, 4, 8, 13, 14])
def test_an_image_that_failed_inside_a_good_answer_is_sent_once_more(
    google: GoogleVision, vision_service: Any, *, code: int
) -> None:
    vision_service.image_errors[vision_service.GREEN] = [code]

    answers = google.label(pictures(vision_service.RED, vision_service.GREEN, vision_service.GREY))

    assert [descriptions(answer)[0] for answer in answers] == [
        "Rhesus macaque",
        "Chain-link fencing",
        "Magnet",
    ]
    assert vision_service.requests == [3, 1]


@pytest.mark.parametrize(
    ("codes", "reason", "retryable"),
    [([3, 3], "refused", False), ([13, 14], "unavailable", True), ([7], "unavailable", True)],
)
def test_an_image_that_fails_again_fails_alone(
    google: GoogleVision,
    vision_service: Any,
    *,
    codes: list[int],
    reason: str,
    retryable: bool,
) -> None:
    vision_service.image_errors[vision_service.GREEN] = [*codes]

    red, green = google.label(pictures(vision_service.RED, vision_service.GREEN))

    assert descriptions(red) == ["Rhesus macaque", "Wildlife"]
    assert isinstance(green, ScoreError)
    assert (green.reason, green.retryable) == (reason, retryable)
    assert f"made:1: Google Vision did not label the photo: error {codes[-1]}" in str(green)


def test_answers_are_kept_when_the_second_try_of_one_image_does_not_go_through(
    google: GoogleVision, vision_service: Any
) -> None:
    vision_service.image_errors[vision_service.GREEN] = [14]
    answer = vision_service.reply

    def reply(*arguments: Any) -> Any:
        vision_service.reply = lambda *_: (400, {"error": {"code": 400, "message": "no"}}, {})
        return answer(*arguments)

    vision_service.reply = reply

    red, green = google.label(pictures(vision_service.RED, vision_service.GREEN))

    assert descriptions(red) == ["Rhesus macaque", "Wildlife"]
    assert isinstance(green, ScoreError)
    assert green.retryable


def test_a_wrong_key_ends_the_run_and_is_in_no_message(
    vision_service: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = GoogleVision("AIza-wrong", endpoint=vision_service.url)

    with (
        caplog.at_level(logging.DEBUG),
        pytest.raises(CredentialsError, match="does not accept the API key: API key not valid"),
    ):
        client.label(pictures(vision_service.RED))

    assert "AIza-wrong" not in caplog.text
    client.close()


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_may_not_is_told_apart(
    google: GoogleVision, vision_service: Any, *, status: int
) -> None:
    message = f"key {vision_service.KEY}: billing is off"
    refused = (status, {"error": {"code": status, "message": message}}, {})
    vision_service.replies += [refused] * 3  # Google's own layer tries a 401 again, twice

    with pytest.raises(CredentialsError, match="key …: billing is off; correct SIS_GOOGLE_VISION"):
        google.label(pictures(vision_service.RED))


def test_without_a_key_nothing_begins() -> None:
    with pytest.raises(CredentialsError, match="set SIS_GOOGLE_VISION_KEY"):
        GoogleVision("")


def test_a_service_that_is_not_there_is_said_to_be(vision_service: Any) -> None:
    client = GoogleVision(
        vision_service.KEY, endpoint="http://127.0.0.1:1", attempts=2, backoff_s=0.001
    )

    with pytest.raises(TransientError, match="gave no answer that can be read") as raised:
        client.label(pictures(vision_service.RED))

    assert vision_service.KEY not in str(raised.value)
    client.close()


def test_a_stop_ends_the_waiting_for_the_next_attempt(vision_service: Any) -> None:
    client = GoogleVision(vision_service.KEY, endpoint=vision_service.url, backoff_s=100)
    vision_service.fail_next(503)
    threading.Timer(0.2, client.stop).start()

    with pytest.raises(TransientError, match="503"):
        client.label(pictures(vision_service.RED))

    client.close()


def test_no_more_images_a_minute_are_sent_than_allowed(vision_service: Any) -> None:
    client = GoogleVision(vision_service.KEY, endpoint=vision_service.url, images_per_minute=600)
    started = time.monotonic()

    for _ in range(3):
        client.label(pictures(vision_service.RED, vision_service.RED))

    assert time.monotonic() - started >= 0.4
    client.close()


def test_a_list_of_labels_that_is_full_was_cut(google: GoogleVision, vision_service: Any) -> None:
    vision_service.labels[vision_service.RED] = [
        {"mid": "", "description": f"word {n}", "score": 0.99 - n / 200} for n in range(50)
    ]

    answer = google.label(pictures(vision_service.RED))[0]

    assert isinstance(answer, Answer)
    assert answer.floor == 0.745
    assert (answer.labels[0].mid, answer.labels[0].topicality) == (None, None)


def foreign_exceptions() -> list[type[Exception]]:
    return [
        each
        for module in (google_exceptions, requests.exceptions)
        for _, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, (google_exceptions.GoogleAPICallError, requests.RequestException))
        and not issubclass(each, json.JSONDecodeError)  # which is made of more than a text
    ]


@pytest.mark.parametrize("foreign", foreign_exceptions(), ids=lambda each: each.__name__)
def test_every_exception_of_the_client_becomes_one_of_ours(foreign: Callable[..., Any]) -> None:
    client = GoogleVision("AIza-secret", endpoint="http://127.0.0.1:1")

    error = client._translated(foreign("said of AIza-secret"))

    assert isinstance(error, NetworkError)
    assert "AIza-secret" not in str(error)
    client.close()


def recorded(path: Path) -> list[dict[str, Any]]:
    def walk(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            if "labelAnnotations" in value:
                yield value
            else:
                value = list(value.values())
        if isinstance(value, list):
            for each in value:
                yield from walk(each)

    return list(walk(json.loads(path.read_text(encoding="utf-8"))))


def test_recorded_answers_of_all_years_are_read_whole(
    google: GoogleVision, vision_service: Any, shared: Path
) -> None:
    paths = sorted((shared / "fixtures" / "google_vision").glob("*.json"))
    responses = [response for path in paths for response in recorded(path)]

    answers = []
    for response in responses:
        vision_service.replies.append((200, {"responses": [response]}, {}))
        answers += google.label(pictures(vision_service.RED))

    assert len(answers) == 18
    for answer, response in zip(answers, responses, strict=True):
        assert isinstance(answer, Answer)
        said = response["labelAnnotations"]
        assert [each.description for each in answer.labels] == [
            each["description"] for each in said
        ]
        scores = [each.score for each in answer.labels]
        assert scores == pytest.approx([each["score"] for each in said], rel=1e-7)
        assert all(label.score >= answer.floor == FLOOR for label in answer.labels)
