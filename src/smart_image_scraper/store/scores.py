"""Store: what models computed of photos."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from pymongo.database import Database

from smart_image_scraper.photo import Filter, PhotoId, Scoring
from smart_image_scraper.store.columns import drop_photos, read_column, write_columns
from smart_image_scraper.store.contents import (
    Content,
    forget_failures,
    read_contents,
    read_digests,
    read_moments,
    read_texts,
)
from smart_image_scraper.store.forms import Document
from smart_image_scraper.store.scorings import read_scorings, save_scoring
from smart_image_scraper.store.selection import selected
from smart_image_scraper.store.translation import translated


class Scores:
    """The scores in a store: which model scored which concept, and its numbers of all photos."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database

    def scorings(self) -> list[Scoring]:
        """Return which models have scored which concepts, the latest first."""
        with translated("read scores"):
            return read_scorings(self._database["scorings"])

    def save_scoring(self, scoring: Scoring) -> None:
        """Note how a model scores a concept. Idempotent.

        If the basis is another one than before, all its numbers are forgotten: they are no longer
        true, and photos are to be scored anew.
        """
        with translated("write scores"):
            save_scoring(self._database, scoring)

    def put(
        self,
        model: str,
        photos: Sequence[PhotoId],
        *,
        columns: Mapping[str, NDArray[np.float32]],
    ) -> None:
        """Write a model's raw numbers of photos, whose scorings are saved. Idempotent.

        100,000 photos take a tenth of a second. Numbers of other photos and concepts stay, and of
        photos that have been erased meanwhile, nothing does.

        Args:
            model: Its name, with the revision.
            photos: Which; each at most once.
            columns: By concept, a number for each photo; NaN says nothing of it.
        """
        with translated("write scores"):
            write_columns(self._database["scores"], model=model, photos=photos, columns=columns)
            tombstones = self._database["erased"].find({"_id": {"$type": "string"}}, {"_id": True})
            erased = {PhotoId(each["_id"]) for each in tombstones}
            if gone := erased & set(photos):
                drop_photos(self._database["scores"], sorted(gone))

    def forget_photos(self, photos: Sequence[PhotoId]) -> None:
        """Forget every model's numbers of photos, whose files show something else by now."""
        with translated("write scores"):
            drop_photos(self._database["scores"], photos)

    def forget(self, model: str, photos: Sequence[PhotoId]) -> None:
        """Forget a model's numbers of photos, whose texts say something else by now."""
        if not photos:
            return
        nothing = np.full(len(photos), np.nan, np.float32)
        concepts = [each.concept for each in self.scorings() if each.model == model]
        if concepts:
            self.put(model, photos, columns=dict.fromkeys(concepts, nothing))

    def digests(self, where: Filter) -> Iterator[dict[PhotoId, str]]:
        """Read the digest of the content of each photo's file, lazily, in pages by id.

        Photos without a file are left out.
        """
        return read_digests(self._database["photos"], selected(self._database, where))

    def contents(self, photos: Iterable[PhotoId]) -> list[Content]:
        """Read where the files of some photos are, by id; those without one are left out."""
        with translated("read photos"):
            return read_contents(self._database["photos"], photos)

    def texts(self, photos: Sequence[PhotoId]) -> dict[PhotoId, str]:
        """Read what people wrote of some photos: title, description and tags, one a line."""
        with translated("read photos"):
            return read_texts(self._database["photos"], photos)

    def changed_at(self) -> tuple[NDArray[np.bytes_], NDArray[np.int64]]:
        """Read when the record of each photo was last changed, in whatever way.

        Returns:
            The photos' ids, sorted, and for each the milliseconds since 1970.
        """
        with translated("read photos"):
            return read_moments(self._database["photos"])

    def forget_failures(self, photos: Iterable[PhotoId]) -> None:
        """Take failures to read files out of the records of photos whose files could be read."""
        with translated("write photos"):
            forget_failures(self._database["photos"], photos)

    def column(self, model: str, concept: str) -> tuple[NDArray[np.bytes_], NDArray[np.float32]]:
        """Read all raw numbers of a concept by a model: photos' ids, sorted, and a number each."""
        with translated("read scores"):
            return read_column(self._database["scores"], model=model, concept=concept)
