"""The API's description says what its answers hold."""

from typing import Any

import pytest

from smart_image_scraper.web.api import replies

ANSWERS = {
    "/healthz": replies.HealthReply,
    "/api/session": replies.SessionReply,
    "/api/state": replies.StateReply,
    "/api/photos?order=views": replies.PageReply,
    "/api/photos/flickr:1": replies.PhotoReply,
    "/api/photos/flickr:3": replies.PhotoReply,
    "/api/reviews/next?concept=monkey": replies.QueueReply,
    "/api/train": replies.TrainingReply,
    "/api/command?term=monkey": replies.CommandsReply,
}


@pytest.mark.parametrize("path", ANSWERS)
async def test_answers_hold_what_the_description_says_and_nothing_else(ann: Any, path: str) -> None:
    reply = await ann.get(path)

    ANSWERS[path].model_validate_json(reply.content)


async def test_what_changes_something_answers_as_described(ann: Any) -> None:
    word = {"photo": "flickr:1", "verdict": "accept", "concept": "monkey"}

    added = await ann.post("/api/reviews", {"reviews": [word]})
    trained = await ann.post("/api/train", {"concept": "monkey"})
    reloaded = await ann.post("/api/reload")

    replies.AddedReply.model_validate_json(added.content)
    replies.JobReply.model_validate_json(trained.content)
    replies.LoadingReply.model_validate_json(reloaded.content)


async def test_what_is_described_are_these_answers_and_errors_as_they_are(ann: Any) -> None:
    described = await ann.json("/api/openapi.json")

    operations = [each for path in described["paths"].values() for each in path.values()]
    told = {name for name in described["components"]["schemas"] if name.endswith("Reply")}
    assert {each.__name__ for each in ANSWERS.values()} <= told
    assert not [each for each in operations if "422" in each["responses"]]
    assert all("400" in each["responses"] for each in operations)
