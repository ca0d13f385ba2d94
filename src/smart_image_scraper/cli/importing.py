"""The commands that take in photos that are here already."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smart_image_scraper.cli.exit_codes import SOME_PHOTOS_FAILED
from smart_image_scraper.cli.options import with_json, with_workspace
from smart_image_scraper.cli.session import Session, progress, session, tell
from smart_image_scraper.cli.summary import import_line

if TYPE_CHECKING:
    from smart_image_scraper.download import Downloader
    from smart_image_scraper.pipeline import ImportSummary


@click.group("import")
def import_() -> None:
    """Take in photos that are here already."""


@import_.command()
@click.argument("frame", type=click.Path(path_type=Path))
@click.option(
    "--photos",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the downloaded files.",
)
@with_json
@with_workspace
def seed(frame: Path, *, photos: Path | None, as_json: bool, workspace: Path | None) -> None:
    """Take in the older scripts' records FRAME, a JSON file of columns.

    Encrypted fields stay encrypted as they are, and need no key. `sis export --format seed` gives
    the frame back, byte for byte. Files that are not in the folder can be downloaded later.

    \b
    Example:
      sis import seed df_100_per_search_encrypted.json --photos ./photos
    """
    from smart_image_scraper import pipeline
    from smart_image_scraper.search.seed_frame import read_frame

    with session(workspace=workspace) as opened:
        older = read_frame(frame, seal=lambda photo: opened.vault().seal(photo))
        summary = pipeline.import_older(
            older,
            photos=photos,
            store=opened.store,
            downloader=_downloader(opened),
            vault=opened.vault() if opened.ring() else None,
            progress=progress(),
        )
    _report(summary, as_json=as_json)


@import_.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_json
@with_workspace
def folder(folder: Path, *, as_json: bool, workspace: Path | None) -> None:
    """Take in the images of FOLDER and the folders in it.

    The name of the folder that an image lies in becomes its search term.

    \b
    Example:
      sis import folder ~/Pictures/macaques
    """
    from smart_image_scraper import pipeline
    from smart_image_scraper.search.folder import read_folder

    found = read_folder(folder)
    with session(workspace=workspace) as opened:
        summary = pipeline.import_files(
            found,
            store=opened.store,
            downloader=_downloader(opened),
            vault=opened.vault(),
            progress=progress(),
        )
    _report(summary, as_json=as_json)


def _downloader(opened: Session) -> "Downloader":
    from smart_image_scraper.cli.network import downloader, http_client

    client = http_client(opened.settings)
    return downloader(opened.settings, client=client, workspace=opened.workspace)


def _report(summary: "ImportSummary", *, as_json: bool) -> None:
    click.echo(json.dumps(asdict(summary)) if as_json else import_line(summary))
    if summary.failed:
        tell("some files were refused; `sis list --failed download` shows them")
        sys.exit(SOME_PHOTOS_FAILED)
