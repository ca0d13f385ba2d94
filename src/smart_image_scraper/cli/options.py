"""Options that several commands share."""

import functools
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import click

from smart_image_scraper.cli.groups import FilterOption
from smart_image_scraper.cli.values import Box, CountryWord, LicenseWord, Moment, PhotoIdText
from smart_image_scraper.photo import (
    Disagreement,
    Filter,
    Judgement,
    Signal,
    Stage,
    Threshold,
)
from smart_image_scraper.photo.filter import SITES
from smart_image_scraper.photo.scoring import parse_thresholds

F = TypeVar("F", bound=Callable[..., Any])


def with_workspace(command: F) -> F:
    """Add ``--workspace``."""
    return click.option(
        "--workspace",
        type=click.Path(file_okay=False, path_type=Path),
        help="The folder that holds everything.  [default: SIS_WORKSPACE, else ./sis-data]",
    )(command)


max_calls_option = click.option(
    "--max-calls",
    type=click.IntRange(min=1),
    help="Calls to the source that this command may make.  [default: SIS_MAX_CALLS, else any]",
)


def with_json(command: F) -> F:
    """Add ``--json``."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Write JSON, one object a line, for machines."
    )(command)


_filter_option = functools.partial(click.option, cls=FilterOption)
_FILTER_OPTIONS = (
    _filter_option(
        "--text",
        help="With these words, or words that begin so, in what is written of them; phrases in "
        "quotes, as in '\"long tailed\" maca'.",
    ),
    _filter_option(
        "--term", "terms", multiple=True, help="Found by this search term (repeatable)."
    ),
    _filter_option(
        "--site",
        "sites",
        multiple=True,
        type=click.Choice(SITES),
        help="Of this site (repeatable).",
    ),
    _filter_option(
        "--license",
        "licenses",
        multiple=True,
        type=LicenseWord(),
        help="With this licence, such as cc-by-2.0 (repeatable).",
    ),
    _filter_option(
        "-b", "--bbox", type=Box(), help="With a geotag in this box, as in 116,4,127,22."
    ),
    _filter_option(
        "--country",
        "countries",
        multiple=True,
        type=CountryWord(),
        help="Taken in this country: its name or ISO code, as in PH (repeatable).",
    ),
    _filter_option(
        "--taken-from",
        type=Moment(last=False),
        help="Taken then or later: 2015, 2015-06 or 2015-06-30.",
    ),
    _filter_option(
        "--taken-to",
        type=Moment(last=True),
        help="Taken then or earlier; 2015 and 2015-06 mean the whole of it.",
    ),
    _filter_option(
        "--month",
        "months",
        multiple=True,
        type=click.IntRange(1, 12),
        help="Taken in this month of any year (repeatable).",
    ),
    _filter_option(
        "--hour",
        "hours",
        multiple=True,
        type=click.IntRange(0, 23),
        help="Taken in this hour of any day (repeatable).",
    ),
    _filter_option("--views-from", type=click.IntRange(min=0), help="Seen that often or more."),
    _filter_option("--views-to", type=click.IntRange(min=0), help="Seen that often or less."),
    _filter_option(
        "--camera", "cameras", multiple=True, help="With this in its make or model (repeatable)."
    ),
    _filter_option(
        "--disagrees",
        type=click.Choice([each.value for each in Disagreement]),
        callback=lambda _context, _option, name: name and Disagreement(name),
        help="The site and the file tell different dates, or places.",
    ),
    _filter_option(
        "--stripped/--not-stripped",
        default=None,
        help="With a file that is, or may not be, without metadata.",
    ),
    _filter_option(
        "--signal",
        "signals",
        multiple=True,
        type=click.Choice([each.value for each in Signal]),
        callback=lambda _context, _option, names: tuple(map(Signal, names)),
        help="Near black, empty, blurred, without colour, tiny, or no photo (repeatable).",
    ),
    _filter_option(
        "--without-signal",
        "without_signals",
        multiple=True,
        type=click.Choice([each.value for each in Signal]),
        callback=lambda _context, _option, names: tuple(map(Signal, names)),
        help="Not that, as far as it is inspected (repeatable).",
    ),
    _filter_option(
        "--without-duplicates", is_flag=True, help="Of near-duplicates only the best one."
    ),
    _filter_option(
        "--with-file/--without-file", "has_file", default=None, help="Downloaded, or not."
    ),
    _filter_option(
        "--gone/--not-gone",
        default=None,
        help="Taken away by its owner, as `sis refresh` found, or not.",
    ),
    _filter_option(
        "--score",
        "scores",
        multiple=True,
        callback=lambda _context, _option, texts: parsed_thresholds(texts),
        help="With such scores, as in monkey>=0.5,cage<0.2 or dinov2-s14:monkey>0.9.",
    ),
    _filter_option(
        "--review",
        "reviews",
        multiple=True,
        callback=lambda _context, _option, texts: tuple(map(Judgement.parse, texts)),
        help="Last reviewed like this: accept, reject, none, or of a concept, as in monkey=accept "
        "(repeatable: any of those on the same concept).",
    ),
    _filter_option(
        "--failed",
        type=click.Choice([stage.value for stage in Stage if stage is not Stage.SEARCH]),
        callback=lambda _context, _option, name: name and Stage(name),
        help="This stage failed for them.",
    ),
    _filter_option(
        "--id", "ids", multiple=True, type=PhotoIdText(), help="With this id (repeatable)."
    ),
)


def parsed_thresholds(texts: Iterable[str]) -> tuple[Threshold, ...]:
    """Read the conditions on scores in several texts."""
    return tuple(threshold for text in texts for threshold in parse_thresholds(text))


def with_filter(command: F) -> F:
    """Add the options that select photos; the command gets them as one ``where: Filter``."""

    @functools.wraps(command)
    def filtered(**options: Any) -> Any:
        conditions = {name: options.pop(name) for name in _FILTER_FIELDS}
        return command(where=Filter(**conditions), **options)

    for option in reversed(_FILTER_OPTIONS):
        filtered = option(filtered)
    return filtered  # type: ignore[return-value]  # the decorated command takes other arguments


_NO_OPTIONS = frozenset({"runs", "checked_before"})
_FILTER_FIELDS = tuple(field.name for field in fields(Filter) if field.name not in _NO_OPTIONS)
