import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.fingerprint import perceptual_hash
from smart_image_scraper.photo import (
    DuplicateGroup,
    DuplicateKind,
    EncryptedPhoto,
    Filter,
    Granularity,
    Owner,
    Photo,
    PhotoId,
    Stage,
    TakenDate,
)
from smart_image_scraper.pipeline import DuplicatesSummary, find_duplicates, inspect
from smart_image_scraper.pipeline.duplicates import group_likenesses
from smart_image_scraper.store import Likeness, Store
from tests.made.photos import inspection, keep_file, stored_file

EXACT, COPY, BURST = DuplicateKind.EXACT, DuplicateKind.COPY, DuplicateKind.BURST
NOON = datetime(2020, 5, 1, 12)
ALL_STAGES = (Stage.SEARCH, Stage.DOWNLOAD, Stage.INSPECT)


@cache
def picture(seed: int) -> Image.Image:
    rough = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    return Image.fromarray(rough).resize((480, 360), Image.Resampling.BICUBIC)


@cache
def alike(seed: int) -> Image.Image:
    """Return the picture a moment later: what is in it has moved, more than in any copy."""
    small = picture(seed).crop((60, 50, 440, 350)).resize((480, 360))
    return Image.blend(picture(seed), small, 0.45)


def jpeg(image: Image.Image, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", **options)
    return file.getvalue()


def photo_id(number: int) -> PhotoId:
    return PhotoId(f"flickr:{number}")


def likeness(number: int, image: Image.Image | None = None, **facts: Any) -> Likeness:
    """Return the likeness of a photo with a file and picture of its own."""
    seen = perceptual_hash(image or picture(number))
    usual: dict[str, Any] = {
        "sha256": f"{number:064x}",
        "perceptual_hash": seen and seen.whole,
        "crop_hashes": seen and seen.crops,
        "pixels": 480 * 360,
        "views": None,
        "owner_index": None,
        "taken": None,
    }
    return Likeness(id=photo_id(number), **(usual | facts))


def grouped(*likenesses: Likeness) -> dict[int, set[tuple[DuplicateKind, int, bool]]]:
    """Group photos, and say by number in which groups each is and whether it is the best."""
    groups = group_likenesses(likenesses)
    return {
        int(photo.native): {
            (each.kind, int(PhotoId(each.group).native), each.best) for each in of_photo
        }
        for photo, of_photo in groups.items()
    }


def burst(number: int, image: Image.Image, **facts: Any) -> Likeness:
    return likeness(number, image, **({"owner_index": b"o" * 16, "taken": NOON} | facts))


def test_photos_that_are_like_no_other_are_in_no_group() -> None:
    assert grouped(likeness(1), likeness(2), likeness(3)) == {}


def test_nothing_has_no_groups() -> None:
    assert group_likenesses([]) == {}


def test_the_same_file_is_an_exact_copy_and_a_copy() -> None:
    found = grouped(likeness(1), likeness(2, picture(1), sha256=f"{1:064x}"), likeness(3))

    assert found == {
        1: {(EXACT, 1, True), (COPY, 1, True)},
        2: {(EXACT, 1, False), (COPY, 1, False)},
    }


def test_exact_copies_are_found_though_there_is_nothing_to_see_in_them() -> None:
    white = Image.new("RGB", (480, 360), "white")

    found = grouped(
        likeness(1, white),
        likeness(2, white, sha256=f"{1:064x}"),
        likeness(3, white),
        likeness(4),
    )

    assert found.keys() == {1, 2}
    assert {kind for kind, _, _ in found[1]} == {EXACT, COPY}


@pytest.mark.parametrize(
    "copy",
    [
        picture(1).resize((240, 180)),
        Image.open(BytesIO(jpeg(picture(1), quality=30))).convert("RGB"),
        picture(1).crop((24, 18, 456, 342)),
    ],
    ids=["resized", "recompressed", "cropped"],
)
def test_a_changed_copy_is_a_copy_and_no_exact_one(copy: Image.Image) -> None:
    found = grouped(likeness(1), likeness(2, copy), likeness(3))

    assert found == {1: {(COPY, 1, True)}, 2: {(COPY, 1, False)}}


def test_the_largest_is_the_best_and_names_the_group() -> None:
    found = grouped(
        likeness(1, picture(1), pixels=100, views=9),
        likeness(2, picture(1), pixels=300, views=1),
        likeness(3, picture(1), pixels=200, views=5),
    )

    assert found == {1: {(COPY, 2, False)}, 2: {(COPY, 2, True)}, 3: {(COPY, 2, False)}}


def test_of_the_largest_the_most_viewed_is_the_best() -> None:
    found = grouped(
        likeness(1, picture(1)), likeness(2, picture(1), views=5), likeness(3, picture(1), views=2)
    )

    assert {number for number, groups in found.items() if (COPY, 2, True) in groups} == {2}


def test_one_owners_photos_of_the_same_within_seconds_are_a_burst() -> None:
    found = grouped(
        burst(1, picture(1)), burst(2, alike(1), taken=NOON + timedelta(seconds=2), views=3)
    )

    assert found == {1: {(BURST, 2, False)}, 2: {(BURST, 2, True)}}


@pytest.mark.parametrize(
    "other",
    [
        burst(2, alike(1), owner_index=b"x" * 16),
        burst(2, alike(1), owner_index=None),
        burst(2, alike(1), taken=NOON + timedelta(seconds=60)),
        burst(2, alike(1), taken=None),
        burst(2, picture(2)),
        burst(2, alike(1), perceptual_hash=None, crop_hashes=None),
    ],
    ids=["another owner", "no owner", "later", "no date", "another picture", "nothing to see"],
)
def test_what_is_not_of_one_owner_one_moment_and_one_thing_is_no_burst(other: Likeness) -> None:
    assert grouped(burst(1, picture(1)), other) == {}


def test_photos_without_owner_or_picture_are_no_burst_of_each_other() -> None:
    nothing = {"perceptual_hash": None, "crop_hashes": None}

    ownerless = grouped(
        burst(1, picture(1), owner_index=None), burst(2, alike(1), owner_index=None)
    )
    blank = grouped(burst(1, picture(1), **nothing), burst(2, picture(1), **nothing))

    assert (ownerless, blank) == ({}, {})


class Shelf:
    """A store with photos that were inspected."""

    def __init__(self, store: Store, vault: Vault, *, progress: Any) -> None:
        self.store = store
        self.vault = vault
        self.progress = progress

    def put(self, number: int, image: Image.Image, *, pixels: int = 100, **facts: Any) -> None:
        seen = perceptual_hash(image)
        assert seen is not None
        sha256 = hashlib.sha256(image.tobytes()).hexdigest()
        found = inspection(
            fetched_sha256=sha256, perceptual_hash=seen.whole, crop_hashes=seen.crops
        )
        file = stored_file(sha256, bytes=100, width=pixels)
        photo = Photo(id=photo_id(number), file=file, inspection=found, **facts)
        self.store.put([self.vault.seal(photo)], stages=ALL_STAGES)

    def find(self) -> DuplicatesSummary:
        return find_duplicates(self.store, progress=self.progress)

    def groups(self, number: int) -> set[tuple[DuplicateKind, str, bool]]:
        photo = next(self.store.get([photo_id(number)])).photo
        return {(each.kind, each.group, each.best) for each in photo.duplicates}

    def best(self) -> set[int]:
        found = self.store.find(Filter(without_duplicates=True))
        return {int(each.photo.id.native) for each in found}


@pytest.fixture
def shelf(store: Store, vault: Vault, progress: Any) -> Shelf:
    """A picture's smaller copy, the picture, the same file again, and another picture."""
    shelf = Shelf(store, vault, progress=progress)
    shelf.put(1, picture(1).resize((240, 180)), pixels=50)
    shelf.put(2, picture(1))
    shelf.put(3, picture(1), views=7)
    shelf.put(4, picture(4))
    return shelf


def test_groups_are_recorded_and_counted(shelf: Shelf) -> None:
    summary = shelf.find()

    assert shelf.groups(1) == {(COPY, "flickr:3", False)}
    assert shelf.groups(2) == {(EXACT, "flickr:3", False), (COPY, "flickr:3", False)}
    assert shelf.groups(3) == {(EXACT, "flickr:3", True), (COPY, "flickr:3", True)}
    assert shelf.groups(4) == set()
    assert summary == DuplicatesSummary(
        photos=4, groups={EXACT: 1, COPY: 1, BURST: 0}, not_best=2, changed=3
    )
    assert shelf.progress.done == {"duplicates": 4}


def test_of_duplicates_only_the_best_is_found_if_asked(shelf: Shelf) -> None:
    before = shelf.best()

    shelf.find()

    assert before == {1, 2, 3, 4}
    assert shelf.best() == {3, 4}


def test_a_photo_that_is_not_inspected_is_its_own_best(shelf: Shelf, store: Store) -> None:
    store.put([EncryptedPhoto(photo=Photo(id=photo_id(9)))])

    summary = shelf.find()

    assert summary.photos == 4
    assert 9 in shelf.best()


def test_a_second_run_changes_nothing(shelf: Shelf, store: Store) -> None:
    first = shelf.find()
    before = list(store._database["photos"].find())

    second = shelf.find()

    assert second == replace(first, changed=0)
    assert list(store._database["photos"].find()) == before


def test_a_group_that_is_none_any_more_is_removed(shelf: Shelf, store: Store) -> None:
    shelf.find()
    store.forget_files([each.photo for each in store.get([photo_id(2), photo_id(3)])])
    shelf.put(2, picture(2))
    shelf.put(3, picture(3))

    summary = shelf.find()

    assert summary.changed == 3
    assert [shelf.groups(number) for number in (1, 2, 3, 4)] == [set()] * 4
    assert shelf.best() == {1, 2, 3, 4}


def test_another_search_leaves_groups_as_they_are(shelf: Shelf, store: Store) -> None:
    shelf.find()
    before = shelf.groups(1)

    store.put([EncryptedPhoto(photo=Photo(id=photo_id(1), title="another title"))])

    assert shelf.groups(1) == before


def test_an_empty_store_has_no_groups(store: Store, progress: Any) -> None:
    summary = find_duplicates(store, progress=progress)

    assert summary == DuplicatesSummary(
        photos=0, groups={EXACT: 0, COPY: 0, BURST: 0}, not_best=0, changed=0
    )


@pytest.mark.parametrize(("granularity", "bursts"), [("second", 1), ("month", 0)])
def test_a_date_that_is_known_by_month_makes_no_burst(
    store: Store, vault: Vault, progress: Any, *, granularity: str, bursts: int
) -> None:
    shelf = Shelf(store, vault, progress=progress)
    for number, image in ((1, picture(1)), (2, alike(1))):
        taken = TakenDate(local=NOON, granularity=Granularity(granularity))
        shelf.put(number, image, taken=taken, owner=Owner(id="jane"))

    summary = shelf.find()

    assert summary.groups == {EXACT: 0, COPY: 0, BURST: bursts}


def test_real_files_are_grouped_by_what_inspection_found(
    store: Store, progress: Any, vault: Vault, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x013B] = "Jane Doe"
    files = {
        1: jpeg(picture(1), exif=exif),
        2: jpeg(picture(1), exif=exif),
        3: jpeg(picture(1).resize((240, 180)), quality=40),
        4: jpeg(picture(4)),
    }
    for number, content in files.items():
        width, height = Image.open(BytesIO(content)).size
        file = keep_file(content, workspace=tmp_path, width=width, height=height)
        photo = Photo(id=photo_id(number), file=file, owner=Owner(id=f"owner {number}"))
        store.put([vault.seal(photo)], stages=(Stage.SEARCH, Stage.DOWNLOAD))
    inspect(store, vault, workspace=tmp_path, where=Filter(), progress=progress)

    summary = find_duplicates(store, progress=progress)

    groups = next(store.get([photo_id(3)])).photo.duplicates
    assert groups == (DuplicateGroup(kind=COPY, group="flickr:1", best=False),)
    assert summary.groups == {EXACT: 1, COPY: 1, BURST: 0}
