import lzma
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.errors import GeocodeError
from smart_image_scraper.geocode import Geocoder, archive
from smart_image_scraper.geocode.archive import Archive, Source

SOURCE = Source(
    name="made", package="none 1.0", date=date(2026, 1, 2), licence="CC0-1.0", attribution="nobody"
)


def made(*numbers: int) -> Archive:
    arrays = {"numbers": np.array(numbers, dtype=np.int32)}
    return Archive(form="made", sources=(SOURCE,), facts={"é": [1]}, arrays=arrays)


@given(numbers=st.lists(st.integers(-(2**31), 2**31 - 1)))
def test_a_file_reads_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[int]
) -> None:
    path = tmp_path_factory.mktemp("archive") / "made.xz"
    archive.write(path, made(*numbers))

    read = archive.read(path, form="made")

    assert (read.form, read.sources, read.facts) == ("made", (SOURCE,), {"é": [1]})
    assert read.arrays["numbers"].tolist() == numbers


def test_the_same_content_makes_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "two"):
        archive.write(tmp_path / name, made(1, 2, 3))

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(GeocodeError, match="borders.xz: the data .* is missing; install") as caught:
        Geocoder.load(tmp_path)

    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("at", [0.0, 0.02, 0.5, 0.99])
def test_a_damaged_file_is_refused(tmp_path: Path, at: float) -> None:
    path = tmp_path / "made.xz"
    archive.write(path, made(*range(0, 100_000, 7)))
    content = bytearray(path.read_bytes())
    content[int(at * len(content))] ^= 0x55
    path.write_bytes(content)

    with pytest.raises(GeocodeError, match="is damaged .*; install smart-image-scraper again"):
        archive.read(path, form="made")


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "made.xz"
    archive.write(path, made(*range(1000)))
    path.write_bytes(path.read_bytes()[:-30])

    with pytest.raises(GeocodeError, match="is damaged"):
        archive.read(path, form="made")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}\n",
        b"[]\n",
        b"no JSON\n",
        b'{"form":"made","version":2}\n',
        b'{"form":"made","version":1}\n',
        b'{"form":"made","version":1,"sources":[],"facts":{},"arrays":{"a":["|O",1]}}\n12345678',
        b'{"form":"made","version":1,"sources":[],"facts":{},"arrays":{"a":["|u1",9]}}\n1234',
        b'{"form":"made","version":1,"sources":[],"facts":{},"arrays":{}}\n1234',
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "made.xz"
    path.write_bytes(lzma.compress(content))

    with pytest.raises(GeocodeError, match="is damaged"):
        archive.read(path, form="made")


def test_files_that_were_not_made_together_are_refused(tmp_path: Path) -> None:
    for name in ("borders", "countries"):
        (tmp_path / f"{name}.xz").write_bytes((archive.DATA / f"{name}.xz").read_bytes())
    places = Archive(form="places", sources=(SOURCE,), facts={"countries": ["PH"]}, arrays={})
    archive.write(tmp_path / "places.xz", places)

    with pytest.raises(GeocodeError, match="were not made together; install"):
        Geocoder.load(tmp_path)


def test_every_data_file_names_its_sources_and_licences() -> None:
    licences = {
        form: {source.licence for source in archive.read_header(path, form=form).sources}
        for form in ("borders", "places", "countries")
        if (path := archive.DATA / f"{form}.xz")
    }

    assert licences == {
        "borders": {"ODbL-1.0"},
        "places": {"CC-BY-4.0"},
        "countries": {"Unicode-3.0", "CC-BY-4.0"},
    }
