"""Serve: what the API's answers hold, for its description; tests hold the answers to it."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Reply(BaseModel):
    """An answer, which holds this and nothing else."""

    model_config = ConfigDict(extra="forbid")


class Error(Reply):
    """What is wrong, in a sentence for people."""

    error: str


class CardReply(Reply):
    """What the gallery shows of a photo."""

    id: str
    title: str | None
    width: int | None
    height: int | None
    taken: str | None
    granularity: str | None
    country: str | None
    license: str
    views: int | None
    terms: list[str]
    scores: dict[str, float | None]
    verdict: str | None
    verdicts: dict[str, str]
    picture: str | None
    gone: bool
    duplicates: int
    page_url: str | None


class PageReply(Reply):
    """A page of photos."""

    revision: str
    matching: int
    page: int
    pages: int
    photos: list[CardReply]


class LicenseReply(Reply):
    """A licence."""

    word: str
    name: str
    url: str | None
    free: bool


class ScoreReply(Reply):
    """A model's word on a concept."""

    concept: str
    model: str
    value: float | None
    below: float | None
    raw: float | None
    calibrated: bool


class ReviewReply(Reply):
    """A person's word on a photo or, with a concept, on whether that is in it."""

    concept: str | None
    verdict: str
    by: str
    at: str


class FailureReply(Reply):
    """Why a stage could not be done."""

    stage: str
    reason: str
    message: str
    retryable: bool
    at: str


class DuplicatesReply(Reply):
    """Photos that are alike."""

    kind: str
    photos: list[CardReply]


class PersonalReply(Reply):
    """What is personal of a photo."""

    owner: dict[str, str | None]
    exif: list[tuple[str, str]]
    comments: list[dict[str, Any]]
    notes: list[dict[str, Any]]


class PhotoReply(Reply):
    """All that is known of a photo."""

    card: CardReply | None
    title: str | None
    description: str | None
    credit: str
    license: LicenseReply
    page_url: str | None
    fields: list[tuple[str, str | float | bool]]
    place: dict[str, Any] | None
    coordinates: dict[str, float] | None
    scores: list[ScoreReply]
    reviews: list[ReviewReply]
    failures: list[FailureReply]
    duplicates: list[DuplicatesReply]
    personal: PersonalReply | None
    personal_why: str | None


class SaidReply(Reply):
    """A word on a photo."""

    photo: str
    verdict: str
    concept: str | None
    takes_back: str | None


class AddedReply(Reply):
    """On how many photos and concepts something was said, and what takes that back."""

    added: int
    undo: list[SaidReply]


class ToReviewReply(Reply):
    """A photo to look at."""

    card: CardReply
    reason: str
    probability: float | None


class QueueReply(Reply):
    """Photos to look at; ``why`` no model has chosen them."""

    photos: list[ToReviewReply]
    reviewed: int
    left: int
    model: str | None
    why: str | None


class JobReply(Reply):
    """The number of a training."""

    job: int


class TrainingReply(Reply):
    """How a training stands: ``idle``, ``running`` or ``failed``."""

    state: str
    concept: str | None
    seconds: float
    message: str
    job: int
    revision: str


class HealthReply(Reply):
    """Whether all is well: ``ok`` or ``degraded``."""

    status: str
    problems: list[str]


class SessionReply(Reply):
    """Who asks, and what they may do."""

    role: str
    name: str
    can_review: bool
    personal: bool
    csrf: str
    passwords: bool
    tiles: dict[str, str] | None


class StateReply(Reply):
    """How what is shown stands to the database."""

    revision: str
    photos: int
    loaded_at: str | None
    loading: bool
    progress: float
    texts: float
    stale: bool
    problems: list[str]


class LoadingReply(Reply):
    """That everything is read anew."""

    loading: bool


class CommandsReply(Reply):
    """Commands that mean the same photos."""

    export: str
    list: str
