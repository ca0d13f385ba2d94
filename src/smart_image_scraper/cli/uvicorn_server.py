"""The HTTP server, as quiet as a command, and stopped the way that commands are."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

_GRACE_S = 3  # for answers under way, when it ends


class _Server(uvicorn.Server):
    """A server that leaves signals to the command that runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def quiet_server(
    app: FastAPI, *, proxy: str | None, tls: tuple[Path, Path] | None
) -> uvicorn.Server:
    """Return a server of an app, not yet running.

    Args:
        app: What it serves.
        proxy: The address of the proxy that is believed who a request comes from.
        tls: The certificate and its key; ``None`` for plain HTTP.
    """
    return _Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=proxy is not None,
            forwarded_allow_ips=proxy or "",
            ssl_certfile=tls[0] if tls else None,
            ssl_keyfile=tls[1] if tls else None,
            timeout_graceful_shutdown=_GRACE_S,
        )
    )
