"""Serve: what the gallery shows of a photo."""

from collections.abc import Mapping
from dataclasses import dataclass

from smart_image_scraper.photo import PhotoId


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the gallery shows of a photo; nothing of it is personal.

    Attributes:
        id: Which photo.
        title: As its owner wrote it; ``None`` without one.
        width: Of its file as people see it, in pixels; ``None`` without a file.
        height: Likewise.
        taken: Local time, ``2016-12-01T10:11:12``; ``None`` if unknown.
        granularity: How much of ``taken`` is known: ``second``, ``day``, ``month``, ``year``,
            ``circa``.
        country: ISO 3166-1 alpha-2.
        license: The licence's word.
        views: How often it was seen.
        terms: The searches that found it.
        scores: By concept, the probability by the model that scored the concept last; ``None`` if
            that model has not scored it, or answered that it is below its floor.
        verdict: What a person said last of the photo as a whole: ``accept``, ``reject``.
        verdicts: Likewise by concept; those without one are left out.
        picture: The first 16 hexadecimal digits of its file's SHA-256; ``None`` without a file.
        gone: Whether its site does not show it any more.
        duplicates: How many near-duplicates of it there are.
        page_url: Its page at its site.
    """

    id: PhotoId
    title: str | None
    width: int | None
    height: int | None
    taken: str | None
    granularity: str | None
    country: str | None
    license: str
    views: int | None
    terms: tuple[str, ...]
    scores: Mapping[str, float | None]
    verdict: str | None
    verdicts: Mapping[str, str]
    picture: str | None
    gone: bool
    duplicates: int
    page_url: str | None
