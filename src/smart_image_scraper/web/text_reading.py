"""Serve: the texts of photos on their way into the index."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import numpy as np

from smart_image_scraper.store import Overview
from smart_image_scraper.web.snapshot.columns import Column
from smart_image_scraper.web.snapshot.moment import Moment, with_texts
from smart_image_scraper.web.snapshot.table import find
from smart_image_scraper.web.text_index import Added, Text, TextIndex, text_of

_CHUNK = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """An index of all texts.

    Attributes:
        index: The index.
        added: What is in it.
    """

    index: TextIndex
    added: Added


def build_index(overview: Overview, root: Path, *, stop: Event) -> Iterator[int | Built]:
    """Read the texts of all photos into a new index; yield how many were read, and at last it.

    Args:
        overview: Of the store.
        root: Gets the index's folder.
        stop: Makes it give up.

    Raises:
        SisError: The database does not answer, or the index cannot be written.
    """
    index = TextIndex.begin(root)
    parts: list[Added] = []
    finished = False
    try:
        for documents in overview.texts():
            if stop.is_set():
                return
            parts.append(index.add([text_of(document) for document in documents]))
            yield len(documents)
        index.finish()
        finished = True
    finally:
        if not finished:
            index.remove()
    yield Built(index=index, added=_joined(parts))


def follow(index: TextIndex, overview: Overview, *, moment: Moment, changed: Column) -> Moment:
    """Return a moment in which photos that have changed have the texts that they have by now.

    Raises:
        SisError: The database does not answer, or the index cannot be written.
    """
    for begin in range(0, len(changed), _CHUNK):
        ids = [photo_id.decode() for photo_id in changed[begin : begin + _CHUNK].tolist()]
        for documents in overview.texts(ids):
            texts = [text_of(document) for document in documents]
            if new := _new(texts, moment):
                moment = with_texts(moment, index.add(new))
    return moment


def _new(texts: list[Text], moment: Moment) -> list[Text]:
    """Return those texts that photos do not have yet."""
    ids = np.array([text.photo.encode() for text in texts], np.bytes_)
    rows = find(moment.photos.ids, ids)
    return [
        text
        for text, row in zip(texts, rows.tolist(), strict=True)
        if row >= 0 and (moment.text_numbers[row] < 0 or moment.text_digests[row] != text.digest)
    ]


def _joined(parts: list[Added]) -> Added:
    empty = Added(
        ids=np.empty(0, np.bytes_), numbers=np.empty(0, np.int32), digests=np.empty(0, np.uint32)
    )
    some = parts or [empty]
    return Added(
        ids=np.concatenate([part.ids for part in some]),
        numbers=np.concatenate([part.numbers for part in some]),
        digests=np.concatenate([part.digests for part in some]),
    )
