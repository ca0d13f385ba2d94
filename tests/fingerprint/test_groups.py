from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from smart_image_scraper.fingerprint import (
    PerceptualHash,
    best_of_groups,
    decode,
    group,
    group_array,
    perceptual_hash,
)

MakePicture = Callable[[int], Image.Image]
Encode = Callable[..., bytes]
VIEWS, BYTES = 11, 32


def copies(image: Image.Image) -> Iterator[tuple[Image.Image, int]]:
    """Make copies of a photo as people do, each with the JPEG quality that it is saved with."""
    width, height = image.size
    for share in (0.25, 0.5, 0.9):
        yield image.resize((max(1, int(width * share)), max(1, int(height * share)))), 85
    for quality in (30, 60, 95):
        yield image, quality
    for left, upper, right, lower in (
        (0.05, 0.05, 0.95, 0.95),
        (0.025, 0.025, 0.975, 0.975),
        (0.05, 0, 1, 1),
        (0, 0.05, 1, 1),
        (0, 0, 0.95, 1),
        (0, 0, 1, 0.95),
        (0.05, 0.05, 1, 1),
        (0, 0, 0.95, 0.95),
    ):
        box = (left * width, upper * height, right * width, lower * height)
        yield image.crop(tuple(map(round, box))), 85
    marked = image.copy()
    font = ImageFont.load_default(max(10, height // 16))
    ImageDraw.Draw(marked).text((width * 0.5, height * 0.88), "(c) A. Person", "white", font=font)
    yield marked, 85


def hash_all(images: list[Image.Image], encode: Encode) -> tuple[list[PerceptualHash], list[int]]:
    hashes, photos = [], []
    for photo, image in enumerate(images):
        for copy, quality in [(image, 92), *copies(image)]:
            found = perceptual_hash(decode(encode(copy, quality=quality), name="copy"))
            assert found is not None
            hashes.append(found)
            photos.append(photo)
    return hashes, photos


def pairs(labels: list[int]) -> set[tuple[int, int]]:
    return {(a, b) for a, b in combinations(range(len(labels)), 2) if labels[a] == labels[b]}


def test_copies_are_found_and_nothing_else(make_picture: MakePicture, encode: Encode) -> None:
    hashes, photos = hash_all([make_picture(seed) for seed in range(6)], encode)

    found = group(hashes)

    assert pairs(found.tolist()) == pairs(photos)


def test_copies_of_real_photos_are_found(shared: Path, encode: Encode) -> None:
    # Two files of the set are the same photo, which was found under both terms.
    by_content = {path.read_bytes(): path for path in (shared / "seed" / "photos").iterdir()}
    images = [decode(content, name=path.name) for content, path in by_content.items()]

    hashes, photos = hash_all(images, encode)

    found, expected = pairs(group(hashes).tolist()), pairs(photos)
    assert len(found & expected) >= 0.98 * len(expected)
    assert len(found & expected) >= 0.99 * len(found)


def test_no_photos_have_no_groups() -> None:
    assert group([]).tolist() == []


def test_photos_that_are_all_the_same_are_one_group() -> None:
    hashes = np.full((5000, VIEWS, BYTES), 0b1010, dtype=np.uint8)

    assert set(group_array(hashes).tolist()) == {0}


def test_two_crops_that_are_alike_do_not_make_their_photos_so() -> None:
    hashes = np.random.default_rng(1).integers(0, 256, (2, VIEWS, BYTES), dtype=np.uint8)
    hashes[1, 3] = hashes[0, 5]

    assert group_array(hashes).tolist() == [0, 1]


@given(
    flips=st.lists(st.sets(st.integers(0, 255), max_size=12), min_size=1, max_size=6),
    view=st.integers(0, VIEWS - 1),
)
def test_a_photo_joins_the_group_of_whatever_it_is_near_to(
    flips: list[set[int]], view: int
) -> None:
    hashes = np.random.default_rng(len(flips)).integers(
        0, 256, (2 + len(flips), VIEWS, BYTES), dtype=np.uint8
    )
    for photo, bits in enumerate(flips, start=2):
        flipped = np.unpackbits(hashes[0, view])
        # Near enough to be sure of the index: it may miss one in a thousand further ones.
        flipped[sorted(bits)[:6]] ^= 1
        hashes[photo, 0] = np.packbits(flipped)

    assert group_array(hashes).tolist() == [0, 1] + [0] * len(flips)


def test_the_limit_is_what_is_asked_for() -> None:
    hashes = np.random.default_rng(1).integers(0, 256, (2, VIEWS, BYTES), dtype=np.uint8)
    hashes[1, 0] = hashes[0, 0]
    hashes[1, 0, :2] ^= 0xFF

    assert group_array(hashes, max_distance=16).tolist() == [0, 0]
    assert group_array(hashes, max_distance=15).tolist() == [0, 1]


def test_the_best_of_a_group_is_the_largest_then_the_most_viewed_then_the_first() -> None:
    first = np.array([0, 0, 0, 3, 0, 5, 5])
    pixels = np.array([10, 20, 20, 5, 20, 7, 7])
    views = np.array([99, 4, 8, 1, 8, 2, 2])

    best = best_of_groups(first, pixels=pixels, views=views)

    assert best.tolist() == [2, 2, 2, 3, 2, 5, 5]
