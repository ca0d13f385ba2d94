"""Export: photos in folders by split and concept, for whatever loads a folder of images.

``train/monkey/flickr-1489.jpg``, and in each split's folder a ``metadata.jsonl`` with a line a
photo, from which Hugging Face's ``datasets`` makes columns
(https://huggingface.co/docs/datasets/image_dataset). Where photos are not split, all are in
``train``, which is what ``datasets`` calls them, too.

A photo is there once, in the folder of the first concept that it shows; of a photo that shows none
that is ``none``, and where nobody knows it ``unlabelled``. All of its labels are in the line.
"""

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self
from unicodedata import normalize

from smart_image_scraper.export.columns import columns
from smart_image_scraper.export.copies import copy_photo
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.folder import written_file
from smart_image_scraper.export.format import Table, WriteOptions, Written
from smart_image_scraper.export.guesses import Guesses
from smart_image_scraper.export.letters import with_sign_for_signs
from smart_image_scraper.export.rows import json_row_of, json_text

MEDIA_TYPE = "application/jsonlines"
METADATA = "metadata.jsonl"
REST = "more"
"""The column of what ``datasets`` could not tell the types of, as JSON."""

NONE = "none"
"""The label of a photo that shows none of the concepts."""
UNLABELLED = "unlabelled"
"""The label of a photo of which nobody knows whether it shows one."""

_LONGEST_NAME = 60
# A folder with such a word in its name is a split to datasets; with a plus around it, it is not.
_SPLIT_WORDS = re.compile(
    r"(^|[-._ 0-9])"
    r"(train|training|validation|valid|dev|val|test|testing|eval|evaluation)"
    r"(?=$|[-._ 0-9])"
)
# Windows has devices of these names, and no folder can be called so.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)


class ImageFolder:
    """Folders of photos, and for each split a table of what is known of them."""

    name = "image-folder"
    file = None
    needs_files = True

    def write(self, entries: Iterable[Entry], *, folder: Path, options: WriteOptions) -> Written:
        """Write entries into folders; see :class:`Format`."""
        told = columns(options.concepts, personal=options.personal)
        folders = folders_of(options.concepts)
        guesses = Guesses()
        splits: dict[str, _Split] = {}
        with ExitStack() as stack:
            for entry in entries:
                name = entry.split or "train"
                if name not in splits:
                    (folder / name).mkdir()
                    splits[name] = stack.enter_context(_Split(folder / name, guesses=guesses))
                label = label_of(entry, folders)
                splits[name].add(entry, json_row_of(entry, told) | {"label": label})
        for split in splits.values():
            split.settle()
        return Written(
            photos=sum(split.photos for split in splits.values()),
            files=tuple(
                written_file(split.table, folder=folder, media_type=MEDIA_TYPE)
                for split in splits.values()
            ),
            images="*/*/*",
            table=Table(
                pattern=f"*/{METADATA}",
                media_type=MEDIA_TYPE,
                columns=tuple(
                    column.name
                    for column in told
                    if column.name in guesses.certain and column.name != "file_name"
                ),
            ),
        )


class _Split:
    """A split's folder. Its lines are a draft until all photos have been seen."""

    def __init__(self, folder: Path, *, guesses: Guesses) -> None:
        self.photos = 0
        self.table = folder / METADATA
        self._folder = folder
        self._guesses = guesses
        self._draft = folder / f".{METADATA}"
        self._file = self._draft.open("xb")
        self._places: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, entry: Entry, row: Mapping[str, Any]) -> None:
        """Add a photo to the folder that its label names, and its line."""
        place = row["label"]
        if place not in self._places:
            (self._folder / place).mkdir()
            self._places.add(place)
        copy_photo(entry, self._folder / place)
        row = {**row, "file_name": f"{place}/{entry.file_name}"}
        line = f"{json_text(row)}\n".encode()
        self._file.write(line)
        self._guesses.see(self._folder.name, row, length=len(line))
        self.photos += 1

    def settle(self) -> None:
        """Make the table of the draft: columns that a reader could not tell go into one."""
        certain = self._guesses.certain
        uncertain = self._guesses.known - certain
        with (
            self._draft.open(encoding="utf-8") as draft,
            self.table.open("x", encoding="utf-8", newline="\n") as table,
        ):
            for line in draft:
                row = json.loads(line)
                settled = {name: value for name, value in row.items() if name in certain}
                if uncertain:
                    rest = {name: row[name] for name in row if name in uncertain}
                    settled[REST] = json_text(
                        {k: v for k, v in rest.items() if v not in (None, [])}
                    )
                table.write(f"{json_text(settled)}\n")
        self._draft.unlink()


def label_of(entry: Entry, folders: Mapping[str, str]) -> str:
    """Return the folder of the first concept that a photo shows, of none, or of nobody knows."""
    for concept, folder in folders.items():
        if entry.labels.get(concept):
            return folder
    return NONE if entry.labels else UNLABELLED


def folders_of(concepts: Iterable[str]) -> dict[str, str]:
    """Return the name of each concept's folder: its own, but for what such names cannot hold.

    No two are the same, on systems that do not tell capitals from small letters either.
    """
    folders: dict[str, str] = {}
    taken = {NONE, UNLABELLED}
    for concept in concepts:
        # A name that begins with a dot is hidden; one that begins with two lines, datasets skips.
        plain = with_sign_for_signs(normalize("NFC", concept), "/", besides=" +-")
        name = re.sub("/+", "_", plain)[:_LONGEST_NAME].strip(" _") or "concept"
        name = _SPLIT_WORDS.sub(r"\1+\2+", name)
        if name.casefold() in _DEVICES:
            name = f"{name}_"
        number = 1
        while (folder := name if number == 1 else f"{name}-{number}").casefold() in taken:
            number += 1
        taken.add(folder.casefold())
        folders[concept] = folder
    return folders
