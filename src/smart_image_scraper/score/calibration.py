"""Score: probabilities that were fitted to what people said."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

# A trace of pull towards a slope of 0: with numbers that part the answers cleanly, the steepest
# slope would else be without end.
_RIDGE = 1e-6


def fit_platt(raw: NDArray[np.float64], answers: NDArray[np.float64]) -> tuple[float, float]:
    """Fit slope and intercept of ``1 / (1 + exp(-(slope * raw + intercept)))``.

    Platt, Probabilistic Outputs for Support Vector Machines, 1999, 2.2: the aims are never quite 0
    or 1, so that few answers do not make sure probabilities.

    Args:
        raw: A model's numbers of N photos.
        answers: Whether the concept is there, 0..1: a number between is between.
    """
    count = answers.sum()
    aims = answers * (count + 1) / (count + 2) + (1 - answers) / (len(answers) - count + 2)
    centre, spread = raw.mean(), raw.std() or 1.0
    scaled = (raw - centre) / spread

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = parameters[0] * scaled + parameters[1]
        # log(1 + exp(x)) - aim * x, which neither overflows nor takes the logarithm of 0.
        terms = np.logaddexp(0, logits) - aims * logits
        off = 0.5 + 0.5 * np.tanh(logits / 2) - aims
        gradient = np.array([(off * scaled).mean() + _RIDGE * parameters[0], off.mean()])
        return float(terms.mean() + _RIDGE * parameters[0] ** 2 / 2), gradient

    slope, intercept = minimize(loss, np.array([1.0, 0.0]), jac=True, method="BFGS").x
    return float(slope / spread), float(intercept - slope * centre / spread)
