"""Demo: an imitation with an address for its API and another one for its files."""

from abc import ABC, abstractmethod
from typing import Self

from aiohttp import web

_HOST = "127.0.0.1"


class TwoPorts(ABC):
    """Answers on two ports of 127.0.0.1 while its context is entered: clients keep a rate each.

    Attributes:
        API_PATH: Where the API is, below the root.
    """

    API_PATH = "/"

    def __init__(self) -> None:
        self._ports = (0, 0)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        self._add_routes(app.router)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        for _ in range(2):
            await web.TCPSite(self._runner, _HOST, 0).start()
        api, files = (address[1] for address in self._runner.addresses)
        self._ports = (api, files)
        return self

    async def __aexit__(self, *raised: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @abstractmethod
    def _add_routes(self, router: web.UrlDispatcher) -> None:
        """Say what answers which path."""

    @property
    def endpoint(self) -> str:
        """The address of the API."""
        return f"http://{_HOST}:{self._ports[0]}{self.API_PATH}"

    @property
    def addresses(self) -> tuple[str, str]:
        """Every host and port that a client needs."""
        api, files = self._ports
        return f"{_HOST}:{api}", f"{_HOST}:{files}"
