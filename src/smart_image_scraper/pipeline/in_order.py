"""Pipeline: work in several threads, whose results come in the order of what they were made of."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def in_order(
    pool: ThreadPoolExecutor,
    work: Callable[[_Item], _Result],
    *,
    items: Iterable[_Item],
    ahead: int,
) -> Iterator[_Result]:
    """Yield the results of work on items, of which only so many are read ahead."""
    waiting: deque[Future[_Result]] = deque()
    for item in items:
        waiting.append(pool.submit(work, item))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
