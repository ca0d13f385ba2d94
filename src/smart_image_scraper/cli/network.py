"""The network as the settings want it."""

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import TypedDict

from yarl import URL

from smart_image_scraper.cli.session import Session, tell
from smart_image_scraper.cli.wording import counted
from smart_image_scraper.config import Settings
from smart_image_scraper.download import Downloader
from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.net import Budget, HttpClient, Limiter, RateLimiter, SharedLimiter
from smart_image_scraper.search.flickr import FlickrClient, FlickrSource

LONG_WAIT_S = 30.0


def http_client(opened: Session) -> HttpClient:
    """Return the client for a run; enter its context to use it."""
    settings = opened.settings
    return HttpClient(
        user_agent=_user_agent(settings.contact),
        limiters={URL(str(settings.flickr_url)).host_port_subcomponent or "": opened.budget},
        per_second=settings.images_per_second or None,
        allow=settings.allow_addresses,
        timeout_s=settings.timeout_s,
        connections_per_host=settings.connections,
        on_wait=lambda host, seconds: tell(f"{host} asks to wait; going on in {seconds:,.0f} s"),
    )


def flickr_source(settings: Settings, *, client: HttpClient) -> FlickrSource:
    """Return Flickr as a source.

    Raises:
        CredentialsError: There is no API key.
    """
    return FlickrSource(client, **_flickr(settings))


def flickr_client(settings: Settings, *, client: HttpClient) -> FlickrClient:
    """Return what calls Flickr's methods about one photo.

    Raises:
        CredentialsError: There is no API key.
    """
    return FlickrClient(client, **_flickr(settings))


def downloader(settings: Settings, *, client: HttpClient, workspace: Path) -> Downloader:
    """Return the downloader into a workspace."""
    return Downloader(
        client,
        files=workspace / "files",
        size=settings.size,
        honour_opt_out=settings.honour_opt_out,
        max_bytes=settings.max_file_mb * 1024 * 1024,
        max_pixels=settings.max_megapixels * 1_000_000,
    )


def api_budget(settings: Settings) -> Budget:
    """Return the budget of API calls for a command, kept to the hourly limit of its key.

    Raises:
        WorkspaceError: The folder for the count of calls cannot be made.
    """
    return Budget(_api_limiter(settings), most=settings.max_calls)


def budget_is_spent(opened: Session) -> bool:
    """Tell whether no further call may be made, and say it if so."""
    if opened.budget.left != 0:
        return False
    tell(
        f"the budget of {counted(opened.budget.used, 'call')} (--max-calls) is used up; what was "
        "found is kept, and the same command goes on where it was"
    )
    return True


class _Flickr(TypedDict):
    api_key: str
    endpoint: str


def _flickr(settings: Settings) -> _Flickr:
    key = settings.flickr_key.get_secret_value() if settings.flickr_key else ""
    return _Flickr(api_key=key, endpoint=str(settings.flickr_url))


def _api_limiter(settings: Settings) -> Limiter:
    if settings.flickr_key is None:
        return RateLimiter(None)  # of no use: without a key there is no call
    # The file is named by a digest of the key, so that the key itself stands nowhere.
    key = settings.flickr_key.get_secret_value()
    name = hashlib.sha256(f"sis flickr key {key}".encode()).hexdigest()[:16]
    folder = settings.state_dir / "calls"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkspaceError(
            f"{folder}: the count of API calls cannot be kept there: {error.strerror}; "
            "set SIS_STATE_DIR to a folder that can be written"
        ) from error
    return SharedLimiter(
        folder / f"flickr-{name}.sqlite",
        per_hour=settings.flickr_calls_per_hour,
        per_second=settings.flickr_calls_per_second,
        on_wait=_tell_long_wait,
    )


def _tell_long_wait(seconds: float) -> None:
    if seconds >= LONG_WAIT_S:
        tell(f"the hour's calls to Flickr are used up; going on in {seconds / 60:,.0f} minutes")


def _user_agent(contact: str) -> str:
    reach = f"; {contact}" if contact else ""
    return f"sis/{version('smart-image-scraper')} (Smart Image Scraper{reach})"
