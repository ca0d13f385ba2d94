"""Serve: the one page of the app, and the files that it loads."""

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from smart_image_scraper.web.access import Access, Visitor
from smart_image_scraper.web.access.login import set_cookie
from smart_image_scraper.web.assets import Assets, compressed, media_type
from smart_image_scraper.web.pages import Pages

_FOR_GOOD = "public, max-age=31536000, immutable"
_COMPRESSED = frozenset(
    {"text/javascript", "text/css", "application/json", "application/geo+json", "image/svg+xml"}
)


def add_shell(app: FastAPI, *, access: Access, pages: Pages, assets: Assets) -> None:
    """Add the page and its files."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def index(request: Request) -> Response:
        visitor: Visitor = request.state.visitor
        answer = HTMLResponse(pages.render("index.html"))
        set_cookie(answer, access.session_of(visitor), access=access)
        return answer

    @router.get("/static/{revision}/{name:path}")
    def asset(request: Request, *, revision: str, name: str) -> Response:
        path = assets.paths.get(name)
        if path is None or revision != assets.revision:
            return Response(status_code=404)
        headers = {"Cache-Control": _FOR_GOOD, "Vary": "Accept-Encoding"}
        kind = media_type(name)
        if kind in _COMPRESSED and "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(compressed(path), media_type=kind, headers=headers)
        return FileResponse(path, media_type=kind, headers=headers)

    app.include_router(router)
