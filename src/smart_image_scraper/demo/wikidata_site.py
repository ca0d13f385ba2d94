"""Demo: an imitation of Wikidata, for tests: its API, on loopback.

It has the quirks that a client must know: names that are found in any language and by their
beginnings, items that were merged into others, deleted ones, pages that are no things.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from aiohttp import web

from smart_image_scraper.demo.mediawiki_api import MediaWikiApi
from smart_image_scraper.demo.wikidata_items import BY_ID, ITEMS, MERGED, Entity, MadeItem

_MOST_ITEMS = _MOST_LANGUAGES = 50
_USUAL_LIMIT = 7


class WikidataSite(MediaWikiApi):
    """An imitation of Wikidata, on a port of 127.0.0.1 while its context is entered.

    It answers ``wbsearchentities`` and ``wbgetentities``.
    """

    def _add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get(self.API_PATH, self._api)

    async def _api(self, request: web.Request) -> web.Response:
        if (ordered := self._instead(request)) is not None:
            return ordered
        answers = {"wbsearchentities": _search, "wbgetentities": _entities}
        return web.json_response(answers[request.query["action"]](request.query))


def _search(asked: Mapping[str, str]) -> dict[str, Any]:
    found = sorted(_hits(asked["search"]), key=lambda hit: hit[0])
    first, limit = int(asked.get("continue", 0)), int(asked.get("limit", _USUAL_LIMIT))
    told: dict[str, Any] = {"searchinfo": {"search": asked["search"]}, "success": 1}
    if first + limit < len(found):
        told["search-continue"] = first + limit
    return told | {"search": [row for _, row in found[first : first + limit]]}


def _hits(text: str) -> Iterator[tuple[tuple[bool, int], Entity]]:
    """Yield what has a name that begins so, with its rank: exact names, then well-known things."""
    wanted = text.casefold()
    for item in ITEMS:
        names = [each for each in item.called if each[0].casefold().startswith(wanted)]
        if names or item.id == text:
            best = min(names, key=lambda each: len(each[0]), default=(item.id, "", "entityId"))
            yield (len(best[0]) != len(text), -item.sites), _row(item, match=best)


def _row(item: MadeItem, *, match: tuple[str, str, str]) -> Entity:
    name, language, kind = match
    label = next(iter(item.names.values()))[0]
    row = {
        "id": item.id,
        "title": item.id,
        "repository": "wikidata",
        "url": f"//www.wikidata.org/wiki/{item.id}",
        "concepturi": f"http://www.wikidata.org/entity/{item.id}",
        "display": {
            "label": {"value": label, "language": "en"},
            "description": {"value": item.description, "language": "en"},
        },
        "label": label,
        "description": item.description,
        "match": {"type": kind, "text": name} | ({"language": language} if language else {}),
    }
    return row | ({"aliases": [name]} if kind == "alias" else {})


def _entities(asked: Mapping[str, str]) -> dict[str, Any]:
    numbers, languages = asked["ids"].split("|"), asked.get("languages", "").split("|")
    if len(numbers) > _MOST_ITEMS or len(languages) > _MOST_LANGUAGES:
        info = 'Too many values supplied for parameter "ids". The limit is 50.'
        return {"error": {"code": "toomanyvalues", "info": info}}
    codes = [code for code in languages if code]
    return {"entities": {each: _entity(each, codes) for each in numbers}, "success": 1}


def _entity(number: str, codes: list[str]) -> Entity:
    """Return an item; one that was merged under its old id, with the new one in it."""
    target = MERGED.get(number, number)
    if target not in BY_ID:
        return {"id": number, "missing": ""}
    entity = BY_ID[target].entity(codes)
    return entity | ({"redirects": {"from": number, "to": target}} if target != number else {})
