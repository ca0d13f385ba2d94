"""The labels that a service gave a photo: words with scores, from which concepts are scored."""

from dataclasses import dataclass
from datetime import datetime

from smart_image_scraper.photo.record import Photo, PhotoId


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One thing that a service saw in a picture.

    Attributes:
        description: In the service's words: ``Rhesus macaque``.
        score: How sure it is, 0..1.
        mid: The entity's id in Google's Knowledge Graph, such as ``/m/04rky``; ``None`` if it has
            none.
        topicality: How much the picture is about it, 0..1; ``None`` if the service does not say.
    """

    description: str
    score: float
    mid: str | None = None
    topicality: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoLabels:
    """All labels that a service gave a photo, whatever concepts they are for.

    Attributes:
        photo: Whose.
        model: The service's model and its revision, as in a ``Score``.
        picture: Which picture was looked at, by :func:`picture_of`.
        labels: As the service ordered them; empty if it saw nothing.
        floor: What is not among the labels has a lower score than this.
        at: When, in UTC.
    """

    photo: PhotoId
    model: str
    picture: str
    labels: tuple[Label, ...]
    floor: float
    at: datetime


def picture_of(photo: Photo) -> str | None:
    """Return the SHA-256 that tells a photo's picture from another; ``None`` without a file.

    It is the one of the file as it was fetched: taking the metadata out does not change a pixel.
    """
    if photo.file is None:
        return None
    return photo.inspection.fetched_sha256 if photo.inspection else photo.file.sha256
