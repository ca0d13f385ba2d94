from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from smart_image_scraper.errors import TrainError
from smart_image_scraper.train import learning
from smart_image_scraper.train.labels import Labels
from smart_image_scraper.train.learning import folds, learn


def test_a_concept_is_learned_although_a_fifth_of_the_labels_is_wrong(made: Callable) -> None:
    photos, others = made(seed=1), made(seed=2)

    learned = learn(photos.vectors, photos.labels, concept="cage", groups=photos.groups)

    values = learned.head.values(others.vectors)
    assert roc_auc_score(others.truth, values) > 0.97
    assert learned.head.concept == "cage"


def test_what_varies_most_does_not_drown_what_tells_most() -> None:
    random = np.random.default_rng(0)
    truth = (np.arange(200) % 2).astype(np.float64)
    noise = random.normal(size=(200, 30))
    told = (truth + random.normal(0, 0.3, 200)) / 20
    vectors = np.column_stack([noise, told]).astype(np.float32)
    labels = Labels(weak=np.full(200, np.nan), sure=truth)
    learnt, tried = np.arange(100), np.arange(100, 200)

    learned = learn(
        vectors[learnt], labels.at(learnt), concept="cage", groups=learnt, strength=10.0
    )

    assert roc_auc_score(truth[tried], learned.head.values(vectors[tried])) > 0.9


def test_targets_are_truer_than_the_labels(made: Callable) -> None:
    photos = made(wrong=0.25)

    learned = learn(
        photos.vectors, photos.labels, concept="cage", groups=photos.groups, strength=10.0
    )

    labelled_right = (photos.labels.weak == photos.truth).mean()
    assert ((learned.targets > 0.5) == photos.truth).mean() > labelled_right + 0.05


def test_reviews_outrank_the_weak_labels_that_they_contradict(made: Callable) -> None:
    photos = made(wrong=0.0)
    backwards = Labels(weak=1 - photos.labels.weak, sure=photos.truth)

    learned = learn(photos.vectors, backwards, concept="cage", groups=photos.groups, strength=10.0)

    assert roc_auc_score(photos.truth, learned.head.values(photos.vectors)) > 0.97


def test_probabilities_are_calibrated_on_thirty_reviews_and_not_on_fewer(made: Callable) -> None:
    photos = made()
    few, enough = (
        Labels(weak=photos.labels.weak, sure=np.where(np.arange(120) < count, photos.truth, np.nan))
        for count in (29, 30)
    )

    calibrated_on = [
        learn(
            photos.vectors, each, concept="cage", groups=photos.groups, strength=10.0
        ).head.calibrated_on
        for each in (few, enough)
    ]

    assert calibrated_on == [0, 30]


def test_photos_without_a_label_get_a_probability_and_no_target(made: Callable) -> None:
    photos = made()
    weak = photos.labels.weak.copy()
    weak[:40] = np.nan

    learned = learn(
        photos.vectors,
        Labels(weak=weak, sure=photos.labels.sure),
        concept="cage",
        groups=photos.groups,
        strength=10.0,
    )

    assert np.isnan(learned.targets[:40]).all()
    assert roc_auc_score(photos.truth[:40], learned.unseen[:40]) > 0.9


def test_a_group_is_never_on_both_sides(made: Callable) -> None:
    photos = made()
    groups = np.arange(120) // 6

    parts = list(folds(photos.labels, groups=groups, seed=0))

    assert sorted(place for _, tried in parts for place in tried) == list(range(120))
    for learnt, tried in parts:
        assert not set(groups[learnt]) & set(groups[tried])


def test_one_kind_of_label_is_too_little_to_learn_from(made: Callable) -> None:
    photos = made()
    only_yes = Labels(weak=np.ones(120), sure=photos.labels.sure)

    with pytest.raises(
        TrainError, match="cage: 0 of the photos without it, .* review some photos, or"
    ):
        learn(photos.vectors, only_yes, concept="cage", groups=photos.groups, strength=10.0)


def test_near_duplicates_count_once_when_there_is_enough_to_learn_from(made: Callable) -> None:
    photos = made()

    with pytest.raises(TrainError, match="cage: 1 of the photos with it"):
        learn(
            photos.vectors,
            photos.labels,
            concept="cage",
            groups=np.zeros(120, dtype=np.int64),
        )


def test_of_very_many_weak_labels_some_are_learned_from_and_all_sure_ones(
    made: Callable,
) -> None:
    photos = made(learning.MOST_WEAK + 200)
    sure = np.full(len(photos.truth), np.nan)
    sure[:50] = photos.truth[:50]

    learned = learn(
        photos.vectors,
        Labels(weak=photos.labels.weak, sure=sure),
        concept="cage",
        groups=photos.groups,
        strength=10.0,
    )

    assert (~np.isnan(learned.targets)).sum() == learning.MOST_WEAK + 50
    assert not np.isnan(learned.targets[:50]).any()
    assert not np.isnan(learned.unseen).any()
