"""The command that writes photos for others."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from smart_image_scraper.cli.accounts import write_runs
from smart_image_scraper.cli.options import with_filter, with_workspace
from smart_image_scraper.cli.session import Session, session, tell
from smart_image_scraper.cli.wording import counted
from smart_image_scraper.photo import Filter

if TYPE_CHECKING:
    from smart_image_scraper.export import Manifest
    from smart_image_scraper.photo import Photo
    from smart_image_scraper.store import Run

FORMATS = ("csv", "json-lines", "seed")
_FORMAT_OF = MappingProxyType({".jsonl": "json-lines"})


@click.command()
@click.argument("to", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="csv for spreadsheets, json-lines for programs, seed for the older scripts.  "
    "[default: json-lines for a file that ends in .jsonl, else csv]",
)
@click.option(
    "--with-personal", is_flag=True, help="Open the owners' names and the like; needs the keys."
)
@with_filter
@with_workspace
def export(
    to: Path, *, form: str | None, with_personal: bool, where: Filter, workspace: Path | None
) -> None:
    """Write photos to the file OUT, with their licences and the addresses of their pages.

    Personal fields are left out unless they are asked for, and then other users of the machine
    cannot read the file; the seed format has them as they are stored, encrypted. Photos that their
    owner took away are left out unless --gone asks for them, and only them. The file appears
    whole, at the end, or not at all. The file OUT.runs.json beside it says what was searched for,
    when, and how complete that is.

    \b
    Example:
      sis export monkeys.csv
      sis export free.jsonl --format json-lines --license cc-by-2.0 --with-file
    """
    form = form or _FORMAT_OF.get(to.suffix.lower(), "csv")
    if with_personal and form == "seed":
        raise click.UsageError("the seed format always has personal fields, encrypted")
    shown = where if where.gone is not None else replace(where, gone=False)
    with session(workspace=workspace, reading=True) as opened:
        manifest = _write(opened, shown, to=to, form=form, with_personal=with_personal)
        left_out = opened.store.count(replace(where, gone=True)) if where.gone is None else 0
        runs = _runs(opened, where)
        accounts = write_runs(runs, beside=to)
    tell(f"{manifest.path}: {counted(manifest.photos, 'photo')}, {counted(manifest.rows, 'row')}")
    if left_out:
        tell(f"{left_out:,} photos that their owners took away are left out (--gone)")
    tell(f"{accounts}: what {counted(len(runs), 'search', plural='searches')} asked for, and found")


def _write(
    opened: Session, where: Filter, *, to: Path, form: str, with_personal: bool
) -> "Manifest":
    from smart_image_scraper.export import EXPORTERS, SEALED_EXPORTERS

    if form in SEALED_EXPORTERS:
        return SEALED_EXPORTERS[form].write(opened.store.find(where, whole=True), to=to)
    photos = _photos(opened, where, with_personal=with_personal)
    return EXPORTERS[form].write(photos, to=to, private=with_personal)


def _photos(opened: Session, where: Filter, *, with_personal: bool) -> Iterator["Photo"]:
    found = opened.store.find(where, whole=with_personal)
    if not with_personal:
        return (stored.photo for stored in found)
    return map(opened.opening_vault().open, found)


def _runs(opened: Session, where: Filter) -> list["Run"]:
    """Return what was searched for: also what found nothing, or nothing that is exported."""
    runs = opened.store.runs.all()
    return [run for run in runs if not where.terms or run.term in where.terms]
