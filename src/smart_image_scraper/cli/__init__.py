"""The command line: one command a stage, and the one place where errors become exit codes."""

import gc
import sys
from collections.abc import Sequence

import click

from smart_image_scraper.cli.configuration import config
from smart_image_scraper.cli.database import db
from smart_image_scraper.cli.demonstration import demo
from smart_image_scraper.cli.detailing import details
from smart_image_scraper.cli.erasing import forget
from smart_image_scraper.cli.exit_codes import DONE, INTERRUPTED, WRONG_USE, exit_code
from smart_image_scraper.cli.exporting import export
from smart_image_scraper.cli.groups import Group
from smart_image_scraper.cli.importing import import_
from smart_image_scraper.cli.inspecting import duplicates, geocode, inspect
from smart_image_scraper.cli.keyring import keys
from smart_image_scraper.cli.looking import list_, status
from smart_image_scraper.cli.naming import names
from smart_image_scraper.cli.refreshing import purge, refresh
from smart_image_scraper.cli.running import end_on_sigterm, write_any_text
from smart_image_scraper.cli.scoring import embed, score
from smart_image_scraper.cli.scraping import download, scrape, search
from smart_image_scraper.cli.serving import password, serve
from smart_image_scraper.cli.training import review, train
from smart_image_scraper.errors import SisError


@click.group(
    cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="smart-image-scraper", prog_name="sis")
def sis() -> None:
    """Build clean, lawful, documented image data sets.

    A photo goes search → download → inspect → geocode → score → encrypt → store; `sis scrape` does
    it, and each stage up to score has a command of its own that works on what is still to do.
    Everything lies in one folder, the workspace. Results go to standard output, progress and
    messages to standard error.

    Exit codes: 0 done, 1 ended by an error, 2 wrong use or setting, 3 finished but some photos
    failed, 130 stopped by Ctrl-C.

    \b
    Example:
      sis demo                        # try it without a key and without the internet
      sis scrape "monkey wild" -n 200 --license cc-by-2.0
      sis serve
      sis export monkeys.csv
    """


for command in (
    *(scrape, search, names, download, inspect, geocode, duplicates, details, embed, score, train),
    *(
        review,
        status,
        list_,
        serve,
        password,
        export,
        import_,
        refresh,
        purge,
        forget,
        keys,
        db,
        config,
        demo,
    ),
):
    sis.add_command(command)


def main() -> None:
    """Run the command line and leave with its exit code."""
    end_on_sigterm()
    write_any_text()
    # Records of photos are trees, which are freed by counting. To look for circles among them as
    # often as Python does takes 4 % of an export's time.
    gc.set_threshold(20_000, 20, 100)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command, and return its exit code; what is to be said has been said."""
    try:
        sis.main(list(arguments), standalone_mode=False, prog_name="sis")
    except SystemExit as leaving:
        return int(leaving.code or DONE)
    except click.ClickException as error:
        error.show()
        return WRONG_USE
    except SisError as error:
        click.echo(f"sis: {error}", err=True)
        return exit_code(error)
    except (KeyboardInterrupt, click.Abort):
        click.echo("sis: stopped; run the same command to go on where it was", err=True)
        return INTERRUPTED
    return DONE
