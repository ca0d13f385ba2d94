# ruff: noqa: RUF001 — words in other scripts are meant to be
"""Demo: the members who own made photos, and those who write about them."""

import random

from smart_image_scraper.demo.record import Member

SYLLABLES = (
    ("zor", "vel", "qua", "myr", "thax", "brin", "ulf", "kex", "oph", "jund"),
    ("ва", "рух", "мижь", "тэл", "зок", "йем"),
    ("ヴォ", "ゾル", "ムグ", "ペヌ", "ヌワ", "リョ"),
    ("زغو", "طبي", "خنو", "ضرا", "ثفي", "ظلو"),
    ("צופ", "זיח", "טוק", "גלי", "נפו", "שחי"),
    ("ฌอม", "ฆุล", "ฐิบ", "ธัฟ", "ฬอง", "ฮึด"),
    ("ढौं", "झुघ", "ठिव", "णाफ", "ञोल", "घृत"),
)
"""Of no language, in seven scripts: what is made of them occurs nowhere else."""

_OWNERS = 40
_COMMENTERS = 90
_ALIAS_SHARE = 0.7
_REAL_NAME_SHARE = 0.6
_HOME_SHARE = 0.5
_ABOUT_SHARE = 0.3
# Of the authors of 1,329 recorded comments on one photo, 120 had deleted their accounts.
_DELETED_SHARE = 0.09
_OPTED_OUT = frozenset({12, 25, 38})


def made_phrase(rng: random.Random, script: int, *, words: int) -> str:
    """Return words of no language in one script, three or four syllables each."""
    syllables = SYLLABLES[script]
    return " ".join("".join(rng.choices(syllables, k=rng.randint(3, 4))) for _ in range(words))


def _name(rng: random.Random, script: int) -> str:
    return " ".join(part.title() for part in made_phrase(rng, script, words=2).split())


def _owners() -> tuple[Member, ...]:
    rng = random.Random("members")  # noqa: S311 — made people need no secrets
    tales = random.Random("tales")  # noqa: S311 — as above
    members = []
    for number in range(_OWNERS):
        script = rng.choices((0, 1, 2), weights=(8, 1, 1))[0]
        alias = f"{_name(rng, 0).lower().replace(' ', '_')}_{number}"
        members.append(
            Member(
                nsid=f"{rng.randint(10_000_000, 199_999_999)}@N{rng.randint(0, 8):02d}",
                name=_name(rng, script),
                alias=alias if rng.random() < _ALIAS_SHARE else "",
                real_name=_name(rng, 0) if rng.random() < _REAL_NAME_SHARE else "",
                opted_out=number in _OPTED_OUT,
                home=_home(tales),
                about=_about(tales),
            )
        )
    return tuple(members)


def _commenters() -> tuple[Member, ...]:
    rng = random.Random("commenters")  # noqa: S311 — made people need no secrets
    members = []
    for number in range(_COMMENTERS):
        script = rng.choices(range(len(SYLLABLES)), weights=(8, 2, 2, 1, 1, 1, 1))[0]
        alias = f"{_name(rng, 0).lower().replace(' ', '-')}-{number}"
        is_deleted = rng.random() < _DELETED_SHARE
        # Flickr calls who left by two small words, and by the same in capitals as their real name.
        name = _name(rng, 0).lower() if is_deleted else _name(rng, script)
        real_name = name.title() if is_deleted else _name(rng, 0)
        members.append(
            Member(
                nsid=f"{rng.randint(10_000_000, 199_999_999)}@N{rng.randint(0, 8):02d}",
                name=name,
                alias=alias if not is_deleted and rng.random() < _ALIAS_SHARE else "",
                real_name=real_name if is_deleted or rng.random() < _REAL_NAME_SHARE else "",
                opted_out=False,
                home=_home(rng),
                about=_about(rng),
                is_deleted=is_deleted,
            )
        )
    return tuple(members)


def _home(rng: random.Random) -> str:
    return _name(rng, 0) if rng.random() < _HOME_SHARE else ""


def _about(rng: random.Random) -> str:
    return made_phrase(rng, 0, words=4).capitalize() if rng.random() < _ABOUT_SHARE else ""


MEMBERS = _owners()
"""The owners of all made photos, the same at every seed."""

COMMENTERS = _commenters()
"""Who writes comments and notes; none of them owns a photo."""
