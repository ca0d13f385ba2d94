from collections.abc import Callable

import numpy as np

from smart_image_scraper.train.labels import Labels
from smart_image_scraper.train.learning import learn
from smart_image_scraper.train.suggestion import Reason, suggest


def test_the_first_is_the_one_of_which_the_model_is_least_sure(made: Callable) -> None:
    photos = made(20)
    probabilities = np.linspace(0.55, 0.99, 20)
    probabilities[7] = 0.5

    first, *_ = suggest(
        photos.vectors,
        photos.labels,
        probabilities=probabilities,
        groups=photos.groups,
        alike=photos.groups,
        number=3,
    )

    assert (first.position, first.reason) == (7, Reason.UNSURE)


def test_the_second_is_the_one_whose_label_the_model_contradicts_most(made: Callable) -> None:
    photos = made(20, wrong=0)
    probabilities = np.where(photos.truth == 1, 0.9, 0.1)
    probabilities[4] = 0.99

    _, second = suggest(
        photos.vectors,
        photos.labels,
        probabilities=probabilities,
        groups=photos.groups,
        alike=photos.groups,
        number=2,
    )

    assert (second.position, second.reason) == (4, Reason.DOUBTED)


def test_reviewed_photos_are_not_suggested_and_no_two_of_a_group(made: Callable) -> None:
    photos = made(60)
    labels = Labels(
        weak=photos.labels.weak, sure=np.where(np.arange(60) < 20, photos.truth, np.nan)
    )
    groups = np.arange(60) // 4

    chosen = suggest(
        photos.vectors,
        labels,
        probabilities=np.full(60, 0.5),
        groups=groups,
        alike=groups,
        number=100,
    )

    positions = [each.position for each in chosen]
    assert min(positions) >= 20
    assert sorted(groups[positions]) == list(range(5, 15))
    assert {each.reason for each in chosen} == set(Reason)


def test_of_few_owners_more_photos_are_suggested_once_each_has_had_one(made: Callable) -> None:
    photos = made(60)
    owners, bursts = np.arange(60) // 30, np.arange(60) // 3

    chosen = suggest(
        photos.vectors,
        photos.labels,
        probabilities=np.full(60, 0.5),
        groups=owners,
        alike=bursts,
        number=100,
    )

    positions = [each.position for each in chosen]
    assert sorted(owners[positions[:2]]) == [0, 1]
    assert sorted(bursts[positions]) == list(range(20))


def test_reviews_in_the_suggested_order_find_more_wrong_labels_than_by_chance(
    made: Callable,
) -> None:
    photos = made(wrong=0.15)
    wrong = photos.labels.weak != photos.truth
    learned = learn(
        photos.vectors, photos.labels, concept="cage", groups=photos.groups, strength=3.0
    )

    chosen = suggest(
        photos.vectors,
        photos.labels,
        probabilities=learned.unseen,
        groups=photos.groups,
        alike=photos.groups,
        number=30,
    )

    found = wrong[[each.position for each in chosen]].mean()
    assert found > 1.5 * wrong.mean()
