"""The options that say what to search for, and the queries that they make."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from smart_image_scraper.cli.values import Box, CountryWord, LicenseWord, Moment
from smart_image_scraper.photo import Coordinates

if TYPE_CHECKING:
    from smart_image_scraper.search import Country, Query

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_NUMBER = 100
_ORDERS = ("relevance", "interesting", "newest", "oldest", "taken-newest", "taken-oldest")
# BCP 47 (RFC 5646), as far as anyone writes it: ja, pt-BR, zh-Hant.
_LANGUAGE = re.compile(r"\[([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)\]\s*(\S.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A search term.

    Attributes:
        text: In any language, as a person would type it.
        language: Which language, a BCP 47 tag; ``None`` if nobody said.
    """

    text: str
    language: str | None = None


class TermsFile(click.ParamType[tuple[Term, ...]]):
    """A file of search terms, one a line."""

    name = "file"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Term, ...]:
        """Read the terms, or end with what is wrong with the file."""
        try:
            text = Path(value).read_text(encoding="utf-8-sig")
        except OSError as error:
            self.fail(f"{value}: cannot be read: {error.strerror}", param, ctx)
        except UnicodeDecodeError:
            self.fail(f"{value}: not UTF-8 text; save it as UTF-8", param, ctx)
        try:
            terms = tuple(_read_terms(text.splitlines()))
        except ValueError as error:
            self.fail(f"{value}: {error}", param, ctx)
        if not terms:
            self.fail(f"{value}: there is no search term in it", param, ctx)
        return terms


def _read_terms(lines: Iterable[str]) -> Iterator[Term]:
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        tagged = _LANGUAGE.fullmatch(text)
        if tagged is not None:
            yield Term(text=tagged[2], language=tagged[1])
        elif text.startswith("["):
            raise ValueError(f"line {number}: {text!r} is no language and term, as in [ja] サル")
        else:
            yield Term(text=text)


SOURCE_NAMES = ("flickr", "commons", "inaturalist")

QUERY_OPTIONS = (
    click.argument("terms", nargs=-1, metavar="[TERM]..."),
    click.option(
        "--source",
        type=click.Choice(SOURCE_NAMES),
        default=SOURCE_NAMES[0],
        show_default=True,
        help="Where to search: Flickr, Wikimedia Commons, or iNaturalist, where a term is a taxon.",
    ),
    click.option(
        "--accept-terms",
        type=click.Choice(("inaturalist",)),
        help="Accept the source's terms of use.  [default: SIS_ACCEPT_TERMS, else not]",
    ),
    click.option("-s", "--search", "more_terms", multiple=True, help="A search term (repeatable)."),
    click.option(
        "--terms-file",
        type=TermsFile(),
        help="Search terms, one a line; # begins a comment, [ja] before a term names its language.",
    ),
    click.option(
        "-t",
        "--tag",
        "tags",
        multiple=True,
        help="A tag, at Commons a category; any of them matches.",
    ),
    click.option("--all-tags", is_flag=True, help="Every tag must match."),
    click.option(
        "-n",
        "--number",
        "limit",
        type=click.IntRange(min=1),
        help="At most so many photos for each term.  "
        f"[default: {DEFAULT_NUMBER}; with --exhaustive, all]",
    ),
    click.option(
        "--exhaustive",
        is_flag=True,
        help="Find all there are, beyond the 4,000 that Flickr shows of a search.",
    ),
    click.option("-b", "--bbox", type=Box(), help="Taken in this box, as in 116,4,127,22."),
    click.option(
        "--country",
        type=CountryWord(),
        help="Taken in this country: its name or ISO code, as in PH.",
    ),
    click.option(
        "--license",
        "licenses",
        multiple=True,
        type=LicenseWord(),
        help="With this licence, such as cc-by-2.0 (repeatable).",
    ),
    click.option(
        "--taken-from",
        type=Moment(last=False),
        help="Taken then or later, local time: 2015, 2015-06 or 2015-06-30.",
    ),
    click.option(
        "--taken-to",
        type=Moment(last=True),
        help="Taken then or earlier; 2015 and 2015-06 mean the whole of it.",
    ),
    click.option("--uploaded-from", type=Moment(last=False), help="Uploaded then or later, UTC."),
    click.option("--uploaded-to", type=Moment(last=True), help="Uploaded then or earlier."),
    click.option(
        "--order",
        type=click.Choice(_ORDERS),
        help="What comes first, and so what is left out when there is more.  "
        "[default: relevance; with --exhaustive, oldest]",
    ),
    click.option(
        "--safe-search",
        type=click.IntRange(1, 3),
        default=1,
        show_default=True,
        help="The most that is let in: 1 safe, 2 moderate, 3 restricted.",
    ),
    click.option(
        "--content-type",
        "content_types",
        multiple=True,
        type=click.IntRange(0, 3),
        default=(0,),
        show_default=True,
        help="0 photos, 1 screenshots, 2 other, 3 virtual photography (repeatable).",
    ),
)
"""They make the arguments of :func:`queries_of`, but for the source and its terms."""


def with_options(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Add options to a command, in their order."""

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def queries_of(
    *,
    terms: tuple[str, ...],
    more_terms: tuple[str, ...],
    terms_file: tuple[Term, ...] | None,
    limit: int | None,
    order: str | None,
    exhaustive: bool,
    country: str | None,
    **conditions: Any,
) -> list[tuple["Query", str | None]]:
    """Return a query for each term, with the term's language where it is known.

    Raises:
        UsageError: What is asked for cannot be searched.
    """
    from smart_image_scraper.search import Order, Query

    conditions["country"] = country and _country(country)
    for name in ("uploaded_from", "uploaded_to"):
        if conditions[name] is not None:
            conditions[name] = conditions[name].replace(tzinfo=UTC)
    if limit is None and not exhaustive:
        limit = DEFAULT_NUMBER
    order = order or ("oldest" if exhaustive else "relevance")
    given = (*(Term(text=text) for text in (*terms, *more_terms)), *(terms_file or ()))
    # Of a term that is given twice the last one counts: a file's, which may name its language.
    languages = {term.text: term.language for term in given} or {"": None}
    return [
        (
            Query(text=text, order=Order(order), limit=limit, exhaustive=exhaustive, **conditions),
            language,
        )
        for text, language in languages.items()
    ]


def _country(code: str) -> "Country":
    from smart_image_scraper.geocode import country_boxes
    from smart_image_scraper.search import Country

    def contains(point: Coordinates) -> bool:
        from smart_image_scraper.pipeline import load_geocoder

        return load_geocoder().place(point).country_code == code

    return Country(code=code, boxes=country_boxes(code), contains=contains)
