from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import DatasetCard

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import UsageError
from smart_image_scraper.export import (
    FORMATS,
    Exported,
    ExportOptions,
    Precision,
    Shares,
    export_data_set,
)
from smart_image_scraper.export.card import size_category
from smart_image_scraper.photo import (
    Filter,
    License,
    Photo,
    Score,
    Scoring,
    SearchAccount,
    Threshold,
)
from smart_image_scraper.search.inaturalist import CLAUSE
from smart_image_scraper.store import Run, Store

MakePhoto = Callable[..., Photo]
Add = Callable[..., Photo]
Export = Callable[..., Exported]
Fill = Callable[..., None]
WriteCard = Callable[..., str]
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def fill(add: Add, make_photo: MakePhoto, make_jpeg: Callable[..., bytes]) -> Fill:
    """Put photos under these licences into the store; the files of each site are its own."""

    def put(*words: str, site: str = "flickr", **changes: Any) -> None:
        for at, word in enumerate(words):
            photo = make_photo(f"{site}:{at}", license=License(word), **changes)
            add(photo, content=make_jpeg(at, comment=site.encode()))

    return put


@pytest.fixture
def write_card(export: Export, tmp_path: Path) -> WriteCard:
    """Export a data set, and return its card."""

    def call(*form: str, **options: Any) -> str:
        export(*form, **options)
        return (tmp_path / "out" / "README.md").read_text()

    return call


def head(text: str) -> Mapping[str, Any]:
    values: dict[str, Any] = DatasetCard(text).data.to_dict()
    return values


def test_the_hub_reads_the_cards_head(fill: Fill, write_card: WriteCard) -> None:
    fill("cc-by-2.0", "cc0-1.0")

    card = write_card(name='Monkeys: "wild", or not')

    assert head(card) == {
        "pretty_name": 'Monkeys: "wild", or not',
        "license": ["cc-by-2.0", "cc0-1.0"],
        "size_categories": ["n<1K"],
        "task_categories": ["image-classification"],
        "tags": ["image", "smart-image-scraper"],
    }


def test_photos_of_inaturalist_bring_what_its_terms_forbid(
    fill: Fill, write_card: WriteCard
) -> None:
    fill("cc-by-2.0")
    fill("cc-by-4.0", "cc-by-4.0", site="inaturalist")

    card = write_card()

    assert "2 photos are from iNaturalist, whose terms of use say" in card
    assert f"“{CLAUSE}”" in card


def test_a_card_counts_photos_by_site_and_promises_no_refresh_of_other_sites_than_flickr(
    fill: Fill, write_card: WriteCard
) -> None:
    fill("cc-by-2.0")
    of_flickr = write_card()
    fill("cc-by-4.0", site="commons")

    card = write_card(instead=True)

    assert "| commons | 1 |" in card
    assert "| flickr | 1 |" in card
    assert "took away from Flickr are erased with `sis refresh`" in of_flickr
    assert "other sites (1 here)" in card
    assert "other sites" not in of_flickr


def test_without_photos_of_inaturalist_its_terms_are_not_told(
    fill: Fill, write_card: WriteCard
) -> None:
    fill("cc-by-2.0")

    card = write_card()

    assert "iNaturalist" not in card


def test_a_licence_that_the_hub_does_not_know_is_another_one(
    fill: Fill, write_card: WriteCard
) -> None:
    fill("cc-by-2.0", "cc-by-nd-2.0")

    card = write_card()

    assert head(card)["license"] == ["cc-by-2.0", "other"]
    assert head(card)["license_name"] == "see-licenses.csv"
    assert head(card)["license_link"] == "LICENSES.csv"


@pytest.mark.parametrize("form", ["csv", "json-lines", "parquet"])
def test_who_trains_on_a_table_is_told_that_all_splits_are_in_it(
    fill: Fill, write_card: WriteCard, form: str
) -> None:
    fill("cc-by-2.0", "cc-by-2.0")

    card = write_card(form, split=Shares.parse("50/50"))

    assert "`datasets` loads all rows as `all_splits`; the column `split` says" in card


@pytest.mark.parametrize(
    ("form", "split", "paths"),
    [
        ("webdataset", None, {"train": "*.tar"}),
        ("webdataset", Shares.parse("50/50"), {"train": "train/*.tar", "test": "test/*.tar"}),
        ("csv", None, {"train": "photos.csv"}),
        ("parquet", None, {"train": "photos.parquet"}),
        ("parquet", Shares.parse("50/50"), {"all_splits": "photos.parquet"}),
    ],
)
def test_the_head_names_the_files_that_have_the_data(
    fill: Fill,
    write_card: WriteCard,
    form: str,
    split: Shares | None,
    paths: dict[str, str],
) -> None:
    fill("cc-by-2.0", "cc-by-2.0")

    card = write_card(form, split=split)

    (told,) = head(card)["configs"]
    assert {each["split"]: each["path"] for each in told["data_files"]} == paths


@pytest.mark.parametrize(
    "form", sorted(set(FORMATS) - {"webdataset", "csv", "parquet", "json-lines"})
)
def test_other_formats_need_no_such_words(fill: Fill, write_card: WriteCard, form: str) -> None:
    fill("cc-by-2.0")

    card = write_card(form)

    assert "configs" not in head(card)


@pytest.mark.parametrize(
    ("form", "told"),
    [("coco", [False]), ("fiftyone", [False]), ("geojson", [False]), ("image-folder", [])],
)
def test_the_hub_does_not_try_to_show_what_it_cannot_read(
    fill: Fill,
    write_card: WriteCard,
    form: str,
    told: list[bool],
) -> None:
    fill("cc-by-2.0")

    card = write_card(form)

    assert [value for name, value in head(card).items() if name == "viewer"] == told


def test_the_card_tells_what_was_searched_for_and_how_complete_that_is(
    fill: Fill, store: Store, write_card: WriteCard
) -> None:
    fill("cc-by-2.0")
    account = SearchAccount(available=900, windows=3)
    store.runs.save(
        Run(
            id="0123456789ab",
            source="flickr",
            term="monkey | wild",
            language="en",
            params={},
            started_at=NOW,
            finished_at=NOW,
            found=881,
            account=account,
        )
    )

    card = write_card()

    assert r"| flickr | monkey \| wild | en | 2026-11-22 | 881 | 900 | 0 |" in card


@pytest.mark.parametrize(("basis", "day"), [("the prompts", "2026-11-22"), ("", "unknown")])
def test_the_card_knows_the_day_of_scores_unless_photos_brought_them(
    fill: Fill,
    store: Store,
    write_card: WriteCard,
    basis: str,
    day: str,
) -> None:
    fill("cc-by-2.0", scores=(Score(concept="monkey", model="m@1", value=0.9),))
    if basis:
        scoring = Scoring(concept="monkey", model="m@1", basis=basis, scored_at=NOW)
        store.scores.save_scoring(scoring)

    card = write_card(labels=(Threshold.parse("monkey>=0.5"),))

    assert f"| m@1 | not calibrated | {day} |" in card


def test_the_card_counts_licences_countries_and_years(fill: Fill, write_card: WriteCard) -> None:
    fill("cc-by-2.0", "cc-by-2.0", "cc0-1.0", place=None)

    card = write_card()

    assert "| CC BY 2.0 | 2 |\n| CC0 1.0 | 1 |\n" in card
    assert "| unknown | 3 |" in card
    assert "| 2016 | 3 |" in card


@pytest.mark.parametrize(
    ("word", "duty"),
    [
        ("cc-by-nc-2.0", "Photos whose licence forbids commercial use (NC): 1."),
        ("cc-by-nd-2.0", "Photos whose licence forbids passing on what was changed"),
        ("cc-by-sa-2.0", "Photos whose licence asks that what is made of them has the same"),
        ("no-known-copyright-restrictions", '1 photos are under "No known copyright restr'),
        ("public-domain", '1 photos are in the "Public domain", as their site says'),
    ],
)
def test_the_card_tells_what_licences_ask_for(
    fill: Fill, write_card: WriteCard, word: str, duty: str
) -> None:
    fill("cc-by-2.0", word)

    card = write_card()

    assert duty in card


def test_the_card_of_plain_licences_tells_no_more_duties(fill: Fill, write_card: WriteCard) -> None:
    fill("cc-by-2.0")

    card = write_card()

    assert "Photos whose licence" not in card
    assert "no free licence" not in card


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        (Precision.EXACT, "Coordinates are exact."),
        (Precision.CELL, "centres of cells of 0.1 by 0.1 degrees"),
        (Precision.COUNTRY, "only the country is told"),
        (Precision.NONE, "Where a photo was taken is not told."),
    ],
)
def test_the_card_tells_how_exact_places_are(
    fill: Fill,
    write_card: WriteCard,
    precision: Precision,
    words: str,
) -> None:
    fill("cc-by-2.0")

    card = write_card("csv", coordinates=precision)

    assert words in card


def test_the_card_does_not_tell_of_searches_that_nobody_recorded(
    fill: Fill, write_card: WriteCard
) -> None:
    fill("cc-by-2.0")

    card = write_card()

    assert "No search is recorded: photos were taken in from files" in card
    assert "| source |" not in card


def test_the_card_of_few_photos_counts_one_as_one(fill: Fill, write_card: WriteCard) -> None:
    fill("cc-by-2.0", "cc0-1.0", "cc-by-4.0")

    card = write_card(split=Shares.parse("50/50"))

    assert "the largest has 1 photo, 33% of all" in card


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        (Precision.EXACT, "are as they wrote them. Handle"),
        (Precision.CELL, "are as they wrote them, but for positions in them. Handle"),
    ],
)
def test_the_card_does_not_call_texts_whole_that_lost_their_positions(
    fill: Fill,
    write_card: WriteCard,
    vault: Vault,
    precision: Precision,
    words: str,
) -> None:
    fill("cc-by-2.0")

    card = write_card("csv", with_personal=True, coordinates=precision, vault=vault)

    assert words in card


@pytest.mark.parametrize(
    ("contact", "whom"), [(None, "to whoever gave you this data set"), ("a@b.org", "to a@b.org")]
)
def test_the_card_tells_how_to_have_a_photo_removed(
    fill: Fill,
    write_card: WriteCard,
    contact: str | None,
    whom: str,
) -> None:
    fill("cc-by-2.0")

    card = write_card("csv", contact=contact)

    assert f"Write {whom}, with the address of the photo's page" in card
    assert "Neither reaches copies." in card


def test_what_others_wrote_is_no_markup(fill: Fill, write_card: WriteCard) -> None:
    fill("cc-by-2.0")

    card = write_card(name="<script>alert(1)</script> [x](y)")

    assert r"# \<script\>alert\(1\)\</script\> \[x\]\(y\)" in card


def test_a_contact_is_no_markup_and_any_name_stands_in_the_head(
    fill: Fill, write_card: WriteCard
) -> None:
    fill("cc-by-2.0")

    card = write_card(name="Monkeys \uffff\ufeff", contact="<b>Ann</b> [x](y)")

    assert r"Write to \<b\>Ann\</b\> \[x\]\(y\), with" in card
    assert head(card)["pretty_name"] == "Monkeys \uffff\ufeff"


@pytest.mark.parametrize("character", ["\n", "\x00", "\x7f", "\x85", "\u2028"])
@pytest.mark.parametrize("field", ["name", "contact"])
def test_what_cannot_stand_on_a_line_of_the_card_is_refused(field: str, character: str) -> None:
    with pytest.raises(UsageError, match="has a line break or another control character"):
        ExportOptions(**{field: f"Ann{character}Example"})  # type: ignore[arg-type]


def test_a_folder_whose_name_cannot_stand_on_a_line_needs_another_name(
    store: Store, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"the data set's name, 'a\\x7fb', has a line break"):
        export_data_set(
            store,
            Filter(),
            to=tmp_path / "a\x7fb",
            form=FORMATS["csv"],
            workspace=tmp_path,
            options=ExportOptions(),
        )


@pytest.mark.parametrize(
    ("photos", "category"),
    [
        (0, "n<1K"),
        (999, "n<1K"),
        (1_000, "1K<n<10K"),
        (200_000, "100K<n<1M"),
        (10**7, "10M<n<100M"),
    ],
)
def test_a_size_has_the_hubs_word(photos: int, category: str) -> None:
    assert size_category(photos) == category
