"""The types that every stage shares: a photo, its parts, and its encrypted form."""

from smart_image_scraper.photo.account import SaturatedWindow, SearchAccount
from smart_image_scraper.photo.dates import Granularity, TakenDate
from smart_image_scraper.photo.details import (
    Comment,
    CommentTally,
    Note,
    StatedCamera,
    StatedName,
    StatedPlace,
)
from smart_image_scraper.photo.filter import Filter
from smart_image_scraper.photo.geography import BoundingBox, Coordinates, Place, PlaceMatch
from smart_image_scraper.photo.inspection import (
    Disagreement,
    DuplicateGroup,
    DuplicateKind,
    Inspection,
)
from smart_image_scraper.photo.license import License
from smart_image_scraper.photo.record import (
    DETAILS,
    Failure,
    Owner,
    Photo,
    PhotoId,
    Score,
    SearchHit,
    Size,
    Stage,
    StoredFile,
)
from smart_image_scraper.photo.refresh import Gone, GoneReason, Relicensing
from smart_image_scraper.photo.sealed import EncryptedPhoto, Token

__all__ = [
    "DETAILS",
    "BoundingBox",
    "Comment",
    "CommentTally",
    "Coordinates",
    "Disagreement",
    "DuplicateGroup",
    "DuplicateKind",
    "EncryptedPhoto",
    "Failure",
    "Filter",
    "Gone",
    "GoneReason",
    "Granularity",
    "Inspection",
    "License",
    "Note",
    "Owner",
    "Photo",
    "PhotoId",
    "Place",
    "PlaceMatch",
    "Relicensing",
    "SaturatedWindow",
    "Score",
    "SearchAccount",
    "SearchHit",
    "Size",
    "Stage",
    "StatedCamera",
    "StatedName",
    "StatedPlace",
    "StoredFile",
    "TakenDate",
    "Token",
]
