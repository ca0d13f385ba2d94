"""The options that say what of photos is exported, and how they are labelled and split."""

from typing import TYPE_CHECKING, Any

import click

from smart_image_scraper.cli.options import parsed_thresholds
from smart_image_scraper.cli.queries import Term, TermsFile

if TYPE_CHECKING:
    from smart_image_scraper.export import ExportOptions

PRECISIONS = ("exact", "0.1deg", "country", "none")

EXPORT_OPTIONS = (
    click.option(
        "--with-personal",
        is_flag=True,
        help="Write who the owners are, too, and what people wrote as they wrote it; needs the "
        "keys.",
    ),
    click.option(
        "--coordinates",
        type=click.Choice(PRECISIONS),
        default="0.1deg",
        show_default=True,
        help="How exactly to tell where photos were taken.",
    ),
    click.option(
        "--coarse-terms",
        type=TermsFile(),
        help="Words, one a line, such as threatened species: photos that were found by or are "
        "tagged with one tell their country only.",
    ),
    click.option(
        "--include-all-rights-reserved",
        is_flag=True,
        help="Photos without a free licence, too, if you may use them by an exception.",
    ),
    click.option(
        "--license-at-download",
        is_flag=True,
        help="Photos whose owner withdrew a Creative Commons licence after the download, too, "
        "under that one.",
    ),
    click.option("--with-rejected", is_flag=True, help="Photos that a review rejected, too."),
    click.option(
        "--concept",
        "concepts",
        multiple=True,
        help="Label photos for this, by reviews alone (repeatable).",
    ),
    click.option(
        "--label",
        "labels",
        multiple=True,
        callback=lambda _context, _option, texts: parsed_thresholds(texts),
        help="Label photos by reviews, else by such a score, as in monkey>=0.5; with monkey<0.2 "
        "as well, what is between has no label (repeatable).",
    ),
    click.option("--split", help="Shares of train, validation and test, as in 80/10/10, or 80/20."),
    click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="Equal seeds split equal photos equally.",
    ),
    click.option(
        "--shard-size",
        type=click.IntRange(min=1),
        default=1_000,
        show_default=True,
        help="Photos in a shard, of formats that have shards.",
    ),
    click.option("--name", help="What to call the data set.  [default: the name of OUT]"),
    click.option("--contact", help="Whom its card tells people to write to who want a photo out."),
)
"""They make the arguments of :func:`export_options_of`."""


def export_options_of(
    *,
    coordinates: str,
    coarse_terms: tuple[Term, ...] | None,
    include_all_rights_reserved: bool,
    license_at_download: bool,
    split: str | None,
    **others: Any,
) -> "ExportOptions":
    """Return what the options ask for.

    Raises:
        UsageError: The split is none.
    """
    from smart_image_scraper.export import CoarseTerms, ExportOptions, Leave, Precision, Shares

    return ExportOptions(
        leave=Leave(
            all_rights_reserved=include_all_rights_reserved,
            license_at_download=license_at_download,
        ),
        coordinates=Precision(coordinates),
        coarse_terms=CoarseTerms.of(term.text for term in coarse_terms or ()),
        split=None if split is None else Shares.parse(split),
        **others,
    )
