"""How commands are listed, and their options: none cut short, and none taken twice in silence."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from smart_image_scraper.cli.exit_codes import READER_GONE

_WHOLE = 1_000


class FilterOption(click.Option):
    """An option that says which photos are meant."""


class Command(click.Command):
    """A command whose help has the options that say which photos are meant under a heading."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options: the command's own, then those that select photos."""
        options: list[tuple[str, str]] = []
        filters: list[tuple[str, str]] = []
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                (filters if isinstance(parameter, FilterOption) else options).append(record)
        for title, records in (("Options", options), ("Which photos (all must hold)", filters)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


class Group(click.Group):
    """Commands, each with its whole first sentence; a lone option that is given twice is an error.

    Click lets the last one count: a search for ``--country PH --country MY`` would leave out a
    country without a word.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the group's own options, of which ``--help`` and ``--version`` write."""
        with _leaving_quietly():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is meant."""
        with _leaving_quietly():
            return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant, and refuse options that it takes once and got twice.

        Raises:
            click.UsageError: There is no such command, or its options are wrong.
        """
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and not isinstance(command, click.Group):
            below = click.Context(command, parent=ctx, info_name=name)
            _check_each_once(below, rest)
        return name, command, rest

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 — as click has it
        """Return the commands' names in the order of what they are for, not of their letters."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, wrapped where a terminal is narrow."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [
            (name, command.get_short_help_str(_WHOLE))
            for name, command in found
            if command is not None and not command.hidden
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@contextmanager
def _leaving_quietly() -> Iterator[None]:
    """Leave without a word if whoever reads the output has gone, as in `sis list | head`."""
    try:
        yield
    except BrokenPipeError:
        # Python must not try to write what is left.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(READER_GONE)


def _check_each_once(ctx: click.Context, arguments: Sequence[str]) -> None:
    _, _, given = ctx.command.make_parser(ctx).parse_args(list(arguments))
    for option in given:
        if isinstance(option, click.Option) and _is_lone(option) and given.count(option) > 1:
            names = "/".join((*option.opts, *option.secondary_opts))
            count = given.count(option)
            raise click.UsageError(
                f"{names} is given {count} times, and only one of them can count; give it once", ctx
            )


def _is_lone(option: click.Option) -> bool:
    # A flag that is there twice says the same twice, unless it has an opposite.
    return not option.multiple and not (option.is_flag and not option.secondary_opts)
