"""What a command works with: settings, store and keys, opened when they are first needed."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from smart_image_scraper.errors import KeyRingError, OutputError, UsageError, WorkspaceError

if TYPE_CHECKING:
    from smart_image_scraper.config import Configuration, Settings
    from smart_image_scraper.encrypt import KeyRing, Vault
    from smart_image_scraper.net import Budget
    from smart_image_scraper.pipeline import Progress
    from smart_image_scraper.store import Store
    from smart_image_scraper.store.mongod import ManagedMongod

NOT_BEGUN = (
    "there is no workspace with photos; name the right one with --workspace, or begin it with "
    "`sis scrape` or `sis import`"
)
OLDER_KEY_NAME = "KEY_DB.txt"
_OF_THE_MACHINE = ("SIS_MODELS_DIR", "SIS_MONGOD", "SIS_STATE_DIR")


class Session:
    """One run of a command.

    Args:
        options: Settings given on the command line; ``None`` means not given.
        reading: Whether the command only works on what is there: it then refuses to begin a new
            workspace, which would hide a mistyped one.
        source: Which source, or other service, the command asks.
        apart: Whether settings, keys and credentials of the user's own are left alone, as the demo
            does, which must not mix its made photos with theirs.
    """

    def __init__(
        self,
        options: Mapping[str, Any],
        *,
        reading: bool = False,
        source: str = "flickr",
        apart: bool = False,
    ) -> None:
        self.options = options
        self.reading = reading
        self.source = source
        self.apart = apart
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @cached_property
    def configuration(self) -> "Configuration":
        """The settings with their origins."""
        from smart_image_scraper.config import load_configuration

        if not self.apart:
            return load_configuration(self.options, environment=os.environ, folder=_current())
        machine = {name: os.environ[name] for name in _OF_THE_MACHINE if name in os.environ}
        return load_configuration(
            self.options, environment=machine, folder=self.options["workspace"]
        )

    @property
    def settings(self) -> "Settings":
        """The settings."""
        return self.configuration.settings

    @cached_property
    def place(self) -> Path:
        """Where the workspace is, or would be."""
        place = self.settings.workspace.resolve()
        try:
            str(place).encode()
        except UnicodeEncodeError:
            # The database's address is text, and so are the paths that messages name.
            raise WorkspaceError(
                f"{str(place)!a}: the workspace's path is not readable text; choose another folder "
                "with --workspace, or set a UTF-8 locale, such as LC_ALL=C.UTF-8"
            ) from None
        return place

    @cached_property
    def workspace(self) -> Path:
        """The workspace's folder, made if it is not there."""
        folder = self.place
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WorkspaceError(
                f"{folder}: the workspace cannot be made there: {error.strerror}; "
                "choose another folder with --workspace"
            ) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise WorkspaceError(
                f"{folder}: the workspace cannot be written to; change its permissions or choose "
                "another folder with --workspace"
            )
        return folder

    @property
    def begun(self) -> bool:
        """Whether there is a workspace with photos, as far as that can be told."""
        return bool(self.settings.db) or (self.place / "db").exists()

    @cached_property
    def store(self) -> "Store":
        """The store, in the configured or in the managed local database."""
        from smart_image_scraper.store import Store

        if self.reading and not self.begun:
            raise UsageError(f"{self.place}: {NOT_BEGUN}")
        uri = self.settings.db or self._open.enter_context(self.managed)
        return self._open.enter_context(Store.connect(uri))

    @cached_property
    def managed(self) -> "ManagedMongod":
        """The managed local database, not yet started."""
        from smart_image_scraper.store.mongod import ManagedMongod, find_mongod

        if not self.place.exists():
            find_mongod(self.settings.mongod)  # before a folder is made that would be of no use
        return ManagedMongod(self.workspace / "db", binary=self.settings.mongod)

    @cached_property
    def budget(self) -> "Budget":
        """The API calls that this command may make, and those that it has made."""
        from smart_image_scraper.cli.network import api_budget

        return api_budget(self.settings, source=self.source)

    @cached_property
    def ring_path(self) -> Path:
        """Where the key ring's file is, or would be."""
        if self.settings.keys_file:
            return self.settings.keys_file
        own, older = self.place / "keys", Path.cwd() / OLDER_KEY_NAME
        return older if older.exists() and not own.exists() and not self.apart else own

    def ring(self) -> "KeyRing | None":
        """Return the key ring: from the environment or its file; ``None`` if there is none."""
        from smart_image_scraper.encrypt import KeyRing

        if self.settings.keys:
            try:
                return KeyRing.parse(self.settings.keys.get_secret_value())
            except KeyRingError as error:
                raise KeyRingError(f"SIS_KEYS: {error}") from None
        if self.ring_path.exists():
            return KeyRing.load(self.ring_path)
        older = self.configuration.older_key
        try:
            return KeyRing.parse(older.get_secret_value()) if older else None
        except KeyRingError:
            tell("SECRET_KEY is no key of the older scripts, and is left alone")
            return None

    def vault(self) -> "Vault":
        """Return the vault to seal with, after a check that its keys are the database's.

        A workspace that has never held keys gets a new ring.

        Raises:
            KeyRingError: There are no keys, or they are not the database's.
        """
        from smart_image_scraper.encrypt import KeyRing, Vault
        from smart_image_scraper.pipeline import adopt_keys

        ring = self.ring()
        if ring is not None:
            Vault(ring).check_seals()  # before a database is made that would be of no use
        noted = self.store.key_fingerprints()
        # Once more: another process may have made the ring, and then noted its fingerprints.
        ring = ring or self.ring()
        if ring is None:
            if noted is not None:
                raise KeyRingError(
                    "the database holds encrypted fields, and there are no keys in "
                    f"{self.ring_path}; put the key ring there, or set SIS_KEYS_FILE or SIS_KEYS"
                )
            path = self.settings.keys_file or self.workspace / "keys"
            ring = KeyRing.ensure(path)
            tell(f"made new keys in {path}; keep a copy in a safe place")
        adopt_keys(self.store, ring)
        return Vault(ring)

    def opening_vault(self, *, what: str = "opening personal fields") -> "Vault":
        """Return a vault that is only meant to open what is sealed.

        Args:
            what: What takes the keys, for the message if there are none.

        Raises:
            KeyRingError: There are no keys.
        """
        from smart_image_scraper.encrypt import Vault

        ring = self.ring()
        if ring is None:
            raise KeyRingError(
                f"{what} takes the keys, and there are none in {self.ring_path}; "
                "put the key ring there, or set SIS_KEYS_FILE or SIS_KEYS"
            )
        return Vault(ring)


def _current() -> Path:
    try:
        return Path.cwd()
    except OSError as error:
        raise WorkspaceError(
            f"the current folder cannot be used: {error.strerror}; change to another one"
        ) from error


@contextmanager
def session(
    *, reading: bool = False, source: str = "flickr", apart: bool = False, **options: Any
) -> Iterator[Session]:
    """Open a session; at its end, close what it opened."""
    with Session(options, reading=reading, source=source, apart=apart) as opened:
        yield opened


def say(result: str) -> None:
    """Write a result to standard output.

    Raises:
        OutputError: It cannot be written, as onto a disk that is full.
    """
    try:
        click.echo(result)
    except BrokenPipeError:
        raise
    except OSError as error:
        # Python would try once more at its end, and fail once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputError(
            f"standard output cannot be written: {error.strerror}; what was written is incomplete"
        ) from error


def tell(message: str) -> None:
    """Write a message to standard error."""
    click.echo(f"sis: {message}", err=True)


def progress() -> "Progress":
    """Return bars for a terminal, lines for anything else."""
    from rich.console import Console

    from smart_image_scraper.cli.progress import BarProgress, LineProgress

    if sys.stderr.isatty():
        return BarProgress(Console(stderr=True))
    return LineProgress(tell)
