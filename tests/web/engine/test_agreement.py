"""A filter means the same photos in the app as in the store, and so in every command."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import (
    BoundingBox,
    Disagreement,
    Filter,
    Judgement,
    License,
    PhotoId,
    Signal,
    Stage,
    Threshold,
)
from smart_image_scraper.store import Order, Store
from smart_image_scraper.web.engine import select
from smart_image_scraper.web.snapshot import Snapshot

PHOTOS = 300
THRESHOLDS = [
    "monkey>=0.6",
    "monkey<0.6",
    "monkey<=0.5",
    "siglip2-b16-224:monkey>0.5",
    "siglip2-b16-224:monkey<=0.7",
    "cage>=0.25",
    "cage<0.5",
]
JUDGEMENTS = ["accept", "reject", "none", "monkey=accept", "monkey=none", "cage=none", "x=reject"]
TEXTS = [
    "monkey",
    "mon zoo",
    "猿",
    "野生",
    "cafe",
    "обезьяна",
    '"wild monkey"',
    "🐒",
    "macaca",
    "can",
]
EDGES = [-180.0, -179.5, -10.0, 0.0, 115.25, 179.5, 180.0]


def several(values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.just(()) | st.lists(st.sampled_from(values), min_size=1, max_size=3).map(tuple)


def seldom(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | st.none() | values


@st.composite
def filters(draw: Callable[..., Any]) -> Filter:
    """Filters of a few conditions each: of many, no photo would be left."""
    moments = st.sampled_from([datetime(1969, 12, 31, 23, 59, 59, 999000), datetime(1995, 5, 1)])
    conditions: dict[str, st.SearchStrategy[Any]] = {
        "ids": st.lists(st.integers(0, PHOTOS + 9), max_size=200).map(
            lambda numbers: tuple(PhotoId(f"flickr:{number}") for number in numbers)
        ),
        "text": st.sampled_from(TEXTS),
        "terms": several(["monkey", "サル", "cage", "nothing"]),
        "licenses": several([License("cc-by-2.0"), License.UNKNOWN, License("cc0-1.0")]),
        "bbox": st.builds(
            BoundingBox,
            west=st.sampled_from(EDGES[:-1]),
            east=st.sampled_from(EDGES[1:]).filter(lambda east: east not in EDGES[:-1])
            | st.just(-170.0),
            south=st.sampled_from([-90.0, -8.5, 0.0]),
            north=st.sampled_from([66.6, 90.0]),
        ),
        "taken_from": moments,
        "taken_to": moments.map(lambda moment: moment.replace(year=moment.year + 30)),
        "months": several([1, 2, 7, 12]),
        "hours": several([0, 1, 12, 23]),
        "views_from": st.sampled_from([0, 1, 20]),
        "views_to": st.sampled_from([20, 30, 2**63 - 1]),
        "countries": several(["PH", "ID", "XK"]),
        "cameras": several(["canon", "IPHONE (6", "sony", "none"]),
        "disagrees": st.sampled_from(Disagreement),
        "has_file": st.booleans(),
        "stripped": st.booleans(),
        "signals": several([*Signal]),
        "without_signals": several([*Signal]),
        "without_duplicates": st.just(True),
        "scores": several(THRESHOLDS).map(lambda texts: tuple(map(Threshold.parse, texts))),
        "reviews": several(JUDGEMENTS).map(lambda texts: tuple(map(Judgement.parse, texts))),
        "failed": st.sampled_from([stage for stage in Stage if stage is not Stage.SEARCH]),
        "gone": st.booleans(),
        "sites": several(["flickr", "folder", "flick"]),
    }
    names = draw(st.lists(st.sampled_from([*conditions]), max_size=3, unique=True))
    return Filter(**{name: draw(conditions[name]) for name in names})


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Iterator[tuple[Store, Snapshot]]:
    with serving(PHOTOS) as made:
        yield made.store, made.library().snapshot()


@settings(
    max_examples=250,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(filters())
def test_the_app_selects_what_the_store_finds(
    served: tuple[Store, Snapshot], where: Filter
) -> None:
    store, snapshot = served

    selection = select(snapshot, where)

    found = [photo.photo.id for photo in store.find(where)]
    assert sorted(selection.ids()) == found
    assert selection.matching == len(found)


@pytest.mark.parametrize("text", [*THRESHOLDS])
def test_each_condition_on_a_score_means_the_same(
    served: tuple[Store, Snapshot], text: str
) -> None:
    store, snapshot = served
    where = Filter(scores=(Threshold.parse(text),))

    selected = sorted(select(snapshot, where).ids())

    found = [photo.photo.id for photo in store.find(where)]
    assert 0 < len(found) < PHOTOS
    assert selected == found


def test_the_newest_come_first_as_in_the_store(served: tuple[Store, Snapshot]) -> None:
    store, snapshot = served

    ordered = list(select(snapshot, Filter()).ids("newest"))

    found = [photo.photo.id for photo in store.find(Filter(), order=Order.TAKEN_NEWEST)]
    assert ordered == found


def test_what_nobody_has_scored_is_refused_like_in_the_store(
    served: tuple[Store, Snapshot],
) -> None:
    _, snapshot = served

    with pytest.raises(UsageError, match="no photo has been scored for 'zebra>0.5'"):
        select(snapshot, Filter(scores=(Threshold.parse("zebra>0.5"),)))


@pytest.mark.parametrize(
    "where", [Filter(runs=("a",)), Filter(checked_before=datetime(2026, 1, 1))]
)
def test_a_condition_that_no_option_makes_is_refused(
    served: tuple[Store, Snapshot], where: Filter
) -> None:
    _, snapshot = served

    with pytest.raises(UsageError, match="the app cannot select photos by runs"):
        select(snapshot, where)
