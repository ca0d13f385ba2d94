"""Export: a data set that FiftyOne loads, with all that is known of a photo as fields.

The form is ``FiftyOneDataset`` (https://docs.voxel51.com/user_guide/import_datasets.html):
``data/``, ``samples.json`` and ``metadata.json``, which has the samples' fields with their types.
Written as version 1.0 has it; later ones bring that up to date by themselves when they load it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from smart_image_scraper.export.columns import Column, columns, plain_names
from smart_image_scraper.export.copies import copy_photo
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.folder import written_file
from smart_image_scraper.export.format import Table, WriteOptions, Written
from smart_image_scraper.export.rows import JsonList, json_row_of, json_text
from smart_image_scraper.photo import Coordinates
from smart_image_scraper.shards import Kind

MEDIA_TYPE = "application/json"
SAMPLES = "samples.json"
METADATA = "metadata.json"
VERSION = "1.0.0"
"""The version of FiftyOne whose form it is."""

LABELS = "ground_truth"
"""The field of the concepts that a photo shows; what it does not show is in ``label_…`` fields."""

# A sample has its own fields of these names, or in its metadata.
_RENAMED = MappingProxyType({"id": "photo_id", "tags": "photo_tags"})
_IN_SAMPLE = frozenset({"media_type", "bytes", "width", "height", "latitude", "longitude", "split"})
_FIELDS = "fiftyone.core.fields"
_TEXT, _INTEGER, _REAL = f"{_FIELDS}.StringField", f"{_FIELDS}.IntField", f"{_FIELDS}.FloatField"
_LIST, _PART = f"{_FIELDS}.ListField", f"{_FIELDS}.EmbeddedDocumentField"
_MOMENT, _ID = f"{_FIELDS}.DateTimeField", f"{_FIELDS}.ObjectIdField"
_TYPES = MappingProxyType(
    {
        Kind.TEXT: _TEXT,
        Kind.INTEGER: _INTEGER,
        Kind.REAL: _REAL,
        Kind.BOOLEAN: f"{_FIELDS}.BooleanField",
        Kind.MOMENT: _MOMENT,
        Kind.TEXTS: _LIST,
    }
)


class FiftyOne:
    """The photos' files, and a sample a photo."""

    name = "fiftyone"
    file = None
    needs_files = True

    def write(self, entries: Iterable[Entry], *, folder: Path, options: WriteOptions) -> Written:
        """Write entries as samples and their files; see :class:`Format`."""
        told = _told(options)
        data, samples, metadata = folder / "data", folder / SAMPLES, folder / METADATA
        data.mkdir()
        photos = 0
        with samples.open("x", encoding="utf-8", newline="\n") as file:
            file.write('{"samples":')
            listed = JsonList(file)
            for entry in entries:
                copy_photo(entry, data)
                listed.add(_sample(entry, told, concepts=options.concepts))
                photos += 1
            listed.end()
            file.write("}\n")
        metadata.write_text(f"{json_text(_metadata(options, told))}\n", encoding="utf-8")
        return Written(
            photos=photos,
            files=tuple(
                written_file(path, folder=folder, media_type=MEDIA_TYPE)
                for path in (samples, metadata)
            ),
            images="data/*",
            table=Table(
                pattern=SAMPLES,
                media_type=MEDIA_TYPE,
                rows="$.samples[*]",
                columns=tuple(
                    column.name
                    for name, column in told.items()
                    if name == column.name and column.kind is not Kind.MOMENT
                ),
            ),
        )


def _told(options: WriteOptions) -> dict[str, Column]:
    """Return the columns that become fields, by the fields' names."""
    told = [
        column
        for column in columns(options.concepts, personal=options.personal)
        if column.name not in _IN_SAMPLE
    ]
    # A field's name is a part of queries and of Python: no dots, no spaces.
    names = plain_names(_RENAMED.get(column.name, column.name) for column in told)
    return dict(zip(names, told, strict=True))


def _sample(entry: Entry, told: Mapping[str, Column], *, concepts: Iterable[str]) -> dict[str, Any]:
    row = json_row_of(entry, tuple(told.values()))
    fields = {
        name: {"$date": value} if value and column.kind is Kind.MOMENT else value
        for (name, column), value in zip(told.items(), row.values(), strict=True)
    }
    digest = hashlib.sha256(entry.photo.id.encode()).digest()
    shown = [concept for concept in concepts if entry.labels.get(concept)]
    return {
        "_id": _object_id(entry),
        "filepath": f"data/{entry.file_name}",
        "tags": [entry.split] if entry.split else [],
        "_media_type": "image",
        # By it FiftyOne draws samples at random.
        "_rand": int.from_bytes(digest[:4]) / 2**32,
        "metadata": _image_metadata(entry),
        LABELS: {
            "_cls": "Classifications",
            "classifications": [_classification(entry, concept) for concept in shown],
        },
        "location": _location(entry, entry.photo.coordinates),
        **fields,
    }


def _classification(entry: Entry, concept: str) -> dict[str, Any]:
    return {
        "_id": _object_id(entry, LABELS, concept),
        "_cls": "Classification",
        "tags": [],
        "label": concept,
    }


def _location(entry: Entry, point: Coordinates | None) -> dict[str, Any] | None:
    if point is None:
        return None
    return {
        "_id": _object_id(entry, "location"),
        "_cls": "GeoLocation",
        "tags": [],
        "point": {"type": "Point", "coordinates": [point.longitude, point.latitude]},
    }


def _image_metadata(entry: Entry) -> dict[str, Any] | None:
    file, size = entry.photo.file, entry.shown_size
    if file is None or size is None:
        return None
    return {
        "_cls": "ImageMetadata",
        "size_bytes": file.bytes,
        "mime_type": file.media_type,
        "width": size[0],
        "height": size[1],
    }


def _object_id(entry: Entry, *part: str) -> dict[str, str]:
    """Return the id of a photo's sample, or of a part of it: the same in every export."""
    text = "\n".join((entry.photo.id, *part))
    return {"$oid": hashlib.sha256(text.encode()).hexdigest()[:24]}


def _metadata(options: WriteOptions, told: Mapping[str, Column]) -> dict[str, Any]:
    return {
        "name": options.name,
        "version": VERSION,
        "media_type": "image",
        "tags": [],
        "info": {},
        "classes": {LABELS: list(options.concepts)},
        "default_classes": list(options.concepts),
        "mask_targets": {},
        "default_mask_targets": {},
        "sample_fields": [*_own_fields(), *(_told_field(*each) for each in told.items())],
        "frame_fields": [],
    }


def _told_field(name: str, column: Column) -> dict[str, Any]:
    subfield = _TEXT if column.kind is Kind.TEXTS else None
    return _field(name, _TYPES[column.kind], subfield=subfield, description=column.about)


def _own_fields() -> list[dict[str, Any]]:
    """Return what every sample of FiftyOne has, and the labels and the place."""
    label = [_field("id", _ID, stored_as="_id"), _field("tags", _LIST, subfield=_TEXT)]
    classification = [*label, _field("label", _TEXT), _field("confidence", _REAL)]
    image = [
        _field("size_bytes", _INTEGER),
        _field("mime_type", _TEXT),
        _field("width", _INTEGER),
        _field("height", _INTEGER),
        _field("num_channels", _INTEGER),
    ]
    classifications = _field(
        "classifications",
        _LIST,
        subfield=_PART,
        document="fiftyone.core.labels.Classification",
        fields=classification,
    )
    return [
        _field("id", _ID, stored_as="_id"),
        _field("_dataset_id", _ID),
        _field("filepath", _TEXT),
        _field("tags", _LIST, subfield=_TEXT),
        _field("_media_type", _TEXT),
        _field("_rand", _REAL),
        _field("created_at", _MOMENT),
        _field("last_modified_at", _MOMENT),
        _field("metadata", _PART, document="fiftyone.core.metadata.ImageMetadata", fields=image),
        _field(
            LABELS,
            _PART,
            document="fiftyone.core.labels.Classifications",
            fields=[classifications],
        ),
        _field(
            "location",
            _PART,
            document="fiftyone.core.labels.GeoLocation",
            fields=[*label, _field("point", f"{_FIELDS}.GeoPointField")],
        ),
    ]


def _field(
    name: str,
    type_: str,
    *,
    subfield: str | None = None,
    document: str | None = None,
    fields: Iterable[Mapping[str, Any]] = (),
    stored_as: str | None = None,
    description: str | None = None,
) -> dict[str, Any]:
    return {
        "name": name,
        "ftype": type_,
        "embedded_doc_type": document,
        "subfield": subfield,
        "fields": list(fields),
        "db_field": stored_as or name,
        "description": description,
        "info": None,
        "read_only": name in {"created_at", "last_modified_at"},
        "created_at": None,
    }
