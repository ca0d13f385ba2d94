"""The one HTTP client: every request of the program goes through it."""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import BinaryIO, Self, TypeVar

import aiohttp
import stamina
from yarl import URL

from smart_image_scraper.errors import BusyError, NetworkError, StatusError, TransientError
from smart_image_scraper.net.breaker import Breaker, PauseTooLongError
from smart_image_scraper.net.guard import guarded_sockets, parse_url, plain
from smart_image_scraper.net.host import Host
from smart_image_scraper.net.limiter import Limiter
from smart_image_scraper.net.rate import RateLimiter
from smart_image_scraper.net.reply import (
    Reply,
    as_reply,
    copy_body,
    is_redirect,
    judge,
    redirect_target,
    translated,
    without_hidden_retry,
)

T = TypeVar("T")

_MAX_REDIRECTS = 5
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500
# From nothing to the whole rate of a host; with the usual first pause, in two minutes.
_RECOVERY_PAUSES = 4

# stamina logs every retry as a warning, which Python prints where no logging is set up.
logging.getLogger("stamina").addHandler(logging.NullHandler())


class HttpClient:
    """Send requests politely and safely; an async context manager, one for a run.

    Only public addresses are connected to. Each host has its own limiter, at most so many
    connections, and a breaker that pauses all its requests when it answers 429 or 503; the rate of
    a host without a limiter of its own is lower afterwards, and recovers. What may pass is tried
    again: 429, 5xx, timeouts, cut connections, and what the reader of a reply calls a
    ``TransientError``. There are no cookies, no proxies, no credentials.

    Args:
        user_agent: Who asks, with an address where to complain.
        limiters: By host name, with the port where it is not the scheme's own:
            ``live.staticflickr.com``, ``127.0.0.1:40123``. Every attempt counts.
        per_second: Requests a second to each host without a limiter of its own; ``None`` for no
            limit until it answers 429 or 503.
        allow: Addresses that are let in although they are not public, as ``127.0.0.1:40123``.
        timeout_s: For connecting, for every silence, and for the whole of a small reply.
        transfer_timeout_s: For the whole of a reply that goes to a file.
        attempts: How often a request is sent before its failure counts.
        backoff_s: The first wait between attempts; it doubles, with jitter, up to 60 times that.
        pause_s: The first pause of a host that answers 429 or 503; it doubles. A lowered rate
            recovers from nothing to whole in four times that.
        max_wait_s: The longest pause. If a host asks for a longer one, its requests fail.
        connections_per_host: Requests to one host at a time.
        connections: By host name, as for ``limiters``: the most there, where fewer are asked for.
        on_wait: Called with a host's name and the seconds of its pause, whenever one begins.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        limiters: Mapping[str, Limiter] = MappingProxyType({}),
        per_second: float | None = None,
        allow: Collection[str] = (),
        timeout_s: float = 30,
        transfer_timeout_s: float = 300,
        attempts: int = 5,
        backoff_s: float = 0.5,
        pause_s: float = 30,
        max_wait_s: float = 900,
        connections_per_host: int = 4,
        connections: Mapping[str, int] = MappingProxyType({}),
        on_wait: Callable[[str, float], None] | None = None,
    ) -> None:
        self.allow = frozenset(allow)
        self._user_agent = user_agent
        self._limiters = limiters
        self._per_second = per_second
        self._timeout_s = timeout_s
        self._transfer_timeout_s = transfer_timeout_s
        self._attempts = attempts
        self._backoff_s = backoff_s
        self._pause_s = pause_s
        self._max_wait_s = max_wait_s
        self._connections_per_host = connections_per_host
        self._connections = connections
        self._on_wait = on_wait
        self._hosts: dict[str, Host] = {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the client."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, socket_factory=guarded_sockets(self.allow)),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._user_agent},
            middlewares=(without_hidden_retry,),
            trust_env=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        max_bytes: int,
        read: Callable[[Reply], T],
    ) -> T:
        """Fetch a small reply whole, and read it.

        Args:
            url: An http or https address.
            params: Added to its query.
            max_bytes: The longest body, after decompression.
            read: Makes the value of the reply. If it raises ``TransientError``, the request is
                sent again like one that the server could not answer; a ``BusyError`` pauses the
                host, as 429 and 503 do.

        Returns:
            What ``read`` returned.

        Raises:
            AddressError: An address on the way is not let in, or is no web address.
            StatusError: The answer was an HTTP error; 429 and 5xx after the last attempt.
            TooLargeError: The body is over ``max_bytes``.
            TransientError: No attempt brought a whole, readable reply.
            NetworkError: The certificate is not valid, or there are too many redirects.
        """

        async def once() -> T:
            async with self._reply(
                parse_url(url).extend_query(params or {}), total_s=self._timeout_s
            ) as reply:
                body = bytearray()
                await copy_body(reply, to=body.extend, max_bytes=max_bytes)
            return self._read(as_reply(reply, body=bytes(body)), read=read)

        return await self._retried(once)

    def sent(self, url: str) -> int:
        """Return how many requests have been sent to an address's host, repeated ones included."""
        return self._host(parse_url(url)).sent

    async def fetch(
        self,
        url: str,
        *,
        to: BinaryIO,
        max_bytes: int,
        check: Callable[[Reply], None] = lambda _: None,
    ) -> Reply:
        """Stream a reply's body into a file.

        Args:
            url: An http or https address.
            to: Written from its beginning; every attempt begins anew.
            max_bytes: The longest body.
            check: Looks at the reply before its body is fetched; what it raises ends the request.

        Returns:
            The reply without its body.

        Raises:
            AddressError: An address on the way is not let in, or is no web address.
            StatusError: The answer was an HTTP error; 429 and 5xx after the last attempt.
            TooLargeError: The body is over ``max_bytes``.
            TransientError: No attempt brought a whole reply.
            NetworkError: The certificate is not valid, or there are too many redirects.
            OSError: The file could not be written.
        """

        async def once() -> Reply:
            to.seek(0)
            to.truncate()
            async with self._reply(
                parse_url(url), total_s=self._transfer_timeout_s, accept_encoding="identity"
            ) as reply:
                head = as_reply(reply)
                check(head)
                await copy_body(reply, to=to.write, max_bytes=max_bytes)
            return head

        return await self._retried(once)

    def _read(self, reply: Reply, *, read: Callable[[Reply], T]) -> T:
        try:
            return read(reply)
        except BusyError as error:
            host = self._host(parse_url(reply.url))
            host.refused(sent_at=time.monotonic(), asked_s=error.wait_s)
            raise

    async def _retried(self, once: Callable[[], Awaitable[T]]) -> T:
        call = stamina.AsyncRetryingCaller(
            attempts=self._attempts,
            timeout=None,
            wait_initial=self._backoff_s,
            wait_max=60 * self._backoff_s,
            wait_jitter=self._backoff_s,
        )
        return await call(_may_pass, once)

    @asynccontextmanager
    async def _reply(
        self, url: URL, *, total_s: float, accept_encoding: str = "gzip, deflate"
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send one attempt; follow its redirects, each by the rules of its own host."""
        for _ in range(_MAX_REDIRECTS + 1):
            async with self._one(url, total_s=total_s, accept_encoding=accept_encoding) as reply:
                if not is_redirect(reply):
                    yield reply
                    return
            url = redirect_target(reply)
        raise NetworkError(f"{plain(url)}: more than {_MAX_REDIRECTS} redirects")

    @asynccontextmanager
    async def _one(
        self, url: URL, *, total_s: float, accept_encoding: str
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send one request in its host's turn."""
        if self._session is None:
            raise RuntimeError("the client is used outside of its context")
        host = self._host(url)
        timeout = aiohttp.ClientTimeout(
            total=total_s, sock_connect=self._timeout_s, sock_read=self._timeout_s
        )
        async with host.places:
            await host.turn()
            sent_at = time.monotonic()
            host.sent += 1
            with translated(url):
                async with self._session.get(
                    url,
                    allow_redirects=False,
                    timeout=timeout,
                    headers={"Accept-Encoding": accept_encoding},
                ) as reply:
                    judge(reply, host=host, sent_at=sent_at)
                    yield reply

    def _host(self, url: URL) -> Host:
        name = url.host_port_subcomponent or ""
        if name not in self._hosts:
            self._hosts[name] = Host(
                limiter=self._limiters.get(name) or self._usual_rate(),
                breaker=Breaker(
                    name,
                    base_s=self._pause_s,
                    max_s=self._max_wait_s,
                    on_wait=self._on_wait,
                ),
                connections=min(
                    self._connections_per_host,
                    self._connections.get(name, self._connections_per_host),
                ),
            )
        return self._hosts[name]

    def _usual_rate(self) -> RateLimiter:
        return RateLimiter(self._per_second, recovery_s=_RECOVERY_PAUSES * self._pause_s)


def _may_pass(error: Exception) -> bool:
    """Tell whether the same request may succeed a little later."""
    if isinstance(error, StatusError) and not isinstance(error, PauseTooLongError):
        return error.status == _TOO_MANY_REQUESTS or error.status >= _SERVER_ERROR
    return isinstance(error, TransientError)
