"""Export: COCO, with annotations of whole images.

The layout is COCO's (https://cocodataset.org/#format-data); an annotation names an image and a
category and has no box, as in COCO Camera Traps, which data sets of wildlife have
(https://github.com/Microsoft/CameraTraps). What a photo does not show is in its image's
``neg_category_ids``, as in LVIS; a concept that is neither there nor annotated is not known.
"""

import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Self

from smart_image_scraper.export.columns import columns
from smart_image_scraper.export.copies import copy_photo
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.folder import written_file
from smart_image_scraper.export.format import Table, WriteOptions, Written
from smart_image_scraper.export.rows import JsonList, json_row_of, json_text

if TYPE_CHECKING:
    from smart_image_scraper.photo import License

MEDIA_TYPE = "application/json"
_ALL = "all"
# Under these names COCO has numbers of its own.
_RENAMED = {"id": "photo", "license": "license_word"}
# Those of the columns that are not in an image under their names, or are something else there.
_OTHERWISE = frozenset({*_RENAMED, "width", "height"})


class Coco:
    """The photos' files, and a document of images and annotations for each split."""

    name = "coco"
    file = None
    needs_files = True

    def write(self, entries: Iterable[Entry], *, folder: Path, options: WriteOptions) -> Written:
        """Write entries as ``images/`` and ``annotations/``; see :class:`Format`."""
        images, annotations = folder / "images", folder / "annotations"
        images.mkdir()
        annotations.mkdir()
        names = options.splits or (_ALL,)
        paths = {name: annotations / f"{name}.json" for name in names}
        photos = 0
        with ExitStack() as stack:
            documents = {
                name: stack.enter_context(_Document(path, options=options))
                for name, path in paths.items()
            }
            for photos, entry in enumerate(entries, start=1):
                copy_photo(entry, images)
                documents[entry.split or _ALL].add(entry, number=photos)
        told = columns(options.concepts, personal=options.personal)
        return Written(
            photos=photos,
            files=tuple(
                written_file(path, folder=folder, media_type=MEDIA_TYPE) for path in paths.values()
            ),
            images="images/*",
            table=Table(
                pattern="annotations/*.json",
                media_type=MEDIA_TYPE,
                rows="$.images[*]",
                columns=tuple(column.name for column in told if column.name not in _OTHERWISE),
            ),
        )


class _Document:
    """A COCO document. Its annotations wait in a file without a name until the images are told."""

    def __init__(self, path: Path, *, options: WriteOptions) -> None:
        self._options = options
        self._columns = columns(options.concepts, personal=options.personal)
        self._categories = {concept: id_ for id_, concept in enumerate(options.concepts, start=1)}
        self._licenses: dict[License, int] = {}
        self._numbers = count(1)
        self._open = ExitStack()
        self._file = self._open.enter_context(path.open("w", encoding="utf-8", newline="\n"))
        self._waiting = self._open.enter_context(
            TemporaryFile("w+", encoding="utf-8", newline="\n", dir=path.parent)  # noqa: SIM115 — the stack closes it
        )
        info = {"description": options.name, "contributor": "smart_image_scraper"}
        self._file.write(f'{{"info":{json_text(info)},"images":')
        self._images, self._annotations = JsonList(self._file), JsonList(self._waiting)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._open:
            if kind is None:
                self._end()

    def add(self, entry: Entry, *, number: int) -> None:
        """Add a photo: an image, and an annotation for each concept that it shows."""
        self._images.add(self._image(entry, number=number))
        for concept, category in self._categories.items():
            if entry.labels.get(concept):
                annotation = {"id": next(self._numbers), "image_id": number}
                self._annotations.add({**annotation, "category_id": category})

    def _image(self, entry: Entry, *, number: int) -> dict[str, Any]:
        row = json_row_of(entry, self._columns)
        # Detectron2 turns photos as EXIF says, and takes no other size than it then sees.
        row["width"], row["height"] = entry.shown_size or (None, None)
        return {
            "id": number,
            "license": self._licenses.setdefault(entry.license, len(self._licenses) + 1),
            "date_captured": row["taken"],
            "neg_category_ids": [
                category
                for concept, category in self._categories.items()
                if entry.labels.get(concept) is False
            ],
            **{_RENAMED.get(name, name): value for name, value in row.items()},
        }

    def _end(self) -> None:
        self._images.end()
        self._annotations.end()
        self._file.write(',"annotations":')
        self._waiting.seek(0)
        shutil.copyfileobj(self._waiting, self._file)
        categories = [
            {"id": id_, "name": concept, "supercategory": "concept"}
            for concept, id_ in self._categories.items()
        ]
        licenses = [
            {"id": id_, "name": license_.word, "url": license_.url}
            for license_, id_ in self._licenses.items()
        ]
        self._file.write(f',"categories":{json_text(categories)}')
        self._file.write(f',"licenses":{json_text(licenses)}}}\n')
