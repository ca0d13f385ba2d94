# ruff: noqa: PLR2004 — the many small probabilities are easiest to read where they are used
"""Demo: the records of made photos, the same for the same seed on every machine."""

import random
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any, TypeVar

from smart_image_scraper.demo.members import MEMBERS
from smart_image_scraper.demo.record import MadePhoto, Scene
from smart_image_scraper.demo.words import (
    BINOMIALS,
    COMMON_TAGS,
    CONCEPTS,
    DESCRIPTIONS,
    SCENE_WEIGHTS,
    SPOTS,
    SYNONYMS,
    TITLES,
    WORDS,
    Spot,
)

_T = TypeVar("_T")
_SCENES = tuple(SCENE_WEIGHTS)
_SCENE_STEPS = tuple(accumulate(SCENE_WEIGHTS.values()))
_SPOT_STEPS = tuple(accumulate(spot.weight for spot in SPOTS))
# About half are free, where at Flickr 5 % are: a demo shows more with them.
_LICENSES = tuple(range(17))
_LICENSE_STEPS = tuple(accumulate((50, 5, 4, 4, 9, 6, 2, 2, 2, 4, 3, 2, 2, 1, 1, 2, 1)))
_WORDS = {concept: tuple(words.split()) for concept, words in WORDS.items()}
_TAG_WORDS = {concept: words + SYNONYMS.get(concept, ()) for concept, words in _WORDS.items()}
_LANGUAGES = 13
_DIMENSIONS = ((1024, 768), (1600, 1200), (2048, 1365), (2048, 1536), (3264, 2448), (640, 480))
_DIMENSION_STEPS = tuple(accumulate((25, 25, 20, 15, 5, 10)))
_FIRST_UPLOAD = int(datetime(2008, 1, 1, tzinfo=UTC).timestamp())
_LAST_UPLOAD = int(datetime(2024, 12, 31, tzinfo=UTC).timestamp())
_DAY = 86_400
_DROPPED = dict.fromkeys(map(ord, " .,;-_'\"!?#&()"))
_LABEL_NOISE = 0.07

UploadTime = Callable[[random.Random, int], int]
"""From where all that varies comes, and a photo's number: the Unix time of its upload."""


def made_photos(
    count: int, *, seed: int, upload_time: UploadTime | None = None
) -> Iterator[MadePhoto]:
    """Yield made photos; fewer of the same seed are the first of more.

    Args:
        count: How many.
        seed: Other seeds give other photos, of the same members.
        upload_time: Says when each is uploaded; in batches and one by one without it.
    """
    rng = random.Random(f"photos {seed}")  # noqa: S311 — made photos need no secrets
    time_of = upload_time or _usual_times(rng)
    for number in range(count):
        yield _photo(rng, number=number, uploaded=time_of(rng, number))


def _usual_times(rng: random.Random) -> UploadTime:
    busy_days = [rng.randrange(_FIRST_UPLOAD, _LAST_UPLOAD, _DAY) for _ in range(12)]

    def upload_time(rng: random.Random, _number: int) -> int:
        # Uploads come in batches: one day holds as many as a year, one second holds dozens.
        kind = rng.random()
        if kind < 0.7:
            return _FIRST_UPLOAD + int((_LAST_UPLOAD - _FIRST_UPLOAD) * rng.random() ** 0.7)
        day = rng.choice(busy_days)
        return day + (rng.randrange(_DAY) if kind < 0.9 else rng.choice((3_600, 40_000)))

    return upload_time


def _photo(rng: random.Random, *, number: int, uploaded: int) -> MadePhoto:
    scene = _pick(rng, _SCENES, steps=_SCENE_STEPS)
    named = rng.choice(_SCENES) if rng.random() < _LABEL_NOISE else scene
    spot = _pick(rng, SPOTS, steps=_SPOT_STEPS)
    width, height = _pick(rng, _DIMENSIONS, steps=_DIMENSION_STEPS)
    if rng.random() < 0.25:
        width, height = height, width
    views = int(rng.paretovariate(0.8))
    geotag = _geotag(rng, spot)
    return MadePhoto(
        id=str(50_000_000_000 + number * 7_919 + rng.randrange(7_919)),
        server=rng.choice(("65535", "65535", "1720", "8191")),
        owner=rng.choice(MEMBERS),
        width=width,
        height=height,
        # PNG originals are rare, and small here because they are slow to write.
        original_format="png" if width * height < 800_000 and rng.random() < 0.04 else "jpg",
        original_offered=rng.random() < 0.4,
        license=_pick(rng, _LICENSES, steps=_LICENSE_STEPS),
        safety=_pick(rng, (0, 1, 2), steps=(94, 98, 100)),
        content_type=_pick(rng, (0, 1, 2, 3), steps=(94, 96, 99, 100)),
        media="video" if rng.random() < 0.02 else "photo",
        uploaded=uploaded,
        changed=uploaded + int(rng.expovariate(1 / (90 * _DAY))),
        views=views,
        # The longest thread in a recorded reply has 1,329.
        comments=min(int(views * rng.random() / 4), 1_500),
        favorites=int(views * rng.random() / 40),
        scene=scene,
        **_texts(rng, scene=named, spot=spot, geotag=geotag),
        **_taken(rng, uploaded),
        **geotag,
    )


def _texts(
    rng: random.Random, *, scene: Scene, spot: Spot, geotag: dict[str, Any]
) -> dict[str, Any]:
    concepts = CONCEPTS[scene]
    number = rng.randrange(1_000, 9_999)
    language = rng.choice((0, 0, 0, rng.randrange(_LANGUAGES)))
    words = [_WORDS[concept][language] for concept in (*concepts, "wild")[:2]]
    title, described = rng.random(), rng.random()
    if title < 0.04:
        text = ""
    elif title < 0.12:
        text = f"IMG_{number}"
    else:
        text = rng.choice(TITLES).format(*words, place=spot.name, number=number)
    description = ""
    if described > 0.4:
        description = rng.choice(DESCRIPTIONS).format(*words, place=spot.name, number=number)
    tags = _tags(rng, scene=scene, spot=spot, geotag=geotag)
    plain = tuple(dict.fromkeys(normalised(tag) for tag in tags))
    return {"title": text, "description": description, "tags": plain, "raw_tags": tags}


def _tags(
    rng: random.Random, *, scene: Scene, spot: Spot, geotag: dict[str, Any]
) -> tuple[str, ...]:
    tags = [concept for concept in CONCEPTS[scene] if rng.random() < 0.9]
    for concept in CONCEPTS[scene]:
        tags += rng.sample(_TAG_WORDS[concept], k=rng.randint(0, 3))
    tags += rng.sample(COMMON_TAGS, k=rng.randint(0, 5))
    if rng.random() < 0.6:
        tags.append(spot.name)
    if scene in BINOMIALS and rng.random() < 0.1:
        tags.append(f"taxonomy:binomial={BINOMIALS[scene]}")
    if geotag["accuracy"] and rng.random() < 0.1:
        tags.append(f"geo:lat={geotag['latitude']}")
        tags.append(f"geo:lon={geotag['longitude']}")
    return tuple(dict.fromkeys(tags))


def _pick(rng: random.Random, choices: Sequence[_T], *, steps: Sequence[int]) -> _T:
    # As ``rng.choices`` with cumulative weights, without the list that it makes of one.
    return choices[bisect(steps, rng.random() * steps[-1])]


@lru_cache(maxsize=4_096)
def normalised(tag: str) -> str:
    """Return a tag as search replies show it: "German Shepherd" is "germanshepherd" there.

    Machine tags keep their colon and equals sign, and lose the point of a number with all other
    punctuation, as recorded replies do (``geo:lat=45788389``).
    """
    return tag.casefold().translate(_DROPPED)


def _taken(rng: random.Random, uploaded: int) -> dict[str, Any]:
    lag = timedelta(seconds=rng.expovariate(1 / (20 * _DAY)))
    upload = datetime.fromtimestamp(uploaded, UTC).replace(tzinfo=None)
    moment = upload - lag + timedelta(hours=rng.randint(-8, 9))
    kind = rng.random()
    unknown = kind < 0.03
    granularity = 0
    text = moment.isoformat(" ", "seconds")
    if unknown:
        text = upload.isoformat(" ", "seconds")
    elif kind < 0.035:
        text = "0000-00-00 00:00:00"
    elif kind < 0.05:
        granularity, text = 4, f"{moment:%Y-%m}-01 00:00:00"
    elif kind < 0.065:
        granularity, text = 6, f"{moment:%Y}-01-01 00:00:00"
    elif kind < 0.075:
        granularity, text = 8, f"{moment.year - 20}-01-01 00:00:00"
    return {"taken": text, "granularity": granularity, "taken_unknown": unknown}


def _geotag(rng: random.Random, spot: Spot) -> dict[str, Any]:
    kind = rng.random()
    latitude = round(spot.latitude + rng.gauss(0, 0.05), 6)
    longitude = round((spot.longitude + rng.gauss(0, 0.05) + 180) % 360 - 180, 6)
    context = _pick(rng, (0, 1, 2), steps=(80, 88, 100))
    accuracy = rng.choice((16, 16, 16, 14, 11, 6))
    woe_id = spot.woe_id
    if kind < 0.45:
        latitude = longitude = 0
        accuracy, context, woe_id = 0, 0, ""
    elif kind < 0.46:
        latitude = longitude = 0
        accuracy, woe_id = 16, ""
    elif kind < 0.47:
        accuracy = 0
    return {
        "latitude": latitude,
        "longitude": longitude,
        "accuracy": accuracy,
        "context": context,
        "woe_id": woe_id,
    }
