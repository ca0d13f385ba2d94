"""A page of photos, their counts, and where they are."""

from typing import Any


async def test_a_page_of_photos_comes_in_the_order_that_was_asked_for(ann: Any) -> None:
    first = await ann.json("/api/photos?order=oldest&limit=2")
    second = await ann.json("/api/photos?order=oldest&limit=2&page=2")
    beyond = await ann.json("/api/photos?limit=2&page=1000000")

    assert [card["id"] for card in first["photos"]] == ["flickr:2", "flickr:1"]
    assert {card["id"] for card in second["photos"]} == {"flickr:3", "flickr:4"}
    assert (first["matching"], first["page"], first["pages"]) == (4, 1, 2)
    assert beyond["photos"] == []


async def test_a_filter_in_the_address_is_that_of_the_command_line(ann: Any) -> None:
    query = "term=monkey&views-from=100&country=Malaysia&text=猿&without-duplicates=1"

    photos = await ann.json(f"/api/photos?{query}&view=map&grid=8&show=title&photo=flickr:1")

    assert [card["id"] for card in photos["photos"]] == ["flickr:1"]


async def test_a_card_has_what_the_gallery_shows(ann: Any, photos: Any) -> None:
    (card,) = (await ann.json("/api/photos?id=flickr:1"))["photos"]

    assert card["title"] == "<script>alert(1)</script> wild 猿"
    assert card["picture"] == photos[0].file.sha256[:16]
    assert (card["country"], card["license"], card["terms"]) == ("MY", "cc-by-2.0", ["monkey"])
    assert (card["taken"], card["duplicates"]) == ("2016-12-19T08:31:06", 1)


async def test_counts_ignore_the_condition_on_themselves(ann: Any) -> None:
    facets = await ann.json("/api/facets?term=parrot")

    assert facets["matching"] == 2
    assert dict(facets["term"]) == {"monkey": 2, "parrot": 2}
    assert dict(facets["license"]) == {"cc-by-2.0": 1, "all-rights-reserved": 1}


async def test_only_what_is_asked_for_is_counted(ann: Any) -> None:
    facets = await ann.json("/api/facets?only=country,tags")
    wrong = await ann.get("/api/facets?only=country,nonsense")

    assert dict(facets["country"]) == {"MY": 3}
    assert dict(facets["tags"])["monkey"] == 4
    assert "license" not in facets
    assert wrong.status_code == 400


async def test_few_photos_are_on_the_map_one_by_one(ann: Any) -> None:
    everywhere = await ann.json("/api/map")
    elsewhere = await ann.json("/api/map?view=-10,40,10,60")
    wrong = await ann.get("/api/map?view=map")

    assert {point["id"] for point in everywhere["points"]} == {"flickr:1", "flickr:2", "flickr:4"}
    assert (everywhere["matching"], everywhere["with_place"]) == (4, 3)
    assert elsewhere["points"] == []
    assert wrong.status_code == 400
    assert wrong.json()["error"].startswith("view: 'map' is not four numbers")


async def test_what_there_is_to_filter_by_has_names_for_people(ann: Any) -> None:
    schema = await ann.json("/api/schema")

    assert schema["countries"] == [{"code": "MY", "name": "Malaysia", "count": 3}]
    assert schema["licenses"][0] == {
        "word": "cc-by-2.0",
        "name": "CC BY 2.0",
        "url": "https://creativecommons.org/licenses/by/2.0/",
        "free": True,
        "count": 3,
    }
    assert schema["terms"] == [{"value": "monkey", "count": 2}, {"value": "parrot", "count": 2}]
    assert (schema["empty"], schema["problems"]) == (False, [])
