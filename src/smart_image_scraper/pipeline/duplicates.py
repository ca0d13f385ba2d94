"""Pipeline: find the near-duplicates among all photos, and mark the best of each group."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.fingerprint import best_of_groups, group_array, group_bursts
from smart_image_scraper.fingerprint.hashing import CROPS, HASH_BYTES
from smart_image_scraper.photo import DuplicateGroup, DuplicateKind, PhotoId
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.store import Likeness, Store

_Numbers = NDArray[np.int64]
_VIEWS = 1 + len(CROPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicatesSummary:
    """What came of looking for near-duplicates.

    Attributes:
        photos: Photos that were compared; what was not inspected cannot be.
        groups: By kind, how many groups there are. Exact copies are copies, too.
        not_best: Photos that have a better one in one of their groups.
        changed: Photos whose groups are not what they were.
    """

    stage: ClassVar = "duplicates"
    photos: int
    groups: Mapping[DuplicateKind, int]
    not_best: int
    changed: int


def find_duplicates(store: Store, *, progress: Progress) -> DuplicatesSummary:
    """Group all inspected photos that are alike, and record the groups in place of former ones.

    It holds about 400 bytes a photo in memory, and a million takes half a minute.
    """
    with progress.stage("duplicates", total=None) as advance:
        likenesses = []
        for likeness in store.likenesses():
            likenesses.append(likeness)
            advance(1)
        groups = group_likenesses(likenesses)
        changed = store.save_duplicates(groups)
    kinds = Counter(each.kind for of_photo in groups.values() for each in of_photo if each.best)
    return DuplicatesSummary(
        photos=len(likenesses),
        groups={kind: kinds[kind] for kind in DuplicateKind},
        not_best=sum(not all(each.best for each in of_photo) for of_photo in groups.values()),
        changed=changed,
    )


def group_likenesses(
    likenesses: Sequence[Likeness],
) -> dict[PhotoId, tuple[DuplicateGroup, ...]]:
    """Group photos that are alike; those that are like no other are left out."""
    if not likenesses:
        return {}
    exact = _numbers(each.sha256 for each in likenesses)
    kinds = {
        DuplicateKind.EXACT: exact,
        DuplicateKind.COPY: _copies(likenesses, exact=exact),
        DuplicateKind.BURST: _bursts(likenesses),
    }
    pixels = np.array([each.pixels for each in likenesses], dtype=np.int64)
    views = np.array([each.views or 0 for each in likenesses], dtype=np.int64)
    groups: dict[PhotoId, tuple[DuplicateGroup, ...]] = {}
    for kind, first in kinds.items():
        best = best_of_groups(first, pixels=pixels, views=views)
        sizes = np.bincount(first, minlength=len(first))
        for position in map(int, np.flatnonzero(sizes[first] > 1)):
            likeness, winner = likenesses[position], likenesses[int(best[position])]
            entry = DuplicateGroup(kind=kind, group=str(winner.id), best=likeness is winner)
            groups[likeness.id] = (*groups.get(likeness.id, ()), entry)
    return groups


def _numbers(values: Iterable[object]) -> _Numbers:
    """Return for each value the position of the first one that equals it."""
    first: dict[object, int] = {}
    return np.array(
        [first.setdefault(value, position) for position, value in enumerate(values)], dtype=np.int64
    )


def _copies(likenesses: Sequence[Likeness], *, exact: _Numbers) -> _Numbers:
    seen = [
        position
        for position, each in enumerate(likenesses)
        if each.perceptual_hash is not None and each.crop_hashes is not None
    ]
    if not seen:
        return exact
    joined = b"".join(
        (likenesses[position].perceptual_hash or b"") + (likenesses[position].crop_hashes or b"")
        for position in seen
    )
    hashes = np.frombuffer(joined, dtype=np.uint8).reshape(-1, _VIEWS, HASH_BYTES)
    positions = np.array(seen, dtype=np.int64)
    first = exact.copy()
    # Equal files have equal hashes, so that groups of copies hold groups of exact ones whole.
    first[positions] = positions[group_array(hashes)]
    return first


def _bursts(likenesses: Sequence[Likeness]) -> _Numbers:
    blank = bytes(HASH_BYTES)
    wholes = np.frombuffer(
        b"".join(each.perceptual_hash or blank for each in likenesses), dtype=np.uint8
    ).reshape(-1, HASH_BYTES)
    owners = np.array(
        [
            number if each.owner_index is not None and each.perceptual_hash is not None else -1
            for number, each in zip(
                _numbers(each.owner_index for each in likenesses), likenesses, strict=True
            )
        ],
        dtype=np.int64,
    )
    taken_s = np.array(
        [
            np.nan if each.taken is None else each.taken.replace(tzinfo=UTC).timestamp()
            for each in likenesses
        ]
    )
    return group_bursts(wholes, owners=owners, taken_s=taken_s)
