"""Train: what is known of whether a concept is in photos, surely or weakly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What is known of one concept in N photos; each array has shape (N,).

    In both, 1 is yes, 0 is no, and NaN is unknown.

    Attributes:
        weak: What search terms and tags suggest; often wrong.
        sure: What people have said, in reviews or a file of labels; it outranks ``weak``.
    """

    weak: Numbers
    sure: Numbers

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where anything is known."""
        return ~(np.isnan(self.weak) & np.isnan(self.sure))

    @property
    def is_sure(self) -> NDArray[np.bool_]:
        """Where a person has said it."""
        return ~np.isnan(self.sure)

    @property
    def best(self) -> Numbers:
        """The sure label where there is one, else the weak one, else NaN."""
        return np.where(self.is_sure, self.sure, self.weak)

    def at(self, positions: NDArray[np.int64]) -> "Labels":
        """Return the labels of some of the photos, in this order."""
        return Labels(weak=self.weak[positions], sure=self.sure[positions])
