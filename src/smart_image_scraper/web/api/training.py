"""Serve: training, one at a time, in the background."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from smart_image_scraper.errors import UsageError
from smart_image_scraper.score import Concept
from smart_image_scraper.web.answers import Json
from smart_image_scraper.web.api.given import Curator, ServedHere
from smart_image_scraper.web.api.replies import JobReply, TrainingReply

router = APIRouter(prefix="/api", tags=["reviews"])


class ToTrain(BaseModel):
    """What to train."""

    concept: Annotated[str, Field(min_length=1, max_length=200)]


@router.post("/train", status_code=202, response_model=JobReply)
def train(*, wanted: ToTrain, served: ServedHere, visitor: Curator) -> Json:
    """Begin to train a concept, and to score all photos anew; it takes all reviews until now in."""
    del visitor
    try:
        word = Concept(word=wanted.concept).word
    except ValueError as error:
        raise UsageError(str(error)) from error
    return Json({"job": served.trainer.start(word)}, status_code=202)


@router.get("/train", response_model=TrainingReply)
def training(*, served: ServedHere) -> Json:
    """Tell how the training stands."""
    revision = served.library.snapshot().revision
    return Json(asdict(served.trainer.state()) | {"revision": revision})
