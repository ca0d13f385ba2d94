"""Serve: the application, made of what it is handed."""

from fastapi import FastAPI

from smart_image_scraper.web.access import Access, Gate
from smart_image_scraper.web.access.login import add_login
from smart_image_scraper.web.assets import find_assets
from smart_image_scraper.web.pages import Pages
from smart_image_scraper.web.shell import add_shell


def create_app(*, access: Access) -> FastAPI:
    """Return the application."""
    app = FastAPI(
        title="Smart Image Scraper",
        openapi_url="/api/openapi.json",
        docs_url=None,  # its pages load scripts of another host
        redoc_url=None,
    )
    assets = find_assets()
    pages = Pages(assets)
    add_shell(app, access=access, pages=pages, assets=assets)
    add_login(app, access=access, pages=pages)
    app.add_middleware(Gate, access=access)
    return app
