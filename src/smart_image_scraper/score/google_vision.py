"""Score: ask Google Vision for the labels of images.

The official client, over REST (https://docs.cloud.google.com/vision/docs/labels). What it lacks is
here: the rate that is allowed, retry of what may pass, and errors of single images, which come
inside an answer that is otherwise good.
"""

import random
import re
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from google.api_core.exceptions import GoogleAPICallError
from google.auth.exceptions import GoogleAuthError
from google.cloud import vision
from google.protobuf.json_format import ParseError
from requests import RequestException

from smart_image_scraper.errors import (
    CredentialsError,
    NetworkError,
    ScoreError,
    StatusError,
    TransientError,
)
from smart_image_scraper.photo import Label
from smart_image_scraper.score.sending import Picture

MODEL = "google-vision@stable"
"""The model's name in scores. Google names no revision; "stable" is what it calls its default."""

ENDPOINT = "https://vision.googleapis.com"

# https://docs.cloud.google.com/vision/quotas
IMAGES_PER_MINUTE = 1_800

MAX_PAUSE_S = 900
"""The longest pause that is waited for; a service that asks for a longer one ends the run."""

MAX_LABELS = 50
FLOOR = 0.5
"""No lower score was seen in answers of any year; it is documented nowhere."""

_INVALID_ARGUMENT = 3
# "Bad image data" (3) comes for good images, too (googleapis/nodejs-vision#168), the others when
# the service is busy: deadline exceeded, resources exhausted, internal, unavailable.
_ONCE_MORE = frozenset({_INVALID_ARGUMENT, 4, 8, 13, 14})
_MAY_PASS = frozenset({408, 429, 500, 502, 503, 504})
_REFUSED_KEY = frozenset({401, 403})
_FOREIGN = (GoogleAPICallError, GoogleAuthError, RequestException, ParseError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the service saw in an image.

    Attributes:
        labels: Best first.
        floor: What is not among them has a lower score than this.
    """

    labels: tuple[Label, ...]
    floor: float


class GoogleVision:
    """Google Vision, as the owner of an API key may use it. Threads may share one.

    Args:
        api_key: The key. It is sent as a header, and is in no message.
        endpoint: Where the service answers.
        images_per_minute: How many images are sent in a minute, by this process.
        timeout_s: How long to wait for an answer.
        attempts: How often a request is sent before its failure counts.
        backoff_s: The first wait between attempts; it doubles, up to 60 times that.

    Raises:
        CredentialsError: There is no key.
    """

    def __init__(
        self,
        api_key: str,
        *,
        endpoint: str = ENDPOINT,
        images_per_minute: float = IMAGES_PER_MINUTE,
        timeout_s: float = 60,
        attempts: int = 8,
        backoff_s: float = 1,
    ) -> None:
        if not api_key:
            raise CredentialsError(
                "Google Vision takes an API key, and there is none; set SIS_GOOGLE_VISION_KEY"
            )
        self._api_key = api_key
        self._client = vision.ImageAnnotatorClient(
            transport="rest",
            client_options={"api_key": api_key, "api_endpoint": endpoint.rstrip("/")},
        )
        self._pace = _Pace(images_per_minute / 60)
        self._timeout_s = timeout_s
        self._attempts = attempts
        self._backoff_s = backoff_s
        self._stopped = threading.Event()

    def label(self, pictures: Sequence[Picture]) -> list[Answer | ScoreError]:
        """Ask for the labels of pictures, of one request of ``in_requests``.

        Returns:
            In the order of the pictures: the labels, or why there are none.

        Raises:
            CredentialsError: The key is not accepted, or may not be used for this.
            NetworkError: The service does not answer, or goes on refusing.
        """
        answers = self._annotated(pictures)
        failed = [place for place, each in enumerate(answers) if each.error.code in _ONCE_MORE]
        # If that does not go through, the others' answers have been paid for all the same.
        with suppress(NetworkError):
            second = self._annotated([pictures[place] for place in failed]) if failed else []
            for place, answer in zip(failed, second, strict=True):
                answers[place] = answer
        return [
            _answer(answer, name=picture.name)
            for picture, answer in zip(pictures, answers, strict=True)
        ]

    def stop(self) -> None:
        """Let nothing be tried again any more, so that threads that wait for it end."""
        self._stopped.set()

    def close(self) -> None:
        """Close the connections."""
        self._client.transport.close()  # type: ignore[no-untyped-call]  # as the client has it

    def _annotated(self, pictures: Sequence[Picture]) -> list[vision.AnnotateImageResponse]:
        attempt = 1
        while True:
            try:
                return self._asked(pictures)
            except _FOREIGN as error:
                wait_s = _pause_asked_for(error) or self._backoff_s * self._grown(attempt)
                last = attempt == self._attempts or not _may_pass(error) or wait_s > MAX_PAUSE_S
                # Waits, unless everything is to end.
                if last or self._stopped.wait(wait_s):
                    raise self._translated(error) from error
            attempt += 1

    @staticmethod
    def _grown(attempt: int) -> float:
        return min(60.0, 2.0 ** (attempt - 1)) + random.random()  # noqa: S311 — no secret

    def _asked(self, pictures: Sequence[Picture]) -> list[vision.AnnotateImageResponse]:
        self._pace.wait(len(pictures))
        reply = self._client.batch_annotate_images(
            requests=[_request(picture) for picture in pictures],
            retry=None,
            timeout=self._timeout_s,
        )
        if len(reply.responses) != len(pictures):
            raise ParseError(f"{len(reply.responses)} answers for {len(pictures)} images")
        return list(reply.responses)

    def _translated(self, error: Exception) -> NetworkError:
        if not isinstance(error, GoogleAPICallError):
            # Its text may be long, and names addresses and headers that say nothing to a person.
            return TransientError(
                f"Google Vision gave no answer that can be read ({type(error).__name__}); see that "
                "the network is there, then run the same command again"
            )
        said = re.sub(r"^POST \S+: ", "", str(error.message)).replace(self._api_key, "…")
        if error.code in _REFUSED_KEY or error.reason == "API_KEY_INVALID":
            return CredentialsError(
                f"Google Vision does not accept the API key: {said}; correct SIS_GOOGLE_VISION_KEY,"
                " and see that the Cloud Vision API and billing are on in the key's project",
                code=error.code,
            )
        if error.code in _MAY_PASS:
            return TransientError(
                f"Google Vision goes on answering {error.code}: {said}; what it has answered is "
                "kept; run the same command again later"
            )
        return StatusError(
            f"Google Vision refused a request with {error.code}: {said}", status=error.code or 0
        )


class _Pace:
    """Spaces what several threads send."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self, count: int) -> None:
        """Wait until so many more may be sent."""
        with self._lock:
            mine = max(time.monotonic(), self._next)
            self._next = mine + count / self._per_second
        time.sleep(max(0.0, mine - time.monotonic()))


def _request(picture: Picture) -> vision.AnnotateImageRequest:
    feature = vision.Feature(
        type_=vision.Feature.Type.LABEL_DETECTION, max_results=MAX_LABELS, model="builtin/stable"
    )
    return vision.AnnotateImageRequest(
        image=vision.Image(content=picture.content), features=[feature]
    )


def _may_pass(error: Exception) -> bool:
    return not isinstance(error, GoogleAPICallError) or error.code in _MAY_PASS


def _pause_asked_for(error: Exception) -> float:
    """Return the seconds that the service wants to be left alone; 0 if it does not say."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    seconds = str(headers.get("Retry-After", ""))
    return float(seconds) if seconds.isdecimal() else 0.0


def _answer(answer: vision.AnnotateImageResponse, *, name: str) -> Answer | ScoreError:
    if answer.error.code:
        for_good = answer.error.code == _INVALID_ARGUMENT
        return ScoreError(
            f"{name}: Google Vision did not label the photo: {answer.error.message} "
            f"(code {answer.error.code}); " + ("--again tries it" if for_good else "run it again"),
            reason="refused" if for_good else "unavailable",
            retryable=not for_good,
        )
    labels = tuple(
        Label(
            description=each.description,
            score=_part(each.score),
            mid=each.mid or None,
            topicality=_part(each.topicality) if each.topicality else None,
        )
        for each in answer.label_annotations
    )
    return Answer(labels=labels, floor=_floor(labels))


def _part(value: float) -> float:
    """Return a 32-bit float as the service wrote it, with the fewest digits; never outside 0..1."""
    return min(1.0, max(0.0, float(str(np.float32(value)))))


def _floor(labels: Sequence[Label]) -> float:
    # A list that is full was cut: what is not on it is only below its end.
    lowest = min((label.score for label in labels), default=FLOOR)
    return lowest if len(labels) >= MAX_LABELS else FLOOR
