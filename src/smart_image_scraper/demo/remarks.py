"""Demo: what members write about made photos: comments, and notes on parts of a picture."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from smart_image_scraper.demo.members import COMMENTERS, SYLLABLES, made_phrase
from smart_image_scraper.demo.record import MadePhoto, Member

_TEXTS = (
    "{phrase}",
    "{phrase}!!! 🐒",
    "<b>{phrase}</b>\n\n(L'heure & the place: <i>unknown</i>)",
    '{phrase}\n\n<a href="https://www.example.org/{number}/" rel="nofollow">example.org</a>',
    "[https://www.flickr.com/groups/{number}@N25/] {phrase}",
    '&lt;3 "{phrase}"',
    "Seen in a group;\n\n\n{phrase} 👍🏽",
)
_NOTED_SHARE = 0.05
_MAX_NOTES = 4
_DAY = 86_400
_CACHED_PHOTOS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment or a note.

    Attributes:
        number: The last part of its id.
        author: Never the photo's owner.
        text: As it was typed: may hold HTML, entities, empty lines, any script.
        phrase: A part of the text without markup, which occurs nowhere else.
        created: Unix time.
        box: Of a note: x, y, width and height on the picture of 500 pixels; ``None`` of a comment.
    """

    number: int
    author: Member
    text: str
    phrase: str
    created: int
    box: tuple[int, int, int, int] | None = None


@lru_cache(maxsize=_CACHED_PHOTOS)
def comments_on(photo: MadePhoto) -> tuple[Remark, ...]:
    """Return a photo's comments, the oldest first: as many as searches say that there are."""
    rng = random.Random(f"comments {photo.id}")  # noqa: S311 — made texts need no secrets
    drawn = (rng.expovariate(1 / (60 * _DAY)) for _ in range(photo.comments))
    moments = sorted(photo.uploaded + int(seconds) for seconds in drawn)
    return tuple(
        _remark(rng, number=position, created=created) for position, created in enumerate(moments)
    )


@lru_cache(maxsize=_CACHED_PHOTOS)
def notes_on(photo: MadePhoto) -> tuple[Remark, ...]:
    """Return the notes on a photo; most have none."""
    if photo.share("notes") >= _NOTED_SHARE:
        return ()
    rng = random.Random(f"notes {photo.id}")  # noqa: S311 — made texts need no secrets
    count = rng.randint(1, _MAX_NOTES)
    return tuple(
        _remark(rng, number=number, created=photo.uploaded, box=_box(rng))
        for number in range(count)
    )


def personal_texts(photo: MadePhoto) -> Iterator[str]:
    """Yield all that tells who owns a photo, who wrote about it, and what.

    Every text is without markup, and occurs nowhere but where it is told.
    """
    yield from photo.owner.texts
    for remark in (*comments_on(photo), *notes_on(photo)):
        yield from remark.author.texts
        yield remark.phrase


def _remark(
    rng: random.Random, *, number: int, created: int, box: tuple[int, int, int, int] | None = None
) -> Remark:
    script = rng.choices(range(len(SYLLABLES)), weights=(5, 1, 1, 1, 1, 1, 1))[0]
    phrase = made_phrase(rng, script, words=3)
    return Remark(
        number=number,
        author=rng.choice(COMMENTERS),
        text=rng.choice(_TEXTS).format(phrase=phrase, number=rng.randrange(10**6, 10**7)),
        phrase=phrase,
        created=created,
        box=box,
    )


def _box(rng: random.Random) -> tuple[int, int, int, int]:
    return rng.randint(0, 400), rng.randint(0, 250), rng.randint(20, 90), rng.randint(20, 90)
