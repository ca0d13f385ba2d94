"""Serve: which photos hold some words, by an SQLite FTS5 index beside the columns.

The index is by the same words as the store's (``photo/words.py``), so that a text means the same
in the app and in a command. Each text that a photo has or had is a row of the index, by a number;
a column beside the photos' tells which text each photo has now. So rows are only ever added, and
where photos were erased, the index is made anew.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock
from typing import Any, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.photo.words import Phrase, phrases_of
from smart_image_scraper.store.texts import words_line
from smart_image_scraper.web.snapshot.vocabulary import Vocabulary

NAME = "texts-"
NO_TEXT = -1
"""The number of the text of a photo whose text has not been read."""

SPECIES = "taxonomy:binomial="
"""What a tag of a species begins with."""

_SCHEMA = """
create virtual table words using fts5(line, content='', columnsize=0, tokenize='ascii');
create table next (number integer not null);
insert into next values (0);
"""
_TAGS = 20_000
"""How many words of tags an index begins with: the most frequent; all that come later are kept."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is written of a photo.

    Attributes:
        photo: The photo's id.
        line: Its words.
        tags: Its tags, and the species that it shows.
        digest: Tells whether any of it has changed.
    """

    photo: str
    line: str
    tags: Sequence[str]
    digest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Texts that were added.

    Attributes:
        ids: The photos they are of, as bytes.
        numbers: By which the index knows them, in that order.
        digests: That tell whether a photo's text has changed.
    """

    ids: NDArray[np.bytes_]
    numbers: NDArray[np.int32]
    digests: NDArray[np.uint32]


class TextIndex:
    """Texts that can be searched. Make one with :meth:`begin` or :meth:`open`, and close it.

    Attributes:
        folder: Where it is.
        tags: All words of tags, with their numbers; species begin with ``taxonomy:binomial=``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tags = Vocabulary()
        self._lock = Lock()
        self._counts = np.zeros(0, np.int32)
        self._codes = np.zeros(0, np.int32)
        with _errors(folder):
            self._database = sqlite3.connect(
                folder / "words.sqlite", isolation_level=None, check_same_thread=False
            )

    @classmethod
    def begin(cls, root: Path) -> Self:
        """Begin an empty index in a folder of its own.

        Raises:
            WorkspaceError: It cannot be written.
        """
        with _errors(root):
            index = cls(Path(mkdtemp(prefix=NAME, dir=root)))
            # Whoever is killed while it is made has it made anew.
            index._database.executescript("pragma journal_mode = off; pragma synchronous = off;")
            index._database.executescript(_SCHEMA)
        return index

    @classmethod
    def open(cls, folder: Path) -> Self | None:
        """Open an index as it was kept; ``None`` if there is none that can be used."""
        if not (folder / "words.sqlite").is_file():
            return None
        with suppress(OSError, EOFError, ValueError, TypeError, WorkspaceError, sqlite3.Error):
            index = cls(folder)
            (number,) = index._database.execute("select number from next").fetchone()
            index.tags = Vocabulary(json.loads((folder / "tags.json").read_bytes()))
            counts = _mapped(folder / "counts.npy")
            index._codes = _mapped(folder / "codes.npy")
            if not index._fits(counts):
                raise ValueError(f"{folder}: the files are not of one moment")
            # Texts that were added and not kept are nobody's.
            unknown = np.zeros(number - len(counts), np.int32)
            index._counts = np.append(counts, unknown) if len(unknown) else counts
            return index
        return None

    def add(self, texts: Sequence[Text]) -> Added:
        """Add texts of photos, and return what they are known by.

        Raises:
            WorkspaceError: They cannot be written.
        """
        with _errors(self.folder), self._lock:
            first = len(self._counts)
            numbers = np.arange(first, first + len(texts), dtype=np.int32)
            self._database.execute("begin")
            self._database.executemany(
                "insert into words (rowid, line) values (?, ?)",
                zip(numbers.tolist(), (text.line for text in texts), strict=True),
            )
            self._database.execute("update next set number = ?", (first + len(texts),))
            self._database.execute("commit")
            counts = np.array([len(text.tags) for text in texts], np.int32)
            codes = self.tags.numbers((tag for text in texts for tag in text.tags), dtype=np.int32)
            self._counts = np.append(self._counts, counts)
            self._codes = np.append(self._codes, codes)
        ids = np.array([text.photo.encode() for text in texts], np.bytes_)
        digests = np.array([text.digest for text in texts], np.uint32)
        return Added(ids=ids, numbers=numbers, digests=digests)

    def finish(self) -> None:
        """End the making of an index: what is added from now on outlives whoever is killed."""
        with _errors(self.folder), self._lock:
            self._forget_rare_tags()
            self._database.execute("insert into words (words) values ('optimize')")
            self._database.execute("pragma journal_mode = wal")
            self._database.execute("pragma synchronous = normal")

    def keep(self) -> None:
        """Write what is not in the database."""
        with _errors(self.folder), self._lock:
            self._counts = _filed(self._counts, self.folder / "counts.npy")
            self._codes = _filed(self._codes, self.folder / "codes.npy")
            (self.folder / "tags.json").write_text(json.dumps(self.tags.values))

    def numbers(self, phrases: Iterable[Phrase]) -> NDArray[np.int64]:
        """Return the numbers of all texts that hold all of some phrases."""
        query = " AND ".join(f'"{" ".join(phrase)}" *' for phrase in phrases)
        with _errors(self.folder), self._lock:
            # As one text: a row for each number would take three times as long.
            (found,) = self._database.execute(
                "select group_concat(rowid) from words where words match ?", (query,)
            ).fetchone()
        return np.fromstring(found or "", np.int64, sep=",")

    def count_tags(self, numbers: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Return how many of some texts have each tag, by the tag's number."""
        with self._lock:
            counts, codes = self._counts, self._codes
        chosen = np.zeros(len(counts), bool)
        chosen[numbers] = True
        own = codes[np.repeat(chosen, counts)]
        return np.bincount(own[own >= 0], minlength=len(self.tags))

    def close(self) -> None:
        """Close the database. Idempotent."""
        self._database.close()

    def remove(self) -> None:
        """Close the index, and remove its files."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _fits(self, counts: NDArray[np.int32]) -> bool:
        """Tell whether the tags are those that were counted: a kill leaves some of the files."""
        codes = self._codes
        return int(counts.sum()) == len(codes) and int(codes.max(initial=-1)) < len(self.tags)

    def _forget_rare_tags(self) -> None:
        counts = np.bincount(self._codes, minlength=len(self.tags))
        frequent = np.argsort(-counts, kind="stable")[:_TAGS]
        number_of = np.full(len(self.tags), -1, np.int32)
        number_of[frequent] = np.arange(len(frequent))
        self._codes = number_of[self._codes]
        self.tags = Vocabulary([self.tags.values[number] for number in frequent.tolist()])


class Texts:
    """The texts that photos have now.

    Args:
        index: Has them.
        numbers: By which it knows the text of each photo; ``NO_TEXT`` where it does not.
    """

    def __init__(self, index: TextIndex, numbers: NDArray[np.int32]) -> None:
        self._index = index
        self._numbers = numbers

    def holding(self, text: str) -> NDArray[np.bool_]:
        """Return which photos hold the words of a text."""
        found = self._index.numbers(phrases_of(text))
        size = max(int(self._numbers.max(initial=0)), int(found.max(initial=0))) + 2
        held = np.zeros(size, bool)
        held[found] = True
        return held[self._numbers]  # -1, of no text, is the last, which is nobody's

    def tags(self, rows: NDArray[np.integer[Any]]) -> dict[str, int]:
        """Return how many of the photos in some rows have each tag."""
        numbers = self._numbers[rows]
        counts = self._index.count_tags(numbers[numbers >= 0])
        return {self._index.tags.values[each]: int(counts[each]) for each in np.flatnonzero(counts)}

    @property
    def has_species(self) -> bool:
        """Whether there are tags that name species."""
        return any(tag.startswith(SPECIES) for tag in self._index.tags.values)


def text_of(document: Document) -> Text:
    """Return what is to be found of a photo's document."""
    tags = _tags(document)
    line = words_line(document)
    digest = crc32("\n".join([line, *tags]).encode("utf-8", "surrogatepass"))
    return Text(photo=document["_id"], line=line, tags=tags, digest=digest)


def _tags(document: Document) -> list[str]:
    machine = [tag for tag in document.get("machine_tags", ()) if tag.lower().startswith(SPECIES)]
    species = [SPECIES + tag[len(SPECIES) :].strip().lower() for tag in machine]
    return list(dict.fromkeys((*document.get("tags", ()), *species)))


def _filed(numbers: NDArray[np.int32], path: Path) -> NDArray[np.int32]:
    """Write numbers to a file, and return them as they lie there."""
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:
        np.save(file, numbers)
    # Another file, since whoever reads may have the former one mapped.
    beside.replace(path)
    return _mapped(path)


def _mapped(path: Path) -> NDArray[np.int32]:
    numbers: NDArray[np.int32]
    try:
        numbers = np.asarray(np.load(path, mmap_mode="r"))
    except ValueError:  # a file of nothing cannot be mapped
        numbers = np.load(path)
    return numbers


@contextmanager
def _errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise WorkspaceError(
            f"{folder}: the index of texts cannot be read or written ({error}); free some space"
        ) from error
