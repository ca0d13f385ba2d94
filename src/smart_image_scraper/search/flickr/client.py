"""Search: one call to a method of Flickr's, whichever it is.

https://www.flickr.com/services/api/
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar
from xml.etree.ElementTree import Element

from smart_image_scraper.errors import CredentialsError
from smart_image_scraper.photo import PhotoId
from smart_image_scraper.search.flickr.refusal import refusal_error
from smart_image_scraper.search.flickr.reply import Refusal, read_reply

if TYPE_CHECKING:
    from smart_image_scraper.net import HttpClient, Reply

T = TypeVar("T")

ENDPOINT = "https://api.flickr.com/services/rest/"

# 500 rows with every extra are 1 to 2 MB; descriptions can be long.
_MAX_REPLY_BYTES = 64 * 1024 * 1024
# 1,329 comments are 0.6 MB. Sealed, it has to fit into a document of 16 MB.
_MAX_PHOTO_BYTES = 8 * 1024 * 1024


class FlickrClient:
    """Call Flickr's methods, by its public interface for programs.

    There is no login, so Flickr shows public and safe photos only.

    Args:
        client: Makes the calls; it keeps to the rate that Flickr allows a key.
        api_key: The key that Flickr counts the calls by.
        endpoint: The address of the service.

    Raises:
        CredentialsError: There is no key.
    """

    def __init__(self, client: "HttpClient", *, api_key: str, endpoint: str = ENDPOINT) -> None:
        self._client = client
        self._api_key = api_key.strip()
        self._endpoint = endpoint
        if not self._api_key:
            raise CredentialsError(
                "there is no Flickr API key; set SIS_FLICKR_KEY to one from "
                "https://www.flickr.com/services/apps/create/ (a new key needs Flickr Pro), or try "
                "`sis demo`, which works without"
            )

    def sent(self) -> int:
        """Return how many requests have been sent to Flickr, repeated ones included."""
        return self._client.sent(self._endpoint)

    async def ask(self, method: str, photo_id: PhotoId, *, read: Callable[[Element], T]) -> T:
        """Call a method about one photo; see :meth:`call`.

        Raises:
            TooLargeError: The reply is over 8 MB.
        """
        arguments = {"photo_id": photo_id.native}
        return await self.call(method, arguments, read=read, max_bytes=_MAX_PHOTO_BYTES)

    async def call(
        self,
        method: str,
        arguments: Mapping[str, str],
        *,
        read: Callable[[Element], T],
        max_bytes: int = _MAX_REPLY_BYTES,
    ) -> T:
        """Call a method, and read its reply.

        Args:
            method: Its whole name, such as ``flickr.photos.getInfo``.
            arguments: What it takes besides the key.
            read: Makes the value of the reply's root. If it raises ``TransientError``, the call is
                made again.
            max_bytes: The longest reply.

        Returns:
            What ``read`` returned.

        Raises:
            GoneError: Flickr does not, or no longer, show the photo that was asked about.
            DeniedError: The photo's owner does not let others see what was asked for.
            CredentialsError: Flickr does not accept the key.
            SourceError: Flickr refused.
            TransientError: Flickr was out of service, or sent no readable answer.
            NetworkError: Flickr could not be reached.
        """

        def read_answer(reply: "Reply") -> T:
            answer = read_reply(reply.body)
            if isinstance(answer, Refusal):
                raise refusal_error(answer, method=method, api_key=self._api_key)
            return read(answer)

        return await self._client.get(
            self._endpoint,
            params={"method": method, "api_key": self._api_key, **arguments},
            max_bytes=max_bytes,
            read=read_answer,
        )
