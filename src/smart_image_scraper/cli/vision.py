"""What `sis score --model google-vision` does: say what it costs, ask, and score."""

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from smart_image_scraper.cli.session import Session, progress, tell
from smart_image_scraper.cli.wording import counted
from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Filter

VISION = "google-vision"
"""The word for it where a model is named."""

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smart_image_scraper.config import Settings
    from smart_image_scraper.pipeline.google_vision import VisionEstimate, VisionSummary
    from smart_image_scraper.score import Concept
    from smart_image_scraper.score.google_vision import GoogleVision


def vision_pending(
    opened: Session,
    where: Filter,
    *,
    concepts: "Sequence[Concept]",
    again: bool = False,
    yes: bool = False,
) -> "VisionSummary":
    """Have Google Vision label what it has not seen, and score concepts from all labels.

    Args:
        opened: The session.
        where: Only these photos.
        concepts: What is looked for.
        again: Whether photos that failed for good are tried once more, too.
        yes: Whether the user has agreed to the cost already.

    Raises:
        UsageError: Nobody can be asked whether to go on, or the client is not installed.
        CredentialsError: There is no API key, or it is not accepted.
    """
    from smart_image_scraper.score.label_words import LabelWords

    _check_installed()
    from smart_image_scraper.pipeline import google_vision

    words = LabelWords.load(opened.settings.label_words)
    estimate = google_vision.estimate_vision(opened.store, where=where, again=again)
    with ExitStack() as still_open:
        service = None
        if estimate.photos:
            service = _service(opened.settings)
            still_open.callback(service.close)
            _agree(estimate, yes=yes)
        return google_vision.score_with_vision(
            opened.store,
            service,
            workspace=opened.workspace,
            concepts=concepts,
            words=words,
            where=where,
            again=again,
            progress=progress(),
        )


def _check_installed() -> None:
    try:
        import google.cloud.vision  # noqa: F401 — only whether it is there
    except ImportError as error:
        raise UsageError(
            "asking Google Vision takes its client, which is not installed; install "
            "smart-image-scraper[google-vision]"
        ) from error


def _service(settings: "Settings") -> "GoogleVision":
    from smart_image_scraper.score.google_vision import GoogleVision

    key = settings.google_vision_key
    return GoogleVision(
        key.get_secret_value() if key else "", endpoint=str(settings.google_vision_url)
    )


def _agree(estimate: "VisionEstimate", *, yes: bool) -> None:
    """Say what is sent and what it costs, and go on only if the user wants that."""
    from smart_image_scraper.pipeline.google_vision import (
        FREE_A_MONTH,
        PRICE_AS_OF,
        PRICE_PER_1000_USD,
    )

    tell(
        f"{counted(estimate.photos, 'photo goes', plural='photos go')} to Google Vision, "
        f"scaled down and without metadata; it takes ${estimate.least_usd:,.2f} to "
        f"${estimate.most_usd:,.2f} for them "
        f"(${PRICE_PER_1000_USD:.2f} per 1,000, the first {FREE_A_MONTH:,} of a month free; "
        f"cloud.google.com/vision/pricing, {PRICE_AS_OF})"
    )
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("photos are sent and paid for only if you say so; add --yes")
    click.confirm("sis: go on?", abort=True, err=True)
