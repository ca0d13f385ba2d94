"""Search: one call to the API of Wikimedia Commons."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from smart_image_scraper.search.mediawiki import Answer, MediaWikiClient

if TYPE_CHECKING:
    from smart_image_scraper.net import HttpClient

ENDPOINT = "https://commons.wikimedia.org/w/api.php"


class CommonsClient(MediaWikiClient):
    """Call the API of Wikimedia Commons.

    Args:
        client: Makes the calls; see :class:`MediaWikiClient`.
        contact: Where whoever runs this can be reached.
        endpoint: The address of the service.

    Raises:
        SettingsError: There is no contact.
    """

    def __init__(self, client: "HttpClient", *, contact: str, endpoint: str = ENDPOINT) -> None:
        super().__init__(client, site="Wikimedia Commons", contact=contact, endpoint=endpoint)

    async def query(self, arguments: Mapping[str, str]) -> Answer:
        """Ask a query, and return the whole reply; see :meth:`ask`."""
        return await self.ask({"action": "query", **arguments}, is_reply=_is_reply)


def _is_reply(told: Answer) -> bool:
    """Tell whether an answer has the outline of a reply; what is in its pages is another matter."""
    query, follows = told.get("query", {}), told.get("continue", {})
    pages = query.get("pages", []) if isinstance(query, dict) else None
    return (
        isinstance(follows, dict)
        and isinstance(pages, list)
        and all(isinstance(page, dict) for page in pages)
    )
