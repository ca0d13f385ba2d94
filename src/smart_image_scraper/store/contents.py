"""Store: which content each photo's file has, whatever was taken out of it since."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pymongo.collection import Collection

from smart_image_scraper.photo import PhotoId, Stage
from smart_image_scraper.store.forms import Document
from smart_image_scraper.store.queries import Query, both
from smart_image_scraper.store.translation import translated

PAGE = 10_000
_PARTS = {"file.path": 1, "file.sha256": 1, "inspection.fetched_sha256": 1, "failures.score": 1}
_FAILURE = f"failures.{Stage.SCORE.value}"
_HAS_FILE: Query = {"file.sha256": {"$exists": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The file of a photo.

    Attributes:
        id: Whose.
        path: Relative to the workspace's ``files`` folder.
        digest: Of the file as it was fetched: taking metadata out of it changes no pixel, and not
            this.
        failed: Whether scoring it failed for good.
    """

    id: PhotoId
    path: str
    digest: str
    failed: bool


def read_contents(
    photos: Collection[Document], queries: Iterable[Query]
) -> Iterator[list[Content]]:
    """Read the contents of the photos that queries mean, in pages by id."""
    for query in queries:
        after: str | None = None
        while True:
            rest = {} if after is None else {"_id": {"$gt": after}}
            with translated("read photos"):
                page = list(
                    photos.find(
                        both(query, _HAS_FILE, rest),
                        _PARTS,
                        sort=[("_id", 1)],
                        limit=PAGE,
                        batch_size=PAGE,
                    )
                )
            if page:
                yield [_content(document) for document in page]
            if len(page) < PAGE:
                break
            after = page[-1]["_id"]


def forget_failures(photos: Collection[Document], ids: Iterable[PhotoId]) -> None:
    """Take failures to score out of the records of photos that could be scored."""
    query = {"_id": {"$in": [str(photo_id) for photo_id in ids]}, _FAILURE: {"$exists": True}}
    photos.update_many(query, {"$unset": {_FAILURE: True}})


def _content(document: Document) -> Content:
    file = document["file"]
    failure = document.get("failures", {}).get(Stage.SCORE.value)
    return Content(
        id=PhotoId(document["_id"]),
        path=file["path"],
        digest=document.get("inspection", {}).get("fetched_sha256", file["sha256"]),
        failed=failure is not None and not failure["retryable"],
    )
