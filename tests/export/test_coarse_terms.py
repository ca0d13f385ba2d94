"""What a data set tells of photos whose terms let their place be told coarsely alone."""

import json
from collections.abc import Callable
from pathlib import Path

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.export import CoarseTerms, Exported, Precision
from smart_image_scraper.photo import Photo

MakePhoto = Callable[..., Photo]
Add = Callable[..., Photo]
Export = Callable[..., Exported]


def test_a_photo_with_a_coarse_term_tells_its_country_only(
    add: Add, make_photo: MakePhoto, export: Export, tmp_path: Path
) -> None:
    add(make_photo("flickr:1", tags=("macacanigra",)))
    add(make_photo("flickr:2"))

    export("json-lines", coarse_terms=CoarseTerms.of(["macaca nigra"]), coordinates=Precision.EXACT)

    lines = (tmp_path / "out" / "photos.jsonl").read_text().splitlines()
    coarse, exact = map(json.loads, lines)
    assert (coarse["coordinates"], coarse["place"]["country"]) == (None, "Malaysia")
    assert exact["coordinates"] == {"latitude": 5.8394, "longitude": 118.1172}


def test_what_names_the_place_of_a_photo_with_a_coarse_term_is_left_out(
    add: Add, make_photo: MakePhoto, export: Export, tmp_path: Path
) -> None:
    words = ("macacanigra", "tangkoko", "batuputih")
    kinds = ("taxonomy:binomial=Macaca nigra", "taxonomy:place=x", "foursquare:venue=Tangkoko")
    named = {"title": "At Tangkoko", "description": "Batuputih, Tangkoko"}
    add(make_photo("flickr:1", tags=words, raw_tags=words, machine_tags=kinds, **named))

    export("json-lines", coarse_terms=CoarseTerms.of(["Macaca nigra"]))

    told = json.loads((tmp_path / "out" / "photos.jsonl").read_text())
    assert (told["title"], told["description"], told["tags"]) == ("[…]", "[…]", ["macacanigra"])
    for path in (tmp_path / "out").iterdir():
        assert "tangkoko" not in path.read_text().casefold(), path.name
        assert "batuputih" not in path.read_text().casefold(), path.name
    assert (
        "titles, descriptions and tags, which may name"
        in (tmp_path / "out" / "README.md").read_text()
    )


def test_with_personal_fields_a_photo_with_a_coarse_term_keeps_what_was_written(
    add: Add, make_photo: MakePhoto, vault: Vault, export: Export, tmp_path: Path
) -> None:
    terms = CoarseTerms.of(["macaca nigra"])
    add(make_photo("flickr:1", tags=("macacanigra", "tangkoko"), title="At Tangkoko"))

    export("json-lines", coarse_terms=terms, with_personal=True, vault=vault)

    told = json.loads((tmp_path / "out" / "photos.jsonl").read_text())
    assert (told["title"], told["tags"]) == ("At Tangkoko", ["macacanigra", "tangkoko"])
    assert (told["coordinates"], told["place"]["city"]) == (None, None)
    assert "and may name the place" in (tmp_path / "out" / "README.md").read_text()
