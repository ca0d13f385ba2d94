"""Demo: an imitation of iNaturalist, for tests: its API and its files, on loopback.

It has the quirks that a client must know: a licence that is asked for finds observations of which
any photo has it, places that are drawn by lot, photos that are hidden or objected to, pages that
are shorter than they could be.
"""

import asyncio
import io
from collections import deque
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from aiohttp import web

from smart_image_scraper.demo.catalogue import Catalogue
from smart_image_scraper.demo.drawing import draw
from smart_image_scraper.demo.inaturalist_observations import (
    EDGES,
    MadeObservation,
    dimensions_of,
    file_path,
    license_code,
    made_observations,
    observation_row,
)
from smart_image_scraper.demo.inaturalist_taxa import BY_ID, row_of, suggest
from smart_image_scraper.demo.metadata import exif_of
from smart_image_scraper.demo.record import MadePhoto
from smart_image_scraper.demo.two_ports import TwoPorts

_MOST_PER_PAGE = 200
_USUAL_PER_PAGE = 30

Condition = Callable[[MadeObservation, str], bool]


def _in_box(made: MadeObservation, edge: str, *, at: int, upper: bool) -> bool:
    location = made.location
    return location is not None and (location[at] - float(edge)) * (1 if upper else -1) <= 0


_CONDITIONS: Mapping[str, Condition] = {
    "taxon_id": lambda made, asked: int(asked) in made.taxon.lineage,
    "quality_grade": lambda made, asked: made.grade in asked.split(","),
    "photo_license": lambda made, asked: any(
        license_code(photo) in asked.split(",") for photo in made.photos
    ),
    "d1": lambda made, asked: made.is_dated and made.lead.taken[:10] >= asked,
    "d2": lambda made, asked: made.is_dated and made.lead.taken[:10] <= asked,
    "created_d1": lambda made, asked: f"{made.created:%Y-%m-%d}" >= asked,
    "created_d2": lambda made, asked: f"{made.created:%Y-%m-%d}" <= asked,
    "swlat": lambda made, asked: _in_box(made, asked, at=0, upper=False),
    "nelat": lambda made, asked: _in_box(made, asked, at=0, upper=True),
    "swlng": lambda made, asked: _in_box(made, asked, at=1, upper=False),
    "nelng": lambda made, asked: _in_box(made, asked, at=1, upper=True),
    "id_above": lambda made, asked: made.id > int(asked),
    "id_below": lambda made, asked: made.id < int(asked),
}


class INaturalistSite(TwoPorts):
    """An imitation of iNaturalist, on two ports of 127.0.0.1 while its context is entered.

    The API and the files have an address each. It answers for taxa and for observations.

    Args:
        catalogue: What it holds: of these photos, those of what lives.

    Attributes:
        observations: What these make.
        asked: The path and the arguments of every call so far.
        fetched: The paths of all files that were asked for so far.
    """

    API_PATH = "/v1"

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self.observations = made_observations(catalogue.photos)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.fetched: list[str] = []
        self._ordered: deque[tuple[int, str]] = deque()
        self._files = {
            file_path(photo, size=size): (photo, size)
            for made in self.observations
            for photo in made.photos
            for size in EDGES
        }

    def _add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/v1/taxa/autocomplete", self._answered(self._suggestions))
        router.add_get("/v1/taxa/{number}", self._answered(self._taxon))
        router.add_get("/v1/observations", self._answered(self._page))
        router.add_get("/photos/{path:.*}", self._file)

    def refuse(self, *statuses: int) -> None:
        """Answer the next calls by these statuses alone."""
        self._ordered.extend((status, "") for status in statuses)

    def answer(self, *bodies: str) -> None:
        """Answer the next calls by these texts."""
        self._ordered.extend((200, body) for body in bodies)

    def find(self, **arguments: str) -> list[MadeObservation]:
        """Return the observations that meet conditions, in the order of their numbers."""
        conditions = [
            (_CONDITIONS[name], asked) for name, asked in arguments.items() if name in _CONDITIONS
        ]
        return [
            made
            for made in self.observations
            if all(meets(made, asked) for meets, asked in conditions)
        ]

    def _answered(
        self, answer: Callable[[web.Request], dict[str, Any]]
    ) -> Callable[[web.Request], Any]:
        async def reply(request: web.Request) -> web.Response:
            self.asked.append((request.path, dict(request.query)))
            if self._ordered:
                status, text = self._ordered.popleft()
                return web.Response(status=status, text=text)
            taxon = request.query.get("taxon_id", "100")
            if int(taxon) not in BY_ID:
                return web.json_response({"error": f"Unknown taxon_id {taxon}"}, status=422)
            return web.json_response(answer(request))

        return reply

    def _suggestions(self, request: web.Request) -> dict[str, Any]:
        text = request.query["q"]
        taxa = suggest(text, most=int(request.query.get("per_page", _USUAL_PER_PAGE)))
        return _results([row_of(taxon, asked=text) for taxon in taxa], total=len(taxa))

    def _taxon(self, request: web.Request) -> dict[str, Any]:
        known = BY_ID.get(int(request.match_info["number"]))
        rows = [] if known is None else [row_of(known)]
        return _results(rows, total=len(rows))

    def _page(self, request: web.Request) -> dict[str, Any]:
        found = self.find(**request.query)
        if request.query.get("order", "desc") == "desc":
            found.reverse()
        per_page = min(int(request.query.get("per_page", _USUAL_PER_PAGE)), _MOST_PER_PAGE)
        # One fewer now and then: what is taken out late leaves a gap.
        shown = found[: per_page - (per_page < len(found) and found[0].id % 2)]
        rows = [observation_row(made, address=self.addresses[1]) for made in shown]
        return _results(rows, total=len(found), per_page=per_page)

    async def _file(self, request: web.Request) -> web.Response:
        self.fetched.append(request.path)
        if (known := self._files.get(request.path)) is None:
            return web.Response(status=404)
        photo, size = known
        body = await asyncio.to_thread(_drawn, photo, size)
        return web.Response(body=body, content_type="image/jpeg")


def _results(
    rows: list[dict[str, Any]], *, total: int, per_page: int = _USUAL_PER_PAGE
) -> dict[str, Any]:
    return {"total_results": total, "page": 1, "per_page": per_page, "results": rows}


@lru_cache(maxsize=64)
def _drawn(photo: MadePhoto, size: str) -> bytes:
    file = io.BytesIO()
    picture = draw(photo).resize(dimensions_of(photo, size=size))
    picture.save(file, "JPEG", quality=88, exif=exif_of(photo))
    return file.getvalue()
