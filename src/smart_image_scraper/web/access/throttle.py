"""Serve: how often a password may be tried, from one address and from all together."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

WINDOW_S = 15 * 60
PER_ADDRESS = 10
IN_TOTAL = 200

_MOST_ADDRESSES = 10_000


class Throttle:
    """Count wrong passwords within a quarter of an hour.

    Args:
        clock: Seconds that only ever grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._total: deque[float] = deque()
        self._by_address: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, address: str) -> float:
        """Take one try, before the password is looked at.

        Returns:
            0, or how many seconds to wait first: then no try was taken.
        """
        now = self._clock()
        own = self._of(address)
        for tries in (own, self._total):
            while tries and now - tries[0] >= WINDOW_S:
                tries.popleft()
        for tries, most in ((own, PER_ADDRESS), (self._total, IN_TOTAL)):
            if len(tries) >= most:
                return tries[0] + WINDOW_S - now
        own.append(now)
        self._total.append(now)
        return 0.0

    def give_back(self, address: str) -> None:
        """Take back the last try of an address: its password was right."""
        own = self._of(address)
        if own:
            taken = own.pop()
            if taken in self._total:
                self._total.remove(taken)

    def _of(self, address: str) -> deque[float]:
        name = _network(address)
        tries = self._by_address.setdefault(name, deque())
        self._by_address.move_to_end(name)
        while len(self._by_address) > _MOST_ADDRESSES:
            self._by_address.popitem(last=False)
        return tries


def _network(address: str) -> str:
    """Return what of an address one subscriber has: of IPv6 the first 64 bits."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or known.packed[:8].hex())
    return str(known)
