"""The one way to the network: addresses checked, rates kept, failures tried again."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from smart_image_scraper.net.limiter import Budget, Limiter, SharedLimiter
from smart_image_scraper.net.rate import RateLimiter

if TYPE_CHECKING:
    from smart_image_scraper.net.client import HttpClient
    from smart_image_scraper.net.reply import Reply

__all__ = ["Budget", "HttpClient", "Limiter", "RateLimiter", "Reply", "SharedLimiter"]

_HEAVY = {"HttpClient": "client", "Reply": "reply"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 — a module's names have any type
    # aiohttp takes a tenth of a second to import, and most commands ask nobody for anything.
    if name in _HEAVY:
        return getattr(import_module(f"{__name__}.{_HEAVY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
