"""The network as the settings want it."""

from importlib.metadata import version
from pathlib import Path

from yarl import URL

from smart_image_scraper.cli.session import Session, tell
from smart_image_scraper.cli.sources import (
    MOST_CONNECTIONS,
    MOST_PER_SECOND,
    SERVICES,
    SOURCES,
)
from smart_image_scraper.cli.wording import counted
from smart_image_scraper.config import Settings
from smart_image_scraper.download import Downloader
from smart_image_scraper.net import Budget, HttpClient, RateLimiter
from smart_image_scraper.search import Source
from smart_image_scraper.search.flickr import FlickrClient
from smart_image_scraper.search.names import Wikidata


def http_client(opened: Session) -> HttpClient:
    """Return the client for a run; enter its context to use it."""
    settings = opened.settings
    address = URL(SERVICES[opened.source].address(settings))
    rate = settings.images_per_second or None
    slow = {host: RateLimiter(min(rate or most, most)) for host, most in MOST_PER_SECOND.items()}
    return HttpClient(
        user_agent=_user_agent(settings.contact),
        limiters={**slow, address.host_port_subcomponent or "": opened.budget},
        per_second=rate,
        allow=settings.allow_addresses,
        timeout_s=settings.timeout_s,
        connections_per_host=settings.connections,
        connections=MOST_CONNECTIONS,
        on_wait=lambda host, seconds: tell(f"{host} asks to wait; going on in {seconds:,.0f} s"),
    )


def source_of(opened: Session, *, client: HttpClient) -> Source:
    """Return the source that the command searches.

    Raises:
        CredentialsError: It takes an API key, and there is none.
        SettingsError: It takes a contact, and there is none.
    """
    return SOURCES[opened.source].make(opened.settings, client)


def flickr_client(settings: Settings, *, client: HttpClient) -> FlickrClient:
    """Return what calls Flickr's methods about one photo.

    Raises:
        CredentialsError: There is no API key.
    """
    key = settings.flickr_key.get_secret_value() if settings.flickr_key else ""
    return FlickrClient(client, api_key=key, endpoint=str(settings.flickr_url))


def wikidata(settings: Settings, *, client: HttpClient) -> Wikidata:
    """Return what tells the names of things.

    Raises:
        SettingsError: There is no contact.
    """
    return Wikidata(client, contact=settings.contact, endpoint=str(settings.wikidata_url))


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


def api_budget(settings: Settings, *, source: str) -> Budget:
    """Return the budget of API calls for a command, kept to what is allowed there.

    Raises:
        WorkspaceError: The folder for the count of calls cannot be made.
    """
    return Budget(SERVICES[source].limiter(settings), most=settings.max_calls)


def budget_is_spent(opened: Session) -> bool:
    """Tell whether no further call may be made, and say it if so."""
    if opened.budget.left != 0:
        return False
    tell(
        f"the budget of {counted(opened.budget.used, 'call')} (--max-calls) is used up; what was "
        "found is kept, and the same command goes on where it was"
    )
    return True


def _user_agent(contact: str) -> str:
    reach = f"; {contact}" if contact else ""
    return f"sis/{version('smart-image-scraper')} (Smart Image Scraper{reach})"
