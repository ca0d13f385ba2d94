"""The commands that take in photos that are here already."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smart_image_scraper.cli.exit_codes import SOME_PHOTOS_FAILED
from smart_image_scraper.cli.groups import Group
from smart_image_scraper.cli.inspecting import (
    geocode_pending,
    inspect_pending,
    keep_metadata_option,
)
from smart_image_scraper.cli.options import with_json, with_workspace
from smart_image_scraper.cli.session import Session, progress, session, tell
from smart_image_scraper.cli.summary import Report
from smart_image_scraper.cli.values import LicenseWord
from smart_image_scraper.photo import Filter, License, Stage

if TYPE_CHECKING:
    from smart_image_scraper.download import Downloader
    from smart_image_scraper.errors import UsageError
    from smart_image_scraper.pipeline import ImportSummary


@click.group("import", cls=Group)
def import_() -> None:
    """Take in photos that are here already."""


@import_.command()
@click.argument("frame", type=click.Path(path_type=Path))
@click.option(
    "--photos",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the downloaded files.",
)
@keep_metadata_option
@with_json
@with_workspace
def seed(frame: Path, *, photos: Path | None, as_json: bool, **settings: Any) -> None:
    """Take in the older scripts' records FRAME, a JSON file of columns.

    Encrypted fields stay encrypted as they are, and need no key; what the files say is encrypted
    with the workspace's own. `sis export --format seed` gives
    the frame back, byte for byte. Files that are not in the folder can be downloaded later.

    \b
    Example:
      sis import seed df_100_per_search_encrypted.json --photos ./photos
    """
    from smart_image_scraper import pipeline
    from smart_image_scraper.search.seed_frame import read_frame

    with session(**settings) as opened:
        older = read_frame(frame, seal=lambda photo: opened.vault().seal(photo))
        summary = pipeline.import_older(
            older,
            photos=photos,
            store=opened.store,
            downloader=_downloader(opened),
            vault=opened.vault() if opened.ring() else None,
            progress=progress(),
        )
        _report(opened, summary, as_json=as_json)


@import_.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--license",
    "license_",
    type=LicenseWord(),
    default=License.UNKNOWN.word,
    show_default=True,
    help="The licence of all of them, such as cc-by-4.0.",
)
@keep_metadata_option
@with_json
@with_workspace
def folder(folder: Path, *, license_: License, as_json: bool, **settings: Any) -> None:
    """Take in the images of FOLDER and the folders in it.

    The name of the folder that an image lies in becomes its search term. Files that cannot be read
    are named and left out.

    \b
    Example:
      sis import folder ~/Pictures/macaques --license cc-by-4.0
    """
    from smart_image_scraper import pipeline
    from smart_image_scraper.search.folder import read_folder

    left_out: list[UsageError] = []
    found = read_folder(folder, license_=license_, leave_out=left_out.append)
    with session(**settings) as opened:
        summary = pipeline.import_files(
            found,
            store=opened.store,
            downloader=_downloader(opened),
            vault=opened.vault(),
            progress=progress(),
        )
        for error in left_out:
            tell(f"{error}; it is left out")
        _report(opened, summary, as_json=as_json)
    if left_out:
        sys.exit(SOME_PHOTOS_FAILED)


def _downloader(opened: Session) -> "Downloader":
    from smart_image_scraper.cli.network import downloader, http_client

    client = http_client(opened)
    return downloader(opened.settings, client=client, workspace=opened.workspace)


def _report(opened: Session, imported: "ImportSummary", *, as_json: bool) -> None:
    """Say what was taken in; inspect and geocode whatever is pending, which that is."""
    report = Report(as_json=as_json)
    report.add(imported)
    if opened.store.count_pending(Stage.INSPECT):
        report.add(inspect_pending(opened, Filter()))
    report.add(geocode_pending(opened, Filter()))
    report.end()
