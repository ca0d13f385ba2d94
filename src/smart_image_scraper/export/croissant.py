"""Export: the data set as Croissant, JSON-LD that tools of machine learning read.

https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html, and for what concerns people
https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html.
"""

from collections.abc import Iterable
from typing import Any, TypeAlias

from smart_image_scraper.export.card import BIASES
from smart_image_scraper.export.columns import Column, plain_names
from smart_image_scraper.export.facts import Facts
from smart_image_scraper.export.format import Table, WrittenFile
from smart_image_scraper.shards import Kind

FILE = "croissant.json"

_Json: TypeAlias = dict[str, Any]

_TERMS = (
    *("arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field"),
    *("fileObject", "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset"),
    *("jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex"),
    *("repeated", "replace", "samplingRate", "separator", "source", "subField", "transform"),
)
_CONTEXT: _Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    **{term: f"cr:{term}" for term in _TERMS},
}
_TYPES = {
    Kind.TEXT: "sc:Text",
    Kind.INTEGER: "sc:Integer",
    Kind.REAL: "sc:Float",
    Kind.BOOLEAN: "sc:Boolean",
    Kind.MOMENT: "sc:DateTime",
    Kind.TEXTS: "sc:Text",
}
# Beside the registered names, those that Croissant's own tools know.
_ALSO_KNOWN_AS = {
    "application/vnd.apache.parquet": "application/x-parquet",
    "application/geo+json": "application/json",
}
_SHARDS, _IMAGES, _TABLE = "shards", "images", "table"


def write_croissant(facts: Facts, *, files: Iterable[WrittenFile]) -> _Json:
    """Return a data set's description.

    Args:
        facts: What is known of the data set.
        files: Its files but for images of single photos, those of the format among them.
    """
    made = facts.made_at
    licenses = sorted({each.url or each.word for each in facts.tally.licenses})
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": [
            "http://mlcommons.org/croissant/1.1",
            "http://mlcommons.org/croissant/RAI/1.0",
        ],
        "name": facts.name,
        "description": f"{facts.tally.photos:,} photos, each under its own licence; README.md "
        "tells what was searched for, how complete that is, and how to have a photo removed.",
        "license": licenses or ["unknown"],
        "citeAs": f"{facts.name}, {made:%Y-%m-%d}, made with {facts.tool}",
        "creator": {"@type": "sc:Organization", "name": facts.options.contact or "unknown"},
        "datePublished": f"{made:%Y-%m-%d}",
        "version": f"{made.year}.{made.month}.{made.day}",
        "isLiveDataset": False,
        **_responsible(facts),
        "distribution": [*_distribution(facts, files)],
        "recordSet": _record_sets(facts, files),
    }


def _responsible(facts: Facts) -> _Json:
    terms = ", ".join(dict.fromkeys(run.term for run in facts.runs))
    searched = sorted(f"{run.started_at:%Y-%m-%d}" for run in facts.runs)
    models = sorted({each.scoring.model for each in facts.labellings if each.scoring and each.yes})
    values = {
        "dataCollection": f"Searches of photo sites for: {terms}."
        if searched
        else "Taken in from files or older records; no search is recorded.",
        "dataCollectionType": ["Web API"] if searched else None,
        "dataCollectionTimeFrame": [searched[0], searched[-1]] if searched else None,
        "dataCollectionMissingData": "What a search does not show; runs.json has its account."
        if searched
        else None,
        "dataPreprocessingProtocol": "Metadata was taken out of files; no pixel was changed.",
        "dataAnnotationProtocol": "People's reviews; where there are none, thresholds on scores."
        if facts.labellings
        else None,
        "machineAnnotationTools": models or None,
        "dataBiases": list(BIASES),
        "personalSensitiveInformation": [
            "Photos may show people.",
            "The owners are named." if facts.options.with_personal else "No owner is named.",
            f"Coordinates: {facts.options.coordinates.value}.",
        ],
        "dataReleaseMaintenancePlan": "Photos are removed on request; README.md says how.",
    }
    return {f"rai:{name}": value for name, value in values.items() if value is not None}


def _distribution(facts: Facts, files: Iterable[WrittenFile]) -> Iterable[_Json]:
    written = facts.written
    shards = [file for file in files if file.sha256 is None]
    for file in files:
        if file.sha256 is not None:
            yield {
                "@type": "cr:FileObject",
                "@id": file.path,
                "name": file.path,
                "contentUrl": file.path,
                "contentSize": f"{file.bytes} B",
                "encodingFormat": _formats(file.media_type),
                "sha256": file.sha256,
            }
    if shards:
        folders = {file.path.rpartition("/")[0] for file in shards}
        patterns = sorted(f"{folder}/*.tar".lstrip("/") for folder in folders)
        yield _file_set(_SHARDS, patterns, media_types=_formats(shards[0].media_type))
    if written.images is not None:
        media_types = sorted(facts.tally.media_types) or ["image/jpeg"]
        yield _file_set(_IMAGES, [written.images], media_types=media_types)
    if written.table is not None and not _is_one_file(written.table, files):
        yield _file_set(
            _TABLE, [written.table.pattern], media_types=_formats(written.table.media_type)
        )


def _formats(media_type: str) -> list[str]:
    return [media_type, *filter(None, [_ALSO_KNOWN_AS.get(media_type)])]


def _file_set(name: str, patterns: list[str], *, media_types: list[str]) -> _Json:
    return {
        "@type": "cr:FileSet",
        "@id": name,
        "name": name,
        "includes": patterns,
        "encodingFormat": media_types,
    }


def _record_sets(facts: Facts, files: Iterable[WrittenFile]) -> list[_Json]:
    table = facts.written.table
    if table is None:
        return []
    source = (
        {"fileObject": {"@id": table.pattern}}
        if _is_one_file(table, files)
        else {"fileSet": {"@id": _TABLE}}
    )
    told = [column for column in facts.columns if column.name in table.columns]
    names = plain_names(column.name for column in told)
    record_set: _Json = {
        "@type": "cr:RecordSet",
        "@id": "photos",
        "name": "photos",
        "description": "A photo a row.",
        "field": [
            _field(column, table, name=name, source=source)
            for name, column in zip(names, told, strict=True)
        ],
    }
    if any(column.name == "id" for column in told):
        record_set["key"] = {"@id": "photos/id"}
    return [record_set]


def _field(column: Column, table: Table, *, name: str, source: _Json) -> _Json:
    extract = (
        {"column": column.name}
        if table.rows is None
        else {"jsonPath": f"{table.rows}{_json_path_part(column.name)}"}
    )
    field: _Json = {
        "@type": "cr:Field",
        "@id": f"photos/{name}",
        "name": column.name,
        "description": column.about,
        "dataType": _TYPES[column.kind],
        "source": {**source, "extract": extract},
    }
    if column.kind is Kind.TEXTS:
        field |= {"isArray": True, "arrayShape": "-1"}
    return field


def _json_path_part(name: str) -> str:
    """Return what leads to a value of an object; names that are no plain words are quoted."""
    if name.isascii() and name.isidentifier():
        return f".{name}"
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{quoted}']"


def _is_one_file(table: Table, files: Iterable[WrittenFile]) -> bool:
    return any(file.path == table.pattern for file in files)
