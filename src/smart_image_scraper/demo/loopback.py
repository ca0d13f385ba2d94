"""Demo: an imitation of a site on this machine."""

from abc import ABC, abstractmethod
from typing import ClassVar, Self

from aiohttp import web

HOST = "127.0.0.1"


class Loopback(ABC):
    """Answers on a port of 127.0.0.1, or on several, while its context is entered.

    Attributes:
        API_PATH: Where the API is, below the root, on the first port.
        PORTS: How many ports there are.
    """

    API_PATH: ClassVar[str] = "/"
    PORTS: ClassVar[int] = 1

    def __init__(self) -> None:
        self._ports: tuple[int, ...] = (0,) * self.PORTS
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        self._add_routes(app.router)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        for _ in range(self.PORTS):
            await web.TCPSite(self._runner, HOST, 0).start()
        self._ports = tuple(address[1] for address in self._runner.addresses)
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
        return f"http://{self.addresses[0]}{self.API_PATH}"

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every host and port that a client needs."""
        return tuple(f"{HOST}:{port}" for port in self._ports)
