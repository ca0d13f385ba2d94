"""Serve: the application, made of what it is handed."""

from fastapi import FastAPI

from smart_image_scraper.web.shell import add_shell


def create_app() -> FastAPI:
    """Return the application."""
    app = FastAPI(
        title="Smart Image Scraper",
        openapi_url="/api/openapi.json",
        docs_url=None,  # its pages load scripts of another host
        redoc_url=None,
    )
    add_shell(app)
    return app
