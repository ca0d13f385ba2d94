"""The commands that show what is in the store."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smart_image_scraper.cli.accounts import account_lines
from smart_image_scraper.cli.groups import Command
from smart_image_scraper.cli.options import with_filter, with_json, with_workspace
from smart_image_scraper.cli.selecting import tell_if_none
from smart_image_scraper.cli.session import Session, say, session
from smart_image_scraper.cli.wording import counted, in_one_line
from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import DETAILS, Filter, Photo, Scoring, Stage

if TYPE_CHECKING:
    from smart_image_scraper.store import Run, Totals


MOST_RUNS = 20
_TOLD_ELSEWHERE = frozenset({"text", "tags"})
_USUAL = (("order", "relevance"), ("safe_search", 1), ("content_types", [0]))


@click.command()
@click.argument("run_id", metavar="[RUN]", required=False)
@with_json
@with_workspace
def status(run_id: str | None, *, as_json: bool, workspace: Path | None) -> None:
    """Show how many photos there are, and how far they have come.

    With the id of a RUN, the account of that search: calls, rows, photos, what came twice or lay
    outside of what was asked for, and what may be missing.

    \b
    Example:
      sis status
      sis status --json
      sis status 3b7b9c0f7a61
    """
    with session(workspace=workspace, reading=True) as opened:
        if run_id is not None:
            _show_run(opened, run_id, as_json=as_json)
            return
        totals, runs = opened.store.totals(), list(opened.store.runs.all())
        scorings = opened.store.scores.scorings()
        place = opened.workspace
    if as_json:
        say(json.dumps(_as_json(totals, runs, scorings=scorings), ensure_ascii=False))
        return
    for line in _lines(totals, runs, scorings=scorings, place=place):
        say(line)


def _lines(
    totals: "Totals", runs: Sequence["Run"], *, scorings: Sequence[Scoring], place: Path
) -> Iterator[str]:
    photos, files = counted(totals.photos, "photo"), counted(totals.with_file, "file")
    yield f"{place}: {photos}, {files}, {totals.bytes / 1_000_000:,.1f} MB"
    for stage in (Stage.DOWNLOAD, Stage.INSPECT, Stage.GEOCODE, *DETAILS):
        if stage in totals.pending:  # details are there once they were asked for
            yield f"to {stage}: {totals.pending[stage]:,}"
    if totals.gone:
        yield f"gone from their site: {totals.gone:,}"
    yield f"metadata is read by {_reader()}"
    for stage, reasons in totals.failures.items():
        yield from (f"{stage} failed: {count:,} {reason}" for reason, count in reasons.items())
    yield from (f"term {in_one_line(term)}: {count:,}" for term, count in totals.terms.items())
    yield from (f"license {license_}: {count:,}" for license_, count in totals.licenses.items())
    for scoring in scorings:
        yield f"scored {scoring.concept}: by {scoring.model}{_calibrated(scoring)}"
    for run in runs[:MOST_RUNS]:
        ended = "finished" if run.finished_at else "not finished"
        asked = f"{run.source} {run.term!r}{_conditions(run)}"
        yield f"run {run.id}: {asked}, {run.found:,} found, {ended}"
    if len(runs) > MOST_RUNS:
        yield f"{counted(len(runs) - MOST_RUNS, 'earlier run')}: `sis status --json` shows all"


def _conditions(run: "Run") -> str:
    """Tell what a run asked for beside its term, by which runs of one term differ."""
    told = [
        name if value is True else f"{name} {' '.join(map(str, _listed(value)))}"
        for name, value in run.params.items()
        if name not in _TOLD_ELSEWHERE and (name, value) not in _USUAL
    ]
    return f" ({', '.join(told)})" if told else ""


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


@click.command("list", cls=Command)
@click.option("-n", "--number", "limit", type=click.IntRange(min=1), help="At most so many photos.")
@with_filter
@with_json
@with_workspace
def list_(*, limit: int | None, where: Filter, as_json: bool, workspace: Path | None) -> None:
    """List photos: id, licence, date taken, file, and title or why a stage failed.

    With --json, everything that is not personal.

    \b
    Example:
      sis list --term "monkey wild" --license cc-by-2.0 --taken-from 2015
      sis list --failed download
      sis list --bbox 116,4,127,22 --json
    """
    with session(workspace=workspace, reading=True) as opened:
        shown = False
        for stored in islice(opened.store.find(where), limit):
            say(_json_line(stored.photo) if as_json else _line(stored.photo, where=where))
            shown = True
        if not shown:
            tell_if_none(opened, where)


def _show_run(opened: Session, run_id: str, *, as_json: bool) -> None:
    run = opened.store.runs.get(run_id)
    if run is None:
        raise UsageError(f"there is no run {run_id!r}; `sis status` lists the runs")
    if as_json:
        from smart_image_scraper.export.runs import run_as_json

        say(json.dumps(run_as_json(run), ensure_ascii=False))
        return
    for line in account_lines(run):
        say(line)


def _reader() -> str:
    from smart_image_scraper.exif import find_exiftool

    found = find_exiftool()
    if found is not None:
        return f"exiftool {found[1]}"
    return (
        "Pillow; with exiftool 12.38 or newer (Debian: apt-get install libimage-exiftool-perl) the "
        "makers' own notes would be read, too"
    )


def _line(photo: Photo, *, where: Filter) -> str:
    if where.failed is not None:
        failure = photo.failures[where.failed]
        again = "will be tried again" if failure.retryable else "for good"
        return f"{photo.id}\t{failure.reason}, {again}\t{in_one_line(failure.message)}"
    taken = str(photo.taken.local.date()) if photo.taken else "-"
    path = photo.file.path if photo.file else "-"
    if photo.gone is not None:
        path = f"{path} (gone since {photo.gone.at:%Y-%m-%d}: {photo.gone.reason})"
    return f"{photo.id}\t{photo.license}\t{taken}\t{path}\t{in_one_line(photo.title or '-')}"


def _json_line(photo: Photo) -> str:
    from smart_image_scraper.export.json_lines import as_json

    return json.dumps(as_json(photo), ensure_ascii=False)


def _calibrated(scoring: Scoring) -> str:
    if not scoring.derived:
        return ""
    return (
        f", calibrated by {scoring.reviews:,} reviews" if scoring.calibrated else ", uncalibrated"
    )


def _as_json(totals: "Totals", runs: list["Run"], *, scorings: Sequence[Scoring]) -> dict[str, Any]:
    from smart_image_scraper.export.runs import run_as_json

    return {
        "photos": totals.photos,
        "with_file": totals.with_file,
        "bytes": totals.bytes,
        "gone": totals.gone,
        "pending": dict(totals.pending),
        "failures": {stage: dict(reasons) for stage, reasons in totals.failures.items()},
        "terms": dict(totals.terms),
        "licenses": {license_.word: count for license_, count in totals.licenses.items()},
        "scorings": [
            {
                "concept": scoring.concept,
                "model": scoring.model,
                "calibrated": scoring.calibrated,
                "reviews": scoring.reviews,
                "scored_at": scoring.scored_on and scoring.scored_at.isoformat(),
            }
            for scoring in scorings
        ],
        "runs": [run_as_json(run) for run in runs],
    }
