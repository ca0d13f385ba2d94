"""Search: one call to the API of a site of Wikimedia.

https://www.mediawiki.org/wiki/API:Etiquette and API:Errors_and_warnings.
"""

import json
from collections.abc import Callable, Mapping
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

Answer = Mapping[str, Any]

# 50 pages with their metadata are 0.2 MB, ten items of Wikidata 3 MB; either can be long.
_MAX_REPLY_BYTES = 16 * 1024 * 1024
# With "maxlag", a call that finds the database further behind than that is refused, so that those
# of people who wait go first: https://www.mediawiki.org/wiki/Manual:Maxlag_parameter.
_ALWAYS = {"format": "json", "formatversion": "2", "maxlag": "5"}
_LAG_WAIT_S = 5.0
_BUSY = frozenset({"maxlag", "ratelimited"})
_PASSING = frozenset({"readonly", "cirrussearch-backend-error", "cirrussearch-too-busy-error"})
_FORBIDDEN = 403


class MediaWikiClient:
    """Call the API of a site of Wikimedia.

    Args:
        client: Makes the calls; it keeps to the rate, and says in its user agent who can be
            reached.
        site: What the site is called, for messages.
        contact: That address.
        endpoint: The address of the service.

    Raises:
        SettingsError: There is no contact.
    """

    def __init__(self, client: "HttpClient", *, site: str, contact: str, endpoint: str) -> None:
        self._client = client
        self._site = site
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

    async def ask(
        self, arguments: Mapping[str, str], *, is_reply: Callable[[Answer], bool]
    ) -> Answer:
        """Make a call, and return the whole reply.

        Args:
            arguments: What is asked, the ``action`` among them.
            is_reply: Tells whether an answer has the outline of a reply to that.

        Raises:
            SourceError: The API refused, or sent what is no reply to the call.
            TransientError: It was out of service, or sent no readable answer.
            NetworkError: It could not be reached.
        """
        try:
            return await self._client.get(
                self._endpoint,
                params={**_ALWAYS, **arguments},
                max_bytes=_MAX_REPLY_BYTES,
                read=lambda reply: self._read(reply, is_reply=is_reply),
            )
        except StatusError as error:
            if error.status != _FORBIDDEN:
                raise
            raise SourceError(
                f"{self._site} lets nobody of this address or contact in (403); check that "
                "SIS_CONTACT is an address where you can be reached, and try again later"
            ) from error

    def _read(self, reply: "Reply", *, is_reply: Callable[[Answer], bool]) -> Answer:
        try:
            told: Any = json.loads(reply.body)
        except (ValueError, RecursionError) as error:
            raise TransientError(
                f"{self._site} sent an answer that is no JSON; try again later"
            ) from error
        if b"\\ud" in reply.body.lower():
            told = json.loads(well_formed(json.dumps(told, ensure_ascii=False)))
        if isinstance(told, dict) and (refusal := told.get("error")) is not None:
            raise self._refused(refusal if isinstance(refusal, dict) else {}, reply=reply)
        if not isinstance(told, dict) or not is_reply(told):
            raise SourceError(f"{self._site} sent an answer that is no reply to a query")
        return told

    def _refused(self, refusal: Answer, *, reply: "Reply") -> SourceError | TransientError:
        code, said = str(refusal.get("code", "")), str(refusal.get("info", "no reason was given"))
        if code in _BUSY:
            asked_s = parse_retry_after(reply.headers.get("Retry-After"))
            return BusyError(
                f"{self._site} is busy ({code}); try again later",
                wait_s=_LAG_WAIT_S if asked_s is None else asked_s,
            )
        if code in _PASSING or code.startswith("internal_api_error"):
            return TransientError(f"{self._site} could not answer: {said} ({code})")
        return SourceError(f"{self._site} refused: {said} ({code})")
