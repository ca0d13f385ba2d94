import socket

import pytest
from yarl import URL

from smart_image_scraper.errors import AddressError
from smart_image_scraper.net.guard import (
    RefusedAddressError,
    guarded_sockets,
    is_public,
    parse_url,
    plain,
)

STREAM = (socket.AF_INET, socket.SOCK_STREAM, 0, "")


@pytest.mark.parametrize(
    "address",
    ["13.224.1.1", "8.8.8.8", "2600:9000:2000::1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"],
)
def test_an_ordinary_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "168.63.129.16",
        "192.0.0.192",
        "198.18.0.1",
        "192.0.2.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:168.63.129.16",
        "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "2001:0:7f00:1::1",
        "2001:db8::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_a_private_or_wrapped_or_metadata_address_is_not_public(address: str) -> None:
    assert not is_public(address)


def test_a_socket_is_made_for_a_public_address() -> None:
    with guarded_sockets(())((*STREAM, ("8.8.8.8", 443))) as made:
        assert made.family == socket.AF_INET


def test_an_allowed_address_is_let_in_with_its_port_alone() -> None:
    make = guarded_sockets(["127.0.0.1:4000"])

    make((*STREAM, ("127.0.0.1", 4000))).close()

    with pytest.raises(RefusedAddressError):
        make((*STREAM, ("127.0.0.1", 4001)))
    with pytest.raises(RefusedAddressError):
        make((*STREAM, ("127.0.0.2", 4000)))


def test_an_allowed_address_of_version_6_is_written_in_brackets() -> None:
    make = guarded_sockets(["[::1]:4000"])

    with make((socket.AF_INET6, socket.SOCK_STREAM, 0, "", ("::1", 4000, 0, 0))) as made:
        assert made.family is socket.AF_INET6
    with pytest.raises(RefusedAddressError):
        make((socket.AF_INET6, socket.SOCK_STREAM, 0, "", ("::1", 4001, 0, 0)))


def test_refusals_of_different_addresses_read_the_same() -> None:
    # aiohttp's connector keeps the first of several failures only then.
    assert str(RefusedAddressError("10.0.0.1")) == str(RefusedAddressError("::1"))


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("ftp://example.org/a", "no http or https address"),
        ("file:///etc/passwd", "no http or https address"),
        ("//example.org/a", "no http or https address"),
        ("photo.jpg", "no http or https address"),
        ("http://", "no http or https address"),
        ("http://[half", "no web address"),
        ("http://example.org:port/", "no web address"),
        ("https://user@example.org/a", "carries a user or password"),
        ("https://:secret@example.org/a", "carries a user or password"),
    ],
)
def test_what_is_no_plain_web_address_is_refused(address: str, complaint: str) -> None:
    with pytest.raises(AddressError, match=complaint) as refusal:
        parse_url(address)

    assert "secret" not in str(refusal.value)


def test_messages_show_an_address_without_what_may_be_secret() -> None:
    shown = plain(URL("https://user:pass@api.test:8443/rest/?api_key=secret#part"))

    assert shown == "https://api.test:8443/rest/"
