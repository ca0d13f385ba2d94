"""Search: one call to the API of Wikimedia Commons.

https://www.mediawiki.org/wiki/API:Etiquette and API:Errors_and_warnings.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from smart_image_scraper.errors import (
    BusyError,
    SettingsError,
    SourceError,
    StatusError,
    TransientError,
)
from smart_image_scraper.net.breaker import parse_retry_after
from smart_image_scraper.search.well_formed import well_formed

if TYPE_CHECKING:
    from smart_image_scraper.net import HttpClient, Reply

ENDPOINT = "https://commons.wikimedia.org/w/api.php"

# 50 pages with their metadata are 0.2 MB; descriptions can be long.
_MAX_REPLY_BYTES = 16 * 1024 * 1024
# With "maxlag", a call that finds the database further behind than that is refused, so that those
# of people who wait go first: https://www.mediawiki.org/wiki/Manual:Maxlag_parameter.
_ALWAYS = {"action": "query", "format": "json", "formatversion": "2", "maxlag": "5"}
_LAG_WAIT_S = 5.0
_BUSY = frozenset({"maxlag", "ratelimited"})
_PASSING = frozenset({"readonly", "cirrussearch-backend-error", "cirrussearch-too-busy-error"})
_FORBIDDEN = 403


class CommonsClient:
    """Call the API of Wikimedia Commons.

    Args:
        client: Makes the calls; it keeps to the rate, and says in its user agent who can be
            reached.
        contact: That address.
        endpoint: The address of the service.

    Raises:
        SettingsError: There is no contact.
    """

    def __init__(self, client: "HttpClient", *, contact: str, endpoint: str = ENDPOINT) -> None:
        self._client = client
        self._endpoint = endpoint
        if not contact.strip():
            # https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy
            raise SettingsError(
                "Wikimedia refuses programs that do not say who runs them; set SIS_CONTACT, or "
                "contact in sis.toml, to an address where you can be reached, such as "
                "mailto:me@example.org or that of a web page; it is sent with every request"
            )

    def sent(self) -> int:
        """Return how many requests have been sent there, repeated ones included."""
        return self._client.sent(self._endpoint)

    async def query(self, arguments: Mapping[str, str]) -> Mapping[str, Any]:
        """Ask a query, and return the whole reply.

        Raises:
            SourceError: The API refused, or sent what is no reply of a query.
            TransientError: It was out of service, or sent no readable answer.
            NetworkError: It could not be reached.
        """
        try:
            return await self._client.get(
                self._endpoint,
                params={**_ALWAYS, **arguments},
                max_bytes=_MAX_REPLY_BYTES,
                read=_read,
            )
        except StatusError as error:
            if error.status != _FORBIDDEN:
                raise
            raise SourceError(
                "Wikimedia Commons lets nobody of this address or contact in (403); check that "
                "SIS_CONTACT is an address where you can be reached, and try again later"
            ) from error


def _read(reply: "Reply") -> Mapping[str, Any]:
    try:
        told: Any = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise TransientError(
            "Wikimedia Commons sent an answer that is no JSON; try again later"
        ) from error
    if not _is_reply(told):
        raise SourceError("Wikimedia Commons sent an answer that is no reply to a query")
    if b"\\ud" in reply.body.lower():
        told = json.loads(well_formed(json.dumps(told, ensure_ascii=False)))
    answer: Mapping[str, Any] = told
    refusal = answer.get("error")
    if refusal is None:
        return answer
    raise _refused(refusal if isinstance(refusal, dict) else {}, reply=reply)


def _is_reply(told: Any) -> bool:  # noqa: ANN401 — whatever JSON can hold
    """Tell whether an answer has the outline of a reply; what is in its pages is another matter."""
    if not isinstance(told, dict):
        return False
    query, follows = told.get("query", {}), told.get("continue", {})
    pages = query.get("pages", []) if isinstance(query, dict) else None
    return (
        isinstance(follows, dict)
        and isinstance(pages, list)
        and all(isinstance(page, dict) for page in pages)
    )


def _refused(refusal: Mapping[str, Any], *, reply: "Reply") -> SourceError | TransientError:
    code, said = str(refusal.get("code", "")), str(refusal.get("info", "no reason was given"))
    if code in _BUSY:
        asked_s = parse_retry_after(reply.headers.get("Retry-After"))
        return BusyError(
            f"Wikimedia Commons is busy ({code}); try again later",
            wait_s=_LAG_WAIT_S if asked_s is None else asked_s,
        )
    if code in _PASSING or code.startswith("internal_api_error"):
        return TransientError(f"Wikimedia Commons could not answer: {said} ({code})")
    return SourceError(f"Wikimedia Commons refused: {said} ({code})")
