"""Store: the labels that a service gave photos, and which photos it has still to be asked for.

Labels cost money, so they are kept whole: a further concept is scored from them, not by a further
request. They are seldom read, and rest apart from the photos, which only hold that they are there.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain

from pymongo import ReplaceOne, UpdateOne
from pymongo.database import Database

from smart_image_scraper.photo import (
    EncryptedPhoto,
    Filter,
    Label,
    PhotoId,
    PhotoLabels,
    Scoring,
    Stage,
)
from smart_image_scraper.store.erasing import with_tombstone
from smart_image_scraper.store.forms import TOUCHED, Document, known, write_moment
from smart_image_scraper.store.queries import Query, both, matching
from smart_image_scraper.store.reading import read_photos
from smart_image_scraper.store.scorings import read_scorings, save_scoring
from smart_image_scraper.store.selection import selected
from smart_image_scraper.store.translation import translated
from smart_image_scraper.store.writing import in_batches

_PARTS = ("scores", "scores_below")


class Labels:
    """The labels in a store, which says what its methods raise."""

    def __init__(self, database: Database[Document]) -> None:
        self._photos = database["photos"]
        self._labels = database["photo_labels"]
        self._scorings = database["scorings"]
        self._database = database

    def pending(
        self, where: Filter, *, model: str, again: bool = False
    ) -> Iterator[EncryptedPhoto]:
        """Read the photos that a service has not been asked for, by id, lazily, each at most once.

        These have a file whose picture the service has not seen, and no failure of scoring or one
        that may be tried again. A reader may write labels while it reads.

        Args:
            where: Only of these photos.
            model: The service's model and its revision.
            again: Whether photos whose failure is for good come, too.
        """
        left = _not_seen(model, again=again)
        queries = [both(query, left) for query in selected(self._database, where)]
        return chain.from_iterable(read_photos(self._database, query) for query in queries)

    def count_pending(self, where: Filter, *, model: str, again: bool = False) -> int:
        """Return how many photos :meth:`pending` reads."""
        with translated("count photos"):
            left = _not_seen(model, again=again)
            queries = [both(query, left) for query in selected(self._database, where)]
            return sum(map(self._photos.count_documents, queries))

    def put(self, labels: Sequence[PhotoLabels]) -> None:
        """Write the labels of photos, in place of older ones. Idempotent.

        Scores that were made from the older ones are taken out, since they are not known any more.
        Photos that are not in the store, or have been erased meanwhile, are left out.
        """
        with translated("write labels"):
            by_id = {str(each.photo): each for each in labels}
            query = {"_id": {"$in": list(by_id)}}
            stored = list(self._photos.find(query, dict.fromkeys((*_PARTS, "labelled"), 1)))
            replaced = [
                ReplaceOne({"_id": photo["_id"]}, _write(by_id[photo["_id"]]), upsert=True)
                for photo in stored
            ]
            if not replaced:
                return
            self._labels.bulk_write(replaced, ordered=False)
            # Afterwards: a photo says that it is labelled only when the labels are there.
            self._photos.bulk_write(
                [_mark(photo, labels=by_id[photo["_id"]]) for photo in stored], ordered=False
            )
            # Whoever erases writes the tombstone first, and takes the labels out after that.
            if late := with_tombstone(self._database, [each.photo for each in labels]):
                self._labels.delete_many({"_id": {"$in": [str(photo_id) for photo_id in late]}})

    def read(self, ids: Iterable[PhotoId]) -> Iterator[PhotoLabels]:
        """Read the labels of the photos with these ids that have any, lazily, in this order."""
        for batch in in_batches(ids):
            with translated("read labels"):
                query = {"_id": {"$in": [str(photo_id) for photo_id in batch]}}
                found = {document["_id"]: document for document in self._labels.find(query)}
            for photo_id in batch:
                if str(photo_id) in found:
                    yield _read(found[str(photo_id)])

    def unscored(
        self, where: Filter, *, model: str, concepts: Collection[str]
    ) -> Iterator[PhotoLabels]:
        """Read the labels of the photos that have no score yet for one of some concepts, lazily.

        Args:
            where: Only of these photos.
            model: The service's model and its revision.
            concepts: What is to be scored.
        """
        left = _without_score(model, concepts=concepts)
        for query in selected(self._database, where):
            with translated("read photos"):
                found = self._photos.find(both(query, left), {"_id": True}, sort=[("_id", 1)])
                ids = [PhotoId(document["_id"]) for document in found]
            yield from self.read(ids)

    def use_words(self, scorings: Iterable[Scoring]) -> None:
        """Note by which words concepts are scored; take out scores that were made by others.

        Args:
            scorings: Of one model, with the words' digest as basis.
        """
        with translated("note what labels stand for"):
            known_as = {(each.model, each.concept): each for each in read_scorings(self._scorings)}
            for scoring in scorings:
                before = known_as.get((scoring.model, scoring.concept))
                if before is None or before.basis != scoring.basis:
                    self._take_out(f"{scoring.model}|{scoring.concept}")
                    save_scoring(self._database, scoring)

    def _take_out(self, name: str) -> None:
        for path in (f"{part}.{name}" for part in _PARTS):
            update: Document = {"$unset": {path: True}, **TOUCHED}
            self._photos.update_many({path: {"$exists": True}}, update)


def _not_seen(model: str, *, again: bool) -> Query:
    other_picture = {
        "$ne": [
            "$labelled.picture",
            {"$ifNull": ["$inspection.fetched_sha256", "$file.sha256"]},
        ]
    }
    not_seen = {"$or": [{"labelled.model": {"$ne": model}}, {"$expr": other_picture}]}
    may_be_tried = {f"failures.{Stage.SCORE.value}.retryable": {"$ne": False}}
    return both(matching(Filter(has_file=True)), not_seen, {} if again else may_be_tried)


def _without_score(model: str, *, concepts: Collection[str]) -> Query:
    without = [
        {f"{part}.{model}|{concept}": {"$exists": False} for part in _PARTS} for concept in concepts
    ]
    return {"labelled.model": model, "$or": without}


def _mark(photo: Document, *, labels: PhotoLabels) -> UpdateOne:
    mark = {"model": labels.model, "picture": labels.picture}
    update: Document = {"$set": {"labelled": mark}, **TOUCHED}
    outdated = [
        f"{part}.{name}"
        for part in _PARTS
        for name in photo.get(part, {})
        if name.startswith(f"{labels.model}|")
    ]
    if outdated:
        update["$unset"] = dict.fromkeys(outdated, True)
    return UpdateOne({"_id": photo["_id"]}, update)


def _write(labels: PhotoLabels) -> Document:
    return {
        "_id": str(labels.photo),
        "model": labels.model,
        "picture": labels.picture,
        "labels": [known(label) for label in labels.labels],
        "floor": labels.floor,
        "at": write_moment(labels.at),
    }


def _read(document: Document) -> PhotoLabels:
    return PhotoLabels(
        photo=PhotoId(document["_id"]),
        model=document["model"],
        picture=document["picture"],
        labels=tuple(Label(**label) for label in document["labels"]),
        floor=document["floor"],
        at=document["at"],
    )
