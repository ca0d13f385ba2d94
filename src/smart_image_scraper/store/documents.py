"""Store: an encrypted photo as MongoDB documents, and back. Pure.

A photo is one document in ``photos``. What is sealed of it and long and seldom read, as its EXIF,
which is nine tenths of the bytes, is one document each in a collection apart. What is unknown is
absent: documents hold no nulls.
"""

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType

from smart_image_scraper.photo import EncryptedPhoto, Failure, Photo, PhotoId, Score, Stage, Token
from smart_image_scraper.photo.sealed import APART
from smart_image_scraper.store.forms import FORMS, Document, known, write_moment

COLLECTIONS: Mapping[str, str] = MappingProxyType({name: f"photo_{name}" for name in APART})
"""The collections of what is stored apart from its photo, by the token's name."""


_READERS = {form.name: (field_name, form.read) for field_name, form in FORMS.items()}
"""By name in a document: the field of ``Photo``, and what makes its value."""


def to_document(encrypted: EncryptedPhoto) -> Document:
    """Write a photo as a document of ``photos``, without what is stored apart.

    Times keep milliseconds, which is all that BSON has; what is finer is cut off.

    Raises:
        ValueError: A time that should be in UTC has no zone.
    """
    photo = encrypted.photo
    document: Document = {"_id": str(photo.id)}
    for field_name, form in FORMS.items():
        value = getattr(photo, field_name)
        if value is not None and value != ():
            document[form.name] = form.write(value)
    return (
        document | _write_scores(photo.scores) | _write_failures(photo) | _write_sealed(encrypted)
    )


def to_apart_document(encrypted: EncryptedPhoto, name: str) -> Document | None:
    """Write a photo's token of one of the names ``APART`` as a document; ``None`` without one."""
    token = encrypted.tokens.get(name)
    if token is None:
        return None
    digest = {"digest": encrypted.digest} if encrypted.digest is not None else {}
    return {"_id": str(encrypted.photo.id), **write_token(token), **digest}


def from_document(
    document: Document, *, apart: Mapping[str, Document] = MappingProxyType({})
) -> EncryptedPhoto:
    """Read a photo from its documents. Its scores come sorted by model and concept.

    Args:
        document: That of ``photos``.
        apart: The documents of what is stored apart, by the token's name.
    """
    facts = {
        _READERS[name][0]: _READERS[name][1](value)
        for name, value in document.items()
        if name in _READERS
    }
    failures = {Stage(stage): Failure(**why) for stage, why in document.get("failures", {}).items()}
    sealed = document.get("enc", {}) | apart
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
        FORMS[part.name].name
        for part in fields(Photo)
        if part.name in FORMS and part.metadata["stage"] is stage
    )


def write_token(token: Token) -> Document:
    """Write a sealed value as a sub-document."""
    return {"key": token.key_id, "token": token.text}


def read_token(document: Document) -> Token:
    """Read the sealed value that :func:`write_token` wrote."""
    return Token(text=document["token"], key_id=document["key"])


def _write_sealed(encrypted: EncryptedPhoto) -> Document:
    tokens = {
        name: write_token(token) for name, token in encrypted.tokens.items() if name not in APART
    }
    sealed = {
        "enc": tokens or None,
        "owner_index": encrypted.owner_index,
        "digest": encrypted.digest,
    }
    return {name: value for name, value in sealed.items() if value is not None}


def _write_scores(scores: tuple[Score, ...]) -> Document:
    # Paths, not an array of attributes: an array sorts by the extreme of all its elements, not by
    # the one that was asked for, and one wildcard index serves every model and concept.
    parts: Document = {"scores": {}, "scores_below": {}}
    for score in scores:
        if score.raw is not None:
            continue  # It is derived from a column, and stays there.
        name = f"{score.model}|{score.concept}"
        if score.value is not None:
            parts["scores"][name] = score.value
        else:
            parts["scores_below"][name] = score.below
    return {name: part for name, part in parts.items() if part}


def _read_scores(document: Document) -> tuple[Score, ...]:
    if "scores" not in document and "scores_below" not in document:
        return ()
    parts = {"value": document.get("scores", {}), "below": document.get("scores_below", {})}
    scores = [
        Score(model=name.partition("|")[0], concept=name.partition("|")[2], **{field_name: number})
        for field_name, part in parts.items()
        for name, number in part.items()
    ]
    return tuple(sorted(scores, key=lambda score: (score.model, score.concept)))


def _write_failures(photo: Photo) -> Document:
    failures = {
        stage.value: known(why) | {"at": write_moment(why.at)}
        for stage, why in photo.failures.items()
    }
    return {"failures": failures} if failures else {}
