import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.train.labels import Labels
from smart_image_scraper.train.noise import doubted, estimate_noise, targets

UNKNOWN = float("nan")


def labels(weak: list[float], sure: list[float] | None = None) -> Labels:
    return Labels(weak=np.array(weak), sure=np.array(sure or [UNKNOWN] * len(weak)))


def test_a_label_that_the_model_is_sure_is_wrong_is_doubted() -> None:
    probabilities = np.array([0.9, 0.9, 0.02, 0.1, 0.1, 0.98])

    found = doubted(labels([1, 1, 1, 0, 0, 0]), probabilities)

    assert found.tolist() == [False, False, True, False, False, True]


def test_what_a_person_said_is_never_doubted() -> None:
    probabilities = np.array([0.9, 0.9, 0.02, 0.1, 0.1, 0.98])

    found = doubted(labels([1, 1, 1, 0, 0, 0], [UNKNOWN] * 5 + [0]), probabilities)

    assert found.tolist() == [False, False, True, False, False, False]


def test_labels_of_one_kind_alone_cannot_be_doubted() -> None:
    assert not doubted(labels([1, 1, 1]), np.array([0.9, 0.5, 0.1])).any()


def test_reviews_tell_exactly_how_weak_labels_err() -> None:
    weak, sure = [1.0] * 8 + [0.0] * 8, [1.0] * 6 + [0.0] * 2 + [0.0] * 8

    noise = estimate_noise(labels(weak, sure), np.full(16, 0.5))

    assert noise.yes_if_present == pytest.approx(7 / 8)
    assert noise.yes_if_absent == pytest.approx(3 / 12)


def test_a_sure_label_is_the_target_whatever_the_model_says() -> None:
    aims = targets(labels([1, 0, 1, 0], [0, 1, UNKNOWN, UNKNOWN]), np.array([0.9, 0.1, 0.8, 0.2]))

    assert aims[:2].tolist() == [0, 1]


def test_without_any_label_there_is_no_target() -> None:
    aims = targets(labels([1, 0, UNKNOWN]), np.array([0.9, 0.1, 0.5]))

    assert np.isnan(aims[2])


@given(st.lists(st.floats(0.01, 0.99), min_size=6, max_size=6))
def test_a_weak_yes_is_never_less_likely_than_a_weak_no_of_the_same_opinion(
    opinions: list[float],
) -> None:
    aims = targets(labels([1, 1, 1, 0, 0, 0]), np.array([*opinions[:3], *opinions[:3]]))

    assert (aims[:3] >= aims[3:] - 1e-9).all()
