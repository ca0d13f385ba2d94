from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database

from smart_image_scraper.photo import (
    EncryptedPhoto,
    Filter,
    Granularity,
    Inspection,
    Judgement,
    PhotoId,
    Place,
    Stage,
    StatedName,
    StatedPlace,
    TakenDate,
    Verdict,
)
from smart_image_scraper.store import Review, Store
from smart_image_scraper.store.selection import selected

MakePhoto = Callable[..., EncryptedPhoto]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def found(store: Store, where: Filter) -> list[str]:
    photos = [photo.photo.id.native for photo in store.find(where)]
    assert store.count(where) == len(photos)
    return photos


def test_a_text_is_looked_for_in_all_that_is_written_of_a_photo(
    store: Store, make_photo: MakePhoto, inspection: Inspection
) -> None:
    places = StatedPlace(region=StatedName(name="Sarawak"))
    store.put(
        [
            make_photo(1, title="野生の猿", tags=("macaque",)),
            make_photo(2, description="A <b>Macaque</b> in Borneo", machine_tags=("a:b=猿",)),
            make_photo(3, raw_tags=("Macaca nemestrina",), inspection=inspection),
            make_photo(4, place=Place(country="Borneo", gazetteer="x"), stated_place=places),
            make_photo(5, title="magnet"),
        ],
        stages=tuple(Stage),
    )

    assert found(store, Filter(text="猿")) == ["1", "2"]
    assert found(store, Filter(text="maca")) == ["1", "2", "3"]
    assert found(store, Filter(text="maca borneo")) == ["2"]
    assert found(store, Filter(text="borneo")) == ["2", "4"]
    assert found(store, Filter(text="canon ef100")) == ["3"]
    assert found(store, Filter(text="sarawak")) == ["4"]
    assert found(store, Filter(text="net")) == []


def test_months_and_hours_are_those_that_are_known(store: Store, make_photo: MakePhoto) -> None:
    at = datetime(2020, 5, 31, 14, 59, 59)
    dates = {
        1: TakenDate(local=at),
        2: TakenDate(local=datetime(2019, 5, 1), granularity=Granularity.MONTH),
        3: TakenDate(local=datetime(2019, 1, 1), granularity=Granularity.YEAR),
        4: TakenDate(local=datetime(2019, 1, 1), granularity=Granularity.CIRCA),
        5: None,
        6: TakenDate(local=datetime(1969, 1, 2)),
        7: TakenDate(local=datetime(2019, 6, 2), granularity=Granularity.DAY),
    }
    store.put(make_photo(number, taken=taken) for number, taken in dates.items())

    assert found(store, Filter(months=(5, 6))) == ["1", "2", "7"]
    assert found(store, Filter(months=(1,))) == ["6"]
    assert found(store, Filter(hours=(0,))) == ["6"]
    assert found(store, Filter(hours=(14,), months=(5,))) == ["1"]


def test_views_that_are_not_known_are_in_no_range(store: Store, make_photo: MakePhoto) -> None:
    store.put(make_photo(number, views=views) for number, views in enumerate((None, 0, 5, 9)))

    assert found(store, Filter(views_from=0)) == ["1", "2", "3"]
    assert found(store, Filter(views_from=1, views_to=5)) == ["2"]


def review(photo: int, verdict: Verdict, *, concept: str | None = None) -> Review:
    return Review(
        photo=PhotoId(f"flickr:{photo}"), verdict=verdict, concept=concept, by="ann", at=NOW
    )


@pytest.fixture
def reviewed(store: Store, make_photo: MakePhoto) -> Store:
    store.put(make_photo(number) for number in range(1, 6))
    store.reviews.add([review(1, Verdict.REJECT)])
    store.reviews.add(
        [
            review(1, Verdict.ACCEPT),
            review(2, Verdict.REJECT),
            review(3, Verdict.ACCEPT),
            review(1, Verdict.REJECT, concept="cage"),
            review(9, Verdict.ACCEPT),
        ]
    )
    store.reviews.add([review(3, Verdict.WITHDRAW)])
    return store


@pytest.mark.parametrize(
    ("texts", "meant"),
    [
        (["accept"], ["1"]),
        (["reject"], ["2"]),
        (["none"], ["3", "4", "5"]),
        (["accept", "none"], ["1", "3", "4", "5"]),
        (["accept", "reject", "none"], ["1", "2", "3", "4", "5"]),
        (["cage=reject"], ["1"]),
        (["cage=none"], ["2", "3", "4", "5"]),
        (["accept", "cage=none"], []),
        (["none", "cage=none"], ["3", "4", "5"]),
        (["monkey=accept"], []),
    ],
)
@pytest.mark.parametrize("chunk", [1, 10_000])
def test_the_last_review_decides(
    reviewed: Store,
    database: Database[dict[str, Any]],
    *,
    texts: list[str],
    meant: list[str],
    chunk: int,
) -> None:
    where = Filter(reviews=tuple(map(Judgement.parse, texts)))

    queries = selected(database, where, chunk=chunk)

    found = [each["_id"] for query in queries for each in database["photos"].find(query)]
    assert found == [f"flickr:{number}" for number in meant]


def test_a_withdrawn_review_counts_no_longer(reviewed: Store) -> None:
    latest = {(each.photo.native, each.concept): each.verdict for each in reviewed.reviews.latest()}

    assert latest == {
        ("1", None): Verdict.ACCEPT,
        ("2", None): Verdict.REJECT,
        ("1", "cage"): Verdict.REJECT,
        ("9", None): Verdict.ACCEPT,
    }


@pytest.mark.parametrize("text", ["accept", "none", "wild monkey=reject", "a=b=none"])
def test_a_judgement_reads_what_it_writes(text: str) -> None:
    assert str(Judgement.parse(text)) == text
