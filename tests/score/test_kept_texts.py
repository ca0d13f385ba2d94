"""What was read of texts, on disk: by one way of reading, and never the texts themselves."""

from pathlib import Path

import numpy as np
import pytest

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.photo import PhotoId
from smart_image_scraper.score import KeptTexts, ReadTexts, TextFeatures
from smart_image_scraper.score.kept_texts import remove_texts

FEATURES = TextFeatures(masked=("monkey cage",), dimension=64)
PHOTOS = [PhotoId(f"flickr:{number}") for number in (3, 1, 2)]
TEXTS = ["Ueno zoo", "", "a forest, a forest"]


def read(texts: list[str], *, record: int = 1_764_000_000_123) -> ReadTexts:
    return ReadTexts(
        records=np.full(len(texts), float(record)),
        digests=np.arange(len(texts), dtype=np.float64),
        counts=FEATURES.counts(texts),
    )


def test_what_was_read_is_there_in_whatever_order_it_is_asked_for(tmp_path: Path) -> None:
    with KeptTexts.open(tmp_path, features=FEATURES) as kept:
        kept.put(PHOTOS, read(TEXTS))
    with KeptTexts.open(tmp_path, features=FEATURES) as kept:
        found = kept.read(sorted(PHOTOS))

    assert np.array_equal(found.counts, FEATURES.counts([TEXTS[1], TEXTS[2], TEXTS[0]]))
    assert found.digests.tolist() == [1, 2, 0]
    assert found.records.tolist() == [1_764_000_000_123] * 3


def test_a_photo_that_was_not_read_has_no_number_that_looks_like_one(tmp_path: Path) -> None:
    with KeptTexts.open(tmp_path, features=FEATURES) as kept:
        kept.put(PHOTOS[:1], read(TEXTS[:1]))
        found = kept.read(PHOTOS)
        nothing = kept.read([])

    assert np.isnan(found.records).tolist() == [False, True, True]
    assert np.isnan(found.digests).tolist() == [False, True, True]
    assert nothing.counts.shape == (0, 65)


@pytest.mark.parametrize(
    "other",
    [
        TextFeatures(masked=("monkey cage", "zoo"), dimension=64),
        TextFeatures(masked=("monkey cage",), dimension=32),
    ],
)
def test_what_was_read_in_another_way_is_not_known_and_is_replaced(
    tmp_path: Path, other: TextFeatures
) -> None:
    with KeptTexts.open(tmp_path, features=FEATURES) as kept:
        kept.put(PHOTOS, read(TEXTS))
        with KeptTexts.open(tmp_path, features=other) as another:
            unknown = another.read(PHOTOS)
            counts = other.counts(TEXTS)
            another.put(
                PHOTOS[:1], ReadTexts(records=np.ones(1), digests=np.ones(1), counts=counts[:1])
            )
            known = another.read(PHOTOS[:1])
        left = kept.read(PHOTOS)

    assert np.isnan(unknown.records).all()
    assert np.array_equal(known.counts, counts[:1])
    assert np.isnan(left.records).tolist() == [True, False, False]


def test_terms_of_the_same_words_read_the_same_and_share_what_was_read(tmp_path: Path) -> None:
    same = TextFeatures(masked=("Cage", "monkey cage"), dimension=64)
    with KeptTexts.open(tmp_path, features=FEATURES) as kept:
        kept.put(PHOTOS, read(TEXTS))
    with KeptTexts.open(tmp_path, features=same) as kept:
        found = kept.read(PHOTOS)

    assert np.array_equal(found.counts, same.counts(TEXTS))
    assert not np.isnan(found.records).any()


def test_a_text_too_long_for_small_counts_is_not_kept(tmp_path: Path) -> None:
    with KeptTexts.open(tmp_path, features=FEATURES) as kept:
        kept.put(PHOTOS, read(["zoo " * 127, "zoo " * 10_000, "zoo"]))
        found = kept.read(PHOTOS)

    assert np.isnan(found.records).tolist() == [False, True, False]
    assert np.array_equal(found.counts[0], FEATURES.counts(["zoo " * 127])[0])


def test_only_a_text_that_is_still_the_same_is_confirmed(tmp_path: Path) -> None:
    later = read(TEXTS, record=1_764_000_999_999)
    later.digests[2] = 77
    with KeptTexts.open(tmp_path, features=FEATURES) as kept:
        kept.put(PHOTOS, read(TEXTS))
        kept.confirm(PHOTOS, later)
        found = kept.read(PHOTOS)

    assert found.records.tolist() == [1_764_000_999_999] * 2 + [1_764_000_000_123]
    assert np.array_equal(found.counts, FEATURES.counts(TEXTS))


def test_neither_texts_nor_photos_that_were_removed_can_be_read_in_the_file(
    tmp_path: Path,
) -> None:
    with KeptTexts.open(tmp_path, features=FEATURES) as kept:
        kept.put(PHOTOS, read(TEXTS))

        remove_texts(tmp_path, PHOTOS[:2])
        remove_texts(tmp_path, PHOTOS[:2])

        assert np.isnan(kept.read(PHOTOS).records).tolist() == [True, True, False]
    bytes_left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"flickr:2" in bytes_left
    assert not any(word in bytes_left for word in (b"flickr:3", b"flickr:1", b"Ueno", b"forest"))


def test_where_nothing_was_kept_nothing_is_removed(tmp_path: Path) -> None:
    remove_texts(tmp_path / "embeddings", PHOTOS)

    assert not (tmp_path / "embeddings").exists()


def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "texts.sqlite").write_text("no database" * 100)

    with pytest.raises(WorkspaceError, match=r"texts\.sqlite: .*remove the file, and it is made"):
        KeptTexts.open(tmp_path, features=FEATURES)
