import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from smart_image_scraper.export.attribution import (
    attribution_line,
    credit_of,
    write_licenses,
)
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.photo import License, Owner, Photo

MakePhoto = Callable[..., Photo]
MakeEntry = Callable[..., Entry]
PAGE = "https://www.flickr.com/photo.gne?id=1489"


def test_a_credit_names_title_source_and_licence(make_photo: MakePhoto) -> None:
    credit = credit_of(make_photo(title="Little\n monkey"), License("cc-by-2.0"))

    assert credit == (
        f"“Little monkey”, {PAGE}, CC BY 2.0 (https://creativecommons.org/licenses/by/2.0/)"
    )


@pytest.mark.parametrize(
    ("owner", "author"),
    [
        (Owner(id="1@N01", name="bea", real_name="Bea Miller"), "Bea Miller"),
        (Owner(id="1@N01", name="bea", real_name=""), "bea"),
        (Owner(id="1@N01"), "1@N01"),
    ],
)
def test_a_credit_names_the_author_where_personal_fields_are_open(
    make_photo: MakePhoto, owner: Owner, author: str
) -> None:
    credit = credit_of(make_photo(owner=owner), License("cc0-1.0"))

    assert f"“Little monkey” by {author}, {PAGE}, CC0 1.0" in credit


def test_a_credit_that_the_owner_asks_for_goes_in_place_of_the_names(
    make_photo: MakePhoto, make_entry: MakeEntry
) -> None:
    owner = Owner(id="commons:Bee", name="B. Ees", credit="Photo:\nBee / *Wikimedia* Commons")

    credit = credit_of(make_photo("commons:7", owner=owner), License("cc0-1.0"))
    line = attribution_line(make_entry("commons:7", owner=owner))

    asked = "Photo: Bee / *Wikimedia* Commons"
    assert f"“Little monkey”, {asked}, https://commons.wikimedia.org/?curid=7, CC0" in credit
    assert r", Photo: Bee / \*Wikimedia\* Commons, [CC BY 2.0]" in line


def test_an_account_at_commons_is_no_author_since_it_may_be_the_uploaders(
    make_photo: MakePhoto,
) -> None:
    credit = credit_of(make_photo("commons:7", owner=Owner(id="commons:Bee")), License("cc0-1.0"))

    assert "Bee" not in credit


def test_a_photo_without_title_and_page_is_credited_by_its_id(make_photo: MakePhoto) -> None:
    credit = credit_of(make_photo("folder:ab", title=""), License.UNKNOWN)

    assert credit == "“Untitled”, folder:ab, Unknown licence"


def test_a_credit_turns_no_licence_around(make_photo: MakePhoto) -> None:
    credit = credit_of(make_photo(title="\u202egpj\u2066.yeknom\x00"), License("cc0-1.0"))

    assert credit.startswith(f"“gpj.yeknom”, {PAGE}, CC0 1.0")


def test_a_line_links_the_page_and_the_licence(make_entry: MakeEntry) -> None:
    line = attribution_line(make_entry(title="A *wild* [monkey](x)\n# head <script>"))

    assert line == (
        "- `flickr-1489.jpg`: "
        rf"[A \*wild\* \[monkey\]\(x\) \# head \<script\>]({PAGE}), "
        "[CC BY 2.0](https://creativecommons.org/licenses/by/2.0/)\n"
    )


def test_a_title_turns_no_licence_around(make_entry: MakeEntry) -> None:
    entry = make_entry()
    photo = replace(entry.photo, title="\u202egpj\u2066.yeknom\x1b[31m\x00 قرد")

    line = attribution_line(replace(entry, photo=photo))

    assert r"[gpj.yeknom\[31m قرد](" in line


def test_a_line_of_a_photo_without_page_or_licence_has_no_links(make_entry: MakeEntry) -> None:
    entry = make_entry("folder:ab", title=None, file_name=None, owner=Owner(name="b_b"))

    line = attribution_line(replace(entry, license=License.UNKNOWN))

    assert line == "- `folder:ab`: Untitled (folder:ab) by b\\_b, Unknown licence\n"


def test_the_licences_are_counted_the_most_frequent_first(tmp_path: Path) -> None:
    counts = {License("cc0-1.0"): 2, License("cc-by-2.0"): 5, License.UNKNOWN: 2}

    path = write_licenses(counts, folder=tmp_path)

    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["license"], row["photos"]) for row in rows] == [
        ("cc-by-2.0", "5"),
        ("cc0-1.0", "2"),
        ("unknown", "2"),
    ]
    assert rows[0]["url"] == "https://creativecommons.org/licenses/by/2.0/"
