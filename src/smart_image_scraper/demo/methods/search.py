"""Demo: ``flickr.photos.search`` with its documented parameters and errors.

https://www.flickr.com/services/api/flickr.photos.search.html
"""

import random
from collections.abc import Mapping, Sequence

from smart_image_scraper.demo.matching import is_parameterless, meets_license, split_tags
from smart_image_scraper.demo.members import MEMBERS
from smart_image_scraper.demo.methods.call import Call, RefusedError
from smart_image_scraper.demo.paging import page_of
from smart_image_scraper.demo.record import MadePhoto
from smart_image_scraper.demo.replies import search_reply

SEARCH = "flickr.photos.search"
_MAX_TAGS_IN_ALL = 20
_KNOWN_NSIDS = frozenset(member.nsid for member in MEMBERS)
_CACHED_SEARCHES = 32


class Searches:
    """Answers searches; the pages of one search are cut from what was found once.

    Args:
        seed: Of what moves the totals.
    """

    def __init__(self, *, seed: int) -> None:
        self._rng = random.Random(f"totals {seed}")  # noqa: S311 — an imitation needs no secrets
        self._found: dict[frozenset[tuple[str, str]], tuple[MadePhoto, ...]] = {}

    def __call__(self, call: Call) -> str:
        """Answer with a page of results."""
        _refuse(call)
        try:
            page = page_of(self._find(call), arguments=call.arguments, rng=self._rng)
        except ValueError as error:
            raise RefusedError(18, "Illogical arguments") from error
        extras = {extra.strip() for extra in call.arguments.get("extras", "").split(",")}
        return search_reply(page, wire=call.wire, extras=extras, address=call.address)

    def _find(self, call: Call) -> Sequence[MadePhoto]:
        arguments = call.arguments
        if not call.changes:
            return self._found_once(arguments, call)
        # A photo's licence may be another one by now.
        license_ids = arguments.get("license", "")
        others = {name: value for name, value in arguments.items() if name != "license"}
        public = call.changes.public(self._found_once(others, call))
        return [photo for photo in public if meets_license(photo, license_ids)]

    def _found_once(self, arguments: Mapping[str, str], call: Call) -> Sequence[MadePhoto]:
        key = frozenset(
            item for item in arguments.items() if item[0] not in {"page", "per_page", "extras"}
        )
        if key not in self._found:
            if len(self._found) >= _CACHED_SEARCHES:
                self._found.clear()
            self._found[key] = call.index.find(arguments)
        return self._found[key]


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
