"""Serve: what the app knows of access, and who a request comes from."""

from dataclasses import dataclass, field

from smart_image_scraper.errors import UsageError
from smart_image_scraper.web.access.hosts import Hosts
from smart_image_scraper.web.access.passwords import Passwords, Role
from smart_image_scraper.web.access.sessions import Sessions, WebSession
from smart_image_scraper.web.access.throttle import Throttle


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may come in.

    Attributes:
        hosts: Where the app answers.
        passwords: ``None``: whoever reaches it is a curator, so only this machine may.
        user: What reviews are signed with where nobody says a name.
        port: The app's, which cookies are named by: browsers keep them by host alone.
        secure: Whether browsers reach it by ``https`` alone.
        tiles: The address of map tiles, if the user has allowed any.
        sessions: Those that have begun.
        throttle: Counts wrong passwords.

    Raises:
        UsageError: Others could reach it, and there is no password.
    """

    hosts: Hosts
    passwords: Passwords | None = None
    user: str = "curator"
    port: int = 8000
    secure: bool = False
    tiles: str | None = None
    sessions: Sessions = field(default_factory=Sessions)
    throttle: Throttle = field(default_factory=Throttle)

    def __post_init__(self) -> None:
        if self.passwords is None and not (self.hosts.is_local and self.hosts.url is None):
            raise UsageError(
                f"{self.hosts.url or self.hosts.bound} can be reached from other machines, and "
                "there is no password; make one with `sis password` and set SIS_WEB_PASSWORD to "
                "what it prints, or leave the app at 127.0.0.1"
            )

    @property
    def cookie(self) -> str:
        """The name of the cookie that holds a session's id."""
        # __Host-: a browser takes it from this very host alone, and by https alone (RFC 6265bis).
        return "__Host-sis" if self.secure else f"sis-{self.port}"

    def session_of(self, visitor: "Visitor") -> WebSession:
        """Return the session of a visitor who has a role; one begins where there is none.

        Raises:
            ValueError: They have no role.
        """
        if visitor.role is None:
            raise ValueError("a session begins with the login")
        return visitor.session or self.sessions.begin(role=visitor.role, name=visitor.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who a request comes from.

    Attributes:
        role: What they may do; ``None`` if they have still to log in.
        name: What their reviews are signed with.
        session: Theirs; ``None`` where none has begun.
    """

    role: Role | None
    name: str
    session: WebSession | None

    @property
    def is_curator(self) -> bool:
        """Whether they may change things, and see what is personal."""
        return self.role is Role.CURATOR
