"""Settings: everything that can be set, with its default."""

import re
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
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


def _check_tiles(url: str | None) -> str | None:
    if url and not re.fullmatch(r"https?://[A-Za-z0-9{}.:-]+/[^\s;,\"']*", url):
        raise ValueError(
            f"{url!r} is no address of tiles; write https://host/{{z}}/{{x}}/{{y}}.png"
        )
    return url or None


def _check_contact(contact: str) -> str:
    # It goes into a header of each request.
    if not contact.isprintable():
        raise ValueError("a contact is one line of text, such as mailto:me@example.org")
    return contact


def _at_home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError(f"{path} begins with the home of a user whom nobody knows") from error


# Shells expand ~, but not within quotes, and not in sis.toml.
UserPath = Annotated[Path, AfterValidator(_at_home)]


class Settings(BaseModel):
    """Everything that can be set, with its default."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    workspace: UserPath = Field(
        Path("sis-data"), description="the folder that holds the database, the files and the keys"
    )
    db: str = Field(
        "",
        description="a mongodb:// or mongodb+srv:// address; empty: a local one, managed for you",
    )
    mongod: UserPath | None = Field(
        None, description="the mongod program for the managed database; empty: looked for"
    )
    keys: SecretStr | None = Field(
        None, description="the key ring's text itself, instead of a file"
    )
    keys_file: UserPath | None = Field(
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
    flickr_calls_per_second: float = Field(
        1, gt=0, description="API calls begun in a second with one key, all processes together"
    )
    commons_url: HttpUrl = Field(
        HttpUrl("https://commons.wikimedia.org/w/api.php"),
        description="where Wikimedia Commons' API answers",
    )
    commons_calls_per_second: float = Field(
        1, gt=0, le=10, description="API calls begun in a second there, all processes together"
    )
    wikidata_url: HttpUrl = Field(
        HttpUrl("https://www.wikidata.org/w/api.php"), description="where Wikidata's API answers"
    )
    wikidata_calls_per_second: float = Field(
        1, gt=0, le=10, description="API calls begun in a second there, all processes together"
    )
    inaturalist_url: HttpUrl = Field(
        HttpUrl("https://api.inaturalist.org/v1"), description="where iNaturalist's API answers"
    )
    inaturalist_calls_per_second: float = Field(
        1, gt=0, le=10, description="API calls begun in a second there, all processes together"
    )
    inaturalist_calls_per_day: int = Field(
        10_000, gt=0, description="API calls there in any 24 hours, all processes together"
    )
    accept_terms: Annotated[tuple[Literal["inaturalist"], ...], BeforeValidator(_split)] = Field(
        (), description="the sources whose terms of use you accept: inaturalist"
    )
    max_calls: int | None = Field(
        None, gt=0, description="API calls that one command may make; empty: no limit"
    )
    google_vision_key: SecretStr | None = Field(
        None,
        description="the Google Vision API key; empty: GOOGLE_VISION_KEY of credentials.json",
    )
    google_vision_url: HttpUrl = Field(
        HttpUrl("https://vision.googleapis.com"), description="where Google Vision answers"
    )
    label_words: UserPath | None = Field(
        None, description="a TOML file of labels that stand for a concept, beside those known"
    )
    size: Annotated[str, AfterValidator(_check_size)] = Field(
        "1024",
        description="which size to download: original, or the longer edge in pixels",
    )
    connections: int = Field(4, ge=1, le=64, description="downloads from one host at the same time")
    images_per_second: float = Field(
        2,
        ge=0,
        description="downloads begun in a second at one host; 0 for no limit until it refuses",
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
    model_path: UserPath | None = Field(
        None, description="a folder that holds the model, in place of the hub"
    )
    models_dir: UserPath = Field(
        default_factory=lambda: platformdirs.user_cache_path("smart-image-scraper") / "models",
        description="where models that are made on this machine are kept, for all workspaces",
    )
    web_host: str = Field("127.0.0.1", description="the address that `sis serve` is bound to")
    web_port: int = Field(8000, ge=0, le=65535, description="its port; 0 for any that is free")
    web_url: str | None = Field(
        None, description="the address that people use, where it is another one, as behind a proxy"
    )
    web_proxy: str | None = Field(
        None, description="the address of the proxy that is believed who a request comes from"
    )
    web_password: SecretStr | None = Field(
        None, description="the argon2 hash of the curators' password, as `sis password` prints it"
    )
    web_viewer_password: SecretStr | None = Field(
        None, description="likewise of the viewers' password"
    )
    web_tiles: Annotated[str | None, AfterValidator(_check_tiles)] = Field(
        None, description="where map tiles come from; empty: nowhere, the map needs no internet"
    )
    web_tiles_attribution: str = Field(
        "© OpenStreetMap contributors", description="whose map tiles these are"
    )
    contact: Annotated[str, AfterValidator(_check_contact)] = Field(
        "", description="a mail or web address by which a site's operator can reach you"
    )
    allow_addresses: Annotated[tuple[str, ...], BeforeValidator(_split)] = Field(
        (), description="host:port pairs on this machine that may be connected to, for tests"
    )
    state_dir: UserPath = Field(
        default_factory=lambda: platformdirs.user_state_path("smart-image-scraper"),
        description="where the count of API calls is kept, for all workspaces",
    )
