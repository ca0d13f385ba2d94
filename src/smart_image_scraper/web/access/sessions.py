"""Serve: sessions, which the server alone knows; a browser has but their random id."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from smart_image_scraper.web.access.passwords import Role

IDLE_S = 12 * 3600
"""After so many seconds without a request, a session ends."""
LONGEST_S = 7 * 24 * 3600
"""After so many seconds, a session ends whatever was asked meanwhile."""

_MOST = 10_000  # sessions; the one that was idle longest goes first


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSession:
    """A visit of a browser.

    Attributes:
        id: Random, and known to that browser alone.
        csrf: Random; what changes something must send it along, which no other site's page can.
        role: What the visitor may do.
        name: What the visitor's reviews are signed with.
        begun: When, in seconds of the clock.
        seen: When it last asked for something, likewise.
    """

    id: str
    csrf: str
    role: Role
    name: str
    begun: float
    seen: float


class Sessions:
    """The sessions of one server, for its event loop's thread.

    Args:
        clock: Seconds that only ever grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions: OrderedDict[str, WebSession] = OrderedDict()

    def begin(self, *, role: Role, name: str) -> WebSession:
        """Begin a session, with a new id."""
        now = self._clock()
        session = WebSession(
            id=secrets.token_urlsafe(32),
            csrf=secrets.token_urlsafe(32),
            role=role,
            name=name,
            begun=now,
            seen=now,
        )
        self._sessions[session.id] = session
        while len(self._sessions) > _MOST:
            self._sessions.popitem(last=False)
        return session

    def find(self, session_id: str) -> WebSession | None:
        """Return a session that has not ended, and note that it was asked for."""
        session = self._sessions.get(session_id)
        if session is None:
            return None
        now = self._clock()
        if now - session.seen > IDLE_S or now - session.begun > LONGEST_S:
            del self._sessions[session_id]
            return None
        seen = self._sessions[session_id] = replace(session, seen=now)
        self._sessions.move_to_end(session_id)
        return seen

    def end(self, session_id: str) -> None:
        """End a session. Idempotent."""
        self._sessions.pop(session_id, None)
