"""The command for what Flickr tells of one photo at a time."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from smart_image_scraper.cli.groups import Command
from smart_image_scraper.cli.options import max_calls_option, with_filter, with_json, with_workspace
from smart_image_scraper.cli.running import run_async
from smart_image_scraper.cli.selecting import tell_if_none
from smart_image_scraper.cli.session import Session, progress, session, tell
from smart_image_scraper.cli.summary import Report
from smart_image_scraper.photo import DETAILS, Filter, Stage

F = TypeVar("F", bound=Callable[..., Any])

_HELP = {
    Stage.PLACES: "Ask for Flickr's own country, region and town, for tags as typed, and notes.",
    Stage.API_EXIF: "Ask for the EXIF of photos whose file, once inspected, names no camera.",
    Stage.COMMENTS: "Ask for the comments of photos that have some.",
}


def _name(stage: Stage) -> str:
    return stage.value.replace("-", "_")


def with_details(command: F) -> F:
    """Add the options that ask for details; the command gets them as one ``details``, in order."""

    @functools.wraps(command)
    def detailed(**options: Any) -> Any:
        chosen = [stage for stage in DETAILS if options.pop(_name(stage))]
        return command(details=chosen, **options)

    for stage in reversed(DETAILS):
        detailed = click.option(f"--{stage}", _name(stage), is_flag=True, help=_HELP[stage])(
            detailed
        )
    return detailed  # type: ignore[return-value]  # the decorated command takes other arguments


@click.command(cls=Command)
@with_details
@with_filter
@click.option("--again", is_flag=True, help="Try once more what has failed for good, too.")
@max_calls_option
@click.option(
    "--connections",
    type=int,
    help="Calls at the same time.  [default: SIS_CONNECTIONS, else 4]",
)
@with_json
@with_workspace
def details(
    *, details: Sequence[Stage], where: Filter, again: bool, as_json: bool, **settings: Any
) -> None:
    """Ask Flickr about photos one by one: for places, EXIF and comments.

    Each photo costs a call for each of them, and Flickr allows 3,600 calls an hour. So only photos
    are asked about that need it, and what was asked for is not asked for again. Places come first,
    then EXIF, then comments. What people wrote, and EXIF, are encrypted.

    \b
    Example:
      sis details --comments --term "monkey wild"
      sis details --places --api-exif
      sis list --failed api-exif
    """
    if not details:
        options = ", ".join(f"--{stage}" for stage in DETAILS)
        raise click.UsageError(f"say what to ask for: {options}, or several of them")
    report = Report(as_json=as_json)
    with session(reading=True, **settings) as opened:
        details_pending(opened, where, details=details, again=again, report=report)
    report.end()


def details_pending(
    opened: Session,
    where: Filter,
    *,
    details: Sequence[Stage],
    again: bool = False,
    report: Report,
) -> None:
    """Ask for pending details, kind after kind in the order given, and report each.

    Args:
        opened: Has the store, the keys and the settings.
        where: Only of these photos.
        details: Of ``DETAILS``; EXIF is pending only of photos that have been inspected.
        again: Whether photos that failed for good are tried once more, too.
        report: Is told what came of each kind.
    """
    if details:
        run_async(_details(opened, where, details=details, again=again, report=report))


async def _details(
    opened: Session, where: Filter, *, details: Sequence[Stage], again: bool, report: Report
) -> None:
    from smart_image_scraper import pipeline
    from smart_image_scraper.cli.network import budget_is_spent, flickr_client, http_client

    async with http_client(opened) as client:
        flickr = flickr_client(opened.settings, client=client)
        store, vault, shown = opened.store, opened.vault(), progress()
        tell_if_none(opened, where)
        store.note_asked(details)
        for stage in details:
            done = await pipeline.fetch_details(
                stage,
                store,
                vault=vault,
                flickr=flickr,
                where=where,
                again=again,
                workers=opened.settings.connections,
                progress=shown,
            )
            report.add(done)
            if budget_is_spent(opened):
                break
            if stage is Stage.API_EXIF and not (done.photos or done.failed):
                _tell_of_uninspected(opened, where)


def _tell_of_uninspected(opened: Session, where: Filter) -> None:
    if any(opened.store.count_pending(stage, where) for stage in (Stage.DOWNLOAD, Stage.INSPECT)):
        tell(
            "EXIF is asked for photos that have been inspected; run `sis download` and "
            "`sis inspect` first"
        )
