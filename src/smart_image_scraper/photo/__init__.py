"""The types that every stage shares: a photo, its parts, and its encrypted form."""

from smart_image_scraper.photo.dates import Granularity, TakenDate
from smart_image_scraper.photo.filter import Filter
from smart_image_scraper.photo.geography import BoundingBox, Coordinates, Place, PlaceMatch
from smart_image_scraper.photo.inspection import (
    Disagreement,
    DuplicateGroup,
    DuplicateKind,
    Inspection,
    Signal,
)
from smart_image_scraper.photo.labels import Label, PhotoLabels, picture_of
from smart_image_scraper.photo.license import License
from smart_image_scraper.photo.record import (
    Failure,
    Owner,
    Photo,
    PhotoId,
    SearchHit,
    Size,
    Stage,
    StoredFile,
)
from smart_image_scraper.photo.scoring import Comparison, Score, Scoring, Threshold
from smart_image_scraper.photo.sealed import EncryptedPhoto, Token

__all__ = [
    "BoundingBox",
    "Comparison",
    "Coordinates",
    "Disagreement",
    "DuplicateGroup",
    "DuplicateKind",
    "EncryptedPhoto",
    "Failure",
    "Filter",
    "Granularity",
    "Inspection",
    "Label",
    "License",
    "Owner",
    "Photo",
    "PhotoId",
    "PhotoLabels",
    "Place",
    "PlaceMatch",
    "Score",
    "Scoring",
    "SearchHit",
    "Signal",
    "Size",
    "Stage",
    "StoredFile",
    "TakenDate",
    "Threshold",
    "Token",
    "picture_of",
]
