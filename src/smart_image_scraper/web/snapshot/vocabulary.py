"""Serve: values that many photos share, as small numbers."""

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Vocabulary:
    """Numbers of values, from 0 in the order in which they came. It only ever grows.

    So the numbers in an older snapshot stay right.
    """

    def __init__(self, values: Iterable[Hashable] = ()) -> None:
        self.values: list[Any] = list(values)
        self._number_of = {value: number for number, value in enumerate(self.values)}

    def __len__(self) -> int:
        return len(self.values)

    def numbers(self, values: Iterable[Hashable], *, dtype: DTypeLike) -> NDArray[Any]:
        """Return the numbers of values, new ones included."""
        given = list(values)
        found = list(map(self._number_of.get, given))
        if None in found:
            for value in dict.fromkeys(given):
                if value not in self._number_of:
                    self._number_of[value] = len(self.values)
                    self.values.append(value)
            found = list(map(self._number_of.get, given))
        return np.array(found, dtype)

    def number(self, value: Hashable) -> int | None:
        """Return the number of a value; ``None`` if no photo has it."""
        return self._number_of.get(value)

    def reserve(self, numbers: int) -> None:
        """Give no value a number below this any more; what they stood for may be learned."""
        self.values += [None] * (numbers - len(self.values))

    def learn(self, value: Hashable, *, number: int) -> None:
        """Take a value's number from elsewhere."""
        self.values[number] = value
        self._number_of[value] = number
