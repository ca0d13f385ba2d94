import socket
from typing import Any
from urllib.parse import quote

import pytest
from pymongo import MongoClient

from smart_image_scraper.errors import SettingsError, StoreError
from smart_image_scraper.store import Store
from smart_image_scraper.store.connection import connect, hosts_of

UNREADABLE = (
    "the database's address (SIS_DB) cannot be read; write it as "
    "mongodb://user:password@host:27017 or mongodb+srv://user:password@host, with : / ? # [ ] @ % "
    "in the user name and the password percent-encoded"
)


def unused_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def test_every_write_is_acknowledged_from_the_journal_whatever_the_address_says(
    server: str,
) -> None:
    uri = server.replace("journal=true", "journal=false")

    with connect(uri, timeout_s=30) as client:
        assert client.write_concern.document["j"] is True


@pytest.mark.parametrize(
    "uri",
    [
        "postgres://user:hunter2@host/db",
        "mongodb://",
        "mongodb://user:hun/ter2@host",
        "mongodb://user:hun@ter2@host",
        "mongodb://user:hunter2",
        "mongodb://host:99999",
        "mongodb://host/?journal=true;w",
        "mongodb://user:hunter2@host/?w=0",
        "hunter2",
        "",
    ],
)
def test_an_address_that_is_none_is_told_how_to_write_it(uri: str) -> None:
    with pytest.raises(SettingsError) as error:
        Store.connect(uri, timeout_s=0.2)

    assert str(error.value) == UNREADABLE
    assert error.value.__cause__ is None


def test_a_wrong_option_is_an_error_that_shows_no_value() -> None:
    with pytest.raises(SettingsError) as error:
        Store.connect("mongodb://u:hunter2@host/?jurnal=true&tlsCertificateKeyFilePassword=hunter3")

    assert str(error.value) == (
        "the database's address has an option that is unknown, wrong or given twice; "
        "its options are jurnal, tlsCertificateKeyFilePassword"
    )


def test_nobody_at_an_address_is_said_in_the_time_that_was_given() -> None:
    port = unused_port()

    with pytest.raises(StoreError) as error:
        Store.connect(f"mongodb://jane:hunter2@127.0.0.1:{port}/", timeout_s=0.25)

    assert str(error.value) == (
        f"no database answers at 127.0.0.1:{port} within 0.25 s; "
        "see that it runs and that its address is right"
    )


def test_a_wrong_password_is_said_without_showing_it(server: str) -> None:
    with pytest.raises(StoreError) as error:
        Store.connect(server.replace("mongodb://", "mongodb://jane:hunter2@"))

    socket_path = hosts_of(server)
    assert str(error.value) == (
        f"cannot use the database at {socket_path}: the database does not accept the user name or "
        "the password; correct the database's address"
    )


def test_what_cannot_name_a_database_is_said(server: str) -> None:
    with pytest.raises(StoreError, match=r"^'a\.b' cannot name a database: "):
        Store.connect(server, database="a.b")


def test_an_address_that_asks_for_what_the_server_is_not_is_said(server: str) -> None:
    uri = server.replace("directConnection=true", "loadBalanced=true")

    with pytest.raises(StoreError, match=r"^the database at .* cannot be used: "):
        Store.connect(uri)


@pytest.mark.parametrize(
    ("uri", "hosts"),
    [
        ("mongodb://u:p@one:1,two:2/db?w=1", "one:1,two:2"),
        ("mongodb+srv://u:p@cluster.example", "cluster.example"),
        (f"mongodb://{quote('/a/m.sock', safe='')}/", "/a/m.sock"),
    ],
)
def test_only_the_hosts_of_an_address_are_hosts_of(uri: str, hosts: str) -> None:
    assert hosts_of(uri) == hosts


def test_a_store_that_was_closed_may_be_closed_again(store: Store) -> None:
    store.close()

    store.close()


def test_the_server_knows_who_is_connected(server: str, store: Store) -> None:
    store.totals()

    with MongoClient[dict[str, object]](server) as client:
        operations = client.admin.aggregate([{"$currentOp": {"idleConnections": True}}])
        assert "sis" in {operation.get("appName") for operation in operations}


def test_the_address_may_name_the_database(
    server: str, client: MongoClient[dict[str, Any]]
) -> None:
    with Store.connect(server.replace("/?", "/test-named?")):
        names = client.list_database_names()

    assert "test-named" in names
