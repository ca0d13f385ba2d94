"""Demo: what faults do to good replies."""

import asyncio
import socket
import struct

from aiohttp import web

from smart_image_scraper.demo.faults import Fault
from smart_image_scraper.demo.misfortune import Strike
from smart_image_scraper.demo.replies import Refusal, Wire, refusal_reply

PLACEHOLDER_PATH = "/images/photo_unavailable.gif"
_NOT_AVAILABLE = "Sorry, the Flickr API service is not currently available."


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
    if fault is Fault.MISLABELLED:
        reply.content_type = "application/octet-stream"
        return reply
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
