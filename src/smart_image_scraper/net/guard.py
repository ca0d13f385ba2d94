"""Which addresses may be connected to: public ones, and those that were let in by name.

An address in a search reply, or one that a server redirects to, is not ours to trust: it could
name the router, a database on this machine, or the cloud's metadata service. The check stands at
the socket, so it sees the address that is really connected to, whatever name led there.
"""

import errno
import socket
from collections.abc import Callable, Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from yarl import URL

from smart_image_scraper.errors import AddressError

if TYPE_CHECKING:
    from aiohttp import AddrInfoType

_METADATA = {
    # Azure's and Oracle's metadata services stand on addresses that are no private ones
    # (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
    IPv4Address("168.63.129.16"),
    IPv4Address("192.0.0.192"),
}
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# Networks without IPv4 reach it through these addresses (RFC 6052): the last 32 bits count.
_NAT64 = IPv6Network("64:ff9b::/96")


class RefusedAddressError(OSError):
    """The guard's refusal, as the ``OSError`` that the connecting library passes on.

    Its text is the same for every address: the library keeps the first of several failures only
    if they all read the same.
    """

    def __init__(self, address: str) -> None:
        super().__init__(errno.EACCES, "the address is not a public one")
        self.address = address


def is_public(address: str) -> bool:
    """Tell whether an IP address is an ordinary one of the public internet.

    Private, loopback, link-local, multicast, reserved and metadata addresses are not, however
    they are wrapped into IPv6; nor are tunnels that nothing public needs any more.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        embedded = ip.ipv4_mapped or _behind_nat64(ip)
        return _is_public_v6(ip) if embedded is None else _is_public_v4(embedded)
    return _is_public_v4(ip)


def guarded_sockets(allow: Collection[str]) -> Callable[["AddrInfoType"], socket.socket]:
    """Return a maker of sockets that refuses every address that is neither public nor allowed.

    Args:
        allow: Addresses that are let in although they are not public, as ``127.0.0.1:40123`` or
            ``[::1]:40123``: this address with this port and no other.
    """
    allowed = frozenset(allow)

    def make(info: "AddrInfoType") -> socket.socket:
        family, kind, protocol, _, (host, port, *_) = info
        pair = f"[{host}]:{port}" if family == socket.AF_INET6 else f"{host}:{port}"
        if pair not in allowed and not is_public(str(host)):
            raise RefusedAddressError(str(host))
        return socket.socket(family, kind, protocol)

    return make


def parse_url(address: str) -> URL:
    """Read a web address.

    Raises:
        AddressError: It is not one of http or https, has no host, or carries a user or password.
    """
    try:
        url = URL(address)
    except ValueError as error:
        raise AddressError(f"{address!r} is no web address") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise AddressError(f"{plain(url)!r} is no http or https address")
    if url.raw_user is not None or url.raw_password is not None:
        raise AddressError(f"{plain(url)!r} carries a user or password, and none is sent anywhere")
    return url


def plain(url: URL) -> str:
    """Return an address as messages show it: without user, password, query and fragment."""
    # The query of a call holds the API key.
    return str(url.with_user(None).with_query(None).with_fragment(None) if url.host else url.path)


def _behind_nat64(ip: IPv6Address) -> IPv4Address | None:
    return IPv4Address(int(ip) & 0xFFFF_FFFF) if ip in _NAT64 else None


def _is_public_v4(ip: IPv4Address) -> bool:
    return ip.is_global and not ip.is_multicast and ip not in _METADATA


def _is_public_v6(ip: IPv6Address) -> bool:
    tunnel = ip.sixtofour is not None or ip.teredo is not None
    return ip in _GLOBAL_UNICAST and ip.is_global and not tunnel
