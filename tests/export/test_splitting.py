import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
import pytest

from smart_image_scraper.errors import UsageError
from smart_image_scraper.export.splitting import Shares, Split, Splitter
from smart_image_scraper.photo import (
    DuplicateGroup,
    DuplicateKind,
    EncryptedPhoto,
    Photo,
    PhotoId,
)

MakePhoto = Callable[..., Photo]
Labelled = tuple[EncryptedPhoto, Mapping[str, bool]]
CONCEPTS = ("monkey", "cage")
MEANS = (0.3, 0.05, 0.6)
SHARES = Shares.parse("80/10/10")


def photo(number: int, *, owner: int | None = None, alike: Iterable[int] = ()) -> EncryptedPhoto:
    groups = tuple(
        DuplicateGroup(kind=DuplicateKind.COPY, group=f"flickr:{group}", best=False)
        for group in alike
    )
    made = Photo(id=PhotoId(f"flickr:{number}"), duplicates=groups)
    return EncryptedPhoto(photo=made, owner_index=None if owner is None else owner.to_bytes(16))


def ten_thousand(seed: int) -> Iterator[Labelled]:
    """Photos of 300 owners, few of whom have many, and in 500 groups of near-duplicates.

    Every fiftieth group is of photos of different owners. Each owner has a taste.
    """
    rng = random.Random(seed)
    owners = rng.choices(range(300), [(rank + 1) ** -0.7 for rank in range(300)], k=10_000)
    alike: dict[int, list[int]] = {}
    for group in range(500):
        same = [at for at in range(10_000) if owners[at] == owners[group]]
        among = range(10_000) if group % 50 == 0 else same
        for member in rng.sample(among, min(rng.randint(2, 5), len(among))):
            alike.setdefault(member, []).append(group)
    taste = [(rng.random(), rng.random() ** 2) for _ in range(300)]
    for number, owner in enumerate(owners):
        labels = {
            concept: rng.random() < share
            for concept, share in zip(CONCEPTS, taste[owner], strict=True)
        }
        yield photo(number, owner=owner, alike=alike.get(number, ())), labels


def split_of(photos: Iterable[Labelled], *, shares: Shares = SHARES, seed: int = 0) -> Split:
    splitter = Splitter(CONCEPTS)
    for encrypted, labels in photos:
        splitter.add(encrypted, labels=labels)
    return splitter.split(shares, seed=seed)


def sides_of(photos: Sequence[Labelled], split: Split) -> dict[object, set[str | None]]:
    """Return the parts in which each owner, and each group of near-duplicates, is."""
    sides: dict[object, set[str | None]] = {}
    for encrypted, _ in photos:
        part = split.of(encrypted.photo.id)
        marks = [encrypted.owner_index, *(each.group for each in encrypted.photo.duplicates)]
        for mark in marks:
            if mark is not None:
                sides.setdefault(mark, set()).add(part)
    return sides


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("text", ["80/10/10", "80/20"])
def test_ten_thousand_photos_are_split_evenly_and_without_a_leak(text: str, seed: int) -> None:
    photos, shares = list(ten_thousand(seed)), Shares.parse(text)

    split = split_of(photos, shares=shares, seed=seed)

    assert {len(sides) for sides in sides_of(photos, split).values()} == {1}
    parts = {
        part: [at for at in photos if split.of(at[0].photo.id) == part] for part in split.names
    }
    for share, members in zip(shares.of, parts.values(), strict=True):
        assert len(members) / len(photos) == pytest.approx(share, abs=0.02)
        for concept in CONCEPTS:
            of_all = sum(labels[concept] for _, labels in photos) / len(photos)
            of_part = sum(labels[concept] for _, labels in members) / len(members)
            assert of_part == pytest.approx(of_all, abs=0.02)
    assert (split.crossing, split.is_uneven) == (0, False)


def test_who_is_joined_over_others_is_on_one_side() -> None:
    chain = [
        photo(1, owner=1),
        photo(2, owner=1, alike=[7]),
        photo(3, owner=2, alike=[7, 8]),
        photo(4, alike=[8]),
    ]
    others = [photo(number) for number in range(10, 50)]

    split = split_of([(each, {}) for each in (*chain, *others)])

    assert len({split.of(each.photo.id) for each in chain}) == 1
    assert (split.groups, split.largest) == (41, 4)
    assert (split.without_owner, split.alike) == (41, 3)


def test_equal_files_are_on_one_side(make_photo: MakePhoto) -> None:
    same = [EncryptedPhoto(photo=make_photo(f"flickr:{number}")) for number in (1, 2, 3)]
    others = [photo(number) for number in range(10, 50)]

    split = split_of([(each, {}) for each in (*same, *others)])

    assert len({split.of(each.photo.id) for each in same}) == 1


def test_a_split_is_the_same_for_the_same_photos_and_seed() -> None:
    photos = list(ten_thousand(3))

    one, other, third = (split_of(photos, seed=seed) for seed in (5, 5, 6))

    assert np.array_equal(one.parts, other.parts)
    assert not np.array_equal(one.parts, third.parts)


def test_an_owner_with_half_of_the_photos_makes_it_uneven_and_that_is_said() -> None:
    photos = [(photo(number, owner=1 if number < 500 else number), {}) for number in range(1_000)]

    split = split_of(photos, shares=Shares.parse("34/33/33"))

    assert (split.is_uneven, split.largest, split.crossing) == (True, 500, 0)


def test_owners_with_many_of_the_photos_are_evened_out_by_the_others() -> None:
    """Taken as they come, the large ones first, these end with test photos of one taste."""
    rng = random.Random(4)
    owners = rng.choices(range(300), [4_000, 1_440, 700, *[13] * 297], k=10_000)
    taste = [[rng.betavariate(4 * mean, 4 - 4 * mean) for mean in MEANS] for _ in range(300)]
    photos: list[Labelled] = [
        (
            photo(number, owner=owner),
            {f"{at}": rng.random() < p for at, p in enumerate(taste[owner])},
        )
        for number, owner in enumerate(owners)
    ]
    splitter = Splitter(["0", "1", "2"])
    for encrypted, labels in photos:
        splitter.add(encrypted, labels=labels)

    split = splitter.split(SHARES, seed=0)

    assert (split.crossing, split.is_uneven) == (0, False)


def test_a_photo_that_was_not_there_is_in_no_part() -> None:
    split = split_of([(photo(2), {}), (photo(4), {})])

    assert [split.of(PhotoId(f"flickr:{number}")) for number in (1, 3, 9)] == [None, None, None]


def test_no_photos_are_split_too() -> None:
    split = split_of([])

    assert (split.groups, split.crossing, split.deviation) == (0, 0, 0.0)
    assert split.of(PhotoId("flickr:1")) is None


def test_one_photo_is_for_training() -> None:
    split = split_of([(photo(1), {"monkey": True})])

    assert split.of(PhotoId("flickr:1")) == "train"


def test_what_has_no_label_is_a_class_of_its_own() -> None:
    said: list[dict[str, bool]] = [{"monkey": True}, {"monkey": False}, {}]
    photos = [(photo(number), said[number % 3]) for number in range(300)]

    split = split_of(photos)

    of_part = Counter((split.of(each.photo.id), labels.get("monkey")) for each, labels in photos)
    assert {of_part["test", label] for label in (True, False, None)} == {10}


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("80/10/10", {"train": 0.8, "validation": 0.1, "test": 0.1}),
        ("70/30", {"train": 0.7, "test": 0.3}),
    ],
)
def test_shares_are_read_in_per_cent(text: str, shares: dict[str, float]) -> None:
    read = Shares.parse(text)

    assert dict(zip(read.names, read.of, strict=True)) == shares


@pytest.mark.parametrize(
    "text", ["", "100", "80/10", "80/10/20", "100/0", "a/b", "8/1/1", "-10/110"]
)
def test_what_is_no_split_is_a_wrong_use(text: str) -> None:
    with pytest.raises(UsageError, match="is no split; write 80/10/10 for train, validation"):
        Shares.parse(text)
