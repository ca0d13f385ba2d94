"""Export: what the values of rows are, in the words by which a card tells it to ``datasets``.

``datasets`` takes types from the first rows: what none of these knows is null for ever, and fails
where it is known further down.
https://huggingface.co/docs/datasets/about_dataset_features
"""

from collections.abc import Container, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from types import NoneType
from typing import Any, TypeAlias, get_args, get_origin, get_type_hints

from smart_image_scraper.photo import License

Feature: TypeAlias = Mapping[str, Any]

_PLAIN: Mapping[type, str] = {bool: "bool", int: "int64", float: "float64", date: "date32"}


def feature(name: str, type_: Any) -> Feature:  # noqa: ANN401 — whatever a field can be
    """Return what a value is that ``as_json_value`` makes of one of this type.

    Args:
        name: Under which it is written.
        type_: As a field of ours has it; of ``None``, it is what else it may be.
    """
    types = [part for part in get_args(type_) if part is not NoneType]
    if get_origin(type_) is tuple:
        told = feature(name, types[0])
        return {"name": name, "list": told.get("dtype", told.get("struct"))}
    if NoneType in get_args(type_):
        return feature(name, types[0])
    if is_dataclass(type_) and type_ is not License:
        return {"name": name, "struct": features_of(type_)}
    if type_ is datetime:
        # What is read as a moment stays none as a text: its letters would be others.
        in_utc = name == "at" or name.endswith("_at")
        return {"name": name, "dtype": "timestamp[us, tz=UTC]" if in_utc else "timestamp[us]"}
    return {"name": name, "dtype": _PLAIN.get(type_, "string")}


def features_of(type_: Any, *, but: Container[str] = ()) -> list[Feature]:  # noqa: ANN401 — a dataclass
    """Return what the fields of a dataclass are, as :func:`feature` does.

    Args:
        type_: Which.
        but: The fields that are not written.
    """
    hints = get_type_hints(type_)
    names = [field.name for field in fields(type_) if field.name not in but]
    return [feature(name, hints[name]) for name in names]
