"""Serve: the photos that a filter means: how many, of which kinds, a page of them, where."""

from dataclasses import fields
from typing import Annotated, Any

from fastapi import APIRouter, Query

from smart_image_scraper.errors import CountryError, UsageError
from smart_image_scraper.geocode import country_name
from smart_image_scraper.photo import BoundingBox, License
from smart_image_scraper.web.answers import Json
from smart_image_scraper.web.api.given import FILTER, Person, ProblemsHere, ServedHere, Where
from smart_image_scraper.web.api.replies import PageReply
from smart_image_scraper.web.engine import USUAL, describe, select
from smart_image_scraper.web.file_formats import FORMATS
from smart_image_scraper.web.snapshot import Card

router = APIRouter(prefix="/api", tags=["photos"])

_CARD = tuple(part.name for part in fields(Card))
_LAST_PAGE = 1_000_000


@router.get("/schema")
def schema(*, served: ServedHere, visitor: Person, problems: ProblemsHere) -> Json:
    """Tell what there is to filter by."""
    known = dict(describe(served.library.snapshot()))
    known["loading"] = served.library.state().loading
    known["empty"] = known["empty"] and not known["loading"]
    known["countries"] = [each | {"name": _country(each["code"])} for each in known["countries"]]
    known["licenses"] = [each | license_words(each["word"]) for each in known["licenses"]]
    known["export_formats"] = [each.as_json() for each in FORMATS]
    return Json(known | {"problems": problems.tell(visitor)})


@router.get("/photos", openapi_extra=FILTER, response_model=PageReply)
def photos(
    *,
    served: ServedHere,
    where: Where,
    order: Annotated[str, Query(max_length=300)] = "newest",
    page: Annotated[int, Query(ge=1, le=_LAST_PAGE)] = 1,
    limit: Annotated[int, Query(ge=1, le=256)] = 64,
) -> Json:
    """Return a page of the photos that a filter means."""
    snapshot = served.library.snapshot()
    selection = select(snapshot, where)
    ids = selection.page(order, offset=(page - 1) * limit, limit=limit)
    return Json(
        {
            "revision": snapshot.revision,
            "matching": selection.matching,
            "page": page,
            "pages": -(-selection.matching // limit),
            "photos": [card_json(card) for card in snapshot.cards(ids)],
        }
    )


@router.get("/facets", openapi_extra=FILTER)
def facets(
    *, served: ServedHere, where: Where, only: Annotated[str | None, Query(max_length=300)] = None
) -> Json:
    """Count the photos that a filter means, by kind; each kind ignores the condition on itself.

    Without ``only``, what takes long at a million is left out: ``tags``, ``species``, ``owners``.
    """
    wanted = USUAL if only is None else tuple(only.split(","))
    return Json(select(served.library.snapshot(), where).facets(wanted))


@router.get("/map", openapi_extra=FILTER)
def positions(
    *,
    served: ServedHere,
    where: Where,
    view: Annotated[str, Query(max_length=200, examples=["-180,-90,180,90"])] = "-180,-90,180,90",
    cells: Annotated[int, Query(ge=1, le=256)] = 48,
    color: Annotated[str, Query(max_length=200)] = "term",
) -> Json:
    """Tell where the photos are: each by itself, or where they are many, by cells."""
    try:
        shown = BoundingBox.parse(view)
    except ValueError as error:
        raise UsageError(f"view: {error}") from error
    return Json(select(served.library.snapshot(), where).map(shown, cells=cells, color=color))


def card_json(card: Card) -> dict[str, Any]:
    """Return a card, ready for JSON."""
    return {name: getattr(card, name) for name in _CARD}


def license_words(word: str) -> dict[str, Any]:
    """Return what people call a licence, its page, and whether it lets anyone copy."""
    known = License(word)
    return {"name": known.name, "url": known.url, "free": known.is_free}


def _country(code: str) -> str:
    try:
        return country_name(code)
    except CountryError:  # older records may hold a code that has no borders here
        return code
