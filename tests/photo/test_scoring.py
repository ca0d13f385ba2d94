"""Conditions on scores, and what raw numbers mean."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Comparison, Scoring, Threshold
from smart_image_scraper.photo.scoring import ENOUGH_REVIEWS, parse_thresholds

_names = st.from_regex(r"[a-zA-Z0-9サル@ -]{1,20}", fullmatch=True).map(str.strip).filter(bool)


def scoring(**given: object) -> Scoring:
    facts = {"slope": 2.0, "intercept": -1.0, "scored_at": datetime(2026, 1, 1, tzinfo=UTC)}
    return Scoring(concept="monkey", model="made@1", **{**facts, **given})  # type: ignore[arg-type]


def test_conditions_are_read_as_people_write_them() -> None:
    assert parse_thresholds("monkey >= 0.5, my-model:cage<.2") == (
        Threshold(concept="monkey", comparison=Comparison.AT_LEAST, limit=0.5),
        Threshold(concept="cage", comparison=Comparison.BELOW, limit=0.2, model="my-model"),
    )


@given(
    st.builds(
        Threshold,
        concept=_names,
        comparison=st.sampled_from(Comparison),
        limit=st.floats(0, 1),
        model=st.none() | _names,
    )
)
def test_a_condition_is_read_as_it_is_written(threshold: Threshold) -> None:
    assert Threshold.parse(str(threshold)) == threshold


@pytest.mark.parametrize(
    "text",
    ["", "monkey", "monkey>=", ">=0.5", "monkey>=2", "monkey=0.5", "m.k>0.5", ":a>0.5", "a>nan"],
)
def test_what_is_no_condition_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match=r"is no condition on a score; write monkey>=0\.5"):
        Threshold.parse(text)


def test_a_raw_number_becomes_the_probability_that_the_parameters_say() -> None:
    score = scoring(reviews=ENOUGH_REVIEWS).score(0.75)

    assert score.value == pytest.approx(1 / (1 + np.exp(-0.5)))
    assert score.raw == 0.75
    assert score.calibrated
    assert not scoring(reviews=ENOUGH_REVIEWS - 1).score(0.75).calibrated


@given(st.floats(-1e6, 1e6, width=32))
def test_probabilities_stay_within_0_and_1_and_never_warn(raw: float) -> None:
    assert 0 <= scoring(slope=112.0).probabilities(np.array([raw]))[0] <= 1


def test_a_slope_without_an_intercept_is_no_scoring() -> None:
    with pytest.raises(ValueError, match="given together"):
        scoring(intercept=None)


def test_a_model_that_says_probabilities_itself_has_nothing_to_derive() -> None:
    with pytest.raises(ValueError, match="says probabilities itself"):
        scoring(slope=None, intercept=None).score(0.5)
