from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.cli.options import with_filter
from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import (
    BoundingBox,
    Comparison,
    Disagreement,
    Filter,
    Judgement,
    License,
    PhotoId,
    Signal,
    Stage,
    Threshold,
    Verdict,
)
from smart_image_scraper.photo.filter import SITES
from smart_image_scraper.pipeline import read_filter, write_filter, write_options
from smart_image_scraper.pipeline.filter_words import WORDS


@click.command()
@with_filter
@click.pass_context
def command(context: click.Context, *, where: Filter) -> None:
    """A command that selects photos."""
    context.obj.append(where)


def by_command(arguments: list[str]) -> Filter:
    selected: list[Filter] = []
    outcome = CliRunner().invoke(command, arguments, obj=selected, catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return selected[0]


def several(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=3, unique=True).map(tuple)


def words() -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=10)


CONCEPTS = st.sampled_from(["monkey", "cage", "wild monkey", "サル", "a=b"])
VERDICTS = st.sampled_from([Verdict.ACCEPT, Verdict.REJECT, None])


def ranges(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, Any]]:
    return st.tuples(values, values).map(
        lambda pair: pair if None in pair or pair[0] <= pair[1] else (pair[1], pair[0])
    )


def boxes() -> st.SearchStrategy[BoundingBox]:
    return st.builds(
        BoundingBox,
        west=st.floats(-179, 0),
        east=st.floats(1, 180),
        south=st.floats(-90, 0),
        north=st.floats(1, 90),
    )


@st.composite
def filters(draw: Callable[..., Any]) -> Filter:
    taken = draw(ranges(st.none() | st.datetimes()))
    views = draw(ranges(st.none() | st.integers(0, 2**63 - 1)))
    return Filter(
        ids=draw(several(st.integers(0).map(lambda number: PhotoId(f"flickr:{number}"[:60])))),
        text=draw(st.none() | words().map(lambda text: f"{text} x")),
        terms=draw(several(words())),
        sites=draw(several(st.sampled_from(SITES))),
        licenses=draw(several(st.sampled_from([License("cc0-1.0"), License.UNKNOWN]))),
        bbox=draw(st.none() | boxes()),
        taken_from=taken[0],
        taken_to=taken[1],
        months=draw(several(st.integers(1, 12))),
        hours=draw(several(st.integers(0, 23))),
        views_from=views[0],
        views_to=views[1],
        countries=draw(several(st.sampled_from(["PH", "ID", "XK"]))),
        cameras=draw(several(words().filter(str.strip))),
        disagrees=draw(st.none() | st.sampled_from(Disagreement)),
        has_file=draw(st.none() | st.booleans()),
        stripped=draw(st.none() | st.booleans()),
        signals=draw(several(st.sampled_from(Signal))),
        without_signals=draw(several(st.sampled_from(Signal))),
        without_duplicates=draw(st.booleans()),
        scores=draw(
            several(
                st.builds(
                    Threshold,
                    concept=CONCEPTS,
                    comparison=st.sampled_from(Comparison),
                    limit=st.floats(0, 1),
                    model=st.none() | st.sampled_from(["dinov2-s14", "older@1"]),
                )
            )
        ),
        reviews=draw(several(st.builds(Judgement, verdict=VERDICTS, concept=st.none() | CONCEPTS))),
        failed=draw(st.none() | st.sampled_from([each for each in Stage if each != "search"])),
        gone=draw(st.none() | st.booleans()),
    )


@given(filters())
def test_a_filter_comes_back_from_the_address_of_a_page(where: Filter) -> None:
    query = urlencode(write_filter(where))

    assert read_filter(parse_qsl(query, keep_blank_values=True)) == where


@given(filters())
def test_the_options_of_a_command_mean_the_same_as_the_words(where: Filter) -> None:
    assert by_command(write_options(where)) == where


def test_the_words_are_the_options_of_the_command_line() -> None:
    options = [each for each in command.params if isinstance(each, click.Option)]
    names = {name for each in options for name in (*each.opts, *each.secondary_opts)}

    assert set(WORDS) == {name[2:] for name in names if name.startswith("--")}


def test_every_condition_has_words_but_those_that_no_option_makes() -> None:
    without = {"runs", "checked_before"}
    given_all = Filter(
        ids=(PhotoId("flickr:1"),),
        text="a",
        terms=("a",),
        sites=("commons",),
        licenses=(License.UNKNOWN,),
        bbox=BoundingBox(west=0, south=0, east=1, north=1),
        taken_from=datetime(2020, 1, 1),
        taken_to=datetime(2020, 1, 1),
        months=(1,),
        hours=(1,),
        views_from=1,
        views_to=1,
        countries=("PH",),
        cameras=("a",),
        disagrees=Disagreement.DATE,
        has_file=True,
        stripped=True,
        signals=(Signal.DARK,),
        without_signals=(Signal.GREY,),
        without_duplicates=True,
        scores=(Threshold.parse("a>0.5"),),
        reviews=(Judgement.parse("accept"),),
        failed=Stage.DOWNLOAD,
        gone=True,
    )

    unset = {each.name for each in fields(Filter) if getattr(given_all, each.name) == each.default}

    assert unset == without
    assert read_filter(write_filter(given_all)) == given_all


def test_a_condition_without_a_word_is_not_lost_silently() -> None:
    with pytest.raises(ValueError, match="no words say all"):
        write_filter(Filter(runs=("a",)))


def test_several_values_may_stand_in_one_and_a_word_without_a_value_is_none() -> None:
    pairs = [("score", "monkey>=0.5,cage<0.2"), ("views-to", ""), ("country", "Philippines")]

    assert read_filter(pairs) == Filter(
        scores=(Threshold.parse("monkey>=0.5"), Threshold.parse("cage<0.2")), countries=("PH",)
    )


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        ([("colour", "red")], "colour: there is no such condition; there are text, term"),
        ([("month", "13")], "there is no month 13; it is 1 to 12"),
        ([("month", "May")], "month=May: that is no whole number"),
        ([("views-from", "-1")], "views-from=-1: that is no whole number"),
        ([("views-from", "9"), ("views-to", "8")], r"the views end \(8\) before they begin \(9\)"),
        ([("bbox", "1,2")], "bbox=1,2: '1,2' is not four numbers"),
        ([("license", "mine")], "license=mine: 'mine' is no licence"),
        ([("signal", "odd")], "signal=odd: there is no such choice; there are dark, blank"),
        ([("failed", "search")], "failed=search: there is no such choice; there are download"),
        ([("id", "1")], "id=1: '1' is no photo id"),
        ([("taken-from", "soon")], "taken-from=soon: 'soon' is no date"),
        ([("score", "monkey")], "'monkey' is no condition on a score"),
        ([("review", "fine")], "'fine' is no review; write accept, reject, none"),
        ([("review", "withdraw")], "'withdraw' is no review"),
        ([("gone", "yes")], "gone=yes: write gone=1, or leave it out"),
        ([("with-file", "1"), ("without-file", "1")], "without-file=1: that is given already"),
        ([("text", "a"), ("text", "b")], "text=b: that is given already"),
        ([("country", "Atlantis")], "Atlantis"),
    ],
)
def test_what_is_no_condition_is_refused_in_a_sentence(
    pairs: list[tuple[str, str]], sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        read_filter(pairs)
