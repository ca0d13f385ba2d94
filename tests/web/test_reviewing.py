from collections.abc import Callable

import pytest

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import EncryptedPhoto, Photo, PhotoId, Verdict
from smart_image_scraper.store import Store
from smart_image_scraper.web.reviewing import MOST_AT_ONCE, Said, add_reviews

ONE, TWO, UNKNOWN = PhotoId("flickr:1"), PhotoId("flickr:2"), PhotoId("flickr:3")


@pytest.fixture
def add(store: Store) -> Callable[..., list[Said]]:
    store.put(EncryptedPhoto(photo=Photo(id=each)) for each in (ONE, TWO))

    def call(*words: Said) -> list[Said]:
        return add_reviews(store, words, by="ann")

    return call


def said(photo: PhotoId, verdict: Verdict, concept: str | None = None) -> Said:
    return Said(photo=photo, verdict=verdict, concept=concept)


def latest(store: Store) -> dict[tuple[str, str | None], str]:
    return {(each.photo, each.concept): each.verdict.value for each in store.reviews.latest()}


def test_what_is_said_is_kept_with_who_and_when(
    store: Store, add: Callable[..., list[Said]]
) -> None:
    add(said(ONE, Verdict.ACCEPT, "cage"))

    (review,) = store.reviews.all()
    assert (review.photo, review.verdict, review.concept) == (ONE, Verdict.ACCEPT, "cage")
    assert review.by == "ann"
    assert review.at.tzinfo is not None


def test_to_undo_a_first_word_is_to_withdraw_it(
    store: Store, add: Callable[..., list[Said]]
) -> None:
    undo = add(said(ONE, Verdict.ACCEPT), said(TWO, Verdict.REJECT, "cage"))

    add(*undo)

    assert latest(store) == {}
    assert len(store.reviews.all()) == 4


def test_to_undo_a_later_word_is_to_say_the_earlier_one_again(
    store: Store, add: Callable[..., list[Said]]
) -> None:
    add(said(ONE, Verdict.ACCEPT, "cage"))
    undo = add(said(ONE, Verdict.REJECT, "cage"), said(ONE, Verdict.ACCEPT))

    add(*undo)

    assert latest(store) == {(ONE, "cage"): "accept"}


def test_an_undo_can_be_undone(store: Store, add: Callable[..., list[Said]]) -> None:
    undo = add(said(ONE, Verdict.REJECT))
    redo = add(*undo)

    add(*redo)

    assert latest(store) == {(ONE, None): "reject"}


def test_an_undo_leaves_what_somebody_else_has_said_since(
    store: Store, add: Callable[..., list[Said]]
) -> None:
    undo = add(said(ONE, Verdict.ACCEPT), said(TWO, Verdict.ACCEPT))
    add_reviews(store, [said(ONE, Verdict.REJECT)], by="bob")

    redo = add(*undo)

    assert latest(store) == {(ONE, None): "reject"}
    assert [each.photo for each in redo] == [TWO]


def test_a_photo_that_is_not_there_is_an_error_and_nothing_is_noted(
    store: Store, add: Callable[..., list[Said]]
) -> None:
    with pytest.raises(UsageError, match="no photo flickr:3 here; nothing was noted"):
        add(said(ONE, Verdict.ACCEPT), said(UNKNOWN, Verdict.ACCEPT))

    assert store.reviews.all() == []


def test_what_cannot_name_a_concept_is_an_error(
    store: Store, add: Callable[..., list[Said]]
) -> None:
    with pytest.raises(UsageError, match="cannot name a concept"):
        add(said(ONE, Verdict.ACCEPT, "a.b"))

    assert store.reviews.all() == []


def test_too_many_at_once_are_an_error(add: Callable[..., list[Said]]) -> None:
    with pytest.raises(UsageError, match="at most 10,000 can be judged at once"):
        add(*[said(ONE, Verdict.ACCEPT)] * (MOST_AT_ONCE + 1))
