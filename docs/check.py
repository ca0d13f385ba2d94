"""Hold the documentation to the code; ``--write`` brings the generated pages up to date.

Checked: ``docs/cli.md`` equals what ``--help`` says; every command, setting and exception is
documented; relative links between pages lead somewhere; the program takes the examples' commands.
"""

import argparse
import inspect
import os
import re
import shlex
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click

from smart_image_scraper import errors
from smart_image_scraper.cli import sis
from smart_image_scraper.config import PREFIX, Settings

ROOT = Path(__file__).parents[1]
CLI_PAGE = ROOT / "docs" / "cli.md"
CLI_HEAD = """# The command line

This page is what `--help` says, made by `python docs/check.py --write`.
"""


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Yield a command and, in their order, the commands below it, with their full names."""
    yield name, command
    if isinstance(command, click.Group):
        for below, child in sorted(command.commands.items()):
            yield from commands(child, f"{name} {below}")


def cli_page() -> str:
    """Return the page that lists every command's help."""
    parts = [CLI_HEAD]
    for name, command in commands(sis, "sis"):
        context = click.Context(command, info_name=name, terminal_width=98, max_content_width=98)
        help_text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
        parts.append(f"## {name}\n\n```text\n{help_text}\n```\n")
    return "\n".join(parts)


def problems() -> Iterator[str]:
    """Yield a sentence for everything that is wrong."""
    if not CLI_PAGE.exists() or CLI_PAGE.read_text() != cli_page():
        yield "docs/cli.md is not what --help says; run `python docs/check.py --write`"
    for name, command in commands(sis, "sis"):
        if not isinstance(command, click.Group) and "Example" not in (command.help or ""):
            yield f"`{name} --help` has no example"
    settings = (ROOT / "docs" / "settings.md").read_text()
    for name in Settings.model_fields:
        if f"`{PREFIX}{name.upper()}`" not in settings:
            yield f"docs/settings.md does not document {PREFIX}{name.upper()}"
    troubles = (ROOT / "docs" / "errors.md").read_text()
    for name, _ in inspect.getmembers(errors, inspect.isclass):
        if f"`{name}`" not in troubles:
            yield f"docs/errors.md does not document {name}"
    yield from broken_links()
    yield from wrong_examples()


def broken_links() -> Iterator[str]:
    """Yield a sentence for every relative link that leads nowhere."""
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text()):
            if not (page.parent / target).exists():
                yield f"{page.relative_to(ROOT)} links to {target}, which is not there"


def test_command() -> str:
    """Return the README's command that runs the tests."""
    found = re.findall(
        r"^(python3 -m pip install .*pytest.*)$", (ROOT / "README.md").read_text(), re.MULTILINE
    )
    if len(found) != 1:
        sys.exit("README.md has no single line that installs everything and runs pytest")
    return str(found[0])


def wrong_examples() -> Iterator[str]:
    """Yield a sentence for every command of an example that the program would not take."""
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for block in re.findall(r"^```.*?^```", page.read_text(), re.DOTALL | re.MULTILINE):
            for line in re.findall(r"^[ $]*(?:\w+=\S* )*(sis .*)", block, re.MULTILINE):
                try:
                    for arguments in _arguments(line):
                        _parse(arguments)
                except (click.UsageError, ValueError) as error:
                    yield f"{page.relative_to(ROOT)} has `{line}`: {error}"


def _arguments(line: str) -> Iterator[list[str]]:
    """Yield the arguments of each `sis` in a shell's line, without what it is joined to."""
    words = shlex.shlex(line, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    for joined, part in groupby(words, key=lambda word: set(word) <= set("();<>|&")):
        command, *arguments = part
        if command == "sis" and not joined:
            yield arguments


def _parse(arguments: list[str]) -> None:
    command: click.Command = sis
    context = click.Context(command, info_name="sis")
    while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        name = arguments.pop(0)
        if (found := command.get_command(context, name)) is None:
            raise ValueError(f"there is no command {name}")
        command, context = found, click.Context(found, info_name=name, parent=context)
    command.make_parser(context).parse_args(arguments)


def main() -> None:
    """Check, or write the generated page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="bring docs/cli.md up to date")
    parser.add_argument("--print-test-command", action="store_true")
    options = parser.parse_args()
    if options.print_test_command:
        print(test_command())
        return
    os.environ["COLUMNS"] = "100"
    if options.write:
        CLI_PAGE.write_text(cli_page())
    found = list(problems())
    print("\n".join(found) or "docs: nothing wrong")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
