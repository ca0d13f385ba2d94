"""The breaker of a host: when it asks for a pause, all workers pause."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from smart_image_scraper.errors import StatusError

_TOO_MANY_REQUESTS = 429


class PauseTooLongError(StatusError):
    """A host asks for a longer pause than is waited for: no reason to try again now."""


class Breaker:
    """Hold back every request to one host while it wants none.

    Each refusal in a row doubles the pause; a success ends the row.

    Args:
        host: The host's name.
        base_s: The first pause; a longer one that the host asks for is kept.
        max_s: The longest pause that doubling leads to, and the longest that is waited for.
        on_wait: Called with the host's name and the seconds of every new pause.
    """

    def __init__(
        self,
        host: str,
        *,
        base_s: float,
        max_s: float,
        on_wait: Callable[[str, float], None] | None = None,
    ) -> None:
        self._host = host
        self._base_s = base_s
        self._max_s = max_s
        self._on_wait = on_wait
        self._refusals = 0
        self._until = 0.0

    @property
    def left_s(self) -> float:
        """The seconds that are left of the pause; 0 when there is none."""
        return max(0.0, self._until - time.monotonic())

    async def wait(self) -> None:
        """Wait for the end of the pause, also of one that begins while waiting.

        Raises:
            PauseTooLongError: The host asked for a longer pause than is waited for.
        """
        while (left_s := self.left_s) > 0:
            if left_s > self._max_s:
                raise PauseTooLongError(
                    f"{self._host} asks for a pause of {left_s:.0f} s; try again after that",
                    status=_TOO_MANY_REQUESTS,
                )
            await asyncio.sleep(left_s)

    def refused(self, *, sent_at: float, asked_s: float | None) -> None:
        """Begin a pause, because the host refused a request.

        Args:
            sent_at: When the request was sent, by ``time.monotonic``. Requests that were under
                way together are refused together: they make one pause.
            asked_s: The seconds that the host asks to wait, if it says so.
        """
        asked_s = asked_s or 0.0
        pause_s = asked_s
        if sent_at >= self._until:
            doubled_s = min(self._base_s * 2.0**self._refusals, self._max_s)
            pause_s = max(asked_s, doubled_s)
            # 2^60 doublings are beyond any cap, and below what overflows.
            self._refusals = min(self._refusals + 1, 60)
        if pause_s > self.left_s:
            self._until = time.monotonic() + pause_s
            if self._on_wait is not None:
                self._on_wait(self._host, pause_s)

    def succeeded(self) -> None:
        """End the row of refusals; a pause that another request caused goes on."""
        if self.left_s == 0:
            self._refusals = 0


def parse_retry_after(value: str | None) -> float | None:
    """Read a Retry-After header (RFC 9110 §10.2.3): the seconds to wait, from now.

    Returns:
        0 or more; ``None`` if there is no header, or it is neither a number nor a date.
    """
    if value is None:
        return None
    # Python counts more as space around a number here than where it reads it, as "\x1f".
    if (seconds := value.strip()).isdecimal():
        return float(seconds)
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):  # the latter of a year or an hour of many digits
        return None
    if date.tzinfo is None:
        # "-0000" parses as a date without a zone, and means UTC (RFC 5322 §3.3).
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())
