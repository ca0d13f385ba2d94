"""The types of options' values: each reads a word, or says what is wrong with it."""

import re
from datetime import datetime, timedelta
from typing import Any

import click

from smart_image_scraper.photo import BoundingBox, License, PhotoId
from smart_image_scraper.photo.dates import read_moment

_AGES = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class Box(click.ParamType[BoundingBox]):
    """A bounding box: four numbers."""

    name = "west,south,east,north"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> BoundingBox:
        """Read the box, or end with what is wrong with it."""
        try:
            return BoundingBox.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class LicenseWord(click.ParamType[License]):
    """A licence's word."""

    name = "license"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> License:
        """Read the licence, or end with what is wrong with it."""
        try:
            return License.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class PhotoIdText(click.ParamType[PhotoId]):
    """A photo's id."""

    name = "id"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> PhotoId:
        """Read the id, or end with what is wrong with it."""
        try:
            return PhotoId(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class CountryWord(click.ParamType[str]):
    """A country's name or ISO 3166 code."""

    name = "country"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the code, or end with what is wrong with the word."""
        from smart_image_scraper.errors import CountryError
        from smart_image_scraper.geocode import resolve_country

        try:
            return resolve_country(str(value))
        except CountryError as error:
            self.fail(str(error), param, ctx)


class Moment(click.ParamType[datetime]):
    """A day, month or year, or a moment.

    Args:
        last: Whether a day, month or year means its last second, rather than its first.
    """

    name = "date"

    def __init__(self, *, last: bool) -> None:
        self.last = last

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read ``2020``, ``2020-05``, ``2020-05-31`` or ``2020-05-31T12:30:00``."""
        try:
            return read_moment(str(value), last=self.last)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Age(click.ParamType[timedelta]):
    """How long ago: a number of hours, days or weeks."""

    name = "age"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Read ``12h``, ``30d`` or ``8w``."""
        found = re.fullmatch(r"([0-9]{1,5})([hdw])", str(value))
        if found is None:
            self.fail(f"{value!r} is no age; write 12h, 30d or 8w", param, ctx)
        return int(found[1]) * _AGES[found[2]]
