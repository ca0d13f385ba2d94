"""Demo: the REST endpoint: which calls it lets in, and which method answers them."""

from collections.abc import Collection, Mapping

from smart_image_scraper.demo.changes import Changes
from smart_image_scraper.demo.matching import PhotoIndex
from smart_image_scraper.demo.methods.call import Call, Method, RefusedError
from smart_image_scraper.demo.methods.comments import get_comments
from smart_image_scraper.demo.methods.exif import get_exif
from smart_image_scraper.demo.methods.info import get_info
from smart_image_scraper.demo.methods.licenses import get_license_history, get_licenses
from smart_image_scraper.demo.methods.people import get_person
from smart_image_scraper.demo.methods.search import SEARCH, Searches
from smart_image_scraper.demo.methods.sizes import get_sizes
from smart_image_scraper.demo.paging import Quirks
from smart_image_scraper.demo.replies import Refusal, refusal_reply

_METHODS: Mapping[str, Method] = {
    "flickr.photos.getInfo": get_info,
    "flickr.photos.getExif": get_exif,
    "flickr.photos.getSizes": get_sizes,
    "flickr.photos.comments.getList": get_comments,
    "flickr.photos.licenses.getInfo": get_licenses,
    "flickr.photos.licenses.getLicenseHistory": get_license_history,
    "flickr.people.getInfo": get_person,
}


def check_call(
    arguments: Mapping[str, str], *, api_keys: Collection[str], methods: Collection[str]
) -> Refusal | None:
    """Return why a call is refused before its method is run; ``None`` if it is not."""
    method = arguments.get("method", "unknown")
    if method not in methods:
        return Refusal(code=112, message=f'Method "{method}" not found')
    if arguments.get("api_key") not in api_keys:
        return Refusal(code=100, message="Invalid API Key (Key has invalid format)")
    form = arguments.get("format", "rest")
    if form not in {"rest", "json"}:
        return Refusal(code=111, message=f'Format "{form}" not found')
    return None


class MadeAnswers:
    """Answers calls about made photos.

    Args:
        index: All there are.
        quirks: How far the replies to searches are from what was asked for.
        seed: Of what moves the totals.

    Attributes:
        methods: The names of the methods it knows.
    """

    def __init__(self, index: PhotoIndex, *, quirks: Quirks, seed: int) -> None:
        self._index = index
        searches = Searches(index, quirks=quirks, seed=seed)
        self._methods: dict[str, Method] = {SEARCH: searches, **_METHODS}
        self.methods = frozenset(self._methods)

    def answer(self, arguments: Mapping[str, str], *, address: str, changes: Changes) -> bytes:
        """Return the body of the reply to a call that passed ``check_call``.

        Args:
            arguments: The request's.
            address: Host and port for the photos' addresses.
            changes: What has become of the photos.
        """
        call = Call(arguments=arguments, address=address, index=self._index, changes=changes)
        try:
            text = self._methods[arguments["method"]](call)
        except RefusedError as error:
            text = refusal_reply(error.refusal, wire=call.wire)
        return text.encode()
