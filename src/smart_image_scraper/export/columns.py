"""Export: what every flat format tells of a photo: named, typed columns."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.leaving import license_when_downloaded
from smart_image_scraper.export.letters import with_sign_for_signs
from smart_image_scraper.export.texts import LEFT_OUT
from smart_image_scraper.shards import Kind

Value: TypeAlias = str | int | float | bool | datetime | tuple[str, ...] | None
"""What a column holds of an entry; ``None`` if it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column.

    Attributes:
        name: In small letters, words joined by ``_``, but for the concept in ``label_…`` and
            ``score_…``, which is as it was given.
        kind: What its values are.
        about: What it says, in a sentence, for people and for Croissant.
        value: Takes its value from an entry.
    """

    name: str
    kind: Kind
    about: str
    value: Callable[[Entry], Value]


def columns(concepts: Sequence[str] = (), *, personal: bool = False) -> tuple[Column, ...]:
    """Return the columns of a data set, in order.

    Args:
        concepts: What the photos are labelled for: each has a ``label_…`` and a ``score_…``.
        personal: Whether to have the columns of personal fields, too.
    """
    of_concepts = [column for concept in concepts for column in _of_concept(concept)]
    return (*_COLUMNS, *of_concepts, *(_PERSONAL if personal else ()))


def plain_names(names: Iterable[str]) -> list[str]:
    """Return names without signs and spaces, for what takes none; no two of them are the same."""
    plain: list[str] = []
    for name in names:
        wanted, number = with_sign_for_signs(name, "_"), 1
        while (found := wanted if number == 1 else f"{wanted}_{number}") in plain:
            number += 1
        plain.append(found)
    return plain


def _of_concept(concept: str) -> tuple[Column, Column]:
    return (
        Column(
            name=f"label_{concept}",
            kind=Kind.BOOLEAN,
            about=f"Whether the photo shows: {concept}.",
            value=lambda entry: entry.labels.get(concept),
        ),
        Column(
            name=f"score_{concept}",
            kind=Kind.REAL,
            about=f"How sure the model is that the photo shows: {concept}; 0 to 1.",
            value=lambda entry: entry.scores.get(concept),
        ),
    )


def _of(part: str, name: str) -> Callable[[Entry], Value]:
    """Return what takes a value from a part of a photo that may not be there."""

    def take(entry: Entry) -> Any:  # noqa: ANN401 — as typed as the parts are
        return getattr(getattr(entry.photo, part), name, None)

    return take


def _of_camera(name: str) -> Callable[[Entry], Value]:
    """Return what takes a value that the file says, or where it is silent, the site."""
    by_file, by_site = _of("inspection", name), _of("stated_camera", name)

    def take(entry: Entry) -> Value:
        told = by_file(entry)
        return by_site(entry) if told is None else told

    return take


def _search_terms(entry: Entry) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.term for hit in entry.photo.searches if hit.term))


def _license_when_downloaded(entry: Entry) -> str | None:
    license_ = license_when_downloaded(entry.photo)
    return None if license_ is None else license_.word


def _taken(entry: Entry) -> str | None:
    taken = entry.photo.taken
    return None if taken is None else taken.local.isoformat(timespec="seconds")


def _columns(
    *rows: tuple[str, Kind, str, Callable[[Entry], Value]],
) -> tuple[Column, ...]:
    return tuple(
        Column(name=name, kind=kind, about=about, value=value) for name, kind, about, value in rows
    )


_WORDS = f"Its owner's words; {LEFT_OUT} where something was left out."
_COLUMNS = _columns(
    (
        "id",
        Kind.TEXT,
        "The site that holds the photo, a colon, its id there.",
        lambda e: e.photo.id,
    ),
    ("file_name", Kind.TEXT, "The photo's file, without a folder.", lambda e: e.file_name),
    ("split", Kind.TEXT, "train, validation or test.", lambda e: e.split),
    ("page_url", Kind.TEXT, "The photo's page at its site.", lambda e: e.photo.page_url),
    ("title", Kind.TEXT, _WORDS, lambda e: e.photo.title),
    ("description", Kind.TEXT, _WORDS, lambda e: e.photo.description),
    ("tags", Kind.TEXTS, "Its tags, as the site compares them.", lambda e: e.photo.tags),
    ("machine_tags", Kind.TEXTS, "Its tags for machines.", lambda e: e.photo.machine_tags),
    ("search_terms", Kind.TEXTS, "The searches that found it.", _search_terms),
    ("license", Kind.TEXT, "The licence that it is passed on under.", lambda e: e.license.word),
    ("license_url", Kind.TEXT, "The licence's own page.", lambda e: e.license.url),
    (
        "license_now",
        Kind.TEXT,
        "Its licence when its site was last asked.",
        lambda e: e.photo.license.word,
    ),
    (
        "license_when_downloaded",
        Kind.TEXT,
        "Its licence when its file was fetched.",
        _license_when_downloaded,
    ),
    ("credit", Kind.TEXT, "What to write beside the photo.", lambda e: e.credit),
    ("taken", Kind.TEXT, "When it was taken, local time.", _taken),
    ("taken_granularity", Kind.TEXT, "How exact that is.", _of("taken", "granularity")),
    ("uploaded_at", Kind.MOMENT, "When it was uploaded.", lambda e: e.photo.uploaded_at),
    (
        "checked_at",
        Kind.MOMENT,
        "When its site was last seen to show it.",
        lambda e: e.photo.checked_at,
    ),
    ("latitude", Kind.REAL, "In degrees, WGS 84.", _of("coordinates", "latitude")),
    ("longitude", Kind.REAL, "In degrees, WGS 84.", _of("coordinates", "longitude")),
    ("country_code", Kind.TEXT, "ISO 3166-1 alpha-2, or XK.", _of("place", "country_code")),
    ("country", Kind.TEXT, "The country's name.", _of("place", "country")),
    ("region", Kind.TEXT, "The first administrative division.", _of("place", "region")),
    ("city", Kind.TEXT, "The city, town or village.", _of("place", "city")),
    ("views", Kind.INTEGER, "How often its page was seen.", lambda e: e.photo.views),
    ("favorite_count", Kind.INTEGER, "How many marked it.", lambda e: e.photo.favorite_count),
    ("comment_count", Kind.INTEGER, "How many comments it has.", lambda e: e.photo.comment_count),
    (
        "safety",
        Kind.INTEGER,
        "Flickr's 0 safe, 1 moderate, 2 restricted.",
        lambda e: e.photo.safety,
    ),
    ("sha256", Kind.TEXT, "Of the file's content.", _of("file", "sha256")),
    ("media_type", Kind.TEXT, "Of the file.", _of("file", "media_type")),
    ("bytes", Kind.INTEGER, "The file's length.", _of("file", "bytes")),
    ("width", Kind.INTEGER, "In pixels, before any turning.", _of("file", "width")),
    ("height", Kind.INTEGER, "In pixels, before any turning.", _of("file", "height")),
    ("file_url", Kind.TEXT, "Where the file was downloaded from.", _of("file", "url")),
    ("camera_make", Kind.TEXT, "The camera's maker.", _of_camera("make")),
    ("camera_model", Kind.TEXT, "The camera's model.", _of_camera("model")),
    ("lens", Kind.TEXT, "The lens's model.", _of_camera("lens")),
    ("focal_length_mm", Kind.REAL, "The lens's own focal length.", _of_camera("focal_length_mm")),
    ("f_number", Kind.REAL, "The aperture.", _of_camera("f_number")),
    ("exposure_s", Kind.REAL, "The exposure, in seconds.", _of_camera("exposure_s")),
    ("iso", Kind.INTEGER, "The sensitivity.", _of_camera("iso")),
    (
        "sharpness",
        Kind.REAL,
        "Below about 0.02 a photo looks blurred.",
        _of("inspection", "sharpness"),
    ),
    ("brightness", Kind.REAL, "The mean, 0 to 1.", _of("inspection", "brightness")),
    ("contrast", Kind.REAL, "Of brightness, 0 to 0.5.", _of("inspection", "contrast")),
    (
        "colourfulness",
        Kind.REAL,
        "0 for grey, over 80 for a lot.",
        _of("inspection", "colourfulness"),
    ),
)

_PERSONAL = _columns(
    ("owner_id", Kind.TEXT, "The account's id at the site.", _of("owner", "id")),
    ("owner_name", Kind.TEXT, "The account's display name.", _of("owner", "name")),
    ("owner_path_alias", Kind.TEXT, "The account's name in addresses.", _of("owner", "path_alias")),
    ("owner_real_name", Kind.TEXT, "The name that the owner gives.", _of("owner", "real_name")),
    ("owner_credit", Kind.TEXT, "How the owner asks to be credited.", _of("owner", "credit")),
    ("exif", Kind.TEXT, "The file's metadata, as JSON.", lambda e: e.photo.exif),
)
