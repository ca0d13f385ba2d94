"""Store: an encrypted photo as MongoDB documents, and back. Pure.

A photo is one document in ``photos``, and its sealed EXIF, which is nine tenths of the bytes and
seldom read, one in ``photo_exif``. What is unknown is absent: documents hold no nulls.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from smart_image_scraper.photo import (
    Coordinates,
    EncryptedPhoto,
    Failure,
    Granularity,
    License,
    Photo,
    PhotoId,
    Place,
    Score,
    SearchHit,
    Size,
    Stage,
    StoredFile,
    TakenDate,
    Token,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Document = dict[str, Any]
"""A MongoDB document as pymongo reads it, its times in UTC with their zone."""


def to_document(encrypted: EncryptedPhoto) -> Document:
    """Write a photo as a document of ``photos``, without its EXIF and the store's own times.

    Times keep milliseconds, which is all that BSON has; what is finer is cut off.

    Raises:
        ValueError: A time that should be in UTC has no zone.
    """
    photo = encrypted.photo
    document: Document = {"_id": str(photo.id)}
    for field_name, form in _FORMS.items():
        value = getattr(photo, field_name)
        if value is not None and value != ():
            document[form.name] = form.write(value)
    return (
        document | _write_scores(photo.scores) | _write_failures(photo) | _write_sealed(encrypted)
    )


def to_exif_document(encrypted: EncryptedPhoto) -> Document | None:
    """Write a photo's sealed EXIF as a document of ``photo_exif``; ``None`` if it has none."""
    token = encrypted.tokens.get("exif")
    if token is None:
        return None
    digest = {"digest": encrypted.digest} if encrypted.digest is not None else {}
    return {"_id": str(encrypted.photo.id), **write_token(token), **digest}


def from_document(document: Document, *, exif: Document | None = None) -> EncryptedPhoto:
    """Read a photo from its documents. Its scores come sorted by model and concept."""
    facts = {
        field_name: form.read(document[form.name])
        for field_name, form in _FORMS.items()
        if form.name in document
    }
    failures = {Stage(stage): Failure(**why) for stage, why in document.get("failures", {}).items()}
    sealed = document.get("enc", {}) | ({"exif": exif} if exif is not None else {})
    return EncryptedPhoto(
        photo=Photo(
            id=PhotoId(document["_id"]),
            scores=_read_scores(document),
            failures=MappingProxyType(failures),
            **facts,
        ),
        tokens=MappingProxyType({name: read_token(value) for name, value in sealed.items()}),
        owner_index=document.get("owner_index"),
        digest=document.get("digest"),
    )


def plain_names(stage: Stage) -> tuple[str, ...]:
    """Return the names, in a document, of the fields that a stage fills as a whole.

    Scores, failures and sealed fields are not among them: they are filled part by part.
    """
    return tuple(
        _FORMS[part.name].name
        for part in fields(Photo)
        if part.name in _FORMS and part.metadata["stage"] is stage
    )


def write_token(token: Token) -> Document:
    """Write a sealed value as a sub-document."""
    return {"key": token.key_id, "token": token.text}


def read_token(document: Document) -> Token:
    """Read the sealed value that :func:`write_token` wrote."""
    return Token(text=document["token"], key_id=document["key"])


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


def _known(value: "DataclassInstance") -> Document:
    named = {part.name: getattr(value, part.name) for part in fields(value)}
    return {name: item for name, item in named.items() if item is not None}


def _write_sealed(encrypted: EncryptedPhoto) -> Document:
    tokens = {
        name: write_token(token) for name, token in encrypted.tokens.items() if name != "exif"
    }
    sealed = {
        "enc": tokens or None,
        "owner_index": encrypted.owner_index,
        "digest": encrypted.digest,
        # What is pending for the inspection is asked of `photos`, so it has to know.
        "has_exif": True if "exif" in encrypted.tokens else None,
    }
    return {name: value for name, value in sealed.items() if value is not None}


def _write_scores(scores: tuple[Score, ...]) -> Document:
    # Paths, not an array of attributes: an array sorts by the extreme of all its elements, not by
    # the one that was asked for, and one wildcard index serves every model and concept.
    parts: Document = {"scores": {}, "scores_below": {}}
    for score in scores:
        name = f"{score.model}|{score.concept}"
        if score.value is not None:
            parts["scores"][name] = score.value
        else:
            parts["scores_below"][name] = score.below
    return {name: part for name, part in parts.items() if part}


def _read_scores(document: Document) -> tuple[Score, ...]:
    parts = {"value": document.get("scores", {}), "below": document.get("scores_below", {})}
    scores = [
        Score(model=name.partition("|")[0], concept=name.partition("|")[2], **{field_name: number})
        for field_name, part in parts.items()
        for name, number in part.items()
    ]
    return tuple(sorted(scores, key=lambda score: (score.model, score.concept)))


def _write_failures(photo: Photo) -> Document:
    failures = {
        stage.value: _known(why) | {"at": write_moment(why.at)}
        for stage, why in photo.failures.items()
    }
    return {"failures": failures} if failures else {}


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
    return [_known(size) for size in sizes]


def _read_sizes(documents: list[Document]) -> tuple[Size, ...]:
    return tuple(Size(**document) for document in documents)


def write_search(hit: SearchHit) -> Document:
    """Write a search hit as a sub-document: a pure function of the hit, so ``$addToSet`` fits."""
    # What an older record says is any JSON, and has to come back as it was: as text, the order of
    # its keys, whole numbers of any length, and keys that MongoDB reads as operators are kept.
    older = {} if hit.older is None else {"older": json.dumps(dict(hit.older))}
    return {"term": hit.term, "run": hit.run, **older}


def _write_searches(hits: tuple[SearchHit, ...]) -> list[Document]:
    return [write_search(hit) for hit in hits]


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
    return _known(file) | {"fetched_at": write_moment(file.fetched_at)}


def _read_file(document: Document) -> StoredFile:
    return StoredFile(**{"url": None, **document})


def _write_place(place: Place) -> Document:
    day = place.gazetteer_date
    return _known(place) | ({"gazetteer_date": day.isoformat()} if day is not None else {})


def _read_place(document: Document) -> Place:
    day = document.get("gazetteer_date")
    return Place(**document | {"gazetteer_date": day and date.fromisoformat(day)})


def _same(value: Any) -> Any:  # noqa: ANN401 — the value is whatever BSON and Photo share
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    name: str
    write: Callable[[Any], Any] = _same
    read: Callable[[Any], Any] = _same


def _forms() -> Mapping[str, _Form]:
    special = {
        "tags": _Form(name="tags", write=list, read=tuple),
        "machine_tags": _Form(name="machine_tags", write=list, read=tuple),
        "license": _Form(name="license", write=str, read=License),
        "uploaded_at": _Form(name="uploaded_at", write=write_moment),
        "changed_at": _Form(name="changed_at", write=write_moment),
        "taken": _Form(name="taken", write=_write_taken, read=_read_taken),
        "coordinates": _Form(name="location", write=_write_coordinates, read=_read_coordinates),
        "sizes": _Form(name="sizes", write=_write_sizes, read=_read_sizes),
        "searches": _Form(name="searches", write=_write_searches, read=_read_searches),
        "file": _Form(name="file", write=_write_file, read=_read_file),
        "place": _Form(name="place", write=_write_place, read=_read_place),
    }
    apart = {"id", "scores", "failures"}
    plain = {
        part.name: _Form(name=part.name)
        for part in fields(Photo)
        if part.name not in apart and not part.metadata["sensitive"]
    }
    return MappingProxyType(plain | special)


_FORMS = _forms()
