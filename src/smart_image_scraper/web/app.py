"""Serve: the application, made of what it is handed."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI

from smart_image_scraper.web.access import Access, Gate
from smart_image_scraper.web.access.login import add_login
from smart_image_scraper.web.answers import add_error_handlers
from smart_image_scraper.web.api import add_api
from smart_image_scraper.web.api.replies import Error
from smart_image_scraper.web.assets import find_assets
from smart_image_scraper.web.exporting import Exports
from smart_image_scraper.web.pages import Pages
from smart_image_scraper.web.problems import Problems
from smart_image_scraper.web.served import Served
from smart_image_scraper.web.shell import add_shell

_REFRESH_EVERY_S = 5.0
_FAULT = (
    "the photos could not be read from the database by a fault of the program; its output has the "
    "details, and it goes on trying"
)
_log = logging.getLogger(__name__)
_EXPORTED_AT_ONCE = 2


class App(FastAPI):
    """The application, which describes its errors as they are."""

    def openapi(self) -> dict[str, Any]:
        """Describe the API: what is wrong is 400 here, not FastAPI's 422."""
        described = super().openapi()
        for operation in (each for path in described["paths"].values() for each in path.values()):
            operation["responses"].pop("422", None)
        return described


def create_app(served: Served, *, access: Access) -> FastAPI:
    """Return the application, for uvicorn or another ASGI server, in one process.

    While it runs, it keeps the library up to date, and at its end it closes it.

    Args:
        served: What it shows.
        access: Who may come in.
    """
    app = App(
        title="Smart Image Scraper",
        description="The photos of a workspace. What changes something takes the header "
        "`X-SIS-CSRF` with the token of `/api/session`, and a curator.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # its pages load scripts of another host
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_kept_up_to_date,
        responses={code: {"model": Error} for code in (400, 401, 403, 404, 409, 503)},
    )
    app.state.served = served
    app.state.first_look = None
    app.state.access = access
    app.state.problems = Problems(served)
    app.state.exports = Exports(served.workspace)
    # Each decodes in a thread; more at a time would only take more memory.
    app.state.decoding = CapacityLimiter(os.cpu_count() or 1)
    # More at once would be no faster, and keep filters and pages waiting.
    app.state.reading = CapacityLimiter(os.cpu_count() or 1)
    app.state.exporting = CapacityLimiter(_EXPORTED_AT_ONCE)
    assets = find_assets()
    pages = Pages(assets)
    add_shell(app, access=access, pages=pages, assets=assets)
    add_login(app, access=access, pages=pages)
    add_api(app)
    add_error_handlers(app, access=access, pages=pages)
    app.add_middleware(Gate, access=access)
    return app


@asynccontextmanager
async def _kept_up_to_date(app: FastAPI) -> AsyncIterator[None]:
    served: Served = app.state.served
    app.state.first_look = asyncio.Event()
    app.state.problems.is_watched = True
    refreshing = asyncio.create_task(_refresh_for_good(app))
    try:
        yield
    finally:
        refreshing.cancel()
        # Of the task, and of this one where somebody presses Ctrl-C twice: then nobody waits.
        with suppress(asyncio.CancelledError):
            await refreshing
        with suppress(asyncio.CancelledError):
            await to_thread.run_sync(served.trainer.close)
            await to_thread.run_sync(served.library.close)


async def _refresh_for_good(app: FastAPI) -> None:
    served: Served = app.state.served
    problems: Problems = app.state.problems
    while True:
        try:
            await to_thread.run_sync(served.library.refresh)
        except Exception:  # noqa: BLE001 — a fault, too, is told, and may be over the next time
            _log.exception("the photos could not be read from the database")
            problems.note(_FAULT)
        else:
            problems.note(None)
        if served.library.state().problems:
            served.store.doubt()  # a managed server that ended is started again
        await to_thread.run_sync(problems.look)
        app.state.first_look.set()
        await asyncio.sleep(_REFRESH_EVERY_S)
