from collections.abc import Callable

import numpy as np
import pytest

from smart_image_scraper.train.evaluation import cross_validate, evaluate, interval
from smart_image_scraper.train.labels import Labels


def sure(truth: np.ndarray) -> Labels:
    return Labels(weak=np.full(len(truth), np.nan), sure=truth)


def test_labels_that_mean_nothing_cannot_be_told_apart(made: Callable) -> None:
    photos = made()
    noise = np.random.default_rng(5).permutation(photos.truth)

    found = cross_validate(photos.vectors, sure(noise), groups=photos.groups, strength=10.0)

    assert 0.3 < evaluate(found, sure(noise), groups=photos.groups).roc_auc < 0.7


def test_copies_of_a_photo_do_not_flatter_the_figures(made: Callable) -> None:
    photos = made(60)
    noise = np.random.default_rng(6).permutation(photos.truth)
    vectors, labels = np.repeat(photos.vectors, 3, axis=0), sure(np.repeat(noise, 3))
    kept_together = np.repeat(photos.groups, 3)

    honest, flattered = (
        evaluate(
            cross_validate(vectors, labels, groups=groups, strength=30.0), labels, groups=groups
        ).roc_auc
        for groups in (kept_together, np.arange(180))
    )

    assert flattered > honest + 0.2


def test_figures_are_measured_against_reviews_where_there_are_enough() -> None:
    probabilities = np.tile([0.9, 0.1], 20)
    truth = np.tile([1.0, 0.0], 20)
    labels = Labels(weak=1 - truth, sure=truth)

    found = evaluate(probabilities, labels, groups=np.arange(40))

    assert (found.against, found.roc_auc, found.photos, found.present) == ("reviews", 1, 40, 20)


def test_figures_against_weak_labels_say_so() -> None:
    truth = np.tile([1.0, 0.0], 20)
    labels = Labels(weak=truth, sure=np.where(np.arange(40) < 10, truth, np.nan))

    found = evaluate(np.tile([0.9, 0.1], 20), labels, groups=np.arange(40))

    assert (found.against, found.photos) == ("weak labels", 40)


def test_figures_against_a_few_reviews_and_nothing_else_say_so() -> None:
    truth = np.tile([1.0, 0.0], 4)

    found = evaluate(np.tile([0.9, 0.1], 4), sure(truth), groups=np.arange(8))

    assert (found.against, found.photos) == ("too few reviews", 8)


def test_precision_recall_reliability_and_errors_are_counted() -> None:
    truth = np.array([1.0, 1, 1, 0] * 10)
    probabilities = np.array([0.95, 0.95, 0.2, 0.6] * 10)

    found = evaluate(probabilities, sure(truth), groups=np.arange(40))

    at_half = next(each for each in found.thresholds if each.threshold == 0.5)
    assert (at_half.precision, at_half.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert [(each.found, each.photos) for each in found.reliability] == [(1, 10), (0, 10), (1, 20)]
    assert found.brier == pytest.approx((0.05**2 * 2 + 0.8**2 + 0.6**2) / 4)
    assert [position % 4 for position in found.most_wrong] == [2] * 10
    assert (found.curve[0], found.curve[-1]) == ((0, 0), (1, 1))


def test_nothing_above_a_threshold_has_no_precision() -> None:
    truth = np.tile([1.0, 0.0], 20)

    found = evaluate(np.tile([0.4, 0.1], 20), sure(truth), groups=np.arange(40))

    assert next(each for each in found.thresholds if each.threshold == 0.9).precision is None


def test_an_interval_holds_the_figure_and_is_wider_for_fewer_groups(made: Callable) -> None:
    photos = made()
    found = cross_validate(photos.vectors, photos.labels, groups=photos.groups, strength=3.0)

    alone = evaluate(found, photos.labels, groups=photos.groups)
    grouped = evaluate(found, photos.labels, groups=photos.groups // 12)

    low, high = alone.roc_auc_interval
    assert low < alone.roc_auc < high
    assert grouped.roc_auc == alone.roc_auc


def test_an_interval_of_ties_and_of_perfect_order_is_where_it_must_be() -> None:
    truth = np.tile([1.0, 0.0], 20)

    ties = interval(truth, np.full(40, 0.5), groups=np.arange(40))
    perfect = interval(truth, truth, groups=np.arange(40))

    assert ties == (0.5, 0.5)
    assert perfect == (1.0, 1.0)
