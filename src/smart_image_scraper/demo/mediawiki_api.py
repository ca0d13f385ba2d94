"""Demo: what the API of every site of Wikimedia does: it lets people in, is busy, and refuses."""

import json
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from smart_image_scraper.demo.loopback import Loopback

_CONTACT = re.compile(r"mailto:|@|https?://")
_LAGGED = {"code": "maxlag", "info": "Waiting for 10.64.0.1: 6.2 seconds lagged.", "lag": 6.2}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """An answer that was ordered in place of the right one."""

    status: int = 200
    headers: Mapping[str, str]
    error: Mapping[str, Any] | None
    body: str | None = None


class MediaWikiApi(Loopback):
    """An imitation with an API of MediaWiki.

    Attributes:
        asked: The arguments of every call so far.
        user_agents: Who asked.
    """

    API_PATH = "/w/api.php"

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dict[str, str]] = []
        self.user_agents: set[str] = set()
        self._ordered: deque[_Answer] = deque()

    def lag(self, times: int = 1) -> None:
        """Refuse the next calls because the database is behind, as ``maxlag`` asks for."""
        lagged = _Answer(headers={"Retry-After": "5"}, error=_LAGGED)
        self._ordered.extend([lagged] * times)

    def refuse_calls(self, *statuses: int) -> None:
        """Answer the next calls by these statuses alone."""
        self._ordered.extend(_Answer(status=status, headers={}, error=None) for status in statuses)

    def fail(self, code: str, *, info: str = "made for a test") -> None:
        """Answer the next call by an error of the API."""
        self._ordered.append(_Answer(headers={}, error={"code": code, "info": info}))

    def answer(self, told: object) -> None:
        """Answer the next call by this, as JSON; by what is no JSON if it is ``None``."""
        body = "<!DOCTYPE html>" if told is None else json.dumps(told)
        self._ordered.append(_Answer(headers={}, error=None, body=body))

    def _instead(self, request: web.Request) -> web.Response | None:
        """Note a call, and return what it gets in place of the right answer, if it does."""
        agent = request.headers.get("User-Agent", "")
        self.user_agents.add(agent)
        if not _CONTACT.search(agent):
            text = "Please set a user-agent and respect our robot policy"
            return web.Response(status=403, text=text)
        self.asked.append(dict(request.query))
        if not self._ordered:
            return None
        ordered = self._ordered.popleft()
        if ordered.error is not None:
            return web.json_response({"error": ordered.error}, headers=ordered.headers)
        return web.Response(status=ordered.status, headers=ordered.headers, text=ordered.body)
