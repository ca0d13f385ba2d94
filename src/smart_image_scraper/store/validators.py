"""Store: what the server lets into each collection.

Every name that may be in a document is listed, so there is no name under which a personal field
could be stored as it is; and what is sealed must look like a Fernet token.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from smart_image_scraper.photo import DuplicateKind, Granularity, PlaceMatch, Stage
from smart_image_scraper.photo.sealed import TOKEN_NAMES

Schema = dict[str, Any]
"""A part of a ``$jsonSchema``."""


def _object(properties: Mapping[str, Schema], *, optional: Collection[str] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {
        "bsonType": "object",
        "properties": dict(properties),
        "additionalProperties": False,
        # MongoDB refuses an empty list here.
        **({"required": required} if required else {}),
    }


def _list(items: Schema) -> Schema:
    return {"bsonType": "array", "items": items}


_TEXT: Schema = {"bsonType": "string"}
_FLAG: Schema = {"bsonType": "bool"}
_DATE: Schema = {"bsonType": "date"}
_BINARY: Schema = {"bsonType": "binData"}
_COUNT: Schema = {"bsonType": ["int", "long"]}
# "number", not "double": pymongo writes 85 and 85.0 as different types.
_NUMBER: Schema = {"bsonType": "number"}
# https://github.com/fernet/spec/blob/master/Spec.md: the version 0x80, 64 bits of seconds of which
# the upper 28 stay 0, and at least 73 bytes in all.
_FERNET: Schema = {"bsonType": "string", "pattern": r"^gAAAAA[A-Za-z0-9_-]{90,}={0,2}\z"}
_TOKEN = {"key": _TEXT, "token": _FERNET}
_OWNER_TOKENS = {name: _object(_TOKEN) for name in TOKEN_NAMES if name != "exif"}
_PACKED_COLUMNS: Schema = {
    "bsonType": "object",
    "patternProperties": {r"^[^|.$]+\z": _BINARY},
    "additionalProperties": False,
}
_SCORES: Schema = {
    "bsonType": "object",
    "patternProperties": {r"^[^|]+\|[^|]+\z": {**_NUMBER, "minimum": 0, "maximum": 1}},
    "additionalProperties": False,
}
_POINT: Schema = _object(
    {
        "type": {"enum": ["Point"]},
        "coordinates": {
            "bsonType": "array",
            "minItems": 2,
            "maxItems": 2,
            "items": [
                {**_NUMBER, "minimum": -180, "maximum": 180},
                {**_NUMBER, "minimum": -90, "maximum": 90},
            ],
        },
    }
)
_SIZE = {"label": _TEXT, "url": _TEXT, "width": _COUNT, "height": _COUNT}
_FILE = {
    "path": _TEXT,
    "sha256": {"bsonType": "string", "pattern": r"^[0-9a-f]{64}\z"},
    "media_type": _TEXT,
    "bytes": _COUNT,
    "width": _COUNT,
    "height": _COUNT,
    "url": _TEXT,
    "fetched_at": _DATE,
    "replaces": _TEXT,
}
_INSPECTION_ALWAYS = {
    "reader": _TEXT,
    "tag_count": _COUNT,
    "problem_count": _COUNT,
    "stripped": _FLAG,
    "fetched_sha256": _TEXT,
    "sharpness": _NUMBER,
    "brightness": _NUMBER,
    "contrast": _NUMBER,
    "colourfulness": _NUMBER,
    "size_class": _TEXT,
}
_INSPECTION_WHERE_KNOWN = {
    "flatness": _NUMBER,
    "make": _TEXT,
    "model": _TEXT,
    "lens": _TEXT,
    "focal_length_mm": _NUMBER,
    "focal_length_35mm": _NUMBER,
    "f_number": _NUMBER,
    "exposure_s": _NUMBER,
    "iso": _COUNT,
    "taken": _DATE,
    "utc_offset_min": _COUNT,
    "orientation": _COUNT,
    "software": _TEXT,
    "perceptual_hash": _BINARY,
    "crop_hashes": _BINARY,
    "date_difference_s": _NUMBER,
    "geotag_distance_km": _NUMBER,
}
_DUPLICATE = {
    "kind": {"enum": [kind.value for kind in DuplicateKind]},
    "group": _TEXT,
    "best": _FLAG,
}
_PLACE = {
    "country_code": _TEXT,
    "country": _TEXT,
    "region": _TEXT,
    "region_code": _TEXT,
    "city": _TEXT,
    "distance_km": _NUMBER,
    "locality": _TEXT,
    "locality_distance_km": _NUMBER,
    "match": {"enum": [match.value for match in PlaceMatch]},
    "nearest_country_code": _TEXT,
    "nearest_country_km": _NUMBER,
    "gazetteer": _TEXT,
    "gazetteer_date": _TEXT,
}
_FAILURE = {"reason": _TEXT, "message": _TEXT, "retryable": _FLAG, "at": _DATE}
_TAKEN = {"local": _DATE, "granularity": {"enum": [word.value for word in Granularity]}}
_HIT = {"term": _TEXT, "run": _TEXT, "older": _TEXT}

# Which service has said what it sees, and in which picture; what it said is in photo_labels.
_LABELLED = {"model": _TEXT, "picture": _TEXT}

_PHOTO_ALWAYS = {"_id": _TEXT, "license": _TEXT, "created_at": _DATE, "updated_at": _DATE}
_PHOTO_WHERE_KNOWN = {
    "title": _TEXT,
    "description": _TEXT,
    "tags": _list(_TEXT),
    "machine_tags": _list(_TEXT),
    "enc": _object(_OWNER_TOKENS, optional=_OWNER_TOKENS),
    "owner_index": _BINARY,
    "digest": _BINARY,
    "uploaded_at": _DATE,
    "changed_at": _DATE,
    "taken": _object(_TAKEN),
    "location": _POINT,
    "geo_accuracy": _COUNT,
    "geo_context": _COUNT,
    "woe_id": _TEXT,
    "place_id": _TEXT,
    "views": _COUNT,
    "comment_count": _COUNT,
    "favorite_count": _COUNT,
    "safety": _COUNT,
    "sizes": _list(_object(_SIZE, optional={"width", "height"})),
    "searches": _list(_object(_HIT, optional={"older"})),
    "file": _object(_FILE, optional={"url", "replaces"}),
    "inspection": _object(
        _INSPECTION_ALWAYS | _INSPECTION_WHERE_KNOWN, optional=_INSPECTION_WHERE_KNOWN
    ),
    "duplicates": _list(_object(_DUPLICATE)),
    "place": _object(_PLACE, optional=_PLACE.keys() - {"gazetteer"}),
    "scores": _SCORES,
    "scores_below": _SCORES,
    "labelled": _object(_LABELLED),
    "failures": _object({stage.value: _object(_FAILURE) for stage in Stage}, optional=set(Stage)),
}
_RUN = {
    "_id": _TEXT,
    "source": _TEXT,
    "term": _TEXT,
    "params": {"bsonType": "object"},
    "started_at": _DATE,
    "executions": _COUNT,
    "found": _COUNT,
    "new": _COUNT,
    "known": _COUNT,
    "api_calls": _COUNT,
    "finished_at": _DATE,
    "available": _COUNT,
}
_REVIEW = {
    "_id": {"bsonType": "objectId"},
    "photo": _TEXT,
    "verdict": {"enum": ["accept", "reject"]},
    "by": _TEXT,
    "at": _DATE,
    "concept": _TEXT,
}
_PART: Schema = {**_NUMBER, "minimum": 0, "maximum": 1}
_LABEL = {"description": _TEXT, "score": _PART, "mid": _TEXT, "topicality": _PART}
_PHOTO_LABELS = {
    "_id": _TEXT,
    **_LABELLED,
    "labels": _list(_object(_LABEL, optional={"mid", "topicality"})),
    "floor": _PART,
    "at": _DATE,
}
_SCORING = {
    "_id": _TEXT,
    "model": _TEXT,
    "concept": _TEXT,
    "given": _TEXT,
    "basis": _TEXT,
    "reviews": _COUNT,
    "scored_at": _DATE,
    "slope": _NUMBER,
    "intercept": _NUMBER,
}
_BUCKET = {"_id": _TEXT, "version": _TEXT, "photos": _BINARY, "columns": _PACKED_COLUMNS}
_FINGERPRINT = {"key": _TEXT, "fingerprint": _TEXT}
_META = {
    "_id": _TEXT,
    "version": _COUNT,
    "at": _DATE,
    "fingerprints": _list(_object(_FINGERPRINT)),
}

VALIDATORS: Mapping[str, Schema] = MappingProxyType(
    {
        name: {"$jsonSchema": schema}
        for name, schema in {
            "photos": _object(_PHOTO_ALWAYS | _PHOTO_WHERE_KNOWN, optional=_PHOTO_WHERE_KNOWN),
            "photo_exif": _object({"_id": _TEXT, **_TOKEN, "digest": _BINARY}, optional={"digest"}),
            "photo_labels": _object(_PHOTO_LABELS),
            "runs": _object(_RUN, optional={"finished_at", "available"}),
            "reviews": _object(_REVIEW, optional={"concept"}),
            "scorings": _object(_SCORING, optional={"slope", "intercept"}),
            "scores": _object(_BUCKET, optional={"columns"}),
            # By photo id, or by the owner's index.
            "erased": _object({"_id": {"bsonType": ["string", "binData"]}, "at": _DATE}),
            "meta": _object(_META, optional=_META.keys() - {"_id"}),
        }.items()
    }
)
"""The validator of each collection, by its name (https://www.mongodb.com/docs/manual/core/schema-validation/)."""
