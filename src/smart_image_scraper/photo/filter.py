"""Which photos are meant: the one filter of the command line, the store and exports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo.geography import BoundingBox
from smart_image_scraper.photo.inspection import Disagreement, Signal
from smart_image_scraper.photo.license import License
from smart_image_scraper.photo.record import PhotoId, Stage
from smart_image_scraper.photo.review import Judgement
from smart_image_scraper.photo.scoring import Threshold
from smart_image_scraper.photo.words import phrases_of

SITES = ("flickr", "commons", "inaturalist", "folder")
"""The sites that photos can be of, as their ids begin; a folder of one's own is one, too."""

_MOST = 2**63 - 1
"""What the database can count to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Conditions that a photo must all meet; an empty one is no condition.

    Attributes:
        ids: It is one of these.
        text: What is written of it holds all these words, or words that begin so, and what is in
            quotes as it stands; whatever the case and the marks above letters.
        terms: A search for one of these terms found it.
        runs: A run with one of these ids found it.
        licenses: It has one of these licences.
        bbox: Its geotag lies in the box.
        taken_from: It was taken then or later, local time without a zone.
        taken_to: It was taken then or earlier, likewise.
        months: It was taken in one of these months, 1 to 12; its date is known that exactly.
        hours: It was taken in one of these hours of the day, 0 to 23, likewise.
        views_from: It was seen that often or more.
        views_to: It was seen that often or less.
        countries: It was taken in one of these countries, ISO 3166-1 alpha-2 (``XK``: Kosovo).
        cameras: Its camera's make or model holds one of these texts, whatever the case.
        disagrees: Its site and its file say different things of this.
        has_file: Its file is, or is not, in the workspace.
        stripped: It has a file that is, or is not known to be, without its metadata.
        signals: It shows one of these.
        without_signals: It shows none of these, as far as it has been inspected.
        without_duplicates: Of each group of near-duplicates only the best one.
        scores: Its scores meet all of these.
        reviews: What people said last of it is one of these, for each concept that they are about.
        failed: That stage failed for it.
        gone: Its site does not show it any more, or was not seen not to.
        sites: It is of one of these sites.
        checked_before: Its site was last looked at before then, in UTC, or never.

    Raises:
        UsageError: A range ends before it begins, a number is out of its range, or there is no
            word in the text.
    """

    ids: tuple[PhotoId, ...] = ()
    text: str | None = None
    terms: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    licenses: tuple[License, ...] = ()
    bbox: BoundingBox | None = None
    taken_from: datetime | None = None
    taken_to: datetime | None = None
    months: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    views_from: int | None = None
    views_to: int | None = None
    countries: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    disagrees: Disagreement | None = None
    has_file: bool | None = None
    stripped: bool | None = None
    signals: tuple[Signal, ...] = ()
    without_signals: tuple[Signal, ...] = ()
    without_duplicates: bool = False
    scores: tuple[Threshold, ...] = ()
    reviews: tuple[Judgement, ...] = ()
    failed: Stage | None = None
    gone: bool | None = None
    sites: tuple[str, ...] = ()
    checked_before: datetime | None = None

    def __post_init__(self) -> None:
        check_range("taken", first=self.taken_from, last=self.taken_to)
        _check_numbers("month", self.months, least=1, most=12)
        _check_numbers("hour", self.hours, least=0, most=23)
        views = [views for views in (self.views_from, self.views_to) if views is not None]
        _check_numbers("number of views", views, least=0, most=_MOST)
        if len(views) == 2 and views[0] > views[1]:  # noqa: PLR2004 — both ends
            raise UsageError(f"the views end ({views[1]}) before they begin ({views[0]})")
        if self.text is not None and not phrases_of(self.text):
            raise UsageError(f"there is no word to look for in the text {self.text!r}")
        if not all(map(str.strip, self.cameras)):
            raise UsageError("a camera without a name is none; write a part of its make or model")


def check_range(name: str, *, first: datetime | None, last: datetime | None) -> None:
    """See that a range of dates does not end before it begins.

    Raises:
        UsageError: It does.
    """
    if first is not None and last is not None and first > last:
        raise UsageError(f"the {name} dates end ({last}) before they begin ({first})")


def _check_numbers(name: str, numbers: Iterable[int], *, least: int, most: int) -> None:
    for number in numbers:
        if not least <= number <= most:
            raise UsageError(f"there is no {name} {number}; it is {least} to {most}")
