from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from smart_image_scraper.train.evaluation import cross_validate
from smart_image_scraper.train.fusion import learn_with_text
from smart_image_scraper.train.gain import Opinions, measure_gain
from smart_image_scraper.train.labels import Labels

TEXT = 8


def texts(says: NDArray[np.float64], *, seed: int = 3) -> NDArray[np.float32]:
    """Make vectors of texts that tell yes from no, and say that there is one."""
    vectors = np.random.default_rng(seed).normal(size=(len(says), TEXT))
    vectors[:, 0] += 4 * says - 2
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.hstack([vectors, np.zeros((len(says), 1))]).astype(np.float32)


@pytest.fixture
def learner() -> Callable:
    return partial(learn_with_text, text_columns=TEXT + 1, concept="cage", strength=3.0)


def test_texts_help_where_pictures_tell_little(made: Callable, learner: Callable) -> None:
    photos = made(wrong=0.0)
    noise = np.random.default_rng(4).normal(size=photos.vectors.shape)
    blurred = (photos.vectors + noise).astype(np.float32)
    vectors = np.hstack([blurred, texts(photos.truth)])
    reviewed = Labels(weak=photos.labels.weak, sure=photos.truth)

    both = cross_validate(
        vectors,
        reviewed,
        groups=photos.groups,
        strength=3.0,
        learner=partial(learn_with_text, text_columns=TEXT + 1),
    )
    image = cross_validate(blurred, reviewed, groups=photos.groups, strength=3.0)
    opinions = Opinions(image=image, text=both, both=both)

    gain = measure_gain(opinions, reviewed, groups=photos.groups)
    assert gain.roc_auc > 0.05
    assert 0 < gain.roc_auc_interval[0] <= gain.roc_auc <= gain.roc_auc_interval[1]
    assert gain.roc_auc == pytest.approx(gain.text_roc_auc - gain.image_roc_auc)


def test_texts_that_share_the_errors_of_weak_labels_are_not_believed(
    made: Callable, learner: Callable
) -> None:
    photos = made(200, wrong=0.25)
    vectors = np.hstack([photos.vectors, texts(photos.labels.weak)])

    head = learner(vectors, photos.labels, groups=photos.groups).head

    others = made(seed=2)
    misled = np.hstack([others.vectors, texts(others.labels.weak)])
    assert roc_auc_score(others.truth, head.values(misled)) > 0.95


def test_unseen_photos_and_the_head_agree_on_what_they_were_not_taught(
    made: Callable, learner: Callable
) -> None:
    photos = made()
    weak = photos.labels.weak.copy()
    weak[:40] = np.nan
    vectors = np.hstack([photos.vectors, texts(photos.truth)])

    learned = learner(vectors, Labels(weak=weak, sure=photos.labels.sure), groups=photos.groups)

    assert np.isnan(learned.targets[:40]).all()
    assert np.array_equal(learned.unseen[:40], learned.head.probabilities(vectors[:40]))
    assert len(learned.head.weights) == vectors.shape[1]
    assert learned.head.concept == "cage"
