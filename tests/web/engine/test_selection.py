"""Counts, orders and maps of what a filter means."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import (
    BoundingBox,
    Coordinates,
    Filter,
    Granularity,
    License,
    Photo,
    PhotoId,
    Stage,
    Threshold,
)
from smart_image_scraper.store import Store
from smart_image_scraper.web.engine import FACETS, describe, select
from smart_image_scraper.web.snapshot import Snapshot

PHOTOS = 200
EVERYTHING = Filter()
WORLD = BoundingBox(west=-180, south=-90, east=180, north=90)
CAGE = (Threshold.parse("cage>=0.5"),)


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Iterator[Any]:
    with serving(PHOTOS) as served:
        yield served


@pytest.fixture(scope="module")
def snapshot(served: Any) -> Snapshot:
    found: Snapshot = served.library().snapshot()
    return found


def photos(store: Store, where: Filter = EVERYTHING) -> list[Photo]:
    return [encrypted.photo for encrypted in store.find(where)]


def counted(values: Iterable[Any]) -> dict[Any, int]:
    return {value: number for value, number in Counter(values).items() if value is not None}


def pairs(facet: Any) -> dict[Any, int]:
    found = dict(map(tuple, facet))
    assert len(found) == len(facet)
    return {value: count for value, count in found.items() if count}


def probability(photo: Photo, concept: str) -> float | None:
    found = [each for each in photo.scores if each.concept == concept and each.raw is not None]
    return found[0].value if found else None


@pytest.mark.parametrize("where", [Filter(), Filter(scores=CAGE), Filter(countries=("PH",))])
def test_kinds_are_counted_as_they_are_in_the_store(
    served: Any, snapshot: Snapshot, where: Filter
) -> None:
    found = photos(served.store, where)

    facets = {**select(snapshot, where).facets(FACETS)}

    dated = [each.taken for each in found if each.taken is not None]
    exact = [each.local for each in dated if each.granularity is Granularity.SECOND]
    months = [
        each.local.month
        for each in dated
        if each.granularity in {Granularity.SECOND, Granularity.DAY, Granularity.MONTH}
    ]
    assert facets["matching"] == len(found)
    assert facets["photos"] == PHOTOS
    assert pairs(facets["term"]) == counted(
        term for each in found for term in {hit.term for hit in each.searches}
    )
    assert pairs(facets["license"]) == counted(str(each.license) for each in found)
    assert pairs(facets["year"]) == counted(each.local.year for each in dated)
    assert facets["month"] == [months.count(month) for month in range(1, 13)]
    assert facets["hour"] == [[each.hour for each in exact].count(hour) for hour in range(24)]
    assert pairs(facets["tags"]) == counted(tag for each in found for tag in each.tags)
    assert pairs(facets["species"]) == counted(
        "macaca fuscata" for each in found if each.machine_tags
    )
    assert facets["duplicates"] == sum(
        any(not group.best for group in each.duplicates) for each in found
    )
    assert sum(facets["views_histogram"]["counts"]) == sum(each.views is not None for each in found)
    assert len(facets["views_histogram"]["edges"]) == len(facets["views_histogram"]["counts"]) + 1


def test_what_is_not_known_of_photos_is_counted_too(served: Any, snapshot: Snapshot) -> None:
    where = Filter(countries=("PH",), scores=CAGE)
    found = photos(served.store, where)
    anywhere = photos(served.store, Filter(scores=CAGE))

    facets = select(snapshot, where).facets(["missing", "month", "hour", "camera"])

    placeless = [each for each in anywhere if not (each.place and each.place.country_code)]
    assert facets["missing"] == {
        "country": len(placeless),
        "term": sum(not each.searches for each in found),
        "camera": len(found) - sum(pairs(facets["camera"]).values()),
        "year": sum(each.taken is None for each in found),
        "month": len(found) - sum(facets["month"]),
        "hour": len(found) - sum(facets["hour"]),
    }
    assert placeless
    assert facets["missing"]["hour"] > facets["missing"]["year"]


def test_owners_are_counted_by_how_many_photos_they_have(served: Any, snapshot: Snapshot) -> None:
    owners = counted(each.owner_index for each in served.store.find(Filter()))

    facet = select(snapshot, Filter()).facets(["owners"])["owners"]

    assert sum(pairs(facet).values()) == len(owners) == 6
    assert pairs(facet) == counted(
        "11-20" if number <= 20 else "21-50" for number in owners.values()
    )


def test_a_kind_ignores_the_condition_on_itself_and_no_other(
    served: Any, snapshot: Snapshot
) -> None:
    where = Filter(countries=("PH",), licenses=(License("cc-by-2.0"),), scores=CAGE)

    facets = select(snapshot, where).facets()

    without_country = photos(served.store, Filter(licenses=where.licenses, scores=CAGE))
    without_license = photos(served.store, Filter(countries=("PH",), scores=CAGE))
    without_score = photos(served.store, Filter(countries=("PH",), licenses=where.licenses))
    everything = photos(served.store, where)
    assert pairs(facets["country"]) == counted(
        each.place and each.place.country_code for each in without_country
    )
    assert pairs(facets["license"]) == counted(str(each.license) for each in without_license)
    assert pairs(facets["term"]) == counted(
        term for each in everything for term in {hit.term for hit in each.searches}
    )
    cage = [probability(each, "cage") for each in without_score]
    histogram = facets["histograms"]["cage"]
    assert histogram["missing"] == cage.count(None)
    assert histogram["counts"] == [
        sum(min(int(value * 50), 49) == place for value in cage if value is not None)
        for place in range(50)
    ]


def test_of_counted_kinds_only_those_asked_for_come(snapshot: Snapshot) -> None:
    selection = select(snapshot, Filter(months=(1,)))

    assert set(selection.facets(["hour"])) == {"revision", "matching", "photos", "hour"}
    assert "tags" not in selection.facets()
    assert set(FACETS) < set(selection.facets(FACETS))


def test_a_kind_that_there_is_not_is_refused(snapshot: Snapshot) -> None:
    with pytest.raises(UsageError, match="there is no facet colour; there are country, term"):
        select(snapshot, Filter()).facets(["colour"])


ORDERS: dict[str, Callable[[Photo], Any]] = {
    "newest": lambda photo: photo.taken and -photo.taken.local.timestamp(),
    "oldest": lambda photo: photo.taken and photo.taken.local.timestamp(),
    "views": lambda photo: None if photo.views is None else -photo.views,
    "score:cage": lambda photo: negative(probability(photo, "cage")),
    "score-up:cage": lambda photo: probability(photo, "cage"),
    "unsure:cage": lambda photo: distance(probability(photo, "cage")),
}


def negative(number: float | None) -> float | None:
    return None if number is None else -number


def distance(number: float | None) -> float | None:
    return None if number is None else abs(number - 0.5)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("where", [Filter(), Filter(views_from=10)])
def test_photos_come_in_their_order_and_those_without_a_value_last(
    served: Any, snapshot: Snapshot, *, order: str, where: Filter
) -> None:
    by_id = {photo.id: photo for photo in photos(served.store, where)}

    values = [ORDERS[order](by_id[each]) for each in select(snapshot, where).ids(order)]

    known = [value for value in values if value is not None]
    assert len(values) == len(by_id)
    assert values == [*sorted(known), *[None] * (len(values) - len(known))]


@pytest.mark.parametrize("order", ["newest", "added", "views", "unsure:cage"])
def test_pages_put_together_are_the_whole(snapshot: Snapshot, order: str) -> None:
    selection = select(snapshot, Filter(views_from=5))

    pages = [
        photo_id
        for offset in range(0, selection.matching + 20, 7)
        for photo_id in selection.page(order, offset=offset, limit=7)
    ]

    assert pages == list(selection.ids(order))
    assert len(set(pages)) == selection.matching


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        ("random", "'random' is no order; there are newest, oldest"),
        ("newest:x", "'newest:x' is no order"),
        ("score", "'score' is no order"),
        ("score:zebra", "no photo has been scored for 'zebra'; `sis score` does that; scored are"),
        ("similar:flickr:99999", "there is no photo flickr:99999 here"),
        ("similar:../etc", r"there is no photo \.\./etc here"),
        ("similar:flickr:1", "flickr:1 cannot be compared with others: no model has seen it"),
        ("words:red", "to find photos by words takes a model that knows words"),
    ],
)
def test_an_order_that_there_is_not_is_refused(
    snapshot: Snapshot, order: str, *, sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        select(snapshot, Filter()).page(order, offset=0, limit=3)


def test_a_card_shows_what_the_photo_is(served: Any, snapshot: Snapshot) -> None:
    for photo in photos(served.store):
        (card,) = snapshot.cards([photo.id])

        turned = photo.inspection is not None and photo.inspection.orientation == 6
        assert card.title == photo.title
        assert card.views == photo.views
        assert card.license == str(photo.license)
        assert card.country == (photo.place and photo.place.country_code)
        assert (card.width, card.height) == (
            (None, None) if photo.file is None else (480, 640) if turned else (640, 480)
        )
        assert card.taken == (photo.taken and photo.taken.local.isoformat(timespec="seconds"))
        assert card.picture == (photo.file and photo.file.sha256[:16])
        assert card.gone == (photo.gone is not None)
        assert card.page_url == photo.page_url
        assert set(card.terms) == {hit.term for hit in photo.searches}


def test_a_photo_has_its_near_duplicates(snapshot: Snapshot, made: SimpleNamespace) -> None:
    (card,) = snapshot.cards([made.photo_id(21)])

    groups = snapshot.duplicates_of(made.photo_id(21))

    others = {made.photo_id(number) for number in (20, 21, 22)}
    assert card.duplicates == 2
    assert [kind.value for kind, _ in groups] == ["exact", "copy", "burst"]
    assert all(set(ids) == others for _, ids in groups)


def test_ids_that_are_not_there_are_left_out(snapshot: Snapshot, made: SimpleNamespace) -> None:
    ids = [made.photo_id(3), PhotoId("flickr:404"), made.photo_id(1)]

    assert [card.id for card in snapshot.cards(ids)] == [ids[0], ids[2]]
    assert ids[0] in snapshot
    assert ids[1] not in snapshot
    assert "猿" not in snapshot


def test_a_few_photos_are_points_on_the_map(served: Any, snapshot: Snapshot) -> None:
    view = BoundingBox(west=179, south=-20, east=-179, north=70)

    shown = select(snapshot, Filter()).map(view, color="cage")

    found = photos(served.store, Filter(bbox=view))
    by_id = {point["id"]: point for point in shown["points"]}
    assert by_id.keys() == {photo.id for photo in found}
    for photo in found:
        assert photo.coordinates is not None
        value = probability(photo, "cage")
        place = None if value is None else min(int(value * 5), 4)
        assert by_id[photo.id]["longitude"] == photo.coordinates.longitude
        assert by_id[photo.id]["latitude"] == photo.coordinates.latitude
        assert by_id[photo.id]["title"] == photo.title
        assert by_id[photo.id]["color"] == place
    assert shown["with_place"] == sum(p.coordinates is not None for p in photos(served.store))


def test_a_map_coloured_by_what_nobody_scored_is_refused(snapshot: Snapshot) -> None:
    with pytest.raises(UsageError, match="no photo has been scored for 'zebra'"):
        select(snapshot, Filter()).map(WORLD, color="zebra")


@pytest.fixture(scope="module")
def crowded(serving: Callable[..., Any], made: SimpleNamespace) -> Iterator[Snapshot]:
    """3,003 photos at three places: two on either side of the 180th meridian, and at the pole."""
    maker = made.photos(3)
    places = (
        Coordinates(latitude=-17.5, longitude=179.9),
        Coordinates(latitude=-17.5, longitude=-179.9),
        Coordinates(latitude=90, longitude=10),
    )
    photos = [maker.photo(number) for number in range(3_003)]
    placed = [
        made.changed(photo, coordinates=places[number % 3]) for number, photo in enumerate(photos)
    ]
    with serving() as served:
        served.store.put(placed, stages=tuple(Stage))
        yield served.library().snapshot()


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (WORLD, {(-17.5, 179.9): 1001, (-17.5, -179.9): 1001, (90, 10): 1001}),
        (
            BoundingBox(west=170, south=-90, east=20, north=90),
            {(-17.5, -180): 2002, (90, 10): 1001},
        ),
    ],
)
def test_many_photos_are_counted_in_cells(
    crowded: Snapshot, view: BoundingBox, *, expected: dict[tuple[float, float], int]
) -> None:
    shown = select(crowded, Filter()).map(view, cells=36)

    found = {
        (round(cell["latitude"], 6), round(cell["longitude"], 6)): cell["count"]
        for cell in shown["cells"]
    }
    assert found == expected
    for cell in shown["cells"]:
        assert cell["photo"] in crowded
        assert cell["color"] is None or 0 <= cell["color"] < len(shown["colors"])
        assert -180 <= cell["west"] < 180
        assert -180 < cell["east"] <= 180


def test_what_lies_together_across_the_180th_meridian_is_one_cell(crowded: Snapshot) -> None:
    view = BoundingBox(west=170, south=-30, east=-170, north=90)

    shown = select(crowded, Filter()).map(view, cells=3)

    ((latitude, longitude, count, west, east),) = [
        tuple(cell[name] for name in ("latitude", "longitude", "count", "west", "east"))
        for cell in shown["cells"]
    ]
    assert count == 2002
    assert round(latitude, 6) == -17.5
    assert round(abs(longitude), 6) == 180
    assert west > east


def test_a_view_that_is_a_thin_strip_takes_no_more_memory_than_another(
    serve: Callable[..., Any], made: SimpleNamespace
) -> None:
    served, maker = serve(), made.photos(3)
    served.store.put(
        [
            made.changed(maker.photo(number), coordinates=Coordinates(latitude=1, longitude=10))
            for number in range(2_001)
        ],
        stages=tuple(Stage),
    )
    strip = BoundingBox(west=10, south=-90, east=10.000001, north=90)

    shown = select(served.library().snapshot(), Filter()).map(strip, cells=256)

    assert [cell["count"] for cell in shown["cells"]] == [2_001]


def test_what_there_is_to_filter_by_is_described(snapshot: Snapshot) -> None:
    described = describe(snapshot)

    concepts = {each["concept"]: each for each in described["concepts"]}
    assert described["photos"] == PHOTOS
    assert not described["empty"]
    assert described["species"]
    assert {each["code"] for each in described["countries"]} == {"PH", "ID", "JP"}
    assert concepts["cage"]["model"] == "siglip2-b16-224@made"
    assert not concepts["cage"]["calibrated"]
    assert not concepts["cage"]["trained"]
    assert concepts["monkey"]["model"] == "google-vision@stable"
    assert described["views"]["max"] == 40
    assert described["disagreements"] == ["date", "place"]
    assert not described["has_words_search"]


def test_photos_are_selected_and_counted_by_their_site(
    serve: Callable[..., Any], made: SimpleNamespace
) -> None:
    served, photo = serve(), made.photos(3).photo(0)
    names = ("commons:1", "commons:2", "flickr:1", "inaturalist:1", "inaturalist:2")
    photos_of_all = [made.changed(photo, id=PhotoId(name)) for name in names]
    served.store.put(photos_of_all, stages=tuple(Stage))
    snapshot = served.library().snapshot()

    selection = select(snapshot, Filter(sites=("commons", "flickr")))

    assert set(selection.ids()) == set(names[:3])
    assert selection.facets()["site"] == [["commons", 2], ["inaturalist", 2], ["flickr", 1]]
    assert select(snapshot, Filter(sites=("folder",))).facets()["matching"] == 0
    assert describe(snapshot)["sites"] == [
        {"value": "commons", "count": 2},
        {"value": "inaturalist", "count": 2},
        {"value": "flickr", "count": 1},
    ]
