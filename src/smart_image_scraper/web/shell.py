"""Serve: the one page of the app, and the files that it loads."""

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from smart_image_scraper.web.assets import find_assets, media_type

_FOR_GOOD = "public, max-age=31536000, immutable"


def add_shell(app: FastAPI) -> None:
    """Add the page and its files."""
    assets = find_assets()
    pages = Environment(
        loader=PackageLoader("smart_image_scraper.web"), autoescape=True, undefined=StrictUndefined
    )

    @app.get("/", include_in_schema=False)
    def index() -> HTMLResponse:
        page = pages.get_template("index.html").render(static=assets.prefix)
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})

    @app.get("/static/{revision}/{name:path}", include_in_schema=False)
    def asset(revision: str, name: str) -> Response:
        path = assets.paths.get(name)
        if path is None or revision != assets.revision:
            return Response(status_code=404)
        return FileResponse(path, media_type=media_type(name), headers={"Cache-Control": _FOR_GOOD})
