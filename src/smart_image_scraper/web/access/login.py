"""Serve: logging in and out."""

import re
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qs

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from smart_image_scraper.web.access.access import Access, Visitor
from smart_image_scraper.web.access.gate import is_equal
from smart_image_scraper.web.access.passwords import Passwords, Role
from smart_image_scraper.web.access.sessions import LONGEST_S, WebSession
from smart_image_scraper.web.pages import Pages

_HASHED_AT_ONCE = 2
_MAX_NAME = 60
# A path of two slashes would be another site's address.
_PAGE = re.compile(r"/(\?[!-\[\]-~]*)?")


class Login:
    """The login: its page, and what its form is sent to.

    Args:
        access: Who may come in.
        pages: Has the page.
    """

    def __init__(self, access: Access, *, pages: Pages) -> None:
        self._access = access
        self._pages = pages
        self._hashing = CapacityLimiter(_HASHED_AT_ONCE)

    def form(
        self, request: Request, *, wanted: str, message: str = "", status: int = 200
    ) -> HTMLResponse:
        """Return the page. Its token is in a cookie, too, which no other site's page can set."""
        token = request.cookies.get(self._cookie) or secrets.token_urlsafe(32)
        page = self._pages.render("login.html", csrf=token, next=_page(wanted), message=message)
        answer = HTMLResponse(page, status_code=status)
        answer.set_cookie(
            self._cookie, token, secure=self._access.secure, httponly=True, samesite="strict"
        )
        return answer

    async def log_in(self, request: Request, passwords: Passwords) -> Response:
        """Answer a form: with the page that was wanted, or the form and what is wrong."""
        sent = await _sent(request)
        wanted = sent.get("next", "/")
        known = request.cookies.get(self._cookie)
        if not known or not is_equal(known, sent.get("csrf", "")):
            return self.form(request, wanted=wanted, message="Please try again.", status=403)
        address = request.client.host if request.client else ""
        wait_s = self._access.throttle.take(address)
        if wait_s:
            return self._not_yet(request, wanted=wanted, wait_s=wait_s)
        role = await to_thread.run_sync(
            passwords.role, sent.get("password", ""), limiter=self._hashing
        )
        if role is None:
            message = "That password is wrong."
            return self.form(request, wanted=wanted, message=message, status=401)
        self._access.throttle.give_back(address)
        return self._let_in(request, role, wanted=wanted, name=_name(sent.get("name", "")))

    @property
    def _cookie(self) -> str:
        return f"{self._access.cookie}-login"

    def _not_yet(self, request: Request, *, wanted: str, wait_s: float) -> Response:
        message = f"Too many wrong passwords. Try again in {int(wait_s // 60) + 1} min."
        answer = self.form(request, wanted=wanted, message=message, status=429)
        answer.headers["Retry-After"] = str(int(wait_s) + 1)
        return answer

    def _let_in(self, request: Request, role: Role, *, wanted: str, name: str) -> Response:
        # A new id: one that somebody gave the browser before must not become this visitor's.
        visitor: Visitor = request.state.visitor
        if visitor.session is not None:
            self._access.sessions.end(visitor.session.id)
        session = self._access.sessions.begin(role=role, name=name or role.value)
        answer = RedirectResponse(_page(wanted), status_code=303)
        set_cookie(answer, session, access=self._access)
        return answer


def add_login(app: FastAPI, *, access: Access, pages: Pages) -> None:
    """Add the login and the logout."""
    router = APIRouter(include_in_schema=False)
    login = Login(access, pages=pages)

    @router.get("/login")
    async def form(request: Request) -> Response:
        visitor: Visitor = request.state.visitor
        if visitor.role is not None:
            return RedirectResponse("/", status_code=303)
        return login.form(request, wanted=request.query_params.get("next", "/"))

    @router.post("/login")
    async def log_in(request: Request) -> Response:
        if access.passwords is None:
            return RedirectResponse("/", status_code=303)
        return await login.log_in(request, access.passwords)

    @router.post("/logout")
    async def log_out(request: Request) -> Response:
        visitor: Visitor = request.state.visitor
        if visitor.session is not None:
            access.sessions.end(visitor.session.id)
        answer = JSONResponse({})
        answer.delete_cookie(access.cookie, secure=access.secure, httponly=True, samesite="lax")
        return answer

    app.include_router(router)


def set_cookie(answer: Response, session: WebSession, *, access: Access) -> None:
    """Give the browser a session's id, out of reach of scripts and of other sites' requests."""
    answer.set_cookie(
        access.cookie,
        session.id,
        max_age=LONGEST_S,
        secure=access.secure,
        httponly=True,
        samesite="lax",
    )


async def _sent(request: Request) -> Mapping[str, str]:
    text = (await request.body()).decode("utf-8", "replace")
    try:
        return {name: values[-1] for name, values in parse_qs(text, max_num_fields=10).items()}
    except ValueError:
        return {}


def _page(wanted: str) -> str:
    """Return the page that somebody wanted, if it is one of ours."""
    return wanted if _PAGE.fullmatch(wanted) else "/"


def _name(text: str) -> str:
    """Return a name as it is kept: without what cannot be seen."""
    return "".join(each for each in text if each.isprintable()).strip()[:_MAX_NAME]
