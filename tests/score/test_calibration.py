"""Probabilities that are fitted to answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.score.calibration import fit_platt


def test_the_parameters_that_made_the_answers_are_found_again() -> None:
    random = np.random.default_rng(1)
    raw = random.normal(0.15, 0.05, 20_000)
    answers = (random.random(len(raw)) < 1 / (1 + np.exp(-(40 * raw - 6)))).astype(np.float64)

    slope, intercept = fit_platt(raw, answers)

    assert slope == pytest.approx(40, rel=0.05)
    assert intercept == pytest.approx(-6, rel=0.05)


@given(st.lists(st.floats(-1, 1, width=32), min_size=4), st.integers(1, 3))
def test_any_answers_give_finite_parameters(raw: list[float], accepted: int) -> None:
    answers = np.array([1.0] * accepted + [0.0] * (len(raw) - accepted))

    assert np.isfinite(fit_platt(np.array(raw), answers)).all()


def test_answers_that_part_cleanly_do_not_make_sure_probabilities() -> None:
    raw = np.linspace(0, 1, 30)

    slope, intercept = fit_platt(raw, (raw > 0.5).astype(np.float64))

    assert 0.9 < 1 / (1 + np.exp(-(slope + intercept))) < 0.999
