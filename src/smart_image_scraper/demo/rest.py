"""Demo: the REST endpoint, ``flickr.photos.search`` with its documented parameters and errors."""

import random
from collections.abc import Collection, Mapping

from smart_image_scraper.demo.matching import PhotoIndex, is_parameterless, split_tags
from smart_image_scraper.demo.paging import page_of
from smart_image_scraper.demo.record import MadePhoto
from smart_image_scraper.demo.replies import Refusal, Wire, refusal_reply, search_reply
from smart_image_scraper.demo.words import MEMBERS

SEARCH = "flickr.photos.search"
_MAX_TAGS_IN_ALL = 20
_KNOWN_NSIDS = frozenset(member.nsid for member in MEMBERS)
_CACHED_SEARCHES = 32


def check_call(arguments: Mapping[str, str], *, api_keys: Collection[str]) -> Refusal | None:
    """Return why a call is refused before its method is run; ``None`` if it is not."""
    method = arguments.get("method", "unknown")
    if method != SEARCH:
        return Refusal(code=112, message=f'Method "{method}" not found')
    if arguments.get("api_key") not in api_keys:
        return Refusal(code=100, message="Invalid API Key (Key has invalid format)")
    form = arguments.get("format", "rest")
    if form not in {"rest", "json"}:
        return Refusal(code=111, message=f'Format "{form}" not found')
    return None


def wire_of(arguments: Mapping[str, str]) -> Wire:
    """Return how a call wants its reply."""
    return Wire(
        json=arguments.get("format") == "json",
        callback=arguments.get("nojsoncallback", "0") in {"", "0"},
    )


class MadeAnswers:
    """Answers searches among made photos.

    Args:
        index: All there are.
        seed: Of what moves the totals.
    """

    def __init__(self, index: PhotoIndex, *, seed: int) -> None:
        self._index = index
        self._rng = random.Random(f"totals {seed}")  # noqa: S311 — an imitation needs no secrets
        self._found: dict[frozenset[tuple[str, str]], tuple[MadePhoto, ...]] = {}

    def answer(self, arguments: Mapping[str, str], *, address: str) -> bytes:
        """Return the body of the reply to a search that passed ``check_call``.

        Args:
            arguments: The request's.
            address: Host and port for the photos' addresses.
        """
        wire = wire_of(arguments)
        refusal = _refusal(arguments)
        if refusal is not None:
            return refusal_reply(refusal, wire=wire).encode()
        try:
            page = page_of(self._find(arguments), arguments=arguments, rng=self._rng)
        except ValueError:
            refusal = Refusal(code=18, message="Illogical arguments")
            return refusal_reply(refusal, wire=wire).encode()
        extras = {extra.strip() for extra in arguments.get("extras", "").split(",")}
        return search_reply(page, wire=wire, extras=extras, address=address).encode()

    def _find(self, arguments: Mapping[str, str]) -> tuple[MadePhoto, ...]:
        # The pages of one search are asked for one after the other; matching once is enough.
        key = frozenset(
            item for item in arguments.items() if item[0] not in {"page", "per_page", "extras"}
        )
        if key not in self._found:
            if len(self._found) >= _CACHED_SEARCHES:
                self._found.clear()
            self._found[key] = self._index.find(arguments)
        return self._found[key]


def _refusal(arguments: Mapping[str, str]) -> Refusal | None:
    if is_parameterless(arguments):
        message = (
            "Parameterless searches have been disabled. Please use flickr.photos.getRecent instead."
        )
        return Refusal(code=3, message=message)
    if arguments.get("tag_mode") == "all" and len(split_tags(arguments)) > _MAX_TAGS_IN_ALL:
        return Refusal(code=1, message="Too many tags in ALL query")
    if arguments.get("user_id") and arguments["user_id"] not in _KNOWN_NSIDS:
        return Refusal(code=2, message="Unknown user")
    return None
