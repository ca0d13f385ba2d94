import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mlcroissant
import pytest

from smart_image_scraper.export import FORMATS, Exported
from smart_image_scraper.photo import Photo

# mlcroissant's own: it calls rdflib and pandas in ways that these will give up.
pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame"),
]

MakePhoto = Callable[..., Photo]
Export = Callable[..., Exported]


@pytest.fixture
def filled(
    add: Callable[..., Photo], make_photo: MakePhoto, make_jpeg: Callable[..., bytes]
) -> None:
    for at, views in enumerate((817, None, 3)):
        photo = make_photo(f"flickr:{at}", title=f"Monkey {at}", views=views)
        add(photo, content=make_jpeg(at))


def described(folder: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((folder / "croissant.json").read_text())
    return values


def records(folder: Path) -> Iterator[dict[str, Any]]:
    yield from mlcroissant.Dataset(jsonld=folder / "croissant.json").records("photos")


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("form", FORMATS)
def test_mlcroissant_validates_it_without_a_warning(
    export: Export, tmp_path: Path, caplog: pytest.LogCaptureFixture, form: str
) -> None:
    export(form)

    with caplog.at_level(logging.WARNING):
        dataset = mlcroissant.Dataset(jsonld=tmp_path / "out" / "croissant.json")

    assert dataset.metadata.ctx.issues.report() == ""
    assert [each.getMessage() for each in caplog.records] == []


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("form", FORMATS)
def test_its_records_are_the_photos(export: Export, tmp_path: Path, form: str) -> None:
    export(form)

    read = list(records(tmp_path / "out"))

    assert [row["photos/title"] for row in read] == [b"Monkey 0", b"Monkey 1", b"Monkey 2"]
    # COCO and FiftyOne have ids of their own.
    assert form in {"coco", "fiftyone"} or read[0]["photos/id"] == b"flickr:0"


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("form", FORMATS)
def test_a_concept_of_any_words_is_described(
    export: Export, tmp_path: Path, caplog: pytest.LogCaptureFixture, form: str
) -> None:
    export(form, concepts=("toy monkey", "toy_monkey", "サル", "it's a/b", 'a"b\\c'))

    with caplog.at_level(logging.WARNING):
        read = list(records(tmp_path / "out"))

    assert len(read) == 3
    assert [each.getMessage() for each in caplog.records] == []


@pytest.mark.usefixtures("filled")
def test_nothing_searched_for_is_no_web_api(export: Export, tmp_path: Path) -> None:
    export()

    told = described(tmp_path / "out")
    assert told["rai:dataCollection"].endswith("no search is recorded.")
    assert "rai:dataCollectionType" not in told


@pytest.mark.usefixtures("filled")
def test_it_says_what_the_rai_vocabulary_asks_for(export: Export, tmp_path: Path) -> None:
    export()

    dataset = mlcroissant.Dataset(jsonld=tmp_path / "out" / "croissant.json")

    assert "Flickr" in "".join(dataset.metadata.data_biases)
    assert "No owner is named." in dataset.metadata.personal_sensitive_information
    assert dataset.metadata.license == ["https://creativecommons.org/licenses/by/2.0/"]


@pytest.mark.usefixtures("filled")
def test_a_file_has_its_digest_and_images_are_a_set(export: Export, tmp_path: Path) -> None:
    export()

    distribution = {each["@id"]: each for each in described(tmp_path / "out")["distribution"]}
    assert distribution["images"]["includes"] == ["*/*/*"]
    assert distribution["images"]["encodingFormat"] == ["image/jpeg"]
    assert len(distribution["README.md"]["sha256"]) == 64
    assert "croissant.json" not in distribution
