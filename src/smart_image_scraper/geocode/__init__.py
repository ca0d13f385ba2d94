"""Geocode: coordinates become a country, a region and a city, without asking anyone.

The country is the one whose polygon the coordinates lie in; the city is one of that country. The
data is loaded by :meth:`Geocoder.load`, not by importing this package.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from smart_image_scraper.geocode.boxes import country_boxes
from smart_image_scraper.geocode.countries import country_name, resolve_country

if TYPE_CHECKING:
    from smart_image_scraper.geocode.columns import PlaceColumns
    from smart_image_scraper.geocode.geocoder import Geocoder

__all__ = ["Geocoder", "PlaceColumns", "country_boxes", "country_name", "resolve_country"]

_HEAVY = {"Geocoder": "geocoder", "PlaceColumns": "columns"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 — a module's names have any type
    # scipy and shapely take half a second to import; what a word or a box means needs neither.
    if name in _HEAVY:
        return getattr(import_module(f"{__name__}.{_HEAVY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
