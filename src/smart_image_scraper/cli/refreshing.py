"""The commands for what becomes of photos after the scrape."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smart_image_scraper.cli.groups import Command
from smart_image_scraper.cli.options import max_calls_option, with_filter, with_json, with_workspace
from smart_image_scraper.cli.running import run_async
from smart_image_scraper.cli.selecting import tell_if_none
from smart_image_scraper.cli.session import Session, progress, session, tell
from smart_image_scraper.cli.summary import Report
from smart_image_scraper.cli.values import Age
from smart_image_scraper.photo import Filter

if TYPE_CHECKING:
    from smart_image_scraper.pipeline import RefreshSummary


@click.command(cls=Command)
@click.option(
    "--older-than",
    type=Age(),
    default="30d",
    show_default=True,
    help="Only photos that were last looked at so long ago: 12h, 30d, 8w.",
)
@max_calls_option
@click.option("--dry-run", is_flag=True, help="Say what it would take; ask nothing.")
@with_filter
@with_json
@with_workspace
def refresh(
    *,
    older_than: timedelta,
    dry_run: bool,
    where: Filter,
    as_json: bool,
    **settings: Any,
) -> None:
    """Ask Flickr what has become of photos: gone, private, under another licence, renamed.

    Each photo takes a call; one that a search has found since then takes none. What is gone is
    marked, not deleted: `sis list --gone` shows it, exports leave it out, and `sis purge --gone`
    erases it. Stop it at any time: the same command goes on where it was.

    \b
    Example:
      sis refresh --dry-run
      sis refresh --older-than 8w --license cc-by-2.0
    """
    from smart_image_scraper import pipeline
    from smart_image_scraper.cli.network import budget_is_spent

    before = datetime.now(UTC) - older_than
    report = Report(as_json=as_json)
    with session(reading=True, **settings) as opened:
        if dry_run:
            tell_if_none(opened, where)
            rate = opened.settings.flickr_calls_per_hour
            plan = pipeline.plan_refresh(
                opened.store, where=where, before=before, calls_per_hour=rate
            )
            report.add(plan)
            return
        done = run_async(_refresh(opened, where, before=before))
        report.add(done)
        budget_is_spent(opened)
    if done.gone:
        tell("`sis list --gone` shows what is gone; `sis purge --gone` erases it")
    report.end()


@click.command(cls=Command)
@with_filter
@click.option("--dry-run", is_flag=True, help="Say what would be erased; erase nothing.")
@with_json
@with_workspace
def purge(*, where: Filter, dry_run: bool, as_json: bool, workspace: Path | None) -> None:
    """Erase what its owner took away, as `sis refresh` has found, and never store it again.

    Records, files and thumbnails go. Stop it at any time: the same command goes on where it was.

    \b
    Example:
      sis refresh && sis purge --gone --dry-run
      sis purge --gone
    """
    if not where.gone:
        raise click.UsageError("say what to purge: --gone, what its owner took away")
    from smart_image_scraper import pipeline

    with session(reading=True, workspace=workspace) as opened:
        tell_if_none(opened, where)
        done = pipeline.purge(
            opened.store,
            workspace=opened.place,
            where=where,
            dry_run=dry_run,
            progress=progress(),
        )
    Report(as_json=as_json).add(done)


async def _refresh(opened: Session, where: Filter, *, before: datetime) -> "RefreshSummary":
    from smart_image_scraper import pipeline
    from smart_image_scraper.cli.network import flickr_client, http_client

    async with http_client(opened) as client:
        flickr = flickr_client(opened.settings, client=client)
        tell_if_none(opened, where)
        return await pipeline.refresh(
            opened.store,
            flickr,
            where=where,
            before=before,
            workers=opened.settings.connections,
            progress=progress(),
        )
