"""The commands that erase photos for good, and keep them from coming back."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import click

from smart_image_scraper.cli.options import PhotoIdText, with_json, with_workspace
from smart_image_scraper.cli.session import Session, progress, session
from smart_image_scraper.cli.summary import Report
from smart_image_scraper.photo import PhotoId

_OWNER_ID = re.compile(r"[0-9]{1,20}@N[0-9]{2}")
_OWNER_FORM = "an account's id at Flickr looks like 12037949754@N01"


class OwnerId(click.ParamType[str]):
    """An account's id at Flickr."""

    name = "account"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the id, or end with what is wrong with it."""
        if not _OWNER_ID.fullmatch(str(value)):
            self.fail(f"{value!r}: {_OWNER_FORM}", param, ctx)
        return str(value)


@click.command()
@click.option("--owner", "owners", multiple=True, type=OwnerId(), help="This account (repeatable).")
@click.option(
    "--owners-from",
    "file",
    type=click.File(encoding="utf-8-sig", errors="replace"),
    help="The accounts in this file, one a line, # for remarks; - for standard input. What stands "
    "on the command line, others of the machine can see, and shells remember it.",
)
@click.option(
    "--photo", "photos", multiple=True, type=PhotoIdText(), help="This photo (repeatable)."
)
@click.option(
    "--dry-run", "rehearse", is_flag=True, help="Say what would be erased; erase nothing."
)
@click.option("--lift", is_flag=True, help="Let them be stored again; what is erased stays so.")
@with_json
@with_workspace
def forget(
    *,
    owners: tuple[str, ...],
    file: IO[str] | None,
    photos: tuple[PhotoId, ...],
    rehearse: bool,
    lift: bool,
    as_json: bool,
    workspace: Path | None,
) -> None:
    """Erase all photos of an owner, or single photos, and never store them again.

    Records, comments, files and thumbnails go; what stays is a mark by which no later search or
    import takes them in: the photo's id, and of an owner a keyed digest of the id, which tells
    nobody who it is. Finding an owner's photos takes the keys. Stop it at any time: the same
    command, or any other that erases, goes on where it was.

    \b
    Example:
      sis forget --owner 12037949754@N01 --dry-run
      sis forget --owners-from requests.txt
      sis forget --photo flickr:14898030836
    """
    owner_ids = [*owners, *(_read_owners(file) if file is not None else ())]
    _check_choice(owner_ids, photos=photos, rehearse=rehearse, lift=lift)
    from smart_image_scraper import pipeline

    report = Report(as_json=as_json)
    with session(reading=True, workspace=workspace) as opened:
        pairs = _with_indexes(opened, owner_ids, reading=rehearse or lift)
        if lift:
            keys: list[PhotoId | bytes] = [*photos, *(owner_index for _, owner_index in pairs)]
            report.add(pipeline.lift_blocks(opened.store, keys))
            return
        done = pipeline.forget(
            opened.store,
            workspace=opened.place,
            owners=pairs,
            photos=photos,
            rehearse=rehearse,
            progress=progress(),
        )
    report.add(done)


def _check_choice(
    owners: Sequence[str], *, photos: Sequence[PhotoId], rehearse: bool, lift: bool
) -> None:
    if not (owners or photos):
        raise click.UsageError("say what to forget: --owner, --owners-from or --photo")
    if owners and photos:
        raise click.UsageError("forget owners, or single photos; both at once take two commands")
    if lift and rehearse:
        raise click.UsageError("--lift erases nothing, so that --dry-run has nothing to say")


def _read_owners(file: IO[str]) -> list[str]:
    owners = []
    for number, line in enumerate(file, start=1):
        text = line.partition("#")[0].strip()
        if text and not _OWNER_ID.fullmatch(text):
            # Not the text itself, which may be somebody's name.
            raise click.UsageError(f"{file.name}: line {number} is no account; {_OWNER_FORM}")
        if text:
            owners.append(text)
    if not owners:
        raise click.UsageError(f"{file.name}: there is no account in it; {_OWNER_FORM}")
    return owners


def _with_indexes(
    opened: Session, owners: Sequence[str], *, reading: bool
) -> list[tuple[str, bytes]]:
    """Return each owner's id with its index, after a check that the keys are the database's."""
    if not owners:
        return []
    from smart_image_scraper import pipeline

    vault = opened.opening_vault(what="finding an owner's photos")
    pairs = [(owner, vault.owner_index(owner)) for owner in dict.fromkeys(owners)]
    pipeline.check_keys_match(opened.store.key_fingerprints() or {}, vault.ring)
    if not reading:
        # Or a later ring, with another index, would not know whom it must not store.
        pipeline.adopt_keys(opened.store, vault.ring)
    return pairs
