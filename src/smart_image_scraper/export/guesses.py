"""Export: which columns of JSON lines a reader can tell the type of.

``datasets`` takes a column's type from the first 10 MB of each split's lines, by Arrow's rules, and
fails where it is another one in another split, or further down: a column that is unknown in the
first lines has no type, and texts that all look like dates become dates.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

# Less than what is read, since lines may still grow.
_FIRST_BYTES = 5_000_000
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATE_SORT = "date"


class Guesses:
    """What a reader would guess of some parts, each a file of JSON lines."""

    def __init__(self) -> None:
        self._bytes: defaultdict[str, int] = defaultdict(int)
        self._first: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(
            lambda: defaultdict(set)
        )
        self._all: defaultdict[str, set[str]] = defaultdict(set)

    def see(self, part: str, row: Mapping[str, Any], *, length: int) -> None:
        """Take in the next line of a part.

        Args:
            part: Which.
            row: The line's values.
            length: Of the line, in bytes.
        """
        first = self._first[part]
        is_first = self._bytes[part] < _FIRST_BYTES
        self._bytes[part] += length
        for name, value in row.items():
            if value is None or value == ():
                continue
            sort = _sort_of(value)
            self._all[name].add(sort)
            if is_first:
                first[name].add(sort)

    @property
    def known(self) -> frozenset[str]:
        """The columns that are known of any photo."""
        return frozenset(self._all)

    @property
    def certain(self) -> frozenset[str]:
        """The columns whose type a reader gets right, and the same in all parts."""
        return frozenset(name for name in self._all if self._is_certain(name))

    def _is_certain(self, name: str) -> bool:
        guesses = [first.get(name, set()) for first in self._first.values()]
        if self._all[name] == {_DATE_SORT}:
            return all(guesses)
        return all(guess - {_DATE_SORT} for guess in guesses)


def _sort_of(value: Any) -> str:  # noqa: ANN401 — whatever JSON can hold
    texts = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
    if texts and all(_DATE.match(text) for text in texts):
        return _DATE_SORT
    return type(value).__name__
