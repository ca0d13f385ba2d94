"""Demo: what goes wrong at the real Flickr, on demand."""

import asyncio
import random
import socket
import struct
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from aiohttp import web

from smart_image_scraper.demo.replies import Refusal, Wire, refusal_reply

PLACEHOLDER_PATH = "/images/photo_unavailable.gif"
_NOT_AVAILABLE = "Sorry, the Flickr API service is not currently available."


class Part(StrEnum):
    """The two hosts of Flickr, which share one address here."""

    API = "api"
    IMAGES = "images"


class Fault(StrEnum):
    """One thing that goes wrong with one reply.

    The numbers are HTTP statuses with a proxy's HTML page. ``truncated`` ends the connection in
    the middle of a body; ``cut`` is a whole reply with half a body in it. The codes come with HTTP
    200. ``json-for-xml`` is code 201 in JSON, with a comma too many, whatever was asked for.
    ``html``, ``text``, ``trailing`` and ``placeholder`` are for images: a page with status 200, a
    text that calls itself a JPEG, bytes after the image's end, a redirect to the picture that
    says that there is none.
    """

    FORBIDDEN = "403"
    NOT_FOUND = "404"
    TOO_MANY = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    GATEWAY_TIMEOUT = "504"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    CUT = "cut"
    SLOW = "slow"
    RESET = "reset"
    CODE_0 = "code-0"
    CODE_10 = "code-10"
    CODE_105 = "code-105"
    CODE_201 = "code-201"
    JSON_FOR_XML = "json-for-xml"
    HTML = "html"
    TEXT = "text"
    TRAILING = "trailing"
    PLACEHOLDER = "placeholder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How often what goes wrong.

    Attributes:
        api: The probability of each fault of a reply of the API, 0..1; at most 1 together.
        images: Likewise for the files of photos.
        burst: How many replies in a row a fault strikes, once it does.
        retry_after_s: What a 429 or 503 says in ``Retry-After``; ``None`` for no such header.
        slow_s: How long a slow reply takes.
        vanished: The share of photos that searches still find and whose files are gone.
        seed: Of the probabilities.

    Raises:
        ValueError: The probabilities of one part are more than 1 together.
    """

    api: Mapping[Fault, float] = field(default_factory=lambda: MappingProxyType({}))
    images: Mapping[Fault, float] = field(default_factory=lambda: MappingProxyType({}))
    burst: int = 1
    retry_after_s: int | None = None
    slow_s: float = 5
    vanished: float = 0
    seed: int = 1

    def __post_init__(self) -> None:
        for part in Part:
            if sum(self.of(part).values()) > 1:
                raise ValueError(f"the probabilities of {part.value} faults are over 1 together")

    def of(self, part: Part) -> Mapping[Fault, float]:
        """Return the probabilities of one part."""
        return self.api if part is Part.API else self.images


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """A fault about to strike one reply.

    Attributes:
        fault: Which.
        retry_after_s: As in ``Faults``.
        slow_s: As in ``Faults``.
    """

    fault: Fault
    retry_after_s: int | None
    slow_s: float


class Misfortune:
    """Decides which reply is struck: scripted faults first, then by probability.

    Args:
        faults: How often what goes wrong.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._rng = random.Random(f"faults {faults.seed}")  # noqa: S311 — no secrets
        self._queued: defaultdict[Part, deque[Strike | None]] = defaultdict(deque)

    def script(
        self, part: Part, fault: Fault | None, *, times: int = 1, retry_after_s: int | None = None
    ) -> None:
        """Strike the next replies of a part, after those that are scripted already.

        Args:
            part: Which replies.
            fault: What happens to them; ``None`` for nothing at all.
            times: How many replies.
            retry_after_s: What a 429 or 503 says in ``Retry-After``.
        """
        self._queued[part] += [self._strike(fault, retry_after_s)] * times

    def next(self, part: Part) -> Strike | None:
        """Return what happens to the next reply of a part; ``None`` if all is well."""
        queue = self._queued[part]
        if queue:
            return queue.popleft()
        draw = self._rng.random()
        for fault, probability in self._faults.of(part).items():
            draw -= probability
            if draw < 0:
                strike = self._strike(fault, self._faults.retry_after_s)
                queue += [strike] * (self._faults.burst - 1)
                return strike
        return None

    def _strike(self, fault: Fault | None, retry_after_s: int | None) -> Strike | None:
        if fault is None:
            return None
        return Strike(fault=fault, retry_after_s=retry_after_s, slow_s=self._faults.slow_s)


async def spoil(
    reply: web.Response, strike: Strike, *, request: web.Request, wire: Wire
) -> web.StreamResponse:
    """Let a fault strike a good reply.

    Args:
        reply: The reply as it would have been.
        strike: What happens to it.
        request: What it answers.
        wire: How refusals are written.

    Returns:
        What is sent instead.
    """
    fault = strike.fault
    if fault.value.isdecimal():
        return _error_page(int(fault.value), strike.retry_after_s)
    if fault in _REFUSALS:
        body = refusal_reply(_REFUSALS[fault], wire=wire)
        return web.Response(text=body, content_type=wire.content_type)
    if fault in {Fault.RESET, Fault.TRUNCATED, Fault.SLOW}:
        return await _break(reply, strike, request=request)
    if fault is Fault.PLACEHOLDER:
        return web.Response(status=302, headers={"Location": PLACEHOLDER_PATH})
    return _altered(reply, fault)


_REFUSALS = {
    Fault.CODE_0: Refusal(code=0, message=_NOT_AVAILABLE),
    Fault.CODE_10: Refusal(
        code=10, message="Sorry, the Flickr search API is not currently available."
    ),
    Fault.CODE_105: Refusal(code=105, message="Service currently unavailable"),
    Fault.CODE_201: Refusal(code=201, message=_NOT_AVAILABLE),
}
_TITLES = {
    403: ("403 Forbidden", "Request forbidden by administrative rules."),
    429: (
        "429 Too Many Requests",
        "You have sent too many requests in a given amount of time.",
    ),
    500: ("500 Internal Server Error", "An internal server error occurred."),
    502: ("502 Bad Gateway", "The server returned an invalid or incomplete response."),
    503: ("503 Service Unavailable", "No server is available to handle this request."),
    504: ("504 Gateway Time-out", "The server didn't respond in time."),
}


def _error_page(status: int, retry_after_s: int | None) -> web.Response:
    if status not in _TITLES:  # the image host's 404 is an empty page
        return web.Response(status=status, content_type="text/html", charset="utf-8")
    title, text = _TITLES[status]
    page = f"<html><body><h1>{title}</h1>\n{text}\n</body></html>\n"
    headers = {}
    if retry_after_s is not None and status in {429, 503}:
        headers["Retry-After"] = str(retry_after_s)
    return web.Response(status=status, text=page, content_type="text/html", headers=headers)


def _altered(reply: web.Response, fault: Fault) -> web.Response:
    body = _body(reply)
    if fault is Fault.JSON_FOR_XML:
        text = f'{{"stat":"fail","message":"{_NOT_AVAILABLE}","code":201}},'
        return web.Response(text=text, content_type="text/xml")
    if fault is Fault.HTML:
        page = "<html><body><h1>We'll be right back</h1></body></html>\n"
        return web.Response(text=page, content_type="text/html")
    if fault is Fault.TEXT:
        return web.Response(body=b"this is no image\n" * 200, content_type="image/jpeg")
    changed = {Fault.EMPTY: b"", Fault.CUT: body[: len(body) // 2]}
    # What is left is Fault.TRAILING: some cameras and phones add such bytes, and all is well.
    reply.body = changed.get(fault, body + b"\0made trailing bytes\0" * 40)
    return reply


async def _break(
    reply: web.Response, strike: Strike, *, request: web.Request
) -> web.StreamResponse:
    transport = request.transport
    if transport is None:
        return reply
    if strike.fault is Fault.RESET:
        # Without lingering, the close is a TCP reset rather than a polite end.
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
        return reply
    body = _body(reply)
    stream = web.StreamResponse(status=reply.status, headers=reply.headers)
    stream.content_length = len(body)
    await stream.prepare(request)
    if strike.fault is Fault.TRUNCATED:
        await stream.write(body[: len(body) // 2])
        transport.close()
        return stream
    step = max(len(body) // 20, 1)
    for start in range(0, len(body), step):
        await stream.write(body[start : start + step])
        await asyncio.sleep(strike.slow_s / 20)
    return stream


def _body(reply: web.Response) -> bytes:
    return reply.body if isinstance(reply.body, bytes) else b""
