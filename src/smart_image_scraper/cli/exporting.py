"""The command that writes photos for others."""

import json
import sys
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from smart_image_scraper.cli.exit_codes import SOME_PHOTOS_FAILED
from smart_image_scraper.cli.export_options import EXPORT_OPTIONS, export_options_of
from smart_image_scraper.cli.groups import Command
from smart_image_scraper.cli.options import with_filter, with_json, with_workspace
from smart_image_scraper.cli.queries import with_options
from smart_image_scraper.cli.session import Session, progress, say, session, tell
from smart_image_scraper.cli.wording import counted
from smart_image_scraper.photo import Filter

if TYPE_CHECKING:
    from smart_image_scraper.encrypt import Vault
    from smart_image_scraper.export import Exported, ExportOptions, Precision
    from smart_image_scraper.export.splitting import Split

SEED = "seed"
FORMATS = (
    *("csv", "json-lines", "parquet", "image-folder", "webdataset", "coco", "fiftyone", "geojson"),
    SEED,
)
_FORMAT_OF = MappingProxyType(
    {".csv": "csv", ".jsonl": "json-lines", ".parquet": "parquet", ".geojson": "geojson"}
)
_FILE_ENDINGS = frozenset({*_FORMAT_OF, ".json"})


@click.command(cls=Command)
@click.argument("to", type=click.Path(path_type=Path), metavar="OUT")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="What to write.  [default: what OUT ends in: .csv, .jsonl, .parquet or .geojson]",
)
@with_options(*EXPORT_OPTIONS)
@click.option("--replace", is_flag=True, help="Replace the data set that is there.")
@with_filter
@with_json
@with_workspace
def export(
    to: Path,
    *,
    form: str | None,
    replace: bool,
    where: Filter,
    as_json: bool,
    workspace: Path | None,
    **options: Any,
) -> None:
    """Write photos for others: a data set into the folder OUT, or what is known into a file OUT.

    A name that ends in .csv, .jsonl, .json, .parquet or .geojson is a file's, any other one a
    folder's. Either appears whole, at the end, or not at all.

    A folder becomes a data set: the photos, whose they are and under which licence, a card, and
    digests. A file has a row a photo; OUT.runs.json beside it says what was searched for. Photos
    without a free licence, those that a review rejected, and those that their owner took away are
    left out of both, and so is who the owners are and where exactly they were, unless the options
    say otherwise.

    The seed format is for the older scripts alone: it has records as they are stored, what is
    personal encrypted.

    \b
    Example:
      sis export monkeys.csv --country PH
      sis export ./monkeys --format image-folder --label "monkey>=0.5" --split 80/10/10
      sis export ./shards --format webdataset --concept monkey --without-duplicates
    """
    name = form or _format_of(to)
    asked = export_options_of(**options)
    if name == SEED:
        _write_frame(to, where, options=asked, as_json=as_json, workspace=workspace)
        return
    is_file = to.suffix.lower() in _FILE_ENDINGS
    if is_file and replace:
        raise click.UsageError("--replace is for folders; a file that is there is replaced")
    with session(workspace=workspace, reading=True) as opened:
        vault = _vault(opened, with_personal=asked.with_personal)
        if is_file:
            exported = _write_file(opened, where, to=to, form=name, options=asked, vault=vault)
        else:
            exported = _write_data_set(
                opened, where, to=to, form=name, options=asked, vault=vault, instead=replace
            )
    _report(exported, as_json=as_json)


def _format_of(to: Path) -> str:
    """Return the format that a file's name ends in."""
    if (found := _FORMAT_OF.get(to.suffix.lower())) is None:
        raise click.UsageError(
            f"{to}: say what to write with --format, or name a file such as {to.stem}.csv"
        )
    return found


def _vault(opened: Session, *, with_personal: bool) -> "Vault | None":
    """Return what opens personal fields; ``None`` if there are no keys, and none are needed."""
    from smart_image_scraper.encrypt import Vault

    if with_personal:
        return opened.opening_vault()
    ring = opened.ring()
    return None if ring is None else Vault(ring)


def _write_data_set(
    opened: Session,
    where: Filter,
    *,
    to: Path,
    form: str,
    options: "ExportOptions",
    vault: "Vault | None",
    instead: bool,
) -> "Exported":
    from smart_image_scraper.export import FORMATS, export_data_set

    return export_data_set(
        opened.store,
        where,
        to=to,
        form=FORMATS[form],
        workspace=opened.place,
        options=options,
        vault=vault,
        instead=instead,
        progress=progress(),
    )


def _write_file(
    opened: Session,
    where: Filter,
    *,
    to: Path,
    form: str,
    options: "ExportOptions",
    vault: "Vault | None",
) -> "Exported":
    from smart_image_scraper.export import FORMATS, export_file

    exported = export_file(
        opened.store,
        where,
        to=to,
        form=FORMATS[form],
        options=options,
        vault=vault,
        progress=progress(),
    )
    _write_runs(opened, where, beside=to, precision=options.of_boxes)
    return exported


def _write_frame(
    to: Path, where: Filter, *, options: "ExportOptions", as_json: bool, workspace: Path | None
) -> None:
    """Write the frame of the older scripts, whose records are as they are stored."""
    from dataclasses import replace

    from smart_image_scraper.export import ExportOptions, Precision, seed_frame
    from smart_image_scraper.export.leaving import nothing_left

    if options != ExportOptions():
        raise click.UsageError(
            "the seed format always has personal fields, encrypted, and records as they are "
            "stored: of the options, only those that select photos are for it"
        )
    shown = where if where.gone is not None else replace(where, gone=False)
    with session(workspace=workspace, reading=True) as opened:
        gone = opened.store.count(replace(where, gone=True)) if where.gone is None else 0
        if not opened.store.count(shown):
            raise nothing_left({}, gone=gone)
        manifest = seed_frame.write(opened.store.find(shown, whole=True), to=to)
        if as_json:
            _say_json(path=str(to), photos=manifest.photos, rows=manifest.rows, gone=gone)
        else:
            rows = counted(manifest.rows, "row")
            say(f"export: {counted(manifest.photos, 'photo')}, {rows}, in {to}")
        _tell_of_gone(gone)
        _write_runs(opened, where, beside=to, precision=Precision.EXACT)


def _write_runs(opened: Session, where: Filter, *, beside: Path, precision: "Precision") -> None:
    from smart_image_scraper.export import runs

    found = runs.runs_of(opened.store, where, precision=precision)
    to = runs.write_runs(found, to=beside.with_name(f"{beside.name}{runs.SUFFIX}"))
    tell(f"{to}: what {counted(len(found), 'search', plural='searches')} asked for, and found")


def _report(exported: "Exported", *, as_json: bool) -> None:
    """Say what was written, and what about it whoever uses it must know."""
    if as_json:
        _say_json(
            path=str(exported.path),
            photos=exported.photos,
            splits=dict(exported.splits),
            left_out=dict(exported.left_out),
            failed=dict(exported.failed),
            gone=exported.gone,
            names_unknown=exported.names_unknown,
        )
    else:
        parts = ", ".join(f"{name} {count:,}" for name, count in exported.splits.items())
        photos = counted(exported.photos, "photo")
        say(f"export: {photos}{parts and f' ({parts})'}, in {exported.path}")
    _tell_of(exported)


def _say_json(**values: Any) -> None:
    say(json.dumps({"stage": "export"} | values, ensure_ascii=False))


def _tell_of(exported: "Exported") -> None:
    from smart_image_scraper.export.leaving import WHY

    for reason, count in exported.left_out.items():
        tell(f"left out: {counted(count, 'photo')} {WHY[reason]}")
    _tell_of_gone(exported.gone)
    if exported.names_unknown:
        tell(
            f"the owners of {counted(exported.names_unknown, 'photo')} could not be opened, so "
            "that their names may be in titles and descriptions; with the keys they are taken out"
        )
    if exported.split is not None:
        _tell_of_split(exported.split)
    if exported.failed:
        tell(f"among those that should be there: {', '.join(exported.failed)}")
        sys.exit(SOME_PHOTOS_FAILED)


def _tell_of_split(split: "Split") -> None:
    if split.without_owner:
        tell(
            f"owners are not known of {counted(split.without_owner, 'photo')}, so that one owner's "
            "may be on two sides; of older records, `sis keys rotate` tells them apart"
        )
    if not split.alike:
        tell(
            "no near-duplicates are known, so only photos of one owner or file are kept together; "
            "if `sis duplicates` has not looked for them yet, run it first"
        )
    if split.is_uneven:
        tell(
            f"shares are off by up to {split.deviation:.1%}: {counted(len(split.ids), 'photo')} in "
            f"{counted(split.groups, 'group')} that no split may part, the largest with "
            f"{split.largest:,}, could not be split more evenly"
        )


def _tell_of_gone(count: int) -> None:
    if count:
        from smart_image_scraper.export.leaving import GONE

        tell(f"left out: {counted(count, 'photo')} {GONE}")
