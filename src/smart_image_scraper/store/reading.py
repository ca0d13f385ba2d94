"""Store: how photos are read: page by page, each page from where the one before it ended.

So no cursor stays open on the server while the reader takes hours over what it has read, and what
is written meanwhile neither repeats a photo nor leaves one out.
"""

from collections.abc import Iterable, Iterator
from types import MappingProxyType

from pymongo.collection import Collection
from pymongo.database import Database

from smart_image_scraper.photo import EncryptedPhoto, Photo, PhotoId
from smart_image_scraper.store.documents import from_document, read_token
from smart_image_scraper.store.forms import Document, read_local
from smart_image_scraper.store.queries import (
    SORT,
    Order,
    Position,
    Query,
    behind,
    both,
    sealed_with_other_key,
)
from smart_image_scraper.store.score_reader import ScoreReader
from smart_image_scraper.store.translation import translated
from smart_image_scraper.store.writing import BATCH_SIZE, in_batches


def read_photos(
    database: Database[Document],
    query: Query,
    *,
    order: Order = Order.ID,
    after: Position | None = None,
    limit: int | None = None,
    with_exif: bool = False,
) -> Iterator[EncryptedPhoto]:
    """Read the photos that a query means; see ``Store.find``."""
    pages = _pages(database["photos"], query, order=order, after=after, limit=limit)
    scores = ScoreReader(database)
    for page in pages:
        exif = _exif_of(database, page) if with_exif else {}
        yield from scores.with_scores(
            from_document(document, exif=exif.get(document["_id"])) for document in page
        )


def read_by_id(
    database: Database[Document], ids: Iterable[PhotoId], *, with_exif: bool
) -> Iterator[EncryptedPhoto]:
    """Read the photos with some ids, in their order; see ``Store.get``."""
    scores = ScoreReader(database)
    for batch in in_batches(ids):
        wanted = [str(photo_id) for photo_id in batch]
        with translated("read photos"):
            page = list(database["photos"].find({"_id": {"$in": wanted}}))
        exif = _exif_of(database, page) if with_exif else {}
        found = {document["_id"]: document for document in page}
        yield from scores.with_scores(
            from_document(found[photo_id], exif=exif.get(photo_id))
            for photo_id in wanted
            if photo_id in found
        )


def read_sealed_with_other_key(
    database: Database[Document], key_id: str
) -> Iterator[EncryptedPhoto]:
    """Read what is sealed with another key; see ``Store.sealed_with_other_key``."""
    yield from read_photos(database, sealed_with_other_key(key_id))
    for page in _pages(database["photo_exif"], {"key": {"$ne": key_id}}):
        for document in page:
            photo = Photo(id=PhotoId(document["_id"]))
            tokens = MappingProxyType({"exif": read_token(document)})
            yield EncryptedPhoto(photo=photo, tokens=tokens)


def _pages(
    collection: Collection[Document],
    query: Query,
    *,
    order: Order = Order.ID,
    after: Position | None = None,
    limit: int | None = None,
) -> Iterator[list[Document]]:
    left = limit
    while left is None or left > 0:
        size = BATCH_SIZE if left is None else min(BATCH_SIZE, left)
        rest = both(query, behind(after, order=order))
        with translated("read photos"):
            page = list(collection.find(rest, sort=SORT[order], limit=size, batch_size=size))
        yield page
        if len(page) < size:
            return
        left = None if left is None else left - size
        after = _position(page[-1])


def _position(document: Document) -> Position:
    taken = read_local(document["taken"]["local"]) if "taken" in document else None
    return Position(id=PhotoId(document["_id"]), taken=taken)


def _exif_of(database: Database[Document], page: list[Document]) -> dict[str, Document]:
    query = {"_id": {"$in": [document["_id"] for document in page]}}
    with translated("read photos"):
        return {found["_id"]: found for found in database["photo_exif"].find(query)}
