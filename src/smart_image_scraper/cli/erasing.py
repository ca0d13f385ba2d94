"""The commands that erase photos for good, and keep them from coming back."""

from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from smart_image_scraper.cli.options import with_json, with_workspace
from smart_image_scraper.cli.session import Session, progress, session
from smart_image_scraper.cli.summary import Report
from smart_image_scraper.cli.values import PhotoIdText
from smart_image_scraper.photo import PhotoId
from smart_image_scraper.photo.account_id import ACCOUNT_FORM, parse_account

if TYPE_CHECKING:
    from smart_image_scraper.encrypt import Vault
    from smart_image_scraper.pipeline import ForgetSummary, LiftSummary


class OwnerId(click.ParamType[str]):
    """An account's id at a site."""

    name = "account"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the id, or end with what is wrong with it."""
        try:
            return parse_account(str(value))
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)


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
@click.option("--dry-run", is_flag=True, help="Say what would be erased; erase nothing.")
@click.option("--lift", is_flag=True, help="Let them be stored again; what is erased stays so.")
@with_json
@with_workspace
def forget(
    *,
    owners: tuple[str, ...],
    file: IO[str] | None,
    photos: tuple[PhotoId, ...],
    dry_run: bool,
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
      sis forget --owner "commons:Example user"
      sis forget --owners-from requests.txt
      sis forget --photo flickr:14898030836
    """
    owner_ids = [*owners, *(_read_owners(file) if file is not None else ())]
    _check_choice(owner_ids, photos=photos, dry_run=dry_run, lift=lift)
    report = Report(as_json=as_json)
    with session(reading=True, workspace=workspace) as opened:
        vault = _vault(opened, changing=not (dry_run or lift)) if owner_ids else None
        if lift:
            report.add(_lift(opened, vault, owners=owner_ids, photos=photos))
        else:
            report.add(_forget(opened, vault, owners=owner_ids, photos=photos, dry_run=dry_run))


def _forget(
    opened: Session,
    vault: "Vault | None",
    *,
    owners: Sequence[str],
    photos: Sequence[PhotoId],
    dry_run: bool,
) -> "ForgetSummary":
    from smart_image_scraper import pipeline

    store, place, shown = opened.store, opened.place, progress()
    if vault is None:
        return pipeline.forget_photos(
            store, workspace=place, photos=photos, dry_run=dry_run, progress=shown
        )
    return pipeline.forget_owners(
        store, vault, workspace=place, owners=set(owners), dry_run=dry_run, progress=shown
    )


def _lift(
    opened: Session, vault: "Vault | None", *, owners: Sequence[str], photos: Sequence[PhotoId]
) -> "LiftSummary":
    from smart_image_scraper import pipeline

    blocked: list[PhotoId | bytes] = [*photos]
    if vault is not None:
        blocked += map(vault.owner_index, owners)
    return pipeline.lift_blocks(opened.store, blocked, workspace=opened.place, progress=progress())


def _check_choice(
    owners: Sequence[str], *, photos: Sequence[PhotoId], dry_run: bool, lift: bool
) -> None:
    if not (owners or photos):
        raise click.UsageError("say what to forget: --owner, --owners-from or --photo")
    if owners and photos:
        raise click.UsageError("forget owners, or single photos; both at once take two commands")
    if lift and dry_run:
        raise click.UsageError("--lift erases nothing, so that --dry-run has nothing to say")


def _read_owners(file: IO[str]) -> list[str]:
    owners = []
    for number, line in enumerate(file, start=1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        try:
            owners.append(parse_account(text))
        except ValueError as error:
            # Not the text itself, which may be somebody's name.
            raise click.UsageError(f"{file.name}: line {number} is no account; {error}") from error
    if not owners:
        raise click.UsageError(f"{file.name}: there is no account in it; {ACCOUNT_FORM}")
    return owners


def _vault(opened: Session, *, changing: bool) -> "Vault":
    """Return the vault that finds owners, after a check that its keys are the database's."""
    from smart_image_scraper import pipeline

    vault = opened.opening_vault(what="finding an owner's photos")
    vault.check_seals()
    pipeline.check_keys_match(opened.store.key_fingerprints() or {}, vault.ring)
    if changing:
        # Or a later ring, with another index, would not know whom it must not store.
        pipeline.adopt_keys(opened.store, vault.ring)
    return vault
