"""Serve: what routes are given of a request."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Annotated, Any

from anyio import CapacityLimiter
from fastapi import Depends, HTTPException, Request

from smart_image_scraper.photo import Filter
from smart_image_scraper.pipeline import read_filter
from smart_image_scraper.web.access import Access, Visitor
from smart_image_scraper.web.exporting import Exports
from smart_image_scraper.web.problems import Problems
from smart_image_scraper.web.served import Served

_PATIENCE_S = 2.0

VIEW_WORDS = frozenset(
    {
        *("view", "order", "page", "grid", "show", "photo", "color", "concept", "queue"),
        *("limit", "only", "cells", "format", "personal", "number"),
    }
)
"""The words of an address that say how photos are shown, not which."""


async def _served(request: Request) -> Served:
    first_look: asyncio.Event | None = request.app.state.first_look
    if first_look is not None and not first_look.is_set():
        # Whoever comes while few photos are loaded sees them, and not that there is none yet.
        with suppress(TimeoutError):
            await asyncio.wait_for(first_look.wait(), _PATIENCE_S)
    served: Served = request.app.state.served
    return served


def _kept_as(name: str) -> Callable[[Request], Awaitable[object]]:
    """Return what reads a part of the app by its name in the app's state."""

    async def read(request: Request) -> object:
        part: object = getattr(request.app.state, name)
        return part

    return read


async def _visitor(request: Request) -> Visitor:
    visitor: Visitor = request.state.visitor
    return visitor


async def _curator(request: Request) -> Visitor:
    visitor: Visitor = request.state.visitor
    if not visitor.is_curator:
        raise HTTPException(403, "this takes the curator's password")
    return visitor


async def _where(request: Request) -> Filter:
    pairs = request.query_params.multi_items()
    return read_filter((name, value) for name, value in pairs if name not in VIEW_WORDS)


ServedHere = Annotated[Served, Depends(_served)]
AccessHere = Annotated[Access, Depends(_kept_as("access"))]
Exporting = Annotated[CapacityLimiter, Depends(_kept_as("exporting"))]
ExportsHere = Annotated[Exports, Depends(_kept_as("exports"))]
Decoding = Annotated[CapacityLimiter, Depends(_kept_as("decoding"))]
Reading = Annotated[CapacityLimiter, Depends(_kept_as("reading"))]
ProblemsHere = Annotated[Problems, Depends(_kept_as("problems"))]
Person = Annotated[Visitor, Depends(_visitor)]
Curator = Annotated[Visitor, Depends(_curator)]
Where = Annotated[Filter, Depends(_where)]


def _words(*words: tuple[str, str]) -> list[dict[str, Any]]:
    texts = {"type": "array", "items": {"type": "string"}}
    return [
        {"name": name, "in": "query", "required": False, "schema": texts, "description": what}
        for name, what in words
    ]


FILTER: dict[str, Any] = {
    "parameters": _words(
        ("text", "Holds these words in title, description or tags"),
        ("term", "Found by this search"),
        ("site", "flickr, commons, inaturalist or folder"),
        ("license", "A licence's word, as in cc-by-2.0"),
        ("bbox", "west,south,east,north in degrees"),
        ("country", "A name or ISO 3166 code"),
        ("taken-from", "2004, 2004-05, 2004-05-31"),
        ("taken-to", "Likewise"),
        ("month", "1 to 12"),
        ("hour", "0 to 23"),
        ("views-from", "Seen so often, or more"),
        ("views-to", "Seen so often, or less"),
        ("camera", "In its make or model"),
        ("disagrees", "date or place"),
        ("signal", "dark, blank, blurred, grey, tiny or graphic"),
        ("without-signal", "Likewise"),
        ("without-duplicates", "1: only the best of near-duplicates"),
        ("with-file", "1: its file is there"),
        ("gone", "1: its site shows it no more"),
        ("score", "As in monkey>=0.5"),
        ("review", "accept, reject, none, or monkey=accept"),
        ("id", "A photo's id"),
    )
}
"""What OpenAPI is told of the filter's words, which are the options of ``sis list``."""
