"""How often `cleaning.py` measures each figure, and how it says what it found."""

from judged import Numbers

SEEDS = range(5)
"""Of the cross-validations: each figure comes from as many."""


def aimed_at(what: str, found: float, *, least: float, spread: str) -> str:
    """Say whether a figure is what was aimed at."""
    said = "reached" if found >= least else "missed"
    return f"{what}: {found:.3f} ({spread}); at least {least}: {said}"


def has_both(truth: Numbers) -> bool:
    """Tell whether there is anything to be told apart."""
    return {0, 1} <= set(truth.tolist())
