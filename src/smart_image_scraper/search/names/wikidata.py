"""Search: Wikidata, asked for what things are called.

https://www.wikidata.org/w/api.php?action=help&modules=wbsearchentities and wbgetentities.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from smart_image_scraper.errors import UsageError
from smart_image_scraper.search.mediawiki import Answer, MediaWikiClient
from smart_image_scraper.search.names.choice import Candidate
from smart_image_scraper.search.names.item import Entity, Item, read_item, with_forms
from smart_image_scraper.search.names.spelling import key_of
from smart_image_scraper.search.values import mapping, mappings, text

if TYPE_CHECKING:
    from smart_image_scraper.net import HttpClient

ENDPOINT = "https://www.wikidata.org/w/api.php"
SITE = "Wikidata"

_MOST_CANDIDATES = 10
_MOST_LANGUAGES = 50
_ITEM = re.compile(r"Q[1-9][0-9]{0,9}")
# Without "strictlanguage", names in all languages are looked through, English ones first.
_SEARCH = {
    "action": "wbsearchentities",
    "language": "en",
    "uselang": "en",
    "type": "item",
    "limit": str(_MOST_CANDIDATES),
}
_GET = {"action": "wbgetentities", "props": "labels|aliases|descriptions|claims|sitelinks"}


class Wikidata(MediaWikiClient):
    """Ask Wikidata what things are called.

    Args:
        client: Makes the calls; see :class:`MediaWikiClient`.
        contact: Where whoever runs this can be reached.
        endpoint: The address of the service.

    Raises:
        SettingsError: There is no contact.
    """

    def __init__(self, client: "HttpClient", *, contact: str, endpoint: str = ENDPOINT) -> None:
        super().__init__(client, site=SITE, contact=contact, endpoint=endpoint)

    async def find(self, term: str, *, languages: Sequence[str] | None) -> Sequence[Candidate]:
        """Return what a word may mean, the best first, by two calls.

        Args:
            term: In any language.
            languages: Those whose names are wanted, by Wikidata's codes; ``None`` for all.

        Raises:
            SourceError: Wikidata refused, or sent what is no reply.
            TransientError: It was out of service, or sent no readable answer.
            NetworkError: It could not be reached.
        """
        asked = {**_SEARCH, "search": " ".join(term.split())}
        reply = await self.ask(asked, is_reply=_is_search)
        hits = {str(hit.get("id")): hit for hit in mappings(reply["search"])}
        wanted = [number for number in hits if _ITEM.fullmatch(number)]
        entities = await self._entities(wanted, languages=languages) if wanted else {}
        items = (
            (hits[number], read_item(entity, languages=languages))
            for number, entity in entities.items()
        )
        return [
            Candidate(item=item, is_exact=_is_called(term, hit=hit, item=item))
            for hit, item in items
            if not item.is_page
        ]

    async def item(self, number: str, *, languages: Sequence[str] | None) -> Item:
        """Return an item by its id, by one call; one that took its place, if it was merged.

        Args:
            number: Such as ``Q140``.
            languages: Those whose names are wanted, by Wikidata's codes; ``None`` for all.

        Raises:
            UsageError: There is no such item.
            SourceError: Wikidata refused, or sent what is no reply.
            TransientError: It was out of service, or sent no readable answer.
            NetworkError: It could not be reached.
        """
        if not _ITEM.fullmatch(number):
            raise UsageError(
                f"{number!r} is no item of {SITE}; its id is a Q and a number, as Q140"
            )
        entities = await self._entities([number], languages=languages)
        if number not in entities:
            raise UsageError(f"{SITE} has no item {number}; check {SITE}'s page of what you mean")
        return read_item(entities[number], languages=languages)

    async def _entities(
        self, numbers: Sequence[str], *, languages: Sequence[str] | None
    ) -> Mapping[str, Entity]:
        """Return those items that there are, by the ids that were asked for, in their order."""
        asked = {**_GET, "ids": "|".join(numbers)}
        codes = {"en": None, "mul": None} | dict.fromkeys(with_forms(languages or ()))
        if languages is not None and len(codes) <= _MOST_LANGUAGES:
            asked["languages"] = "|".join(codes)
        reply = await self.ask(asked, is_reply=_is_entities)
        told = {number: mapping(reply["entities"].get(number)) for number in numbers}
        return {
            number: entity
            for number, entity in told.items()
            if "missing" not in entity and _ITEM.fullmatch(str(entity.get("id")))
        }


def _is_called(term: str, *, hit: Mapping[str, object], item: Item) -> bool:
    """Tell whether an item is called just so, by what matched or by what is known of it."""
    matched = text(mapping(hit.get("match")).get("text"))
    return _folded(term) in map(_folded, filter(None, (matched, *item.called)))


def _folded(name: str) -> str:
    return " ".join(key_of(name).split())


def _is_search(told: Answer) -> bool:
    return isinstance(told.get("search"), list)


def _is_entities(told: Answer) -> bool:
    return isinstance(told.get("entities"), dict)
