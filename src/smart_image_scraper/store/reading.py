"""Store: how photos are read: page by page, each page from where the one before it ended.

So no cursor stays open on the server while the reader takes hours over what it has read, and what
is written meanwhile neither repeats a photo nor leaves one out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType

from pymongo.collection import Collection
from pymongo.database import Database

from smart_image_scraper.photo import EncryptedPhoto, Photo, PhotoId
from smart_image_scraper.store.documents import COLLECTIONS, from_document, read_token
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
    whole: bool = False,
    ahead: bool = False,
) -> Iterator[EncryptedPhoto]:
    """Read the photos that a query means; see ``Store.find``."""
    pages = _pages(database["photos"], query, order=order, after=after, limit=limit)
    if ahead:
        pages = _one_ahead(pages)
    scores = ScoreReader(database)
    for page in pages:
        apart = _apart_of(database, page) if whole else {}
        yield from scores.with_scores(
            from_document(document, apart=apart.get(document["_id"], {})) for document in page
        )


def read_by_id(
    database: Database[Document], ids: Iterable[PhotoId], *, whole: bool
) -> Iterator[EncryptedPhoto]:
    """Read the photos with some ids, in their order; see ``Store.get``."""
    scores = ScoreReader(database)
    for batch in in_batches(ids):
        wanted = [str(photo_id) for photo_id in batch]
        with translated("read photos"):
            page = list(database["photos"].find({"_id": {"$in": wanted}}))
        apart = _apart_of(database, page) if whole else {}
        found = {document["_id"]: document for document in page}
        yield from scores.with_scores(
            from_document(found[photo_id], apart=apart.get(photo_id, {}))
            for photo_id in wanted
            if photo_id in found
        )


def read_sealed_with_other_key(
    database: Database[Document], key_id: str
) -> Iterator[EncryptedPhoto]:
    """Read what is sealed with another key; see ``Store.sealed_with_other_key``."""
    yield from read_photos(database, sealed_with_other_key(key_id))
    for name, collection in COLLECTIONS.items():
        for page in _pages(database[collection], {"key": {"$ne": key_id}}):
            for document in page:
                photo = Photo(id=PhotoId(document["_id"]))
                tokens = MappingProxyType({name: read_token(document)})
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


def _one_ahead(pages: Iterator[list[Document]]) -> Iterator[list[Document]]:
    """Yield pages, each read while the one before it is at work."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        coming = thread.submit(next, pages, None)
        while (page := coming.result()) is not None:
            coming = thread.submit(next, pages, None)
            yield page


def _position(document: Document) -> Position:
    taken = read_local(document["taken"]["local"]) if "taken" in document else None
    return Position(id=PhotoId(document["_id"]), taken=taken)


def _apart_of(database: Database[Document], page: list[Document]) -> dict[str, dict[str, Document]]:
    """Read what is stored apart from photos: by photo, then by the token's name."""
    query = {"_id": {"$in": [document["_id"] for document in page]}}
    apart: dict[str, dict[str, Document]] = defaultdict(dict)
    with translated("read photos"):
        for name, collection in COLLECTIONS.items():
            for found in database[collection].find(query):
                apart[found["_id"]][name] = found
    return apart
