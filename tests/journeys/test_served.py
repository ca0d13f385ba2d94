"""From nothing to the photos in the browser."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from argon2 import PasswordHasher
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@contextmanager
def serving(
    *arguments: str, folder: Path, settings: dict[str, str], said: list[str] | None = None
) -> Iterator[str]:
    """Run a command that serves, and return the address once it says it; then end it.

    What it says before goes into ``said``, and what it has to tell behind it.
    """
    said = [] if said is None else said
    process = subprocess.Popen(
        [sys.executable, "-m", "smart_image_scraper", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=os.environ | settings,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        lines = iter(process.stdout.readline, "")
        for line in lines:
            said.append(line)
            if line.startswith("serve: "):
                break
        yield said[-1].removeprefix("serve: ").strip() if said else ""
        process.send_signal(signal.SIGTERM)
        told = process.stderr.read()
        assert process.wait(120) == 0, told
        said.append(told)
    finally:
        process.kill()
        process.communicate()


def read(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=60) as reply:
        return json.load(reply)


def log_in(port: int, password: str, *, behind: str) -> int:
    """Log in as a proxy passes it on, and return the answer's status."""
    headers = {"Host": "photos.example.org", "X-Forwarded-For": behind}
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/login", headers=headers)
    form = connection.getresponse()
    csrf = form.read().decode().partition('name="csrf" value="')[2].partition('"')[0]
    headers["Cookie"] = form.headers["Set-Cookie"].partition(";")[0]
    headers["Origin"] = "https://photos.example.org"
    connection.request("POST", "/login", urlencode({"password": password, "csrf": csrf}), headers)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.fixture
def here(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


@pytest.fixture
def certificate(here: Path) -> tuple[Path, Path]:
    """A certificate for this machine, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    address = x509.IPAddress(ip_address("127.0.0.1"))
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = (here / "cert.pem", here / "key.pem")
    pem = serialization.Encoding.PEM
    paths[0].write_bytes(signed.public_bytes(pem))
    paths[1].write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


def test_by_https_the_cookie_is_for_https_alone(
    here: Path, environment: dict[str, str], certificate: tuple[Path, Path]
) -> None:
    cert, key = map(str, certificate)
    arguments = ("serve", "--port", "0", "--tls-cert", cert, "--tls-key", key)
    trusted = ssl.create_default_context(cafile=cert)

    with (
        serving(*arguments, folder=here, settings=environment) as address,
        urllib.request.urlopen(address, context=trusted, timeout=60) as reply,
    ):
        cookie = reply.headers["Set-Cookie"]

    assert address.startswith("https://127.0.0.1:")
    assert cookie.startswith("__Host-sis=")
    assert "; Secure" in cookie


def test_behind_a_proxy_passwords_are_counted_for_who_is_behind_it(
    here: Path, environment: dict[str, str]
) -> None:
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("the password")
    settings = environment | {"SIS_WEB_PASSWORD": hashed}
    url = ("--url", "https://photos.example.org", "--proxy", "127.0.0.1")

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with serving("serve", "--port", str(port), *url, folder=here, settings=settings) as address:
        tries = [log_in(port, "guess", behind="198.51.100.1") for _ in range(11)]
        other = log_in(port, "the password", behind="198.51.100.2")

    assert address == "https://photos.example.org"
    assert tries == [401] * 10 + [429]
    assert other == 303


def test_the_demo_ends_in_the_browser(here: Path, environment: dict[str, str]) -> None:
    arguments = ("demo", "--photos", "30", "--serve", "--port", "0")

    said: list[str] = []
    with serving(*arguments, folder=here, settings=environment, said=said) as address:
        photos = read(f"{address}/api/photos?order=score:monkey&term=monkey")
        schema = read(f"{address}/api/schema")
        page = urllib.request.urlopen(address).read().decode()

    assert 0 < photos["matching"] < schema["photos"] <= 30
    assert {each["concept"] for each in schema["concepts"]} == {"monkey", "cage"}
    assert schema["problems"] == []
    assert 'src="/static/' in page
    # To serve again what is served would be refused: that is for afterwards.
    again = f"`sis serve --open --workspace {(here / 'sis-demo').resolve()}`"
    assert f"Ctrl-C ends it; afterwards {again} shows the same" in said[-1]
    assert "sis serve" not in "".join(said[:-1])


def test_an_empty_workspace_is_served_and_says_what_is_missing(
    here: Path, workspace: Path, environment: dict[str, str]
) -> None:
    settings = environment | {"SIS_DB": ""}

    with serving("serve", "--port", "0", folder=here, settings=settings) as address:
        schema = read(f"{address}/api/schema")
        health = read(f"{address}/healthz")

    assert (schema["empty"], schema["photos"]) == (True, 0)
    assert health["status"] == "degraded"
    assert f"{workspace}: there is no workspace with photos" in health["problems"][0]
    assert "begin it with `sis scrape` or `sis import`" in health["problems"][0]
    assert not (workspace / "db").exists()


def test_a_database_that_is_down_is_said_to_be_and_the_page_is_there(
    here: Path, environment: dict[str, str]
) -> None:
    settings = environment | {"SIS_DB": "mongodb://127.0.0.1:9/sis"}

    with serving("serve", "--port", "0", folder=here, settings=settings) as address:
        page = urllib.request.urlopen(address).read().decode()
        first = read(f"{address}/healthz")
        health = first
        while health == first:
            time.sleep(0.1)
            health = read(f"{address}/healthz")

    assert 'src="/static/' in page
    assert (first["status"], health["status"]) == ("degraded", "degraded")
    assert first["problems"] == ["it has begun a moment ago, and is still looking for the database"]
    (problem,) = health["problems"]
    assert problem.startswith("no database answers at 127.0.0.1:9 within 5 s; see that it runs")
