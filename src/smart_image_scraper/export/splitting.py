"""Export: which photo is for training, which for validation, which for testing.

No owner, file or group of near-duplicates is on two sides, not even over others: who shares an
owner with a photo that is a near-duplicate of a third is on one side with both. Within that, each
class has nearly the share of each side that it has of all.
"""

import hashlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import EncryptedPhoto, PhotoId, picture_of
from smart_image_scraper.train.grouping import join

NAMES = {2: ("train", "test"), 3: ("train", "validation", "test")}
"""What the parts of a split are called, by how many there are."""

_Numbers: TypeAlias = NDArray[np.int64]
_Reals: TypeAlias = NDArray[np.float64]

_ENOUGH = 0.02
_TRIES, _PASSES, _GROUPS_IN_TRIES = 20, 8, 50_000
_STARTS, _MOVES, _LOOKED_AT = 10, 200, 300
_GOOD = 0.005
_NO, _YES = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How much of the photos each part gets.

    Attributes:
        text: As it was written.
        of: The share of each part, in the order of their names; they add up to 1.
    """

    text: str
    of: tuple[float, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``80/10/10`` (train, validation, test) or ``80/20`` (train, test).

        Raises:
            UsageError: It is not two or three whole numbers above 0 that add up to 100.
        """
        parts = text.split("/")
        numbers = [int(part) if part.isascii() and part.isdigit() else 0 for part in parts]
        if len(numbers) not in NAMES or 0 in numbers or sum(numbers) != 100:  # noqa: PLR2004 — per cent
            raise UsageError(
                f"{text!r} is no split; write 80/10/10 for train, validation and test, or 80/20 "
                "for train and test, in per cent, 100 in all"
            )
        return cls(text=text, of=tuple(number / 100 for number in numbers))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts, in order."""
        return NAMES[len(self.of)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Which part each photo is in.

    Attributes:
        names: The parts.
        ids: The photos, sorted.
        parts: Shape (N,): the position in ``names`` of each photo's part.
        groups: How many groups of photos there are that belong on one side.
        largest: How many photos the largest of them has.
        without_owner: How many photos have no owner that could be told from others.
        alike: How many photos are in a group of near-duplicates.
        crossing: How many owners, files and groups of near-duplicates are on two sides, counted
            anew from the photos: 0.
        deviation: How far, at most, a part's share of the photos is from what was asked for, or a
            class's share of a part from its share of all; 0..1.
    """

    names: tuple[str, ...]
    ids: NDArray[np.bytes_]
    parts: NDArray[np.uint8]
    groups: int
    largest: int
    without_owner: int
    alike: int
    crossing: int
    deviation: float

    @property
    def is_uneven(self) -> bool:
        """Whether some share is so far off that it has to be said why."""
        return self.deviation > _ENOUGH

    def of(self, photo_id: PhotoId) -> str | None:
        """Return the part that a photo is in; ``None`` if it was not there when it was split."""
        position = int(np.searchsorted(self.ids, photo_id.encode()))
        if position == len(self.ids) or self.ids[position] != photo_id.encode():
            return None
        return self.names[int(self.parts[position])]


class Splitter:
    """Collects photos and splits them. It holds about 200 bytes a photo.

    Args:
        concepts: What the photos are labelled for: the classes are whether each is shown.
    """

    def __init__(self, concepts: Sequence[str] = ()) -> None:
        self._concepts = concepts
        self._ids: list[bytes] = []
        self._labels = bytearray()
        self._marked = array("q")
        self._marks = array("Q")
        self._without_owner = 0
        self._alike = 0

    def add(self, encrypted: EncryptedPhoto, *, labels: Mapping[str, bool]) -> None:
        """Take a photo in."""
        number = len(self._ids)
        self._ids.append(encrypted.photo.id.encode())
        self._without_owner += encrypted.owner_index is None
        self._alike += bool(encrypted.photo.duplicates)
        self._labels.extend(_code(labels.get(concept)) for concept in self._concepts)
        for mark in _marks(encrypted):
            self._marked.append(number)
            self._marks.append(int.from_bytes(hashlib.blake2b(mark, digest_size=8).digest()))

    def split(self, shares: Shares, *, seed: int) -> Split:
        """Split the photos: equal photos and seeds make equal splits."""
        photos = np.frombuffer(self._marked, np.int64)
        marks = np.unique(np.frombuffer(self._marks, np.uint64), return_inverse=True)[1]
        groups = np.unique(join(photos, marks, count=len(self._ids)), return_inverse=True)[1]
        columns = [np.bincount(groups, weights=each) for each in self._classes()]
        of_groups = np.stack(columns, axis=1).astype(np.float64)
        part_of_group = _assigned(of_groups, shares=shares, seed=seed)
        parts = part_of_group[groups]
        ids = np.array(self._ids, np.bytes_)
        order = np.argsort(ids)
        return Split(
            names=shares.names,
            ids=ids[order],
            parts=parts[order].astype(np.uint8),
            groups=len(of_groups),
            largest=int(of_groups[:, 0].max(initial=0)),
            without_owner=self._without_owner,
            alike=self._alike,
            crossing=_crossing(parts[photos], marks),
            deviation=_deviation(_by_part(of_groups, part_of_group, shares=shares), shares),
        )

    def _classes(self) -> list[NDArray[np.bool_]]:
        """Return who is in each class that has anyone in it; all photos are the first class."""
        labels = np.frombuffer(self._labels, np.uint8)
        classes = [np.ones(len(self._ids), bool)]
        for column in labels.reshape(len(self._ids), len(self._concepts)).T:
            classes += [column == code for code in np.unique(column)]
        return classes


def _code(label: bool | None) -> int:  # noqa: FBT001 — a label is a truth value
    return 0 if label is None else _YES if label else _NO


def _marks(encrypted: EncryptedPhoto) -> Iterator[bytes]:
    photo = encrypted.photo
    if encrypted.owner_index is not None:
        yield b"owner" + encrypted.owner_index
    # As it was fetched: equal files may be stripped at different times.
    if (picture := picture_of(photo)) is not None:
        yield f"file{picture}".encode()
    for each in photo.duplicates:
        yield f"{each.kind}:{each.group}".encode()


def _assigned(of_groups: _Reals, *, shares: Shares, seed: int) -> _Numbers:
    """Choose a part for each group, in several ways, and return what comes nearest."""
    random = np.random.default_rng(seed)
    best, least = np.zeros(len(of_groups), np.int64), np.inf
    # Of many groups, the first order is as good as any, and takes a second.
    tries = min(_TRIES, max(1, _GROUPS_IN_TRIES // max(1, len(of_groups))))
    for attempt in range(tries + _STARTS):
        if attempt < tries:
            # The large ones first, more or less: there are no small ones left to even them out.
            weights = of_groups[:, 0] * random.uniform(0.5, 1, len(of_groups))
            order = np.argsort(-weights, kind="stable")
            parts = _assigned_in_order(order, of_groups, shares=shares)
        else:
            # Where some groups are very large, all of these orders end alike.
            parts = random.choice(len(shares.of), len(of_groups), p=shares.of)
            parts = _evened(parts, of_groups, shares=shares, random=random)
        deviation = _deviation(_by_part(of_groups, parts, shares=shares), shares)
        if deviation < least:
            best, least = parts, deviation
        if least < _GOOD:
            break
    return best


def _evened(
    parts: _Numbers, of_groups: _Reals, *, shares: Shares, random: np.random.Generator
) -> _Numbers:
    """Move the group that makes it most even, again and again, until none does."""
    held = _by_part(of_groups, parts, shares=shares)
    least = float(_off(held, shares))
    everyone = np.arange(len(of_groups))
    for _ in range(_MOVES):
        some = everyone
        if len(everyone) > _LOOKED_AT:
            some = random.integers(len(everyone), size=_LOOKED_AT)
        # By group and by the part that it would move to: what the parts would hold.
        moved = np.repeat(held[None, None], len(some), axis=0).repeat(len(shares.of), axis=1)
        moved[np.arange(len(some)), :, parts[some]] -= of_groups[some, None]
        for part in range(len(shares.of)):
            moved[:, part, part] += of_groups[some]
        off = _off(moved, shares)
        group, part = divmod(int(off.argmin()), len(shares.of))
        if off[group, part] >= least:
            break
        held, least = moved[group, part], float(off[group, part])
        parts[some[group]] = part
    return parts


def _assigned_in_order(order: _Numbers, of_groups: _Reals, *, shares: Shares) -> _Numbers:
    """Put each group where it is most wanted; afterwards, move it for as long as it gets better.

    What is wanted is that each class is in each part as often as its share says; what is off
    weighs as in Pearson's chi-squared test.
    """
    wanted = np.outer(shares.of, of_groups.sum(axis=0))
    held = np.zeros_like(wanted)
    parts = np.full(len(of_groups), -1)
    for _ in range(_PASSES):
        moved = False
        for group in order:
            counts, before = of_groups[group], parts[group]
            if before >= 0:
                held[before] -= counts
            cost = (counts * (counts + 2 * (held - wanted)) / wanted).sum(axis=1)
            part = int(cost.argmin())
            held[part] += counts
            parts[group] = part
            moved |= part != before
        if not moved or _deviation(held, shares) < _GOOD:
            break
    return parts


def _by_part(of_groups: _Reals, parts: _Numbers, *, shares: Shares) -> _Reals:
    return np.stack([of_groups[parts == part].sum(axis=0) for part in range(len(shares.of))])


def _deviation(held: _Reals, shares: Shares) -> float:
    return float(_deviations(held, shares)) if held.any() else 0.0


def _deviations(held: _Reals, shares: Shares) -> _Reals:
    """Return the largest deviation of each table of parts and classes, of which there may be many.

    Args:
        held: Shape (..., parts, classes): photos.
        shares: What is wanted.
    """
    classes = held.sum(axis=-2, keepdims=True)
    photos = classes[..., :1]
    of_photos = held[..., :1] / photos - np.array(shares.of)[:, None]
    # A part without any photo has nothing of any class.
    of_classes = held / np.maximum(held[..., :1], 1) - classes / photos
    largest: _Reals = np.maximum(
        np.abs(of_photos).max(axis=(-2, -1)), np.abs(of_classes).max(axis=(-2, -1))
    )
    return largest


def _off(held: _Reals, shares: Shares) -> _Reals:
    """Return how far off each table is; a rare class counts, too, which moves no share by much."""
    classes = held.sum(axis=-2, keepdims=True)
    wanted = np.array(shares.of)[:, None] * classes
    chi_squared = ((held - wanted) ** 2 / wanted).sum(axis=(-2, -1))
    off: _Reals = _deviations(held, shares) + chi_squared / classes[..., 0, 0]
    return off


def _crossing(parts: _Numbers, marks: _Numbers) -> int:
    """Count the marks that photos in different parts have."""
    first = np.full(int(marks.max(initial=-1)) + 1, -1)
    first[marks] = parts
    return len(np.unique(marks[first[marks] != parts]))
