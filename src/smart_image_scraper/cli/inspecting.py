"""The commands for what is found out from files and coordinates, all of it on this machine."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smart_image_scraper.cli.groups import Command
from smart_image_scraper.cli.options import with_filter, with_json, with_workspace
from smart_image_scraper.cli.selecting import tell_if_none
from smart_image_scraper.cli.session import Session, progress, session, tell
from smart_image_scraper.cli.summary import Report
from smart_image_scraper.photo import Filter

if TYPE_CHECKING:
    from smart_image_scraper.pipeline import GeocodeSummary, InspectSummary

keep_metadata_option = click.option(
    "--keep-metadata",
    is_flag=True,
    default=None,
    help="Leave names, places and hidden previews in the files, where everyone who gets a file "
    "reads them.  [default: SIS_KEEP_METADATA, else they are taken out]",
)


@click.command(cls=Command)
@with_filter
@click.option("--again", is_flag=True, help="Try once more what has failed for good, too.")
@click.option("--strip", is_flag=True, help="Clean what was kept with its metadata before.")
@keep_metadata_option
@with_json
@with_workspace
def inspect(*, where: Filter, again: bool, strip: bool, as_json: bool, **settings: Any) -> None:
    """Read the files' metadata, take it out of them, and fingerprint the pictures.

    What a camera wrote is read with exiftool where that is installed, and sealed; make, model,
    lens, exposure and the like can be filtered by. The files in the workspace are then without
    it, the picture untouched.

    \b
    Example:
      sis inspect
      sis inspect --strip
    """
    if strip and settings["keep_metadata"]:
        raise click.UsageError("--strip and --keep-metadata are opposites")
    with session(reading=True, **settings) as opened:
        tell_if_none(opened, where)
        done = inspect_pending(opened, where, again=again, strip=strip)
    report = Report(as_json=as_json)
    report.add(done)
    report.end()


@click.command(cls=Command)
@with_filter
@click.option("--again", is_flag=True, help="Geocode all photos anew, as with newer data.")
@click.option("--compare", is_flag=True, help="Compare with the countries that Flickr states.")
@with_json
@with_workspace
def geocode(
    *, where: Filter, again: bool, compare: bool, as_json: bool, workspace: Path | None
) -> None:
    """Find the country, region and city of each geotag, without asking anyone.

    Flickr's own country is known of photos that `sis details --places` has asked about.

    \b
    Example:
      sis geocode
      sis geocode --compare
      sis list --country PH
    """
    from smart_image_scraper import pipeline

    with session(reading=True, workspace=workspace) as opened:
        tell_if_none(opened, where)
        report = Report(as_json=as_json)
        report.add(geocode_pending(opened, where, again=again))
        if compare:
            report.add(pipeline.compare_countries(opened.store, where=where))
    report.end()


@click.command()
@with_json
@with_workspace
def duplicates(*, as_json: bool, workspace: Path | None) -> None:
    """Find near-duplicates among all inspected photos, and mark the best of each group.

    Exact copies; copies that were resized, recompressed, cropped or watermarked; and bursts, one
    owner's photos of the same thing within seconds. The best one is the largest, of these the
    most viewed. Run it again after new photos have come.

    \b
    Example:
      sis duplicates
      sis export best.csv --without-duplicates
    """
    from smart_image_scraper import pipeline

    with session(reading=True, workspace=workspace) as opened:
        done = pipeline.find_duplicates(opened.store, progress=progress())
    report = Report(as_json=as_json)
    report.add(done)
    if not done.photos:
        tell("only inspected photos are compared, and there are none; `sis inspect` inspects them")
    report.end()


def inspect_pending(
    opened: Session, where: Filter, *, again: bool = False, strip: bool = False
) -> "InspectSummary":
    """Inspect what is pending; with ``strip``, all files that have their metadata."""
    from smart_image_scraper import pipeline

    return pipeline.inspect(
        opened.store,
        opened.vault(),
        workspace=opened.workspace,
        where=where,
        again=again,
        strip=strip,
        keep_metadata=opened.settings.keep_metadata and not strip,
        progress=progress(),
    )


def geocode_pending(opened: Session, where: Filter, *, again: bool = False) -> "GeocodeSummary":
    """Geocode what is pending, or everything."""
    from smart_image_scraper import pipeline

    return pipeline.geocode(opened.store, where=where, again=again, progress=progress())
