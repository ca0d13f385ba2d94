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
    Signal,
)
from smart_image_scraper.photo.labels import Label, PhotoLabels, picture_of
from smart_image_scraper.photo.license import License
from smart_image_scraper.photo.record import (
    DETAILS,
    Failure,
    Owner,
    Photo,
    PhotoId,
    SearchHit,
    Size,
    Stage,
    StoredFile,
)
from smart_image_scraper.photo.refresh import TOLD, Gone, GoneReason, Relicensing
from smart_image_scraper.photo.review import Judgement, Verdict
from smart_image_scraper.photo.scoring import Comparison, Score, Scoring, Threshold
from smart_image_scraper.photo.sealed import EncryptedPhoto, Token

__all__ = [
    "DETAILS",
    "TOLD",
    "BoundingBox",
    "Comment",
    "CommentTally",
    "Comparison",
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
    "Judgement",
    "Label",
    "License",
    "Note",
    "Owner",
    "Photo",
    "PhotoId",
    "PhotoLabels",
    "Place",
    "PlaceMatch",
    "Relicensing",
    "SaturatedWindow",
    "Score",
    "Scoring",
    "SearchAccount",
    "SearchHit",
    "Signal",
    "Size",
    "Stage",
    "StatedCamera",
    "StatedName",
    "StatedPlace",
    "StoredFile",
    "TakenDate",
    "Threshold",
    "Token",
    "Verdict",
    "picture_of",
]
