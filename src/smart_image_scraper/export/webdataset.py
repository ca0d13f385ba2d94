"""Export: WebDataset, tar files of photos, each with its JSON and its caption.

In img2dataset's layout (https://github.com/rom1504/img2dataset), which tools for such data know:
``00000.tar`` holds ``000000000.jpg``, ``.json`` and ``.txt``, then those of the next photo, and
``00000.parquet`` beside it has the same values, a row a photo. Where photos are split, each split
has a folder of its own.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from smart_image_scraper.export.columns import Value, columns
from smart_image_scraper.export.copies import file_of
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.folder import written_file
from smart_image_scraper.export.format import Table, WriteOptions, Written, WrittenFile
from smart_image_scraper.export.parquet import MEDIA_TYPE as PARQUET
from smart_image_scraper.export.rows import row_of, whole_text
from smart_image_scraper.shards import Kind, Sample, ShardProcess, check_installed

TAR = "application/x-tar"
_TYPES = {Kind.INTEGER: "int64", Kind.REAL: "float64", Kind.BOOLEAN: "bool"}
_LAYOUT = {
    **dict.fromkeys(("key", "caption", "url", "status", "error_message"), Kind.TEXT),
    **dict.fromkeys(("original_width", "original_height"), Kind.INTEGER),
}
"""What img2dataset writes of a photo beyond our columns; tools filter by the status."""


class WebDataset:
    """Shards of photos with what is known of them."""

    name = "webdataset"
    file = None
    needs_files = True

    def write(self, entries: Iterable[Entry], *, folder: Path, options: WriteOptions) -> Written:
        """Write entries into shards; see :class:`Format`."""
        check_installed("pyarrow", "msgspec", form=self.name)
        layout = _Layout(options)
        splits: dict[str | None, _Split] = {}
        endings: set[str] = set()
        with ShardProcess(kinds=layout.kinds, about=layout.about) as process:
            for entry in entries:
                if entry.split not in splits:
                    place = folder / (entry.split or "")
                    place.mkdir(exist_ok=True)
                    splits[entry.split] = _Split(place, layout=layout, process=process)
                splits[entry.split].add(entry)
                endings.add(ending_of(entry).removeprefix("."))
            for split in splits.values():
                split.end_shard()
        return Written(
            photos=sum(split.photos for split in splits.values()),
            files=tuple(file for split in splits.values() for file in split.files(folder)),
            table=Table(
                pattern="*/*.parquet" if options.splits else "*.parquet",
                media_type=PARQUET,
                columns=tuple(column.name for column in layout.columns),
            ),
            features=_features(layout, endings=endings),
        )


def _features(layout: "_Layout", *, endings: Iterable[str]) -> tuple[dict[str, Any], ...]:
    """Say what the values are: ``datasets`` takes what is null at first to be null for ever."""
    values = [
        {"name": name, "list": "string"}
        if kind is Kind.TEXTS
        else {"name": name, "dtype": _TYPES.get(kind, "string")}
        for name, kind in layout.kinds.items()
    ]
    return (
        *({"name": name, "dtype": "string"} for name in ("__key__", "__url__", "txt")),
        *({"name": ending, "dtype": "image"} for ending in sorted(endings)),
        {"name": "json", "struct": values},
    )


class _Layout:
    """What is written of a photo, and under which names."""

    def __init__(self, options: WriteOptions) -> None:
        from msgspec.json import Encoder  # noqa: PLC0415 — an extra; a quarter of the time of json

        self.columns = columns(options.concepts, personal=options.personal)
        self.kinds = _LAYOUT | {column.name: column.kind for column in self.columns}
        self.about = {column.name: column.about for column in self.columns}
        self.shard_size = options.shard_size
        self._digits = len(str(options.shard_size - 1))
        self._moments = [n for n, kind in enumerate(self.kinds.values()) if kind is Kind.MOMENT]
        self._encoder = Encoder(enc_hook=_plain)

    def key(self, shard: int, number: int) -> str:
        """Return the key of a shard's photo: the shard's number, then its own."""
        return f"{shard:05d}{number:0{self._digits}d}"

    def values(self, key: str, entry: Entry, *, caption: str) -> bytes:
        """Return what is written of a photo, as JSON."""
        file = entry.photo.file
        size = (None, None) if file is None else (file.width, file.height)
        url = None if file is None else file.url
        layout = (key, caption, url, "success", None, *size)
        row: list[Value] = [*layout, *row_of(entry, self.columns)]
        for index in self._moments:
            moment = row[index]
            if isinstance(moment, datetime):
                row[index] = moment.isoformat(timespec="seconds")
        return self._encoder.encode(dict(zip(self.kinds, row, strict=True)))


def _plain(value: Any) -> str | int:  # noqa: ANN401 — whatever the encoder does not know
    """Return a value of a class of its own, such as a photo's id or BSON's Int64, as what it is."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    raise NotImplementedError(f"{value!r} cannot be written as JSON")


class _Split:
    """The shards of a split, one after another."""

    def __init__(self, folder: Path, *, layout: _Layout, process: ShardProcess) -> None:
        self.photos = 0
        self._folder = folder
        self._layout = layout
        self._process = process
        self._shards: list[Path] = []

    def add(self, entry: Entry) -> None:
        """Add a photo to the shard that is being written, or to a new one."""
        number = self.photos % self._layout.shard_size
        if number == 0:
            self._begin_shard()
        key = self._layout.key(len(self._shards) - 1, number)
        caption = caption_of(entry)
        sample = Sample(
            key=key,
            photo=str(entry.photo.id),
            file=file_of(entry),
            ending=ending_of(entry),
            caption=caption,
            values=self._layout.values(key, entry, caption=caption),
        )
        self._process.add(str(self._shards[-1]), sample)
        self.photos += 1

    def end_shard(self) -> None:
        """End the shard that is being written."""
        if self._shards:
            self._process.end(str(self._shards[-1]))

    def files(self, folder: Path) -> Iterator[WrittenFile]:
        """Describe what was written."""
        for path in self._shards:
            place = path.relative_to(folder).as_posix()
            yield WrittenFile(path=place, media_type=TAR, sha256=None, bytes=path.stat().st_size)
            table = path.with_suffix(".parquet")
            yield written_file(table, folder=folder, media_type=PARQUET)

    def _begin_shard(self) -> None:
        self.end_shard()
        path = self._folder / f"{len(self._shards):05d}.tar"
        self._process.begin(str(path))
        self._shards.append(path)


def ending_of(entry: Entry) -> str:
    """Return how the name of a photo's file ends, with the dot."""
    _, dot, ending = (entry.file_name or "").rpartition(".")
    return dot + ending if dot else ""


def caption_of(entry: Entry) -> str:
    """Return what a photo's owner wrote of it, in short; empty if that is nothing."""
    return whole_text(entry.photo.title or entry.photo.description or "")
