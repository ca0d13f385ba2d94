from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from smart_image_scraper.export.copies import copy_photo
from smart_image_scraper.export.entry import Entry


def test_a_copy_has_the_same_content_and_is_a_file_of_its_own(
    make_entry: Callable[..., Entry], tmp_path: Path
) -> None:
    (tmp_path / "source").write_bytes(b"photo")
    (tmp_path / "to").mkdir()
    entry = replace(make_entry(), file=str(tmp_path / "source"))

    copy_photo(entry, tmp_path / "to")

    copy = tmp_path / "to" / "flickr-1489.jpg"
    assert copy.read_bytes() == b"photo"
    copy.write_bytes(b"changed")
    assert (tmp_path / "source").read_bytes() == b"photo"
