"""Serve: the pages, of which the templates escape whatever is put in."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from smart_image_scraper.web.assets import Assets, modules_of

# What the page begins with: the rest is loaded when somebody goes there.
_FIRST = ("js/main.js", "js/gallery.js", "js/record.js")


class Pages:
    """The app's pages.

    Args:
        assets: The files that they load.
    """

    def __init__(self, assets: Assets) -> None:
        self._prefix = assets.prefix
        self._modules = modules_of(assets, *_FIRST)
        self._templates = Environment(
            loader=PackageLoader("smart_image_scraper.web"),
            autoescape=True,
            undefined=StrictUndefined,
        )

    def render(self, name: str, **values: Any) -> str:  # noqa: ANN401 — as Jinja takes them
        """Return a page as HTML."""
        known = {"static": self._prefix, "modules": self._modules}
        return self._templates.get_template(name).render(known, **values)
