"""Serve: what was computed lately, so that it need not be again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

_Value = TypeVar("_Value")


class Recent:
    """Keeps the latest values that were asked for. Every method may be called from any thread.

    Args:
        number: How many it keeps.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], _Value]) -> _Value:
        """Return a value, made if it is not kept; two threads at once may both make it."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                kept: _Value = self._values[key]
                return kept
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._number:
                self._values.popitem(last=False)
        return value

    def clear(self) -> None:
        """Keep nothing of what was computed before."""
        with self._lock:
            self._values.clear()
