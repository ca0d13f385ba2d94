from typing import Any


def word(photo: str, verdict: str, concept: str | None = None) -> dict[str, Any]:
    return {"photo": photo, "verdict": verdict, "concept": concept}


async def test_a_verdict_is_signed_with_the_name_of_the_login(curator: Any, setting: Any) -> None:
    done = await curator.post("/api/reviews", {"reviews": [word("flickr:1", "accept", "monkey")]})

    (review,) = setting.store.reviews.all()
    assert done.json()["added"] == 1
    assert (review.photo, review.verdict, review.concept) == ("flickr:1", "accept", "monkey")
    assert review.by == "Carol"


async def test_a_verdict_shows_at_once_and_can_be_taken_back(ann: Any) -> None:
    said = await ann.post("/api/reviews", {"reviews": [word("flickr:1", "accept")]})
    after = await ann.json("/api/photos?review=accept")
    undo = said.json()["undo"]

    await ann.post("/api/reviews", {"reviews": undo})

    assert undo == [word("flickr:1", "withdraw") | {"takes_back": undo[0]["takes_back"]}]
    assert [card["id"] for card in after["photos"]] == ["flickr:1"]
    assert after["photos"][0]["verdict"] == "accept"
    assert (await ann.json("/api/photos?review=accept"))["matching"] == 0


async def test_all_that_a_filter_means_are_judged_at_once(ann: Any) -> None:
    sent = {"filter": "term=monkey", "verdict": "reject", "concept": "cage", "expected": 2}

    done = await ann.post("/api/reviews/matching", sent)

    judged = await ann.json("/api/photos?review=cage%3Dreject")
    assert done.json()["added"] == 2
    assert {each["photo"] for each in done.json()["undo"]} == {"flickr:1", "flickr:2"}
    assert {card["id"] for card in judged["photos"]} == {"flickr:1", "flickr:2"}


async def test_if_the_filter_means_others_by_now_nothing_is_judged(ann: Any, setting: Any) -> None:
    sent = {"filter": "term=monkey", "verdict": "reject", "concept": None, "expected": 3}

    refused = await ann.post("/api/reviews/matching", sent)

    assert refused.status_code == 409
    assert refused.json() == {
        "error": "the filter means 2 photos by now; look at them first",
        "matching": 2,
    }
    assert setting.store.reviews.all() == []


async def test_a_wrong_word_is_an_error_and_nothing_is_noted(ann: Any, setting: Any) -> None:
    wrong = [
        [word("flickr:1", "accept"), word("flickr:99", "accept")],
        [word("flickr:1", "maybe")],
        [word("flickr:1", "accept", "a.b")],
        [word("not an id", "accept")],
        [],
    ]

    refused = [await ann.post("/api/reviews", {"reviews": words}) for words in wrong]

    assert [each.status_code for each in refused] == [400] * 5
    assert setting.store.reviews.all() == []


async def test_without_a_model_the_queue_says_why_and_shows_photos_without_a_verdict(
    ann: Any,
) -> None:
    await ann.post("/api/reviews", {"reviews": [word("flickr:1", "accept", "monkey")]})

    queue = await ann.json("/api/reviews/next?concept=monkey&number=5")

    assert {each["card"]["id"] for each in queue["photos"]} == {"flickr:2", "flickr:4"}
    assert (queue["reviewed"], queue["left"], queue["model"]) == (1, 2, None)
    assert queue["why"] == "training needs sklearn, which is not installed"


async def test_the_queue_counts_what_was_said_without_reading_all_of_it(
    ann: Any, setting: Any
) -> None:
    said = [word("flickr:1", "accept", "monkey"), word("flickr:2", "reject", "cage")]
    await ann.post("/api/reviews", {"reviews": said})
    setting.store._database["reviews"].delete_many({})

    queue = await ann.json("/api/reviews/next?concept=monkey")

    assert (queue["reviewed"], queue["left"]) == (1, 2)


async def test_what_was_said_of_a_photo_without_a_file_leaves_as_many_to_judge(ann: Any) -> None:
    await ann.post("/api/reviews", {"reviews": [word("flickr:3", "reject", "monkey")]})

    queue = await ann.json("/api/reviews/next?concept=monkey")

    assert (queue["reviewed"], queue["left"]) == (1, 3)
