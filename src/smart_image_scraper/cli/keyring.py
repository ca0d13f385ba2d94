"""The commands for the keys that personal fields are encrypted with."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smart_image_scraper.cli.exit_codes import SOME_PHOTOS_FAILED
from smart_image_scraper.cli.groups import Group
from smart_image_scraper.cli.options import with_json, with_workspace
from smart_image_scraper.cli.session import OLDER_KEY_NAME, Session, progress, say, session, tell
from smart_image_scraper.errors import KeyRingError

if TYPE_CHECKING:
    from smart_image_scraper.encrypt import KeyRing
    from smart_image_scraper.pipeline import KeyCheck


_SEALS, _OPENS = "encrypts", "opens"
_OPENS_OLDER = "opens what the older scripts encrypted"


@click.group(cls=Group)
def keys() -> None:
    """Make, change and check the keys that personal fields are encrypted with.

    They lie in a ring, the file `keys` in the workspace. Keep a copy in a safe place: what is
    encrypted cannot be read without them.
    """


@keys.command()
@with_workspace
def init(*, workspace: Path | None) -> None:
    """Make a key ring, or complete one of the older scripts.

    \b
    Example:
      sis keys init
    """
    from smart_image_scraper.encrypt import KeyRing
    from smart_image_scraper.pipeline import adopt_keys

    with session(workspace=workspace) as opened:
        noted = opened.store.key_fingerprints()
        before = opened.ring()
        if before is None and noted is not None:
            raise KeyRingError(
                "the database is encrypted with keys that are not here; put that key ring into "
                f"{opened.ring_path} instead of making a new one"
            )
        ring = before.completed() if before else KeyRing.new()
        if ring == before:
            tell(f"{opened.ring_path}: the key ring is there and complete; nothing changed")
            return
        _save(opened, ring)
        adopt_keys(opened.store, ring)


@keys.command("list")
@with_json
@with_workspace
def list_(*, as_json: bool, workspace: Path | None) -> None:
    """List the names of the keys in the ring, and what each is for; never a key itself.

    \b
    Example:
      sis keys list
      sis keys list --json
    """
    with session(workspace=workspace) as opened:
        ring = _present(opened)
    for name in ring.keys:
        if as_json:
            uses = {"current": name == ring.current, "older": name in ring.older}
            say(json.dumps({"key": name} | uses))
        else:
            say(f"{name}\t{_use_of(name, ring)}")
    if ring.current in ring.older:
        tell("no key encrypts; `sis keys init` adds one to the older scripts' key")


@keys.command()
@click.argument("key_id", metavar="[ID]", required=False)
@click.option(
    "--from",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"Take the older scripts' key from this file, such as {OLDER_KEY_NAME}.",
)
@with_workspace
def add(key_id: str | None, *, file: Path | None, workspace: Path | None) -> None:
    """Add a fresh key to the ring, or one of the older scripts, which only opens.

    `sis keys use` makes it the one that encrypts.

    \b
    Example:
      sis keys add 2027-01
      sis keys add --from KEY_DB.txt
    """
    from smart_image_scraper.encrypt import KeyRing

    with session(workspace=workspace) as opened:
        ring = _present(opened)
        if file is None:
            changed = ring.add(key_id or ring.next_key_id())
        else:
            older = KeyRing.load(file)
            name = older.current
            changed = ring.add(key_id or name, older.keys[name], older=name in older.older)
        _save(opened, changed)
        (added,) = changed.keys.keys() - ring.keys.keys()
        if added in changed.older:
            tell(f"{added} was added; it opens what the older scripts encrypted, and encrypts none")
        else:
            tell(f"{added} was added; `sis keys use {added}` makes it the one that encrypts")


@keys.command()
@click.argument("key_id", metavar="ID")
@with_workspace
def use(key_id: str, *, workspace: Path | None) -> None:
    """Encrypt with the key ID from now on.

    \b
    Example:
      sis keys use 2027-01 && sis keys rotate
    """
    from smart_image_scraper.pipeline import adopt_keys

    with session(workspace=workspace) as opened:
        ring = _present(opened).use(key_id)
        _save(opened, ring)
        adopt_keys(opened.store, ring)


@keys.command()
@click.argument("key_id", metavar="ID")
@with_workspace
def remove(key_id: str, *, workspace: Path | None) -> None:
    """Take the key ID out of the ring, once nothing is encrypted with it any more.

    \b
    Example:
      sis keys rotate && sis keys remove key-1
    """
    from smart_image_scraper.pipeline import check_not_needed

    with session(workspace=workspace, reading=True) as opened:
        ring = _present(opened)
        changed = ring.without(key_id)
        check_not_needed(opened.store, ring, key_id=key_id)
        _save(opened, changed, dropping=frozenset({key_id}))


@keys.command()
@with_workspace
def rotate(*, workspace: Path | None) -> None:
    """Encrypt anew whatever is under another key than the current one.

    Stop it at any time: the same command goes on where it was.

    \b
    Example:
      sis keys add 2027-01 && sis keys use 2027-01 && sis keys rotate
    """
    from smart_image_scraper import pipeline

    with session(workspace=workspace, reading=True) as opened:
        result = pipeline.rotate(opened.store, opened.vault(), progress=progress())
    _report(result, done="encrypted anew with the current key")


@keys.command()
@with_workspace
def check(*, workspace: Path | None) -> None:
    """Open every encrypted field of every photo, to see that all keys are there.

    \b
    Example:
      sis keys check
    """
    from smart_image_scraper import pipeline

    with session(workspace=workspace, reading=True) as opened:
        vault = opened.opening_vault()
        pipeline.check_keys_match(opened.store.key_fingerprints() or {}, vault.ring)
        result = pipeline.check_all(opened.store, vault, progress=progress())
    _report(result, done="open")


def _use_of(name: str, ring: "KeyRing") -> str:
    if name in ring.older:
        return _OPENS_OLDER
    return _SEALS if name == ring.current else _OPENS


def _present(opened: Session) -> "KeyRing":
    ring = opened.ring()
    if ring is None:
        raise KeyRingError(
            f"{opened.ring_path}: there is no key ring; make one with `sis keys init`"
        )
    return ring


def _save(opened: Session, ring: "KeyRing", *, dropping: frozenset[str] = frozenset()) -> None:
    if opened.settings.keys is not None:
        raise KeyRingError(
            "the keys come from SIS_KEYS and so cannot be changed here; change them where they are "
            "kept, or unset SIS_KEYS to use the workspace's own"
        )
    path = opened.settings.keys_file or opened.workspace / "keys"
    ring.save(path, dropping=dropping)
    tell(f"{path}: keys {', '.join(sorted(ring.keys))}; {ring.current} encrypts")


def _report(result: "KeyCheck", *, done: str) -> None:
    say(f"{result.photos:,} photos {done}")
    for key_id, count in sorted(result.unknown_keys.items()):
        say(f"{count:,} photos have fields under {key_id}, which the ring does not have")
    if result.damaged:
        say(f"{result.damaged:,} photos have fields that do not open")
    for example in result.examples:
        tell(example)
    if result.unknown_keys or result.damaged:
        sys.exit(SOME_PHOTOS_FAILED)
