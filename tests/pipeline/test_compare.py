from smart_image_scraper.photo import (
    EncryptedPhoto,
    Filter,
    Photo,
    PhotoId,
    Place,
    PlaceMatch,
    Stage,
    StatedName,
    StatedPlace,
)
from smart_image_scraper.pipeline import CompareSummary, compare_countries
from smart_image_scraper.store import Store


def photo(number: int, code: str | None, *, stated: str | None) -> EncryptedPhoto:
    place = Place(country_code=code, match=PlaceMatch.INSIDE, gazetteer="GeoNames")
    country = None if stated is None else StatedName(name=stated)
    return EncryptedPhoto(
        photo=Photo(
            id=PhotoId(f"flickr:{number}"),
            place=place,
            stated_place=StatedPlace(country=country),
        )
    )


def test_countries_are_compared_by_what_they_are_not_by_their_names(store: Store) -> None:
    photos = [
        photo(1, "GB", stated="United Kingdom"),
        photo(2, "CI", stated="Côte d'Ivoire"),
        photo(3, "CI", stated="Ivory Coast"),
        photo(4, "HR", stated="Bosnia and Herzegovina"),
        photo(5, "HR", stated="Bosnia & Herzegovina"),
        photo(6, "MY", stated="Philippines"),
        photo(7, "MY", stated="Atlantis"),
        photo(8, "MY", stated=None),
        photo(9, None, stated="Philippines"),
    ]
    store.put(photos, stages=tuple(Stage))

    assert compare_countries(store, where=Filter()) == CompareSummary(
        photos=6, other=3, unnamed=1, pairs={"HR/BA": 2, "MY/PH": 1}
    )
    assert compare_countries(store, where=Filter(countries=("MY",))).other == 1
