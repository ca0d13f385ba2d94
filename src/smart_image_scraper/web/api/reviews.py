"""Serve: judging photos: one by one, all that a filter means, and which to look at next."""

from functools import partial
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field

from smart_image_scraper.errors import ModelError, TrainError, UsageError
from smart_image_scraper.photo import Filter, Judgement, PhotoId, Verdict
from smart_image_scraper.pipeline import read_filter
from smart_image_scraper.web.answers import Json
from smart_image_scraper.web.api.given import Curator, ServedHere
from smart_image_scraper.web.api.photos import card_json
from smart_image_scraper.web.api.replies import AddedReply, QueueReply
from smart_image_scraper.web.engine import Selection, select
from smart_image_scraper.web.reviewing import MOST_AT_ONCE, Said, add_reviews
from smart_image_scraper.web.served import Served
from smart_image_scraper.web.snapshot import Snapshot

router = APIRouter(prefix="/api", tags=["reviews"])

ConceptWord = Annotated[str, Field(min_length=1, max_length=200)]


class Word(BaseModel):
    """A word on a photo; without a concept, on the photo as a whole.

    With ``takes_back`` it counts only while what was said then, by the same person, is the last.
    """

    photo: Annotated[str, Field(max_length=300)]
    verdict: Verdict
    concept: ConceptWord | None = None
    takes_back: AwareDatetime | None = None


class Words(BaseModel):
    """Words on photos."""

    reviews: Annotated[list[Word], Field(min_length=1, max_length=MOST_AT_ONCE)]


class WordOnMatching(BaseModel):
    """A word on all photos that a filter means."""

    filter: Annotated[str, Field(max_length=16_384)]
    verdict: Verdict
    concept: ConceptWord | None = None
    expected: Annotated[int, Field(ge=0)]


@router.post("/reviews", response_model=AddedReply)
def review(*, words: Words, served: ServedHere, visitor: Curator) -> Json:
    """Say something of photos; what comes back as ``undo`` takes it back when it is sent."""
    said = [
        Said(
            photo=_id(each.photo),
            verdict=each.verdict,
            concept=each.concept,
            takes_back=each.takes_back,
        )
        for each in words.reviews
    ]
    return _add(served, said, by=visitor.name)


@router.post("/reviews/matching", response_model=AddedReply)
def review_matching(*, word: WordOnMatching, served: ServedHere, visitor: Curator) -> Json:
    """Say the same of all photos that a filter means, if they are still as many as expected."""
    where = read_filter(parse_qsl(word.filter, keep_blank_values=True))
    selection = select(served.library.snapshot(), where)
    if selection.matching != word.expected:
        sentence = f"the filter means {selection.matching:,} photos by now; look at them first"
        return Json({"error": sentence, "matching": selection.matching}, status_code=409)
    if selection.matching > MOST_AT_ONCE:
        raise UsageError(f"at most {MOST_AT_ONCE:,} photos can be judged at once; filter further")
    said = [
        Said(photo=photo_id, verdict=word.verdict, concept=word.concept)
        for photo_id in selection.ids()
    ]
    return _add(served, said, by=visitor.name)


@router.get("/reviews/next", response_model=QueueReply)
def following(
    *,
    served: ServedHere,
    visitor: Curator,
    concept: Annotated[str, Query(min_length=1, max_length=200)],
    number: Annotated[int, Query(ge=1, le=256)] = 24,
) -> Json:
    """Return the photos whose review would teach most; without a model, the least sure ones."""
    del visitor
    snapshot = served.library.snapshot()
    answer = _suggested(served, snapshot, concept=concept, number=number)
    chosen = answer.pop("chosen")
    cards = {card.id: card for card in snapshot.cards([each["photo"] for each in chosen])}
    photos = [
        {
            "card": card_json(cards[each["photo"]]),
            "reason": each["reason"],
            "probability": each["probability"],
        }
        for each in chosen
        if each["photo"] in cards
    ]
    reviewed = snapshot.verdicts.count(concept)
    left = _without_verdict(snapshot, concept).matching
    return Json({"photos": photos, "reviewed": reviewed, "left": left, **answer})


def _add(served: Served, said: list[Said], *, by: str) -> Json:
    undo = add_reviews(served.store(), said, by=by)
    served.library.refresh()
    return Json({"added": len(undo), "undo": [each.as_json() for each in undo]})


def _id(text: str) -> PhotoId:
    try:
        return PhotoId(text)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _suggested(served: Served, snapshot: Snapshot, *, concept: str, number: int) -> dict[str, Any]:
    # What was said is at hand in the snapshot: the store would have to read all reviews.
    answers = partial(snapshot.answers, concept)
    try:
        model, chosen = served.trainer.suggest(concept, number=number, answers=answers)
    except (ModelError, TrainError) as error:
        unsure = _unsure(snapshot, concept, number=number)
        return {"chosen": unsure, "model": None, "why": str(error)}
    photos = [
        {"photo": each.photo, "reason": each.reason, "probability": each.probability}
        for each in chosen
    ]
    return {"chosen": photos, "model": model, "why": None}


def _without_verdict(snapshot: Snapshot, concept: str) -> Selection:
    undecided = Judgement(verdict=None, concept=concept)
    return select(snapshot, Filter(has_file=True, reviews=(undecided,)))


def _unsure(snapshot: Snapshot, concept: str, *, number: int) -> list[dict[str, Any]]:
    """Return photos without a review that a model is least sure of, or, without one, the newest."""
    selection = _without_verdict(snapshot, concept)
    try:
        ids, reason = selection.page(f"unsure:{concept}", offset=0, limit=number), "unsure"
    except UsageError:
        ids, reason = selection.page("added", offset=0, limit=number), "new"
    return [
        {"photo": card.id, "reason": reason, "probability": card.scores.get(concept)}
        for card in snapshot.cards(ids)
    ]
