"""Store: the connection to a MongoDB, managed here or anywhere else."""

import re
import warnings
from typing import Any
from urllib.parse import unquote

from pymongo import MongoClient
from pymongo.errors import ConfigurationError, ConnectionFailure, PyMongoError

from smart_image_scraper.errors import SettingsError, StoreError
from smart_image_scraper.store.translation import translated

_ADDRESS = re.compile(r"mongodb(?:\+srv)?://(?:[^@/?]*@)?(?P<hosts>[^@/?]*)")
_OPTION = re.compile(r"[?&;]([A-Za-z]+)=")


def connect(uri: str, *, timeout_s: float) -> MongoClient[dict[str, Any]]:
    """Connect to the database at an address, and see that it answers and lets us in.

    Every write is on the server's disk before it is acknowledged (``journal``): without it, a
    killed server was measured to lose writes that it had acknowledged.

    Args:
        uri: ``mongodb://…`` or ``mongodb+srv://…``; never shown, since it may hold a password.
        timeout_s: How long to wait for a server, now and at each later request.

    Raises:
        SettingsError: The address cannot be read.
        StoreError: Nobody answers there, or the user may not in.
    """
    hosts = hosts_of(uri)
    client = _client(uri, timeout_s=timeout_s)
    try:
        with translated(f"use the database at {hosts}"):
            _ping(client, hosts=hosts, timeout_s=timeout_s)
    except StoreError:
        client.close()
        raise
    return client


def hosts_of(uri: str) -> str:
    """Return the hosts of a database's address, which is the part that can be shown.

    Raises:
        SettingsError: It is no address of a MongoDB.
    """
    match = _ADDRESS.match(uri)
    if match is None:
        raise _unreadable()
    return unquote(match["hosts"])


def _unreadable() -> SettingsError:
    return SettingsError(
        "the database's address (SIS_DB) cannot be read; write it as "
        "mongodb://user:password@host:27017 "
        "or mongodb+srv://user:password@host, with : / ? # [ ] @ % in the user name and the "
        "password percent-encoded"
    )


def _client(uri: str, *, timeout_s: float) -> MongoClient[dict[str, Any]]:
    milliseconds = int(timeout_s * 1000)
    try:
        with warnings.catch_warnings():
            # pymongo only warns of a wrong option, and goes on without it.
            warnings.simplefilter("error", UserWarning)
            return MongoClient(
                uri,
                appname="sis",
                journal=True,
                tz_aware=True,
                serverSelectionTimeoutMS=milliseconds,
                connectTimeoutMS=milliseconds,
            )
    except UserWarning:
        options = ", ".join(_OPTION.findall(uri))
        raise SettingsError(
            "the database's address has an option that is unknown, wrong or given twice; "
            f"its options are {options}"
        ) from None
    except (PyMongoError, ValueError):
        # Without the cause: a password that is not encoded stands in its text.
        raise _unreadable() from None


def _ping(client: MongoClient[dict[str, Any]], *, hosts: str, timeout_s: float) -> None:
    try:
        client.admin.command("ping")
    except ConnectionFailure as error:
        raise StoreError(
            f"no database answers at {hosts} within {timeout_s:g} s; "
            "see that it runs and that its address is right"
        ) from error
    except ConfigurationError as error:
        raise StoreError(
            f"the database at {hosts} cannot be used: its name is unknown, or its address "
            "asks for what it cannot do"
        ) from error
