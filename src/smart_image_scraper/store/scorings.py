"""Store: which model has scored which concept, and how its numbers are read."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Scoring, Threshold
from smart_image_scraper.store.columns import clear_column
from smart_image_scraper.store.forms import Document, known, write_moment


def read_scorings(scorings: Collection[Document]) -> list[Scoring]:
    """Return every scoring, the latest first."""
    return [
        Scoring(**{name: value for name, value in document.items() if name != "_id"})
        for document in scorings.find(sort=[("scored_at", -1), ("_id", 1)])
    ]


def save_scoring(database: Database[Document], scoring: Scoring) -> None:
    """Note how a model scores a concept; see ``Scores.save_scoring``."""
    name = f"{scoring.model}|{scoring.concept}"
    before = database["scorings"].find_one({"_id": name})
    if before is not None and before["basis"] != scoring.basis:
        clear_column(database["scores"], model=scoring.model, concept=scoring.concept)
    document = known(scoring) | {"scored_at": write_moment(scoring.scored_at)}
    database["scorings"].replace_one({"_id": name}, document, upsert=True)


def note_answers(scorings: Collection[Document], names: Iterable[str]) -> None:
    """Note that models have answered for concepts, by names as in a photo's ``scores``."""
    now = write_moment(datetime.now(UTC))
    writes = [UpdateOne({"_id": name}, _answered(name, at=now), upsert=True) for name in names]
    if writes:
        scorings.bulk_write(writes, ordered=False)


def note_older_answers(database: Database[Document]) -> None:
    """Note which models have answered for which concepts, of the photos that there are."""
    names = {"$setUnion": [_keys("scores"), _keys("scores_below")]}
    by_name: list[dict[str, Any]] = [
        {"$project": {"name": names}},
        {"$unwind": "$name"},
        {"$group": {"_id": "$name"}},
    ]
    found = [group["_id"] for group in database["photos"].aggregate(by_name)]
    note_answers(database["scorings"], found)


def scoring_of(scorings: Iterable[Scoring], threshold: Threshold) -> Scoring:
    """Return the scoring that a condition is about: the latest one that it can mean.

    Raises:
        UsageError: Nobody has scored that.
    """
    everything = list(scorings)
    for scoring in everything:
        names = {scoring.model, scoring.model.partition("@")[0]}
        if scoring.concept == threshold.concept and threshold.model in {None, *names}:
            return scoring
    scored = ", ".join(sorted({f"{each.model}:{each.concept}" for each in everything}))
    raise UsageError(
        f"no photo has been scored for {str(threshold)!r}; `sis score` does that; scored are: "
        f"{scored or 'none'}"
    )


def _keys(field: str) -> dict[str, Any]:
    pairs = {"$objectToArray": {"$ifNull": [f"${field}", {}]}}
    return {"$map": {"input": pairs, "as": "pair", "in": "$$pair.k"}}


def _answered(name: str, *, at: datetime) -> dict[str, Any]:
    model, _, concept = name.partition("|")
    facts = {"model": model, "concept": concept, "given": "", "basis": "", "reviews": 0}
    return {"$setOnInsert": facts, "$max": {"scored_at": at}}
