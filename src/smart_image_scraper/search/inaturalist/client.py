"""Search: one call to the API of iNaturalist.

https://api.inaturalist.org/v1/docs/ and https://www.inaturalist.org/pages/api+recommended+practices.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smart_image_scraper.errors import SourceError, StatusError, TransientError
from smart_image_scraper.search.inaturalist.terms import SITE
from smart_image_scraper.search.well_formed import well_formed

if TYPE_CHECKING:
    from smart_image_scraper.net import HttpClient, Reply

ENDPOINT = "https://api.inaturalist.org/v1"

# An observation takes 50 to 150 kB, most of it the ancestors of what people identified it as.
_MAX_REPLY_BYTES = 64 * 1024 * 1024
_UNPROCESSABLE = 422

Row = Mapping[str, Any]


class INaturalistClient:
    """Call the API of iNaturalist.

    Args:
        client: Makes the calls; it keeps to the rate.
        endpoint: The address of the service.
    """

    def __init__(self, client: "HttpClient", *, endpoint: str = ENDPOINT) -> None:
        self._client = client
        self._endpoint = endpoint.rstrip("/")

    def sent(self) -> int:
        """Return how many requests have been sent there, repeated ones included."""
        return self._client.sent(self._endpoint)

    async def results(self, path: str, arguments: Mapping[str, str]) -> Sequence[Row]:
        """Ask for something, and return the results of the reply.

        Args:
            path: Of the method, such as ``observations``.
            arguments: What it is asked.

        Raises:
            SourceError: The API refused, or sent what is no reply of it.
            TransientError: It was out of service, or sent no readable answer.
            NetworkError: It could not be reached.
        """
        try:
            return await self._client.get(
                f"{self._endpoint}/{path}",
                params=arguments,
                max_bytes=_MAX_REPLY_BYTES,
                read=_read,
            )
        except StatusError as error:
            if error.status != _UNPROCESSABLE:
                raise
            raise SourceError(f"{SITE} does not take the arguments: {error}") from error


def _read(reply: "Reply") -> Sequence[Row]:
    try:
        told: Any = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise TransientError(f"{SITE} sent an answer that is no JSON; try again later") from error
    rows = told.get("results") if isinstance(told, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SourceError(f"{SITE} sent an answer that is no list of results")
    if b"\\ud" in reply.body.lower():
        rows = json.loads(well_formed(json.dumps(rows, ensure_ascii=False)))
    found: Sequence[Row] = rows
    return found
