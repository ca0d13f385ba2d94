"""Store: what the server lets into each collection.

Every name that may be in a document is listed, so there is no name under which a personal field
could be stored as it is; and what is sealed must look like a Fernet token.
"""

from collections.abc import Mapping
from types import MappingProxyType

from smart_image_scraper.photo import DuplicateKind, GoneReason, Granularity, PlaceMatch, Stage
from smart_image_scraper.photo.review import Verdict
from smart_image_scraper.photo.sealed import OWNER_TOKENS
from smart_image_scraper.store.documents import COLLECTIONS
from smart_image_scraper.store.json_schema import (
    BINARY,
    COUNT,
    DATE,
    FERNET,
    FLAG,
    NATURAL,
    NUMBER,
    TEXT,
    Schema,
    list_of,
    object_of,
)

_TOKEN = {"key": TEXT, "token": FERNET}
_OWNER_TOKENS = {name: object_of(_TOKEN) for name in OWNER_TOKENS}
_PACKED_COLUMNS: Schema = {
    "bsonType": "object",
    "patternProperties": {r"^[^|.$]+\z": BINARY},
    "additionalProperties": False,
}
_SCORES: Schema = {
    "bsonType": "object",
    "patternProperties": {r"^[^|]+\|[^|]+\z": {**NUMBER, "minimum": 0, "maximum": 1}},
    "additionalProperties": False,
}
_POINT: Schema = object_of(
    {
        "type": {"enum": ["Point"]},
        "coordinates": {
            "bsonType": "array",
            "minItems": 2,
            "maxItems": 2,
            "items": [
                {**NUMBER, "minimum": -180, "maximum": 180},
                {**NUMBER, "minimum": -90, "maximum": 90},
            ],
        },
    }
)
_SIZE = {"label": TEXT, "url": TEXT, "width": COUNT, "height": COUNT}
_FILE = {
    "path": TEXT,
    "sha256": {"bsonType": "string", "pattern": r"^[0-9a-f]{64}\z"},
    "media_type": TEXT,
    "bytes": COUNT,
    "width": COUNT,
    "height": COUNT,
    "url": TEXT,
    "fetched_at": DATE,
    "replaces": TEXT,
    "license": TEXT,
}
_INSPECTION_ALWAYS = {
    "reader": TEXT,
    "tag_count": COUNT,
    "problem_count": COUNT,
    "stripped": FLAG,
    "fetched_sha256": TEXT,
    "sharpness": NUMBER,
    "brightness": NUMBER,
    "contrast": NUMBER,
    "colourfulness": NUMBER,
    "size_class": TEXT,
}
_INSPECTION_WHERE_KNOWN = {
    "flatness": NUMBER,
    "make": TEXT,
    "model": TEXT,
    "lens": TEXT,
    "focal_length_mm": NUMBER,
    "focal_length_35mm": NUMBER,
    "f_number": NUMBER,
    "exposure_s": NUMBER,
    "iso": COUNT,
    "taken": DATE,
    "utc_offset_min": COUNT,
    "orientation": COUNT,
    "software": TEXT,
    "perceptual_hash": BINARY,
    "crop_hashes": BINARY,
    "date_difference_s": NUMBER,
    "geotag_distance_km": NUMBER,
}
_DUPLICATE = {
    "kind": {"enum": [kind.value for kind in DuplicateKind]},
    "group": TEXT,
    "best": FLAG,
}
_PLACE = {
    "country_code": TEXT,
    "country": TEXT,
    "region": TEXT,
    "region_code": TEXT,
    "city": TEXT,
    "distance_km": NUMBER,
    "locality": TEXT,
    "locality_distance_km": NUMBER,
    "match": {"enum": [match.value for match in PlaceMatch]},
    "nearest_country_code": TEXT,
    "nearest_country_km": NUMBER,
    "gazetteer": TEXT,
    "gazetteer_date": TEXT,
}
_STATED_NAME = object_of(
    {"name": TEXT, "woe_id": TEXT, "place_id": TEXT}, optional={"woe_id", "place_id"}
)
_STATED_PLACE = dict.fromkeys(
    ("neighbourhood", "locality", "county", "region", "country"), _STATED_NAME
)
_STATED_CAMERA = {
    "tag_count": COUNT,
    "make": TEXT,
    "model": TEXT,
    "lens": TEXT,
    "focal_length_mm": NUMBER,
    "focal_length_35mm": NUMBER,
    "f_number": NUMBER,
    "exposure_s": NUMBER,
    "iso": COUNT,
}
_COMMENT_TALLY = {"count": COUNT, "announced": COUNT, "read_at": DATE}
_FAILURE = {"reason": TEXT, "message": TEXT, "retryable": FLAG, "at": DATE}
_TAKEN = {"local": DATE, "granularity": {"enum": [word.value for word in Granularity]}}
_GONE = {"reason": {"enum": [reason.value for reason in GoneReason]}, "at": DATE}
_RELICENSING = {"at": DATE, "old": TEXT, "new": TEXT}
_HIT = {"term": TEXT, "run": TEXT, "older": TEXT}

# Which service has said what it sees, and in which picture; what it said is in photo_labels.
_LABELLED = {"model": TEXT, "picture": TEXT}

_PHOTO_ALWAYS = {"_id": TEXT, "license": TEXT, "created_at": DATE, "updated_at": DATE}
_PHOTO_WHERE_KNOWN = {
    "title": TEXT,
    "description": TEXT,
    "tags": list_of(TEXT),
    "machine_tags": list_of(TEXT),
    "enc": object_of(_OWNER_TOKENS, optional=_OWNER_TOKENS),
    "owner_index": BINARY,
    "digest": BINARY,
    "uploaded_at": DATE,
    "changed_at": DATE,
    "taken": object_of(_TAKEN),
    "location": _POINT,
    "geo_accuracy": COUNT,
    "geo_context": COUNT,
    "woe_id": TEXT,
    "place_id": TEXT,
    "views": COUNT,
    "comment_count": COUNT,
    "favorite_count": COUNT,
    "safety": COUNT,
    "sizes": list_of(object_of(_SIZE, optional={"width", "height"})),
    "searches": list_of(object_of(_HIT, optional={"older"})),
    "file": object_of(_FILE, optional={"url", "replaces", "license"}),
    "inspection": object_of(
        _INSPECTION_ALWAYS | _INSPECTION_WHERE_KNOWN, optional=_INSPECTION_WHERE_KNOWN
    ),
    "duplicates": list_of(object_of(_DUPLICATE)),
    "place": object_of(_PLACE, optional=_PLACE.keys() - {"gazetteer"}),
    "stated_place": object_of(_STATED_PLACE, optional=_STATED_PLACE),
    "raw_tags": list_of(TEXT),
    "stated_camera": object_of(_STATED_CAMERA, optional=_STATED_CAMERA.keys() - {"tag_count"}),
    "comment_tally": object_of(_COMMENT_TALLY, optional={"announced"}),
    "scores": _SCORES,
    "scores_below": _SCORES,
    "checked_at": DATE,
    "gone": object_of(_GONE),
    "license_history": list_of(object_of(_RELICENSING)),
    "labelled": object_of(_LABELLED),
    "failures": object_of(
        {stage.value: object_of(_FAILURE) for stage in Stage}, optional=set(Stage)
    ),
}
_WINDOW_WHERE_KNOWN = {
    "license": TEXT,
    "content_type": COUNT,
    "geotagged": FLAG,
    "box": TEXT,
}
_SATURATED = {
    "uploaded_from": DATE,
    "uploaded_to": DATE,
    "available": NATURAL,
    "found": NATURAL,
    **_WINDOW_WHERE_KNOWN,
}
_ACCOUNT = {
    "calls": NATURAL,
    "attempts": NATURAL,
    "rows": NATURAL,
    "photos": NATURAL,
    "repeated": NATURAL,
    "videos": NATURAL,
    "outside": NATURAL,
    "unreadable": NATURAL,
    "available": NATURAL,
    "windows": NATURAL,
    "saturated": list_of(object_of(_SATURATED, optional=_WINDOW_WHERE_KNOWN)),
}
_TO_DO = {"first": COUNT, "last": COUNT, "about": COUNT, **_WINDOW_WHERE_KNOWN}
_CURSOR = {
    "to_do": list_of(object_of(_TO_DO, optional=_TO_DO.keys() - {"first", "last"})),
    "page": COUNT,
    "shown": COUNT,
    "seen": BINARY,
}
_RUN = {
    "_id": TEXT,
    "source": TEXT,
    "term": TEXT,
    "params": {"bsonType": "object"},
    "started_at": DATE,
    "executions": COUNT,
    "found": COUNT,
    "new": COUNT,
    "known": COUNT,
    "account": object_of(_ACCOUNT, optional={"available"}),
    "finished_at": DATE,
    "language": TEXT,
    "cursor": object_of(_CURSOR),
    "reply": object_of(_TOKEN),
}
_REVIEW = {
    "_id": {"bsonType": "objectId"},
    "photo": TEXT,
    "verdict": {"enum": [verdict.value for verdict in Verdict]},
    "by": TEXT,
    "at": DATE,
    "concept": TEXT,
}
_TOMBSTONE = {
    # The photo's id, or the owner's index.
    "_id": {"bsonType": ["string", "binData"]},
    "at": DATE,
    "files": list_of(TEXT),
}
_PART: Schema = {**NUMBER, "minimum": 0, "maximum": 1}
_LABEL = {"description": TEXT, "score": _PART, "mid": TEXT, "topicality": _PART}
_PHOTO_LABELS = {
    "_id": TEXT,
    **_LABELLED,
    "labels": list_of(object_of(_LABEL, optional={"mid", "topicality"})),
    "floor": _PART,
    "at": DATE,
}
_SCORING = {
    "_id": TEXT,
    "model": TEXT,
    "concept": TEXT,
    "given": TEXT,
    "basis": TEXT,
    "reviews": COUNT,
    "scored_at": DATE,
    "slope": NUMBER,
    "intercept": NUMBER,
}
_BUCKET = {"_id": TEXT, "version": TEXT, "photos": BINARY, "columns": _PACKED_COLUMNS}
_FINGERPRINT = {"key": TEXT, "fingerprint": TEXT}
_META = {
    "_id": TEXT,
    "version": COUNT,
    "at": DATE,
    "fingerprints": list_of(object_of(_FINGERPRINT)),
    "stages": list_of(TEXT),
}

VALIDATORS: Mapping[str, Schema] = MappingProxyType(
    {
        name: {"$jsonSchema": schema}
        for name, schema in {
            "photos": object_of(_PHOTO_ALWAYS | _PHOTO_WHERE_KNOWN, optional=_PHOTO_WHERE_KNOWN),
            **dict.fromkeys(
                COLLECTIONS.values(),
                object_of({"_id": TEXT, **_TOKEN, "digest": BINARY}, optional={"digest"}),
            ),
            "photo_labels": object_of(_PHOTO_LABELS),
            "runs": object_of(_RUN, optional={"finished_at", "language", "cursor", "reply"}),
            "reviews": object_of(_REVIEW, optional={"concept"}),
            "scorings": object_of(_SCORING, optional={"slope", "intercept"}),
            "scores": object_of(_BUCKET, optional={"columns"}),
            "erased": object_of(_TOMBSTONE, optional={"files"}),
            "meta": object_of(_META, optional=_META.keys() - {"_id"}),
        }.items()
    }
)
"""The validator of each collection, by its name (https://www.mongodb.com/docs/manual/core/schema-validation/)."""
