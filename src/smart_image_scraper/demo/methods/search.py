"""Demo: ``flickr.photos.search`` with its documented parameters and errors.

https://www.flickr.com/services/api/flickr.photos.search.html
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import ceil

from smart_image_scraper.demo.matching import (
    PhotoIndex,
    is_parameterless,
    meets_license,
    split_tags,
)
from smart_image_scraper.demo.members import COMMENTERS, MEMBERS
from smart_image_scraper.demo.methods.call import Call, RefusedError
from smart_image_scraper.demo.paging import Page, Quirks, page_of
from smart_image_scraper.demo.record import MadePhoto
from smart_image_scraper.demo.replies import search_reply

SEARCH = "flickr.photos.search"
_MAX_TAGS_IN_ALL = 20
_KNOWN_NSIDS = frozenset(member.nsid for member in (*MEMBERS, *COMMENTERS))
_CACHED_SEARCHES = 32
_NO_CONDITIONS = frozenset({"page", "per_page", "extras", "api_key", "format", "nojsoncallback"})


class Searches:
    """Answers searches; the pages of one search are cut from what was found once.

    Args:
        index: The made photos.
        quirks: How far replies are from what was asked for.
        seed: Of what moves the totals.
    """

    def __init__(self, index: PhotoIndex, *, quirks: Quirks, seed: int) -> None:
        self._index = index
        self._quirks = quirks
        self._rng = random.Random(f"totals {seed}")  # noqa: S311 — an imitation needs no secrets
        self._find_once = lru_cache(maxsize=_CACHED_SEARCHES)(self._find_items)

    def __call__(self, call: Call) -> str:
        """Answer with a page of results."""
        _refuse(call)
        try:
            page = self._page(call)
        except ValueError as error:
            raise RefusedError(18, "Illogical arguments") from error
        extras = {extra.strip() for extra in call.arguments.get("extras", "").split(",")}
        return search_reply(page, wire=call.wire, extras=extras, address=call.address)

    def _page(self, call: Call) -> Page:
        quirks, arguments = self._quirks, call.arguments
        page = page_of(self._find(call), arguments=arguments, rng=self._rng, quirks=quirks)
        count = round(page.per_page * quirks.strays)
        if not count or not page.photos:
            return page
        # Every page has others; those beyond the cap, which repeat the last one, repeat its.
        number = min(page.number, ceil(quirks.max_results / page.per_page))
        strays = self._index.strays(arguments, count=count * number)[count * (number - 1) :]
        return replace(page, photos=[*page.photos, *call.changes.public(strays)])

    def _find(self, call: Call) -> Sequence[MadePhoto]:
        arguments = dict(call.arguments)
        if not call.changes:
            return self._find_once(_conditions_in(arguments))
        # A photo's licence may be another one by now.
        license_ids = arguments.pop("license", "")
        public = call.changes.public(self._find_once(_conditions_in(arguments)))
        return [photo for photo in public if meets_license(photo, license_ids)]

    def _find_items(self, items: frozenset[tuple[str, str]]) -> Sequence[MadePhoto]:
        return self._index.find(dict(items))


def _conditions_in(arguments: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(item for item in arguments.items() if item[0] not in _NO_CONDITIONS)


def _refuse(call: Call) -> None:
    arguments = call.arguments
    if is_parameterless(arguments):
        raise RefusedError(
            3,
            "Parameterless searches have been disabled. "
            "Please use flickr.photos.getRecent instead.",
        )
    if arguments.get("tag_mode") == "all" and len(split_tags(arguments)) > _MAX_TAGS_IN_ALL:
        raise RefusedError(1, "Too many tags in ALL query")
    nsid = arguments.get("user_id", "")
    if nsid and nsid not in _KNOWN_NSIDS:
        raise RefusedError(2, "Unknown user")
    if call.changes.is_closed(nsid):
        raise RefusedError(5, "User deleted")
