"""Demo: made photos that were uploaded very unevenly, as for an exhaustive search."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from smart_image_scraper.demo.changes import LICENSE_IDS
from smart_image_scraper.demo.making import UploadTime, made_photos
from smart_image_scraper.demo.record import MadePhoto

UNEVEN_TAG = "fieldtrip"
"""Every photo has this tag, so that a search for it finds them all."""

USUAL_BURSTS = (9_000, 5_000, 6_000)
"""How many photos are uploaded within one second, thrice."""

_FIRST_YEAR = 2004
_LAST_YEAR = 2024
_DAY = 86_400
_BUSY_DAYS = 60
_BATCHES = 300
_BATCH_S = 40
_HOURS_OF_A_BUSY_DAY = 6

Burst = Callable[[MadePhoto, random.Random], dict[str, Any]]
"""What the photos of a burst have in common, or do not."""


def uneven_photos(count: int, *, bursts: Sequence[int], seed: int) -> Iterator[MadePhoto]:
    """Yield made photos that anybody may see, no videos, all with ``UNEVEN_TAG``.

    Most are spread over 2004 to 2024: quiet years and busy ones, days with a thousand, seconds with
    dozens. The first ones come in bursts of one second each. Those of the first burst differ in
    nothing but where they were taken, anywhere on Earth; those of the second have every licence;
    those of the third have no geotag and differ in nothing that a search could ask for. The fourth
    is as the first, and so on.

    Args:
        count: How many, bursts included.
        bursts: How many photos each has.
        seed: Other seeds give other photos.

    Raises:
        ValueError: There are more in the bursts than altogether.
    """
    if sum(bursts) > count:
        raise ValueError(f"bursts of {sum(bursts):,} do not fit into {count:,} photos")
    rng = random.Random(f"uneven {seed}")  # noqa: S311 — made photos need no secrets
    burst_of = [number for number, size in enumerate(bursts) for _ in range(size)]
    upload_time = _uneven_times(rng, burst_of)
    for number, photo in enumerate(made_photos(count, seed=seed, upload_time=upload_time)):
        changes: dict[str, Any] = {}
        if number < len(burst_of):
            changes = _BURSTS[burst_of[number] % len(_BURSTS)](photo, rng)
        tags = (*photo.tags, UNEVEN_TAG)
        yield replace(photo, safety=0, media="photo", tags=tags, **changes)


def fitting_bursts(count: int) -> tuple[int, ...]:
    """Return the usual bursts, smaller where they would be more than a third of the photos."""
    scale = min(1, count / 3 / sum(USUAL_BURSTS))
    return tuple(int(size * scale) for size in USUAL_BURSTS)


def _uneven_times(rng: random.Random, burst_of: Sequence[int]) -> UploadTime:
    years = [int(datetime(year, 3, 1, tzinfo=UTC).timestamp()) for year in _years()]
    busy_years = list(accumulate(rng.expovariate(1) ** 2 + 0.01 for _ in years))

    def some_time(rng: random.Random) -> int:
        return rng.choices(years, cum_weights=busy_years)[0] + rng.randrange(300 * _DAY)

    moments = [some_time(rng) for _ in range(1 + max(burst_of, default=0))]
    busy_days = [some_time(rng) for _ in range(_BUSY_DAYS)]
    batches = [some_time(rng) for _ in range(_BATCHES)]

    def upload_time(rng: random.Random, number: int) -> int:
        if number < len(burst_of):
            return moments[burst_of[number]]
        kind = rng.randrange(4)
        if kind == 0:
            return rng.choice(busy_days) + rng.randrange(_HOURS_OF_A_BUSY_DAY * 3_600)
        return rng.choice(batches) + rng.randrange(_BATCH_S) if kind == 1 else some_time(rng)

    return upload_time


def _years() -> range:
    return range(_FIRST_YEAR, _LAST_YEAR + 1)


def _differing_in_places(_photo: MadePhoto, rng: random.Random) -> dict[str, Any]:
    return {
        "license": 0,
        "content_type": 0,
        "latitude": round(rng.uniform(-60, 70), 6),
        "longitude": round(rng.uniform(-180, 180), 6),
        "accuracy": 16,
        "woe_id": "",
    }


def _of_many_licences(_photo: MadePhoto, rng: random.Random) -> dict[str, Any]:
    return {"license": rng.choice(LICENSE_IDS), "content_type": 0}


def _without_places(_photo: MadePhoto, _rng: random.Random) -> dict[str, Any]:
    nowhere = {"latitude": 0, "longitude": 0, "accuracy": 0, "context": 0, "woe_id": ""}
    return {"license": 0, "content_type": 0, **nowhere}


_BURSTS: tuple[Burst, ...] = (_differing_in_places, _of_many_licences, _without_places)
