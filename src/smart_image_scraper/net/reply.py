"""A server's answer: what it means, and how foreign errors become ours."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import aiohttp
from yarl import URL

from smart_image_scraper.errors import (
    AddressError,
    NetworkError,
    StatusError,
    TooLargeError,
    TransientError,
)
from smart_image_scraper.net.breaker import parse_retry_after
from smart_image_scraper.net.guard import RefusedAddressError, parse_url, plain
from smart_image_scraper.net.host import Host

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PAUSING = frozenset({429, 503})
_OK = 200
_MULTIPLE_CHOICES = 300
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A server's answer.

    Attributes:
        status: 200 to 299; other answers are errors.
        url: Where it came from in the end, after redirects.
        headers: By name in any case; one that came several times is in ``getall``, where the
            mapping is aiohttp's.
        body: Empty where it went to a file.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


async def without_hidden_retry(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Be the middleware that keeps aiohttp from sending a request twice."""
    # aiohttp sends a request again by itself when a kept connection turns out to be closed. The
    # limiter would not see it: so its errors become ours before it does.
    with translated(request.url):
        return await handler(request)


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turn aiohttp's errors into ours, with the request's address in the message."""
    where = plain(url)
    try:
        yield
    except aiohttp.ClientConnectorCertificateError as error:
        raise NetworkError(
            f"{where}: the server's certificate is not valid ({error.certificate_error}); "
            "check this machine's date and certificates"
        ) from error
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, RefusedAddressError):
            raise AddressError(
                f"{where}: {error.os_error.address} is not a public address, "
                "and only those are connected to, but for what SIS_ALLOW_ADDRESSES names"
            ) from error
        raise TransientError(
            f"{where} cannot be reached ({_reason(error.os_error)}); "
            "check the network, or try again later"
        ) from error
    except (aiohttp.InvalidURL, UnicodeError) as error:
        # The resolver's encoding of names refuses some that the address parser lets pass.
        raise AddressError(f"{where!r} is no web address") from error
    except TimeoutError as error:
        raise TransientError(f"{where}: no whole answer in time; try again later") from error
    except aiohttp.ClientError as error:
        # Its text is not told: that of some errors holds the whole address, with an API key.
        raise TransientError(f"{where}: the answer was cut or garbled; try again later") from error


def judge(reply: aiohttp.ClientResponse, *, host: Host, sent_at: float) -> None:
    """Note at the host how a request went, and refuse an answer that is an HTTP error.

    Raises:
        StatusError: The answer is neither a success nor a redirect.
    """
    if reply.status in _PAUSING:
        asked_s = parse_retry_after(reply.headers.get("Retry-After"))
        host.refused(sent_at=sent_at, asked_s=asked_s)
    elif reply.status < _SERVER_ERROR:
        host.succeeded(sent_at=sent_at)
    if not is_redirect(reply) and not _OK <= reply.status < _MULTIPLE_CHOICES:
        raise StatusError(
            f"{plain(reply.url)}: the server answered {reply.status} {reply.reason}",
            status=reply.status,
        )


def is_redirect(reply: aiohttp.ClientResponse) -> bool:
    """Tell whether a reply leads elsewhere."""
    return reply.status in _REDIRECTS and "Location" in reply.headers


def redirect_target(reply: aiohttp.ClientResponse) -> URL:
    """Return where a redirect leads.

    Raises:
        AddressError: It leads to what is no http or https address, or carries a password.
    """
    location = reply.headers["Location"]
    try:
        target = reply.url.join(URL(location))
    except ValueError as error:
        raise AddressError(
            f"{plain(reply.url)} redirects to {location!r}, which is no web address"
        ) from error
    return parse_url(str(target))


def as_reply(reply: aiohttp.ClientResponse, *, body: bytes = b"") -> Reply:
    """Return a reply in our type."""
    return Reply(status=reply.status, url=str(reply.url), headers=reply.headers, body=body)


async def copy_body(
    reply: aiohttp.ClientResponse, *, to: Callable[[bytes], object], max_bytes: int
) -> None:
    """Pass a reply's body on, chunk by chunk.

    Raises:
        TooLargeError: The body is over the limit, or says that it will be.
    """
    received = reply.content_length or 0
    if received <= max_bytes:
        received = 0
        async for chunk in reply.content.iter_any():
            received += len(chunk)
            if received > max_bytes:
                break
            to(chunk)
    if received > max_bytes:
        raise TooLargeError(f"{plain(reply.url)}: the reply is over the limit of {max_bytes} bytes")


def _reason(error: OSError) -> str | None:
    # asyncio's own text is "Connect call failed ('10.1.2.3', 443)". Resolvers count their errors
    # below zero, and say them themselves.
    return os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
