"""Export: what every format of a data set follows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from smart_image_scraper.export.entry import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOptions:
    """How a data set is to be written.

    Attributes:
        name: The data set's name, as people see it.
        concepts: What the photos are labelled for, in order; none if they have no labels.
        splits: The splits, in order; none if the photos are not split.
        personal: Whether personal fields were asked for. The files are then for the user alone.
        shard_size: Photos in a shard, of the formats that have shards.
    """

    name: str = "photos"
    concepts: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    personal: bool = False
    shard_size: int = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A file of a data set that is not the image of a single photo.

    Attributes:
        path: Relative to the data set's folder, with ``/``.
        media_type: Such as ``text/csv``, ``application/jsonlines``, ``application/x-tar``.
        sha256: Of its content, 64 lower-case hexadecimal digits; ``None`` of a shard, which holds
            the digest of each photo, and takes as long to read as to write.
        bytes: Its length.
    """

    path: str
    media_type: str
    sha256: str | None
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The files of a data set that tell of its photos, a row each, for Croissant.

    Attributes:
        pattern: Which files, relative to the folder: a name, or a glob such as
            ``*/metadata.jsonl``.
        media_type: Of these files.
        rows: Where the rows are in a JSON document, as JSONPath: ``$.features[*].properties``;
            ``None`` in files that are nothing but rows.
        columns: The names of those of :func:`columns` that are in the rows under these names.
    """

    pattern: str
    media_type: str
    rows: str | None = None
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a format wrote.

    Attributes:
        photos: How many photos.
        files: Every file but the images of single photos.
        images: The images of single photos, as a glob relative to the folder:
            ``*/*/*``; ``None`` if there are none, or they are in shards.
        table: The files that tell of the photos row by row; ``None`` if none does.
        features: What the values are, as a card's ``dataset_info`` says it to ``datasets``; none
            where that tells it by itself.
        reading: How ``datasets`` is to read the files, where that is not as usual.
    """

    photos: int
    files: tuple[WrittenFile, ...]
    images: str | None = None
    table: Table | None = None
    features: tuple[Mapping[str, Any], ...] = ()
    reading: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


class Format(Protocol):
    """A format that a data set can have.

    Attributes:
        name: As ``sis export --format`` knows it.
        file: The name of the one file that it writes, such as ``metadata.csv``, if it writes
            nothing else: ``sis export OUT.csv`` then takes that file alone. ``None`` if a data set
            of this format takes a folder.
        needs_files: Whether it passes on the photos' files, so that photos without one are left
            out, and entries have a ``file``.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 — see above

    @property
    def file(self) -> str | None: ...  # noqa: D102 — see above

    @property
    def needs_files(self) -> bool: ...  # noqa: D102 — see above

    def write(self, entries: Iterable[Entry], *, folder: Path, options: WriteOptions) -> Written:
        """Write entries, in their order, into an empty folder.

        The folder is put in its place when all is written, by the caller, who adds files of his
        own: README.md, ATTRIBUTION.md, LICENSES.csv, manifest.json, croissant.json, runs.json.

        Args:
            entries: What to write; taken lazily, one at a time, and only once. They tell how far
                they are.
            folder: Where; it is there, and empty but for what the caller writes meanwhile.
            options: How.

        Raises:
            UsageError: The photos cannot be written in this format.
            WorkspaceError: Writing failed, as on a full disk.
        """
        ...
