"""The HTTP server, as quiet as a command, and stopped the way that commands are."""

import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from smart_image_scraper.errors import UsageError

_GRACE_S = 3  # for answers under way, when it ends


class _Server(uvicorn.Server):
    """A server that leaves signals to the command that runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def check_reach(*, proxy: str | None, tls: tuple[Path, Path] | None) -> None:
    """Check what a server is to be reached by, before anything is opened for it.

    Raises:
        UsageError: The proxy's address is none, or the certificate and its key cannot be used.
    """
    if proxy is not None:
        _check_proxy(proxy)
    if tls is not None:
        _check_tls(*tls)


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


def _check_proxy(addresses: str) -> None:
    try:
        for address in addresses.split(","):
            ipaddress.ip_network(address.strip(), strict=False)
    except ValueError as error:
        # The server would compare it with where requests come from, and never find it.
        raise UsageError(
            f"{addresses!r} is no address of a proxy; write the one that its requests come from, "
            "such as 127.0.0.1"
        ) from error


def _check_tls(certificate: Path, key: Path) -> None:
    try:
        # A password, so that none is asked for in the middle of it: the key must have none.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except OSError as error:  # which an SSLError is
        raise UsageError(
            f"{certificate} and {key} are no certificate and its key, in PEM and without a "
            f"password, that can be used ({error})"
        ) from error
