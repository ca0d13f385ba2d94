"""Settings: an option outranks the environment, that the file ``sis.toml``, that the default.

Each setting ``name`` is the option ``--name`` where a command has one, ``SIS_NAME`` in the
environment and ``name = …`` in ``sis.toml``. Unknown names are errors, and a secret is read from
the environment or from a file that only its owner can read. The older scripts' files are
understood: ``credentials.json`` (``FLICKER_KEY``, ``GOOGLE_VISION_KEY``), ``KEY_DB.txt`` and
``SECRET_KEY``.
"""

import json
import os
import tomllib
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import SecretStr, ValidationError

from smart_image_scraper.config.settings import Settings
from smart_image_scraper.errors import SettingsError

PREFIX = "SIS_"
FILE_NAME = "sis.toml"
CREDENTIALS_NAME = "credentials.json"
_OLDER_NAMES = MappingProxyType(
    {"FLICKER_KEY": "flickr_key", "GOOGLE_VISION_KEY": "google_vision_key"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The settings, and where each of them came from.

    Attributes:
        settings: What holds.
        origins: By setting: ``option``, ``environment``, a file's name, or ``default``.
        older_key: The older scripts' ``SECRET_KEY``, if the environment has one.
    """

    settings: Settings
    origins: Mapping[str, str]
    older_key: SecretStr | None

    def shown(self) -> dict[str, tuple[str, str]]:
        """Return every setting's value as a person may see it, and where it came from."""
        return {
            name: (_shown(getattr(self.settings, name)), self.origins.get(name, "default"))
            for name in Settings.model_fields
        }


# By pydantic's types of errors (https://docs.pydantic.dev/latest/errors/validation_errors/).
_REASONS = {
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float"), "it takes a whole number"),
    **dict.fromkeys(("float_parsing", "float_type"), "it takes a number"),
    **dict.fromkeys(("bool_parsing", "bool_type"), "it takes true or false"),
    **dict.fromkeys(("string_type", "path_type"), "it takes text, in quotes"),
    **dict.fromkeys(
        ("url_parsing", "url_type", "url_scheme"), "it takes an address such as https://host/path"
    ),
    "greater_than": "it takes more than {gt:g}",
    "greater_than_equal": "it takes {ge:g} or more",
    "less_than_equal": "it takes {le:g} or less",
}


def load_configuration(
    options: Mapping[str, Any], *, environment: MutableMapping[str, str], folder: Path
) -> Configuration:
    """Put the settings together from options, environment, ``sis.toml`` and defaults.

    Args:
        options: What was given on the command line; ``None`` values were not.
        environment: Variables; the ones that hold secrets are taken out of it, so that no process
            started later inherits them.
        folder: Where ``sis.toml`` and ``credentials.json`` are looked for.

    Raises:
        SettingsError: A name is unknown, a value is wrong, or a file with a secret is open to
            others.
    """
    layers = {
        CREDENTIALS_NAME: _read_credentials(folder / CREDENTIALS_NAME),
        FILE_NAME: _read_toml(folder / FILE_NAME),
        "environment": _read_environment(environment),
        "option": {name: value for name, value in options.items() if value is not None},
    }
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for origin, layer in layers.items():
        values |= layer
        origins |= dict.fromkeys(layer, origin)
    older = environment.pop("SECRET_KEY", None)
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise SettingsError(_describe(error, origins)) from None
    return Configuration(
        settings=settings, origins=origins, older_key=SecretStr(older) if older else None
    )


def _read_environment(environment: MutableMapping[str, str]) -> dict[str, str]:
    found = {
        name.removeprefix(PREFIX).lower(): name for name in environment if name.startswith(PREFIX)
    }
    if unknown := sorted(found[name] for name in found.keys() - Settings.model_fields.keys()):
        raise SettingsError(
            f"the environment has {', '.join(unknown)}, which is no setting; `sis config` lists all"
        )
    if unreadable := sorted(name for name in found.values() if not _is_text(environment[name])):
        raise SettingsError(
            f"the environment's {', '.join(unreadable)} is not readable text; write it in UTF-8"
        )
    secret = {name for name in found if _is_secret(name)}
    return {
        name: environment.pop(variable) if name in secret else environment[variable]
        for name, variable in found.items()
        if environment[variable]
    }


def _read_toml(path: Path) -> dict[str, Any]:
    text = _read_text(path)
    if text is None:
        return {}
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not readable as TOML: {error}") from error
    if unknown := sorted(values.keys() - Settings.model_fields.keys()):
        raise SettingsError(
            f"{path}: {', '.join(unknown)} is no setting; `sis config` lists all of them"
        )
    if secrets := sorted(name for name, value in values.items() if _holds_secret(name, value)):
        _check_private(path, because=f"it holds {', '.join(secrets)}")
    return values


def _read_credentials(path: Path) -> dict[str, Any]:
    text = _read_text(path)
    if text is None:
        return {}
    try:
        values = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise SettingsError(f"{path}: not readable as JSON: {error}") from error
    keys = {
        setting: values[name]
        for name, setting in _OLDER_NAMES.items()
        if isinstance(values, dict) and isinstance(values.get(name), str) and values[name]
    }
    if not keys:
        return {}  # another program's file of that name
    _check_private(path, because="it holds API keys")
    return keys


def _read_text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from error


def _check_private(path: Path, *, because: str) -> None:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise SettingsError(f"{path}: others can read it, and {because}; run `chmod 600 {path}`")


def _is_text(value: str) -> bool:
    # Bytes that are no UTF-8 arrive as lone surrogates (PEP 383).
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _is_secret(name: str) -> bool:
    field = Settings.model_fields.get(name)
    return field is not None and field.annotation == SecretStr | None


def _holds_secret(name: str, value: object) -> bool:
    # A database's address may hold a password, before an @ or among its options.
    return _is_secret(name) or (name == "db" and bool(set(str(value)) & {"@", "?"}))


def _shown(value: object) -> str:
    if value is None or value in ("", ()):
        return "(empty)"
    if isinstance(value, SecretStr):
        return "(set, not shown)"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(value)
    return _without_secrets(str(value))


def _without_secrets(text: str) -> str:
    """Return an address with the account and the options, which may hold passwords, left out."""
    scheme, separator, rest = text.partition("://")
    if not separator:
        return text
    _, at, place = rest.rpartition("@")
    place, question, _ = place.partition("?")
    return f"{scheme}://{'…@' if at else ''}{place}{'?…' if question else ''}"


def _describe(error: ValidationError, origins: Mapping[str, str]) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0])
    said = _REASONS.get(first["type"])
    reason = said.format_map(first.get("ctx", {})) if said else first["msg"]
    origin = origins.get(name, "default")
    return f"the setting {name} ({origin}) is wrong: {reason.removeprefix('Value error, ')}"
