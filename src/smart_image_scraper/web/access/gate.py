"""Serve: the gate that every request passes, so that no route can forget a check.

What is not let in by name is kept out: without a role there are only the login, the files of the
pages and the health; a viewer may change nothing.
"""

import hmac
from urllib.parse import quote

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from smart_image_scraper.web.access.access import Access, Visitor
from smart_image_scraper.web.access.headers import security_headers
from smart_image_scraper.web.access.hosts import is_same_origin
from smart_image_scraper.web.access.passwords import Role

CSRF_HEADER = "X-SIS-CSRF"
MAX_QUERY_BYTES = 16_384
MAX_BODY_BYTES = 262_144

_PAGES = frozenset({"/", "/login"})
_OPEN = frozenset({"/healthz", "/login"})
_OPEN_FOLDER = "/static/"
_READING = frozenset({"GET", "HEAD"})
# What a viewer sends, and nothing of it changes what is stored.
_VIEWER_POSTS = frozenset({"/api/thumbs", "/login", "/logout"})


class Gate:
    """Let in what may come in, with who it comes from in ``request.state.visitor``.

    Args:
        app: What is behind the gate.
        access: Who may come in.
    """

    def __init__(self, app: ASGIApp, *, access: Access) -> None:
        self._app = app
        self._access = access
        self._headers = security_headers(tiles=access.tiles, secure=access.secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        visitor = self._visitor(request)
        scope.setdefault("state", {})["visitor"] = visitor
        refusal = self._malformed(request) or self._foreign(request) or self._unfit(request)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableHeaders(scope=message))
            await send(message)

        if refusal is not None:
            await refusal(scope, receive, send_with_headers)
            return
        await self._app(scope, _limited(receive), send_with_headers)

    def _visitor(self, request: Request) -> Visitor:
        session_id = request.cookies.get(self._access.cookie)
        session = self._access.sessions.find(session_id) if session_id else None
        if self._access.passwords is None:
            return Visitor(role=Role.CURATOR, name=self._access.user, session=session)
        if session is None:
            return Visitor(role=None, name="", session=None)
        return Visitor(role=session.role, name=session.name, session=session)

    def _malformed(self, request: Request) -> Response | None:
        if not self._access.hosts.knows(request.headers.get("Host", "")):
            return refused(400, "this app is not known by that name; say it with `sis serve --url`")
        if len(request.scope["query_string"]) > MAX_QUERY_BYTES:
            return refused(414, f"the address is longer than {MAX_QUERY_BYTES:,} bytes")
        length = request.headers.get("Content-Length", "0")
        if not length.isdecimal():
            return refused(400, "the length of what was sent is no number")
        if int(length) > MAX_BODY_BYTES:
            return _too_large()
        return None

    def _foreign(self, request: Request) -> Response | None:
        """Refuse what another site's page asks for: browsers say so.

        https://www.w3.org/TR/fetch-metadata/: a link to a page of ours may be followed.
        """
        headers = request.headers
        is_link = request.method == "GET" and headers.get("Sec-Fetch-Mode") == "navigate"
        if is_link and request.url.path in _PAGES:
            return None
        origin = headers.get("Origin")
        if origin is not None and not is_same_origin(
            origin, host=headers.get("Host", ""), secure=self._access.secure
        ):
            return refused(403, "a page of another site asked for this")
        if headers.get("Sec-Fetch-Site", "none") in {"cross-site", "same-site"}:
            return refused(403, "a page of another site asked for this")
        return None

    def _unfit(self, request: Request) -> Response | None:
        visitor: Visitor = request.state.visitor
        path = request.url.path
        if visitor.role is None and not (path in _OPEN or path.startswith(_OPEN_FOLDER)):
            return _to_login(request)
        if request.method in _READING:
            return None
        if path != "/login" and not knows_token(visitor, request.headers.get(CSRF_HEADER, "")):
            return refused(
                403, f"the header {CSRF_HEADER} does not hold this session's token; load the page"
            )
        if not visitor.is_curator and path not in _VIEWER_POSTS:
            return refused(403, "this takes the curator's password")
        return None

    def _complete(self, headers: MutableHeaders) -> None:
        for name, value in self._headers.items():
            headers[name] = value
        headers.setdefault("Cache-Control", "no-store")


def refused(status: int, sentence: str) -> JSONResponse:
    """Return the answer to what cannot be done."""
    return JSONResponse({"error": sentence}, status_code=status)


def knows_token(visitor: Visitor, token: str) -> bool:
    """Tell whether a visitor has sent the token of their session."""
    session = visitor.session
    return session is not None and is_equal(session.csrf, token)


def is_equal(known: str, sent: str) -> bool:
    """Tell whether two secrets are equal, in a time that does not tell how far they are."""
    return hmac.compare_digest(known.encode(), sent.encode("utf-8", "replace"))


def _to_login(request: Request) -> Response:
    path = request.url.path
    if request.method == "GET" and path in _PAGES:
        query = request.url.query
        wanted = f"{path}?{query}" if query else path
        return RedirectResponse(f"/login?next={quote(wanted, safe='')}", status_code=303)
    return refused(401, "log in first, at /login")


def _too_large() -> JSONResponse:
    return refused(413, f"more than {MAX_BODY_BYTES:,} bytes were sent")


def _limited(receive: Receive) -> Receive:
    """Return a receiver that ends a body that goes on for too long, whatever its length said."""
    taken = 0

    async def receive_limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MAX_BODY_BYTES:
            raise HTTPException(413, f"more than {MAX_BODY_BYTES:,} bytes were sent")
        return message

    return receive_limited
