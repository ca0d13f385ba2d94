"""Store: the fields of a photo as BSON has them, and back. Pure."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from smart_image_scraper.photo import (
    CommentTally,
    Coordinates,
    DuplicateGroup,
    DuplicateKind,
    Gone,
    GoneReason,
    Granularity,
    Inspection,
    License,
    Photo,
    Place,
    PlaceMatch,
    Relicensing,
    SearchHit,
    Size,
    StatedCamera,
    StatedName,
    StatedPlace,
    StoredFile,
    TakenDate,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Document = dict[str, Any]
"""A MongoDB document as pymongo reads it, its times in UTC with their zone."""

TOUCHED: Mapping[str, Any] = MappingProxyType({"$currentDate": {"updated_at": True}})
"""Part of every update of a photo's document that changes what anyone sees of the photo.

By the server's clock, which all writers share: who asks for what has changed since then, as the
app does, misses nothing however wrong the clocks of the writers' machines are.
"""


def write_moment(moment: datetime) -> datetime:
    """Return a time in UTC as BSON keeps it, to the millisecond.

    Raises:
        ValueError: It has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return _cut(moment.astimezone(UTC))


def write_local(local: datetime) -> datetime:
    """Return a local time without a zone as if it were UTC, to the millisecond."""
    return _cut(local.replace(tzinfo=UTC))


def read_local(moment: datetime) -> datetime:
    """Return the local time that :func:`write_local` wrote."""
    return moment.replace(tzinfo=None)


def _cut(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def known(value: "DataclassInstance") -> Document:
    """Return the fields of a value that are not ``None``."""
    named = {part.name: getattr(value, part.name) for part in fields(value)}
    return {name: item for name, item in named.items() if item is not None}


def _write_taken(taken: TakenDate) -> Document:
    return {"local": write_local(taken.local), "granularity": taken.granularity.value}


def _read_taken(document: Document) -> TakenDate:
    granularity = Granularity(document["granularity"])
    return TakenDate(local=read_local(document["local"]), granularity=granularity)


def _write_coordinates(point: Coordinates) -> Document:
    return {"type": "Point", "coordinates": [point.longitude, point.latitude]}


def _read_coordinates(document: Document) -> Coordinates:
    longitude, latitude = document["coordinates"]
    return Coordinates(latitude=latitude, longitude=longitude)


def _write_sizes(sizes: tuple[Size, ...]) -> list[Document]:
    return [known(size) for size in sizes]


def _read_sizes(documents: list[Document]) -> tuple[Size, ...]:
    return tuple(Size(**document) for document in documents)


def _write_search(hit: SearchHit) -> Document:
    """Write a search hit as a sub-document: a pure function of the hit, so ``$addToSet`` fits."""
    # What an older record says is any JSON, and has to come back as it was: as text, the order of
    # its keys, whole numbers of any length, and keys that MongoDB reads as operators are kept.
    older = {} if hit.older is None else {"older": json.dumps(dict(hit.older))}
    return {"term": hit.term, "run": hit.run, **older}


def _write_searches(hits: tuple[SearchHit, ...]) -> list[Document]:
    return [_write_search(hit) for hit in hits]


def _read_searches(documents: list[Document]) -> tuple[SearchHit, ...]:
    return tuple(
        SearchHit(
            term=document["term"],
            run=document["run"],
            older=json.loads(document["older"]) if "older" in document else None,
        )
        for document in documents
    )


def _write_file(file: StoredFile) -> Document:
    license_ = {} if file.license is None else {"license": str(file.license)}
    return known(file) | {"fetched_at": write_moment(file.fetched_at)} | license_


def _read_file(document: Document) -> StoredFile:
    license_ = document.get("license")
    return StoredFile(**{"url": None, **document, "license": license_ and _read_license(license_)})


@lru_cache(maxsize=1_024)  # every photo has one or two, of a few words
def _read_license(word: str) -> License:
    return License(word)


def _write_inspection(inspection: Inspection) -> Document:
    taken = inspection.taken
    return known(inspection) | ({"taken": write_local(taken)} if taken is not None else {})


def _read_inspection(document: Document) -> Inspection:
    taken = document.get("taken")
    return Inspection(**document | {"taken": taken and read_local(taken)})


def write_duplicates(groups: tuple[DuplicateGroup, ...]) -> list[Document]:
    """Write the groups of near-duplicates that a photo is in as sub-documents."""
    return [{"kind": each.kind.value, "group": each.group, "best": each.best} for each in groups]


def _read_duplicates(documents: list[Document]) -> tuple[DuplicateGroup, ...]:
    return tuple(
        DuplicateGroup(kind=DuplicateKind(each["kind"]), group=each["group"], best=each["best"])
        for each in documents
    )


def _write_place(place: Place) -> Document:
    # BSON knows neither days nor enumerations.
    day, match = place.gazetteer_date, place.match
    special = {"gazetteer_date": day and day.isoformat(), "match": match and match.value}
    return known(place) | {name: value for name, value in special.items() if value is not None}


def _read_place(document: Document) -> Place:
    day, match = document.get("gazetteer_date"), document.get("match")
    known = {
        "gazetteer_date": day and date.fromisoformat(day),
        "match": match and PlaceMatch(match),
    }
    return Place(**document | known)


def _write_stated_place(place: StatedPlace) -> Document:
    return {level: known(name) for level, name in known(place).items()}


def _read_stated_place(document: Document) -> StatedPlace:
    return StatedPlace(**{level: StatedName(**name) for level, name in document.items()})


def _read_stated_camera(document: Document) -> StatedCamera:
    return StatedCamera(**document)


def _write_comment_tally(tally: CommentTally) -> Document:
    return known(tally) | {"read_at": write_moment(tally.read_at)}


def _read_comment_tally(document: Document) -> CommentTally:
    return CommentTally(**document)


def _write_gone(gone: Gone) -> Document:
    return {"reason": gone.reason.value, "at": write_moment(gone.at)}


def _read_gone(document: Document) -> Gone:
    return Gone(reason=GoneReason(document["reason"]), at=document["at"])


def _write_changes(changes: tuple[Relicensing, ...]) -> list[Document]:
    return [
        {"at": write_moment(each.at), "old": str(each.old), "new": str(each.new)}
        for each in changes
    ]


def _read_changes(documents: list[Document]) -> tuple[Relicensing, ...]:
    return tuple(
        Relicensing(at=each["at"], old=License(each["old"]), new=License(each["new"]))
        for each in documents
    )


def _same(value: Any) -> Any:  # noqa: ANN401 — the value is whatever BSON and Photo share
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a field of a photo stands in its document.

    Attributes:
        name: The document's.
        write: Makes what BSON has of the field's value.
        read: Makes the field's value of that.
    """

    name: str
    write: Callable[[Any], Any] = _same
    read: Callable[[Any], Any] = _same


def _forms() -> Mapping[str, Form]:
    special = {
        "tags": Form(name="tags", write=list, read=tuple),
        "machine_tags": Form(name="machine_tags", write=list, read=tuple),
        "license": Form(name="license", write=str, read=_read_license),
        "uploaded_at": Form(name="uploaded_at", write=write_moment),
        "changed_at": Form(name="changed_at", write=write_moment),
        "taken": Form(name="taken", write=_write_taken, read=_read_taken),
        "coordinates": Form(name="location", write=_write_coordinates, read=_read_coordinates),
        "sizes": Form(name="sizes", write=_write_sizes, read=_read_sizes),
        "searches": Form(name="searches", write=_write_searches, read=_read_searches),
        "file": Form(name="file", write=_write_file, read=_read_file),
        "inspection": Form(name="inspection", write=_write_inspection, read=_read_inspection),
        "duplicates": Form(name="duplicates", write=write_duplicates, read=_read_duplicates),
        "place": Form(name="place", write=_write_place, read=_read_place),
        "stated_place": Form(
            name="stated_place", write=_write_stated_place, read=_read_stated_place
        ),
        "raw_tags": Form(name="raw_tags", write=list, read=tuple),
        "stated_camera": Form(name="stated_camera", write=known, read=_read_stated_camera),
        "comment_tally": Form(
            name="comment_tally", write=_write_comment_tally, read=_read_comment_tally
        ),
        "checked_at": Form(name="checked_at", write=write_moment),
        "gone": Form(name="gone", write=_write_gone, read=_read_gone),
        "license_history": Form(name="license_history", write=_write_changes, read=_read_changes),
    }
    apart = {"id", "scores", "failures"}
    plain = {
        part.name: Form(name=part.name)
        for part in fields(Photo)
        if part.name not in apart and not part.metadata["sensitive"]
    }
    return MappingProxyType(plain | special)


FORMS = _forms()
"""By field of ``Photo``: those that are plain, and filled as a whole."""
