"""Serve: how answers are written, and what errors become."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from smart_image_scraper.errors import (
    NetworkError,
    PhotoError,
    SisError,
    StoreError,
    UsageError,
    WorkspaceError,
)
from smart_image_scraper.web.access.access import Access
from smart_image_scraper.web.access.headers import security_headers
from smart_image_scraper.web.pages import Pages

_STATUS: tuple[tuple[type[SisError], int], ...] = (
    (UsageError, 400),
    (StoreError, 503),
    (WorkspaceError, 503),
    (NetworkError, 503),
    (PhotoError, 409),
    (SisError, 409),
)


class Json(JSONResponse):
    """JSON whatever texts hold: half of a character, too, which UTF-8 refuses."""

    def render(self, content: Any) -> bytes:  # noqa: ANN401 — whatever JSON holds
        """Write it."""
        text = json.dumps(
            content, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
        )
        # A backslash and its number are the very escape for it in a JSON text.
        return text.encode("utf-8", "backslashreplace")


def add_error_handlers(app: FastAPI, *, access: Access, pages: Pages) -> None:
    """Have every error answered by a sentence: ``{"error": …}``, or, to who reads pages, a page."""

    @app.exception_handler(SisError)
    async def ours(request: Request, error: SisError) -> Json:
        if isinstance(error, StoreError):
            request.app.state.served.store.doubt()
        status = next(status for kind, status in _STATUS if isinstance(error, kind))
        return Json({"error": str(error)}, status_code=status)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> Json:
        return Json({"error": _sentence(error)}, status_code=400)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if error.status_code == HTTPStatus.NOT_FOUND and _reads_pages(request):
            unsaid = error.detail == HTTPStatus.NOT_FOUND.phrase
            page = pages.render("absent.html", message="" if unsaid else error.detail)
            return HTMLResponse(page, status_code=error.status_code, headers=error.headers)
        return Json({"error": error.detail}, status_code=error.status_code, headers=error.headers)

    @app.exception_handler(Exception)
    async def fault(_request: Request, _error: Exception) -> Json:
        # The gate is passed by then; the traceback goes to the log.
        headers = dict(security_headers(tiles=access.tiles, secure=access.secure))
        message = "this is a fault of the program; its output has the details"
        return Json({"error": message}, status_code=500, headers=headers)


def _reads_pages(request: Request) -> bool:
    """Tell whether somebody wants to look at an answer, and no program."""
    return "text/html" in request.headers.get("Accept", "")


def _sentence(error: RequestValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:]) or "what was sent"
    return f"{place}: {first['msg']}"


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")
