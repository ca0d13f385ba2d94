from datetime import datetime

import click
import pytest

from smart_image_scraper.cli import sis
from smart_image_scraper.cli.values import Moment


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020", datetime(2020, 1, 1), datetime(2020, 12, 31, 23, 59, 59)),
        ("2020-02", datetime(2020, 2, 1), datetime(2020, 2, 29, 23, 59, 59)),
        ("2020-12", datetime(2020, 12, 1), datetime(2020, 12, 31, 23, 59, 59)),
        ("2020-05-31", datetime(2020, 5, 31), datetime(2020, 5, 31, 23, 59, 59)),
        ("2020-05-31T12:30:00", datetime(2020, 5, 31, 12, 30), datetime(2020, 5, 31, 12, 30)),
    ],
)
def test_a_date_means_its_first_or_its_last_second(
    text: str, first: datetime, last: datetime
) -> None:
    assert Moment(last=False).convert(text, None, None) == first
    assert Moment(last=True).convert(text, None, None) == last


@pytest.mark.parametrize("text", ["", "soon", "2020-13", "2020-02-30", "1-2-3-4", "31.05.2020"])
def test_what_is_no_date_says_how_one_is_written(text: str) -> None:
    with pytest.raises(click.BadParameter, match="write 2020, 2020-05 or 2020-05-31"):
        Moment(last=False).convert(text, None, None)


@pytest.mark.parametrize("columns", [40, 80])
def test_the_list_of_commands_cuts_nothing_short(columns: int) -> None:
    context = click.Context(sis, info_name="sis", terminal_width=columns)

    said = " ".join(sis.get_help(context).split())

    assert "Start, stop and look at the local database that is managed for you." in said
    assert "..." not in said.partition("Commands:")[2]


def test_the_commands_are_listed_in_the_order_of_the_work() -> None:
    said = sis.get_help(click.Context(sis, info_name="sis")).partition("Commands:")[2]

    places = [
        said.index(f"\n  {name} ") for name in ("scrape", "inspect", "score", "serve", "export")
    ]
    assert places == sorted(places)


SELECTING = {
    name: command
    for name, command in sis.commands.items()
    if any("--camera" in option.opts for option in command.params)
}


@pytest.mark.parametrize("name", SELECTING)
def test_what_selects_photos_stands_apart_in_the_help(name: str) -> None:
    context = click.Context(SELECTING[name], info_name=name)

    own, _, filters = SELECTING[name].get_help(context).partition("Which photos (all must hold):")

    assert "--workspace" in own
    assert "--camera" not in own
    assert "--camera" in filters
