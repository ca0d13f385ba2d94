"""Serve: by which names the app may be asked for.

A page of another site can have its own name lead to this machine (DNS rebinding). Its requests
then carry that name, which is none of ours; an address, or ``localhost``, no site can give itself.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from smart_image_scraper.errors import UsageError

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(:[0-9]{1,5})?")
_LOCAL_NAMES = frozenset({"localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """Where the app answers.

    Attributes:
        bound: The address it is bound to.
        url: The address that people use, where it is another one, as behind a proxy.

    Raises:
        UsageError: ``url`` is no ``http`` or ``https`` address of a site.
    """

    bound: str
    url: str | None = None

    def __post_init__(self) -> None:
        if self.url is None:
            return
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise UsageError(
                f"{self.url!r} is no address of a site; write it as https://photos.example.org"
            )

    @property
    def is_local(self) -> bool:
        """Whether only this machine reaches it."""
        return is_loopback(self.bound)

    @property
    def has_tls_url(self) -> bool:
        """Whether people use an ``https`` address."""
        return self.url is not None and urlsplit(self.url).scheme == "https"

    def knows(self, header: str) -> bool:
        """Tell whether the ``Host`` of a request is one of ours, whatever its port."""
        match = _HOST.fullmatch(header)
        if match is None:
            return False
        name = match[1].strip("[]").lower()
        if name in _LOCAL_NAMES or is_loopback(name):
            return True
        if self.url is not None and name == urlsplit(self.url).hostname:
            return True
        return not self.is_local and (name == self.bound.lower() or _is_address(name))


def is_loopback(name: str) -> bool:
    """Tell whether a name or an address is this machine's own."""
    return name in _LOCAL_NAMES or (_is_address(name) and ip_address(name).is_loopback)


def is_same_origin(origin: str, *, host: str, secure: bool) -> bool:
    """Tell whether the ``Origin`` of a request is the site that it was sent to.

    Args:
        origin: As the request says it.
        host: Its ``Host``.
        secure: Whether the site is reached by ``https`` alone.
    """
    scheme, _, place = origin.partition("://")
    return scheme in ({"https"} if secure else {"http", "https"}) and place.lower() == host.lower()


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
