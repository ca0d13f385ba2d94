"""The command that shows everything on an imitation of Flickr."""

import shlex
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smart_image_scraper.cli.inspecting import geocode_pending, inspect_pending
from smart_image_scraper.cli.models import named_backbone
from smart_image_scraper.cli.running import run_async
from smart_image_scraper.cli.scoring import embed_pending, score_pending
from smart_image_scraper.cli.serving import (
    address_of,
    app_server,
    bound_socket,
    run_until_stopped,
)
from smart_image_scraper.cli.session import Session, progress, say, session, tell
from smart_image_scraper.cli.summary import line
from smart_image_scraper.cli.training import BACKBONE
from smart_image_scraper.errors import ModelError, TrainError
from smart_image_scraper.photo import Filter

if TYPE_CHECKING:
    from socket import socket

    from smart_image_scraper.demo import FlickrSite

TERMS = ("monkey", "サル", "parrot")
CONCEPTS = ("monkey", "cage")
MODEL = "demo"
DEFAULT_PHOTOS = 200


@click.command()
@click.option(
    "--photos",
    type=click.IntRange(min=1),
    default=DEFAULT_PHOTOS,
    show_default=True,
    help="How many photos the imitation of Flickr holds.",
)
@click.option(
    "--serve/--no-serve",
    default=False,
    help="Serve the photos to the browser, and leave the imitation running, until Ctrl-C.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port for the browser; 0 for any that is free.",
)
@click.option(
    "--workspace",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("sis-demo"),
    help="The folder that holds everything.  [default: ./sis-demo]",
)
def demo(*, photos: int, serve: bool, port: int, workspace: Path) -> None:
    """Try it all, without a key and without the internet.

    Starts an imitation of Flickr on this machine, with made photos, and scrapes it into a
    workspace of its own: search in two languages, download, encrypt, store, learn from the search
    terms and tags what a monkey and a cage look like, and a CSV file at the end. Your settings,
    keys and database are left alone. Some of its owners opt out, so some downloads fail; that is
    meant. Wikimedia Commons and iNaturalist, which `sis scrape --source` searches, are not in it.

    \b
    Example:
      sis demo
      sis demo --serve
    """
    with (
        session(workspace=workspace, web_port=port, apart=True) as opened,
        bound_socket(opened) if serve else nullcontext() as bound,
    ):
        run_async(_demo(opened, photos=photos, bound=bound))


async def _demo(opened: Session, *, photos: int, bound: "socket | None") -> None:
    import asyncio

    from smart_image_scraper.demo import Catalogue, FlickrSite

    catalogue = await asyncio.to_thread(Catalogue.made, photos)
    async with FlickrSite(catalogue) as site:
        tell(
            f"an imitation of Flickr with {photos:,} made photos, not all of which may be "
            f"downloaded, answers at {site.endpoint}"
        )
        await _scrape(opened, site, limit=photos)
        csv = await asyncio.to_thread(_export, opened)
        say(f"export: {csv}")
        _say_what_next(opened)
        look = f"sis serve --open --workspace {shlex.quote(str(opened.workspace))}"
        if bound is None:
            say(f"  {look}")
        else:
            _say_where(opened, site, bound=bound)
            tell(f"Ctrl-C ends it; afterwards `{look}` shows the same")
            server = await asyncio.to_thread(app_server, opened, port=bound.getsockname()[1])
            await run_until_stopped(server, bound)


async def _scrape(opened: Session, site: "FlickrSite", *, limit: int) -> None:
    import asyncio

    from smart_image_scraper import pipeline
    from smart_image_scraper.demo import DEMO_KEY
    from smart_image_scraper.download import Downloader
    from smart_image_scraper.net import HttpClient
    from smart_image_scraper.search import Query
    from smart_image_scraper.search.flickr import FlickrSource

    store, vault, shown = opened.store, opened.vault(), progress()
    async with HttpClient(user_agent="sis demo", allow=site.addresses) as client:
        source = FlickrSource(client, api_key=DEMO_KEY, endpoint=site.endpoint)
        for term in TERMS:
            query = Query(text=term, limit=limit)
            found = await pipeline.search(source, query, store=store, vault=vault, progress=shown)
            say(line(found))
        downloader = Downloader(client, files=opened.workspace / "files")
        done = await pipeline.download(store, downloader, where=Filter(), workers=4, progress=shown)
    say(line(done))
    for later in (inspect_pending, geocode_pending):
        say(line(await asyncio.to_thread(later, opened, Filter())))
    say(line(await asyncio.to_thread(pipeline.find_duplicates, store, progress=shown)))
    await asyncio.to_thread(_score, opened)


def _score(opened: Session) -> None:
    """Train the model that needs no hub on what was found, and score with it, if it is there."""
    from smart_image_scraper.cli.training import training

    try:
        say(line(embed_pending(opened, Filter(), model=BACKBONE)))
        trained = training().train(
            opened.store,
            named_backbone(opened, BACKBONE),
            concepts=CONCEPTS,
            weak_terms={},
            name=MODEL,
            workspace=opened.workspace,
            now=datetime.now(UTC),
        )
        say(line(trained))
        say(line(score_pending(opened, CONCEPTS, model=MODEL, where=Filter())))
    except (ModelError, TrainError) as error:
        tell(f"no scores: {error}")


def _export(opened: Session) -> Path:
    from smart_image_scraper.export import FORMATS, ExportOptions, export_file

    exported = export_file(
        opened.store,
        Filter(),
        to=opened.workspace / "demo.csv",
        form=FORMATS["csv"],
        options=ExportOptions(),
        vault=opened.vault(),
        progress=progress(),
    )
    return exported.path


def _say_what_next(opened: Session) -> None:
    say(f"the photos' files are under {opened.workspace / 'files'}; try next:")
    workspace = f"--workspace {shlex.quote(str(opened.workspace))}"
    say(f"  sis status {workspace}")
    say(f"  sis list --license cc-by-2.0 {workspace}")
    if opened.store.scores.scorings():
        say(f'  sis list --score "monkey>=0.5,cage<0.2" {workspace}')


def _say_where(opened: Session, site: "FlickrSite", *, bound: "socket") -> None:
    addresses = ",".join(site.addresses)
    say("or, in another terminal, against the imitation, until Ctrl-C ends it:")
    say(f"  export SIS_FLICKR_URL={site.endpoint} SIS_FLICKR_KEY=demo-key")
    say(f"  export SIS_ALLOW_ADDRESSES={addresses} SIS_IMAGES_PER_SECOND=0")
    say('  sis scrape "cage" -n 50')
    say(f"serve: {address_of(opened, bound)}")
