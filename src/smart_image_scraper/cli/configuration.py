"""The command that shows the settings."""

import json
from pathlib import Path

import click

from smart_image_scraper.cli.options import with_json, with_workspace
from smart_image_scraper.cli.session import say, session


@click.command()
@with_json
@with_workspace
def config(*, as_json: bool, workspace: Path | None) -> None:
    """Show every setting, its value and where it came from.

    Secrets are not shown. A setting NAME is SIS_NAME in the environment and name in sis.toml.

    \b
    Example:
      sis config
      SIS_SIZE=original sis config --json
    """
    with session(workspace=workspace) as opened:
        shown = opened.configuration.shown()
    for name, (value, origin) in shown.items():
        if as_json:
            say(json.dumps({"name": name, "value": value, "origin": origin}))
        else:
            say(f"{name:29} {value:41} {origin}")
