from datetime import UTC, datetime, timedelta

from smart_image_scraper.photo import PhotoId
from smart_image_scraper.store import Review, Store, Verdict

START = datetime(2026, 1, 1, tzinfo=UTC)


def review(photo: int, verdict: Verdict, *, concept: str | None = None, hours: int = 0) -> Review:
    return Review(
        photo=PhotoId(f"flickr:{photo}"),
        verdict=verdict,
        concept=concept,
        by="ann",
        at=START + timedelta(hours=hours),
    )


def test_the_latest_word_on_a_photo_and_concept_counts(store: Store) -> None:
    first = review(1, Verdict.ACCEPT, concept="cage")
    other = review(1, Verdict.ACCEPT, concept="monkey", hours=1)
    later = review(1, Verdict.REJECT, concept="cage", hours=2)

    store.reviews.add([later, first, other])

    assert store.reviews.latest() == [other, later]
    assert store.reviews.all() == [first, other, later]


def test_a_word_on_the_photo_is_none_on_a_concept(store: Store) -> None:
    whole, part = review(1, Verdict.REJECT), review(1, Verdict.ACCEPT, concept="cage", hours=1)

    added = store.reviews.add([whole, part])

    assert added == 2
    assert store.reviews.latest() == [whole, part]


def test_of_two_reviews_at_the_same_moment_the_one_added_last_counts(store: Store) -> None:
    store.reviews.add([review(1, Verdict.ACCEPT)])
    store.reviews.add([review(1, Verdict.REJECT)])

    assert [each.verdict for each in store.reviews.latest()] == [Verdict.REJECT]


def test_what_was_withdrawn_counts_no_more_and_is_kept(store: Store) -> None:
    said = review(1, Verdict.ACCEPT, concept="cage")
    other = review(1, Verdict.REJECT, concept="monkey")
    withdrawn = review(1, Verdict.WITHDRAW, concept="cage", hours=1)

    store.reviews.add([said, other, withdrawn])

    assert store.reviews.latest() == [other]
    assert store.reviews.all() == [said, other, withdrawn]


def test_what_is_said_after_a_withdrawal_counts(store: Store) -> None:
    store.reviews.add([review(1, Verdict.ACCEPT), review(1, Verdict.WITHDRAW, hours=1)])
    later = review(1, Verdict.REJECT, hours=2)

    store.reviews.add([later])

    assert store.reviews.latest() == [later]


def test_the_reviews_of_some_photos_are_read_by_themselves(store: Store) -> None:
    first, second = review(1, Verdict.ACCEPT), review(2, Verdict.REJECT, hours=1)
    store.reviews.add([first, second])

    assert store.reviews.latest([PhotoId("flickr:2"), PhotoId("flickr:3")]) == [second]
