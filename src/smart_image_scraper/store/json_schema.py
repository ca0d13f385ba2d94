"""Store: the words that the validators are written in, of MongoDB's ``$jsonSchema``.

https://www.mongodb.com/docs/manual/reference/operator/query/jsonSchema/
"""

from collections.abc import Collection, Mapping
from typing import Any

Schema = dict[str, Any]
"""A part of a ``$jsonSchema``."""


def object_of(properties: Mapping[str, Schema], *, optional: Collection[str] = ()) -> Schema:
    """Return the schema of an object that has these properties, and no others."""
    required = [name for name in properties if name not in optional]
    return {
        "bsonType": "object",
        "properties": dict(properties),
        "additionalProperties": False,
        # MongoDB refuses an empty list here.
        **({"required": required} if required else {}),
    }


def list_of(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"bsonType": "array", "items": items}


TEXT: Schema = {"bsonType": "string"}
FLAG: Schema = {"bsonType": "bool"}
DATE: Schema = {"bsonType": "date"}
BINARY: Schema = {"bsonType": "binData"}
COUNT: Schema = {"bsonType": ["int", "long"]}
NATURAL: Schema = {**COUNT, "minimum": 0}
# "number", not "double": pymongo writes 85 and 85.0 as different types.
NUMBER: Schema = {"bsonType": "number"}
# https://github.com/fernet/spec/blob/master/Spec.md: the version 0x80, 64 bits of seconds of which
# the upper 28 stay 0, and at least 73 bytes in all.
FERNET: Schema = {"bsonType": "string", "pattern": r"^gAAAAA[A-Za-z0-9_-]{90,}={0,2}\z"}
