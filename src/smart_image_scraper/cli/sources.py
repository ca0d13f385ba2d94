"""The sources of photos, and that of names, as the settings want them."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from smart_image_scraper.cli.session import tell
from smart_image_scraper.config import Settings
from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.net import HttpClient, Limiter, RateLimiter, SharedLimiter
from smart_image_scraper.search import Source
from smart_image_scraper.search.commons import CommonsSource
from smart_image_scraper.search.flickr import FlickrSource
from smart_image_scraper.search.inaturalist import INaturalistSource

LONG_WAIT_S = 30.0
_HOUR_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How a service is asked.

    Attributes:
        address: Where its API answers.
        limiter: Spaces its calls, those of all processes of this machine together.
    """

    address: Callable[[Settings], str]
    limiter: Callable[[Settings], Limiter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access(Service):
    """How a source of photos is asked.

    Attributes:
        make: Makes the source.
    """

    make: Callable[[Settings, HttpClient], Source]


def _flickr(settings: Settings, client: HttpClient) -> FlickrSource:
    key = settings.flickr_key.get_secret_value() if settings.flickr_key else ""
    return FlickrSource(client, api_key=key, endpoint=str(settings.flickr_url))


def _flickr_limiter(settings: Settings) -> Limiter:
    if settings.flickr_key is None:
        return RateLimiter(None)  # of no use: without a key there is no call
    # The file is named by a digest of the key, so that the key itself stands nowhere.
    key = settings.flickr_key.get_secret_value()
    name = hashlib.sha256(f"sis flickr key {key}".encode()).hexdigest()[:16]
    return _shared(
        settings,
        name=f"flickr-{name}",
        site="Flickr",
        per_hour=settings.flickr_calls_per_hour,
        per_second=settings.flickr_calls_per_second,
    )


def _commons(settings: Settings, client: HttpClient) -> CommonsSource:
    return CommonsSource(client, contact=settings.contact, endpoint=str(settings.commons_url))


def _commons_limiter(settings: Settings) -> Limiter:
    rate = settings.commons_calls_per_second
    hourly = max(1, int(rate * _HOUR_S))
    site = "Wikimedia Commons"
    return _shared(settings, name="commons", site=site, per_hour=hourly, per_second=rate)


def _wikidata_limiter(settings: Settings) -> Limiter:
    rate = settings.wikidata_calls_per_second
    hourly = max(1, int(rate * _HOUR_S))
    return _shared(settings, name="wikidata", site="Wikidata", per_hour=hourly, per_second=rate)


def _inaturalist(settings: Settings, client: HttpClient) -> INaturalistSource:
    return INaturalistSource(
        client,
        terms_accepted=INaturalistSource.name in settings.accept_terms,
        endpoint=str(settings.inaturalist_url),
    )


def _inaturalist_limiter(settings: Settings) -> Limiter:
    rate = settings.inaturalist_calls_per_second
    return _shared(
        settings,
        name="inaturalist",
        site="iNaturalist",
        per_hour=max(1, int(rate * _HOUR_S)),
        per_day=settings.inaturalist_calls_per_day,
        per_second=rate,
    )


def _shared(
    settings: Settings,
    *,
    name: str,
    site: str,
    per_hour: int,
    per_second: float,
    per_day: int | None = None,
) -> SharedLimiter:
    folder = settings.state_dir / "calls"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkspaceError(
            f"{folder}: the count of API calls cannot be kept there: {error.strerror}; "
            "set SIS_STATE_DIR to a folder that can be written"
        ) from error

    def tell_long_wait(seconds: float) -> None:
        if seconds >= LONG_WAIT_S:
            tell(
                f"the calls to {site} are used up for now; going on in {seconds / 60:,.0f} minutes"
            )

    return SharedLimiter(
        folder / f"{name}.sqlite",
        per_hour=per_hour,
        per_day=per_day,
        per_second=per_second,
        on_wait=tell_long_wait,
    )


SOURCES: Mapping[str, Access] = MappingProxyType(
    {
        "flickr": Access(
            make=_flickr,
            address=lambda settings: str(settings.flickr_url),
            limiter=_flickr_limiter,
        ),
        "commons": Access(
            make=_commons,
            address=lambda settings: str(settings.commons_url),
            limiter=_commons_limiter,
        ),
        "inaturalist": Access(
            make=_inaturalist,
            address=lambda settings: str(settings.inaturalist_url),
            limiter=_inaturalist_limiter,
        ),
    }
)
"""By their names; ``SOURCE_NAMES`` of the options has the same."""

SERVICES: Mapping[str, Service] = MappingProxyType(
    {
        **SOURCES,
        "wikidata": Service(
            address=lambda settings: str(settings.wikidata_url), limiter=_wikidata_limiter
        ),
    }
)
"""All that is asked by an API, the sources among them."""

# https://wikitech.wikimedia.org/wiki/Robot_policy
MOST_CONNECTIONS: Mapping[str, int] = MappingProxyType(
    {
        "commons.wikimedia.org": 3,
        "upload.wikimedia.org": 2,
        "www.wikidata.org": 1,
        "inaturalist-open-data.s3.amazonaws.com": 2,
        "static.inaturalist.org": 2,
    }
)
"""Requests at a time that a host asks not to exceed, whatever is set."""

# Files of 2,048 pixels have about a megabyte, and iNaturalist asks to stay below 5 GB an hour.
MOST_PER_SECOND: Mapping[str, float] = MappingProxyType(
    {"inaturalist-open-data.s3.amazonaws.com": 1, "static.inaturalist.org": 1}
)
"""Likewise requests begun in a second."""
