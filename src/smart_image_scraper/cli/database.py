"""The commands for the managed local database."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from smart_image_scraper.cli.groups import Group
from smart_image_scraper.cli.options import with_json, with_workspace
from smart_image_scraper.cli.session import Session, say, session, tell
from smart_image_scraper.errors import UsageError


@click.group(cls=Group)
def db() -> None:
    """Start, stop and look at the local database that is managed for you.

    Every command starts it when it needs it, and it ends with the last of them. It takes no
    network connections: only you reach it, through a socket in the workspace.
    """


@db.command()
@with_workspace
def start(*, workspace: Path | None) -> None:
    """Start the database, and leave it running until `sis db stop`.

    \b
    Example:
      sis db start
    """
    from smart_image_scraper.store import mongod

    with session(workspace=workspace) as opened:
        say(mongod.start(_folder(opened), binary=opened.settings.mongod))


@db.command()
@with_workspace
def stop(*, workspace: Path | None) -> None:
    """Stop the database that `sis db start` left running.

    \b
    Example:
      sis db stop
    """
    from smart_image_scraper.store import mongod

    with session(workspace=workspace) as opened:
        if mongod.stop(_folder(opened)):
            tell("the database is stopped")
        else:
            tell("other processes use the database; it stops when the last of them has ended")


@db.command()
@with_json
@with_workspace
def status(*, as_json: bool, workspace: Path | None) -> None:
    """Show whether the database runs, its version and its size.

    \b
    Example:
      sis db status
    """
    from smart_image_scraper.store import mongod

    with session(workspace=workspace) as opened:
        found = mongod.status(_folder(opened), binary=opened.settings.mongod)
    if as_json:
        say(json.dumps(asdict(found), default=str))
        return
    say(f"running: {'yes' if found.is_running else 'no'}")
    say(f"kept running by `sis db start`: {'yes' if found.is_held else 'no'}")
    say(f"address: {found.uri}")
    say(f"mongod: {found.binary or 'none found'}, version {found.version or 'unknown'}")
    say(f"on the disk: {found.disk_bytes:,} bytes")
    if warning := found.warning(datetime.now(UTC).date()):
        tell(warning)


@db.command()
@with_workspace
def uri(*, workspace: Path | None) -> None:
    """Print the database's address, for other programs of yours; `sis db start` starts it.

    \b
    Example:
      sis db start && mongosh "$(sis db uri)"
    """
    from smart_image_scraper.store.mongod import ManagedMongod

    with session(workspace=workspace) as opened:
        say(ManagedMongod(_folder(opened)).uri)


def _folder(opened: Session) -> Path:
    if opened.settings.db:
        raise UsageError(
            "SIS_DB names a database that is not managed here; start, stop and look at it by its "
            "own means, or unset SIS_DB"
        )
    return opened.place / "db"
