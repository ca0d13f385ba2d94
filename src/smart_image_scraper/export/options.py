"""Export: what is asked for."""

from dataclasses import dataclass, field
from unicodedata import category

from smart_image_scraper.errors import UsageError
from smart_image_scraper.export.coordinates import CoarseTerms, Precision
from smart_image_scraper.export.leaving import Leave
from smart_image_scraper.export.splitting import Shares
from smart_image_scraper.photo import Threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What an export holds of the photos, beside which photos.

    Attributes:
        leave: What may leave beyond what anyone may pass on.
        with_personal: Whether to write who the owners are, and what people wrote as they wrote it.
        coordinates: How exactly to tell where photos were taken.
        coarse_terms: Words of photos that tell their country only.
        with_rejected: Whether photos that people rejected are wanted all the same.
        concepts: What to label photos for; people's word counts alone, where no threshold is given.
        labels: From which score on a photo shows a concept, and below which it does not.
        split: How much each part gets; ``None`` for no parts.
        seed: Equal ones split equal photos equally.
        shard_size: Photos in a shard, of the formats that have shards.
        name: What to call the data set; ``None`` for the name of its place.
        contact: Whom the card tells people to write to, who want a photo removed.

    Raises:
        UsageError: The name or the contact has a line break or another control character, or a
            number is too small.
    """

    leave: Leave = field(default_factory=Leave)
    with_personal: bool = False
    coordinates: Precision = Precision.CELL
    coarse_terms: CoarseTerms = field(default_factory=CoarseTerms)
    with_rejected: bool = False
    concepts: tuple[str, ...] = ()
    labels: tuple[Threshold, ...] = ()
    split: Shares | None = None
    seed: int = 0
    shard_size: int = 1_000
    name: str | None = None
    contact: str | None = None

    def __post_init__(self) -> None:
        check_line(self.name, what="the data set's name")
        check_line(self.contact, what="the contact")
        if self.shard_size < 1:
            raise UsageError(f"a shard holds at least one photo, not {self.shard_size}")
        if self.seed < 0:
            raise UsageError(f"the seed is 0 or more, not {self.seed}")

    @property
    def of_boxes(self) -> Precision:
        """How exactly to tell the boxes that were searched: one may lie around what is coarse."""
        if self.coarse_terms.words and self.coordinates is not Precision.NONE:
            return Precision.COUNTRY
        return self.coordinates


def check_line(text: str | None, *, what: str) -> None:
    """See that a text can stand on a line of a card.

    Raises:
        UsageError: It has a line break or another control character.
    """
    if text is not None and any(category(letter) in {"Cc", "Zl", "Zp"} for letter in text):
        raise UsageError(
            f"{what}, {text!r}, has a line break or another control character; write it on one "
            "line, without"
        )
