"""Settings: an option outranks the environment, that the file ``sis.toml``, that the default.

Each setting ``name`` is the option ``--name`` where a command has one, ``SIS_NAME`` in the
environment and ``name = …`` in ``sis.toml``. Unknown names are errors, and a secret is read from
the environment or from a file that only its owner can read. The older scripts' files are
understood: ``credentials.json`` (``FLICKER_KEY``, ``GOOGLE_VISION_KEY``), ``KEY_DB.txt`` and
``SECRET_KEY``.
"""

import json
import os
import re
import tomllib
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import platformdirs
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
)

from smart_image_scraper.errors import SettingsError

PREFIX = "SIS_"
FILE_NAME = "sis.toml"
CREDENTIALS_NAME = "credentials.json"
_OLDER_NAMES = MappingProxyType(
    {"FLICKER_KEY": "flickr_key", "GOOGLE_VISION_KEY": "google_vision_key"}
)


def _split(value: object) -> object:
    return (
        [part for part in value.replace(",", " ").split() if part]
        if isinstance(value, str)
        else value
    )


def _check_size(size: str) -> str:
    if size != "original" and not re.fullmatch("[1-9][0-9]{2,3}", size):
        raise ValueError(f"{size!r} is neither original nor a longer edge such as 1024 or 2048")
    return size


class Settings(BaseModel):
    """Everything that can be set, with its default."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    workspace: Path = Field(
        Path("sis-data"), description="the folder that holds the database, the files and the keys"
    )
    db: str = Field(
        "",
        description="a mongodb:// or mongodb+srv:// address; empty: a local one, managed for you",
    )
    mongod: Path | None = Field(
        None, description="the mongod program for the managed database; empty: looked for"
    )
    keys: SecretStr | None = Field(
        None, description="the key ring's text itself, instead of a file"
    )
    keys_file: Path | None = Field(
        None, description="the key ring's file; empty: keys in the workspace, else KEY_DB.txt here"
    )
    flickr_key: SecretStr | None = Field(
        None,
        description="the Flickr API key; empty: FLICKER_KEY of credentials.json, if it is here",
    )
    flickr_url: HttpUrl = Field(
        HttpUrl("https://api.flickr.com/services/rest/"), description="where Flickr's API answers"
    )
    flickr_calls_per_hour: int = Field(
        3300, gt=0, description="API calls an hour with one key, all processes together"
    )
    google_vision_key: SecretStr | None = Field(
        None,
        description="the Google Vision API key; empty: GOOGLE_VISION_KEY of credentials.json",
    )
    google_vision_url: HttpUrl = Field(
        HttpUrl("https://vision.googleapis.com"), description="where Google Vision answers"
    )
    label_words: Path | None = Field(
        None, description="a TOML file of labels that stand for a concept, beside those known"
    )
    size: Annotated[str, AfterValidator(_check_size)] = Field(
        "1024",
        description="which size to download: original, or the longer edge in pixels",
    )
    connections: int = Field(4, ge=1, le=64, description="downloads from one host at the same time")
    images_per_second: float = Field(
        2, ge=0, description="downloads begun in a second at one host; 0 for no limit"
    )
    max_file_mb: int = Field(
        64, gt=0, description="the largest file that is downloaded, in megabytes"
    )
    max_megapixels: int = Field(
        200, gt=0, description="the largest image that is decoded, in millions of pixels"
    )
    timeout_s: float = Field(30, gt=0, description="seconds without an answer before a retry")
    honour_opt_out: bool = Field(
        default=True,
        description="leave out photos whose host sends X-Robots-Tag: noai and the like",
    )
    keep_metadata: bool = Field(
        default=False, description="leave what cameras and editors wrote in the files"
    )
    model: str = Field(
        "siglip2-b16-224", description="what `sis embed` and `sis score` use where nothing is said"
    )
    model_path: Path | None = Field(
        None, description="a folder that holds the image-text model, in place of the hub"
    )
    models_dir: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("smart-image-scraper") / "models",
        description="where models that are made on this machine are kept, for all workspaces",
    )
    contact: str = Field(
        "", description="a mail or web address by which a site's operator can reach you"
    )
    allow_addresses: Annotated[tuple[str, ...], BeforeValidator(_split)] = Field(
        (), description="host:port pairs on this machine that may be connected to, for tests"
    )
    state_dir: Path = Field(
        default_factory=lambda: platformdirs.user_state_path("smart-image-scraper"),
        description="where the count of API calls is kept, for all workspaces",
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
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = str(first["loc"][0])
    reason = first["msg"].removeprefix("Value error, ")
    return f"the setting {name} ({origins.get(name, 'default')}) is wrong: {reason}"
