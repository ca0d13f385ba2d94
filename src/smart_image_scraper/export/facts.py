"""Export: all that is known of a data set, for its card, its manifest and its Croissant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from smart_image_scraper.export.columns import Column
from smart_image_scraper.export.coordinates import Precision, told_box, told_term
from smart_image_scraper.export.format import Written
from smart_image_scraper.export.json_lines import as_json_value
from smart_image_scraper.export.labels import Labelling
from smart_image_scraper.export.options import ExportOptions
from smart_image_scraper.export.splitting import Split
from smart_image_scraper.export.tally import Tally
from smart_image_scraper.photo import Filter, License
from smart_image_scraper.store import Run

PACKAGE = "smart-image-scraper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a data set when all its photos are written.

    Attributes:
        name: What it is called.
        form: The format's name.
        made_at: When, in UTC.
        where: Which photos were meant.
        options: What was asked for.
        labellings: How the photos are labelled.
        split: How they are split; ``None`` if they are not.
        tally: What left, counted.
        runs: What was searched for.
        written: What the format wrote.
        columns: What its table may have.
    """

    name: str
    form: str
    made_at: datetime
    where: Filter
    options: ExportOptions
    labellings: Sequence[Labelling]
    split: Split | None
    tally: Tally
    runs: Sequence[Run]
    written: Written
    columns: Sequence[Column]

    @property
    def tool(self) -> str:
        """The program that made it, and its version."""
        return f"{PACKAGE} {version(PACKAGE)}"

    def photos_under(self, term: str) -> int:
        """Return how many photos are under a Creative Commons licence with a term such as ``nc``.

        ``by``, ``nc``, ``nd``, ``sa``.
        """
        return sum(count for license_, count in self.tally.licenses.items() if _has(license_, term))

    @property
    def not_free(self) -> int:
        """How many photos nobody but their owner may pass on, or nobody knows who may."""
        licenses = self.tally.licenses.items()
        return sum(count for license_, count in licenses if not license_.is_free)


def filter_as_json(where: Filter, *, precision: Precision) -> dict[str, Any]:
    """Return the conditions of a filter that are set, as JSON values, in the words it takes.

    Args:
        where: The filter.
        precision: How exactly to tell a box.
    """
    values: dict[str, Any] = as_json_value(where)
    values["scores"] = [str(threshold) for threshold in where.scores]
    values["bbox"] = where.bbox and told_box(str(where.bbox), precision)
    values["terms"] = [told_term(term, precision) for term in where.terms]
    usual: Mapping[str, Any] = as_json_value(Filter())
    return {name: value for name, value in values.items() if value != usual[name]}


def _has(license_: License, term: str) -> bool:
    return license_.word.startswith("cc-") and term in license_.word.split("-")
