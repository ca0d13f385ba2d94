"""Store: what is in it, in numbers."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pymongo.collection import Collection

from smart_image_scraper.photo import DETAILS, License, Stage
from smart_image_scraper.store.forms import Document
from smart_image_scraper.store.queries import pending

_ASKED = {"_id": "details"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many photos there are, and how far they have come.

    Attributes:
        photos: All photos.
        with_file: The ones whose file is in the workspace.
        bytes: The length of these files; a file that two photos share counts twice.
        gone: Photos that their site does not show any more.
        pending: By stage, photos that the stage has still to do; what is to be scored depends on
            what is looked for. A stage that is done only on demand is in it once it was asked
            for.
        failures: By stage, then by reason, photos for which the stage failed.
        terms: By search term, the photos it found, the most frequent first.
        licenses: By licence, its photos, the most frequent first.
    """

    photos: int
    with_file: int
    bytes: int
    gone: int
    pending: Mapping[Stage, int]
    failures: Mapping[Stage, Mapping[str, int]]
    terms: Mapping[str, int]
    licenses: Mapping[License, int]


def note_asked(meta: Collection[Document], details: Iterable[Stage]) -> None:
    """Note that details were asked for. Idempotent."""
    names = [stage.value for stage in details]
    meta.update_one(_ASKED, {"$addToSet": {"stages": {"$each": names}}}, upsert=True)


def read_asked(meta: Collection[Document]) -> set[Stage]:
    """Return which details were ever asked for."""
    document = meta.find_one(_ASKED) or {"stages": []}
    return set(map(Stage, document["stages"]))


def count_totals(photos: Collection[Document], *, asked: Container[Stage]) -> Totals:
    """Count everything. Reads each photo a few times: seconds at a million photos.

    Args:
        photos: The collection.
        asked: Which details were ever asked for.
    """
    # Not the collection's own count: that one is wrong after the server was killed.
    by_license = list(photos.aggregate(_BY_LICENSE))
    stages = [
        stage
        for stage in (Stage.DOWNLOAD, Stage.INSPECT, Stage.GEOCODE, *DETAILS)
        if stage not in DETAILS or stage in asked
    ]
    return Totals(
        photos=sum(group["photos"] for group in by_license),
        with_file=sum(group["with_file"] for group in by_license),
        bytes=sum(group["bytes"] for group in by_license),
        gone=photos.count_documents({"gone": {"$exists": True}}),
        pending=MappingProxyType(
            {stage: photos.count_documents(pending(stage)) for stage in stages}
        ),
        failures=_failures(photos),
        terms=MappingProxyType(
            {group["_id"]: group["photos"] for group in photos.aggregate(_BY_TERM)}
        ),
        licenses=MappingProxyType({License(group["_id"]): group["photos"] for group in by_license}),
    )


def _failures(photos: Collection[Document]) -> Mapping[Stage, Mapping[str, int]]:
    failures: dict[Stage, dict[str, int]] = defaultdict(dict)
    for group in photos.aggregate(_BY_FAILURE):
        failures[Stage(group["_id"]["stage"])][group["_id"]["reason"]] = group["photos"]
    return MappingProxyType(dict(failures))


_MOST_FIRST: dict[str, Any] = {"$sort": {"photos": -1, "_id": 1}}
_BY_LICENSE: list[dict[str, Any]] = [
    {
        "$group": {
            "_id": "$license",
            "photos": {"$sum": 1},
            "with_file": {"$sum": {"$cond": [{"$gt": ["$file.sha256", None]}, 1, 0]}},
            "bytes": {"$sum": "$file.bytes"},
        }
    },
    _MOST_FIRST,
]
_BY_TERM: list[dict[str, Any]] = [
    # A term may have found a photo in several runs, and counts once.
    {"$project": {"term": {"$setUnion": "$searches.term"}}},
    {"$unwind": "$term"},
    {"$group": {"_id": "$term", "photos": {"$sum": 1}}},
    _MOST_FIRST,
]
_BY_FAILURE: list[dict[str, Any]] = [
    {"$match": {"failures": {"$exists": True}}},
    {"$project": {"failure": {"$objectToArray": "$failures"}}},
    {"$unwind": "$failure"},
    {
        "$group": {
            "_id": {"stage": "$failure.k", "reason": "$failure.v.reason"},
            "photos": {"$sum": 1},
        }
    },
    _MOST_FIRST,
]
