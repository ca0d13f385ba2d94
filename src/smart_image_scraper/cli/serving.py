"""The commands that serve the photos to the browser."""

import getpass
import socket
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smart_image_scraper.cli.models import named_backbone
from smart_image_scraper.cli.options import with_workspace
from smart_image_scraper.cli.running import run_async
from smart_image_scraper.cli.session import NOT_BEGUN, Session, say, session, tell
from smart_image_scraper.cli.training import BACKBONE, NAME, training
from smart_image_scraper.errors import UsageError

if TYPE_CHECKING:
    import uvicorn

    from smart_image_scraper.store import Store
    from smart_image_scraper.web import Served
    from smart_image_scraper.web.access import Access, Passwords

PASSWORDS = "passwords"


@click.command()
@click.option("--host", help="The address to be bound to.  [default: SIS_WEB_HOST, else 127.0.0.1]")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="The port; 0 for any that is free.  [default: SIS_WEB_PORT, else 8000]",
)
@click.option(
    "--url",
    help="The address that people use, where it is another one, as behind a proxy.",
)
@click.option("--proxy", help="The proxy's address: it is believed who a request comes from.")
@click.option(
    "--tls-cert",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A certificate, to answer by https; with --tls-key.",
)
@click.option(
    "--tls-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The certificate's key.",
)
@click.option("--open/--no-open", "show", help="Open the page in the browser.")
@with_workspace
def serve(
    *,
    host: str | None,
    port: int | None,
    url: str | None,
    proxy: str | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    show: bool,
    workspace: Path | None,
) -> None:
    """Look at the photos in the browser: filter, judge, map and export them.

    Without a password, only this machine reaches it, and whoever uses this machine may do
    everything. Another address takes a password: `sis password` makes one, for curators, who may
    judge photos and see personal fields, and with --viewer one for those who only look. Ctrl-C
    ends it.

    \b
    Example:
      sis serve --open
      sis serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem
    """
    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key go together")
    given: dict[str, Any] = {"web_host": host, "web_port": port, "web_url": url, "web_proxy": proxy}
    with session(reading=True, workspace=workspace, **given) as opened:
        tls = (tls_cert, tls_key) if tls_cert and tls_key else None
        with bound_socket(opened) as bound:
            server = app_server(opened, port=bound.getsockname()[1], tls=tls)
            address = address_of(opened, bound, tls=tls is not None)
            say(f"serve: {address}")
            if not opened.begun:
                tell(f"{opened.place}: {NOT_BEGUN}")
            tell("Ctrl-C ends it")
            if show:
                click.launch(address)
            run_async(run_until_stopped(server, bound))


@click.command()
@click.option("--viewer", is_flag=True, help="Of those who only look, not of curators.")
@click.option("--store", is_flag=True, help="Keep the hash in the workspace for `sis serve`.")
@with_workspace
def password(*, viewer: bool, store: bool, workspace: Path | None) -> None:
    """Make a password for `sis serve`: ask for it twice, and print its argon2 hash as a setting.

    With --store the workspace keeps the hash, in a file that only you can read. The password itself
    is kept nowhere. Where there is no terminal to ask at, it is the first line of standard input.

    \b
    Example:
      sis password
      sis password --viewer --store
      sis password --store < password.txt
    """
    from smart_image_scraper.web.access import Role, hash_password
    from smart_image_scraper.web.access.password_file import store_hash

    role = Role.VIEWER if viewer else Role.CURATOR
    hashed = hash_password(_asked_for(f"password of the {role}s"))
    if not store:
        name = "SIS_WEB_VIEWER_PASSWORD" if viewer else "SIS_WEB_PASSWORD"
        say(f"{name}='{hashed}'")
        return
    with session(workspace=workspace) as opened:
        path = opened.workspace / PASSWORDS
        store_hash(path, role, hashed=hashed)
    say(f"password: {path}")


def _asked_for(what: str) -> str:
    """Ask for a password twice, or read it as a line where nobody can be asked unseen."""
    if sys.stdin.isatty():
        asked: str = click.prompt(what, hide_input=True, confirmation_prompt=True, err=True)
        return asked
    tell(f"there is no terminal; the {what} is read from standard input, as one line")
    try:
        given = sys.stdin.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError:
        # Without the cause, which holds the line.
        raise UsageError("standard input is no UTF-8 text; write the password as UTF-8") from None
    if not given:
        raise UsageError(
            f"standard input has no line with the {what}; write it there, as in `sis password < "
            "FILE`, or run the command in a terminal, which asks for it"
        )
    return given


def app_server(
    opened: Session, *, port: int, tls: tuple[Path, Path] | None = None
) -> "uvicorn.Server":
    """Return the server of the app, not yet running.

    Raises:
        UsageError: The app would be open to others without a password, or a setting is wrong.
        WorkspaceError: Another process serves the workspace.
    """
    from smart_image_scraper.cli.uvicorn_server import check_reach, quiet_server
    from smart_image_scraper.web import create_app

    settings = opened.settings
    check_reach(proxy=settings.web_proxy, tls=tls)
    access = _access(opened, port=port, tls=tls is not None)
    app = create_app(served(opened), access=access)
    return quiet_server(app, proxy=settings.web_proxy, tls=tls)


async def run_until_stopped(server: "uvicorn.Server", bound: socket.socket) -> None:
    """Run a server until Ctrl-C or SIGTERM, which is how it is meant to end."""
    import asyncio

    # As a task of its own, so that what ends us lets answers under way come to their end.
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving


def served(opened: Session) -> "Served":
    """Return what the app is handed: the workspace, and how to open its store and its keys."""
    from smart_image_scraper.web import Served, Tiles
    from smart_image_scraper.web.library import Library
    from smart_image_scraper.web.media import Media
    from smart_image_scraper.web.shared_store import SharedStore
    from smart_image_scraper.web.training import Tools, Trainer

    settings, workspace = opened.settings, opened.workspace
    store = SharedStore(partial(_connect, opened))
    library = Library(store, workspace, model_path=settings.model_path)
    tools = Tools(
        learning=training,
        open_backbone=partial(named_backbone, opened),
        backbone=BACKBONE,
        model=NAME,
    )
    tiles = None
    if settings.web_tiles is not None:
        tiles = Tiles(url=settings.web_tiles, attribution=settings.web_tiles_attribution)
    return Served(
        workspace=workspace,
        media=Media(workspace),
        store=store,
        library=library,
        open_vault=opened.opening_vault,
        trainer=Trainer(tools, workspace=workspace, open_store=store, when_done=library.refresh),
        tiles=tiles,
    )


def _connect(opened: Session) -> "Store":
    """Open the store, or see that it is there still: a managed server that ended is started."""
    store = opened.store
    if not opened.settings.db:
        opened.managed.acquire()
    store.key_fingerprints()
    return store


def _access(opened: Session, *, port: int, tls: bool) -> "Access":
    from smart_image_scraper.web.access import Access, Hosts

    settings = opened.settings
    hosts = Hosts(bound=settings.web_host, url=settings.web_url)
    secure = tls or hosts.has_tls_url
    if not (secure or hosts.is_local):
        tell(
            "passwords and photos travel unencrypted: give --tls-cert and --tls-key, or put a "
            "proxy in front of it that speaks https, and say --url"
        )
    return Access(
        hosts=hosts,
        passwords=_passwords(opened),
        user=_user(),
        port=port,
        secure=secure,
        tiles=settings.web_tiles,
    )


def _passwords(opened: Session) -> "Passwords | None":
    from smart_image_scraper.web.access import Passwords, Role
    from smart_image_scraper.web.access.password_file import read_hashes

    settings = opened.settings
    hashes = read_hashes(opened.place / PASSWORDS)
    given = {Role.CURATOR: settings.web_password, Role.VIEWER: settings.web_viewer_password}
    hashes |= {role: secret.get_secret_value() for role, secret in given.items() if secret}
    return Passwords(hashes=hashes) if hashes else None


def bound_socket(opened: Session) -> socket.socket:
    """Return a socket at the address of the settings.

    Raises:
        UsageError: The address is not this machine's, or the port is taken.
    """
    host, port = opened.settings.web_host, opened.settings.web_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"{host}, port {port}: cannot be bound to ({error}); choose another one with --host or "
            "--port"
        ) from error


def address_of(opened: Session, bound: socket.socket, *, tls: bool = False) -> str:
    """Return the address to open in the browser."""
    host, port = opened.settings.web_host, bound.getsockname()[1]
    place = f"[{host}]" if ":" in host else host
    return opened.settings.web_url or f"{'https' if tls else 'http'}://{place}:{port}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container may have users without a name
        return "curator"
