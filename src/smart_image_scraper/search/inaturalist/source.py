"""Search: iNaturalist as a source of photos, page by page."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from smart_image_scraper.errors import SourceError, UsageError
from smart_image_scraper.photo import Photo, PhotoId
from smart_image_scraper.search.batches import BatchSearch
from smart_image_scraper.search.conditions import meets
from smart_image_scraper.search.inaturalist.arguments import GRADE, next_page, search_arguments
from smart_image_scraper.search.inaturalist.client import ENDPOINT, INaturalistClient
from smart_image_scraper.search.inaturalist.licenses import USUAL_LICENSES
from smart_image_scraper.search.inaturalist.observation import (
    Observation,
    Picture,
    photo_id,
    pictures_of,
    read_photo,
)
from smart_image_scraper.search.inaturalist.place import cell_of
from smart_image_scraper.search.inaturalist.taxa import taxon_id
from smart_image_scraper.search.inaturalist.terms import CLAUSE, SITE
from smart_image_scraper.search.query import Query
from smart_image_scraper.search.values import mapping, sequence

if TYPE_CHECKING:
    from smart_image_scraper.net import HttpClient


Row = tuple[Observation, Picture]
"""A photo, with the observation that it belongs to."""


class INaturalistSearch(BatchSearch[Row]):
    """A search under way; see :class:`BatchSearch`.

    Args:
        fetch: Takes a method's path and its arguments, returns the results.
        query: What to look for; its limit must be given.
        attempts: Tells how many requests have been sent, those that were repeated included.

    Raises:
        UsageError: The query asks for what iNaturalist cannot answer.
    """

    def __init__(
        self,
        fetch: Callable[[str, Mapping[str, str]], Awaitable[Sequence[Observation]]],
        query: Query,
        *,
        attempts: Callable[[], int] = lambda: 0,
    ) -> None:
        self._query = replace(query, licenses=query.licenses or USUAL_LICENSES)
        to_do = search_arguments(self._query)
        super().__init__(query, source=INaturalistSource.name, to_do=to_do, attempts=attempts)
        self._fetch = fetch
        self._where: Mapping[str, str] = {}
        self._taxon: int | None = None

    async def _go_on(self) -> None:
        if self._taxon is None:
            self._taxon = await taxon_id(self._query.text, fetch=self._asked)
        taxon = {"taxon_id": str(self._taxon)}
        rows = await self._asked("observations", {**self._to_do[0], **taxon, **self._where})
        if not rows:
            # A page can be shorter than asked for without being the last one.
            self._to_do.popleft()
            self._where = {}
            return
        follows = next_page(self._query, last=_last_id(rows))
        if follows == self._where:
            raise SourceError(f"{SITE} goes round in circles with this search")
        self._where = follows
        self._take((row, picture) for row in rows for picture in pictures_of(row))

    async def _asked(self, path: str, arguments: Mapping[str, str]) -> Sequence[Observation]:
        rows = await self._fetch(path, arguments)
        self._calls += 1
        return rows

    def _id_of(self, row: Row) -> PhotoId:
        observation, picture = row
        return photo_id(picture, observation=observation)

    def _read(self, row: Row) -> Photo | str:
        observation, picture = row
        photo = read_photo(picture, observation=observation, hit=self._hit)
        is_wanted = self._is_meant(observation) and self._meets(photo, observation=observation)
        return photo if is_wanted else "outside"

    def _is_meant(self, observation: Observation) -> bool:
        taxon = mapping(observation.get("taxon"))
        lineage = (taxon.get("id"), *sequence(taxon.get("ancestor_ids")))
        return self._taxon in lineage and observation.get("quality_grade") == GRADE

    def _meets(self, photo: Photo, *, observation: Observation) -> bool:
        # Of withheld coordinates, all that they can be must be within what is asked for.
        corners = cell_of(observation)
        possible = [replace(photo, coordinates=corner) for corner in corners] or [photo]
        return all(meets(each, self._query) for each in possible)


class INaturalistSource:
    """Search iNaturalist, by its public interface for programs.

    Args:
        client: Makes the calls; it keeps to the rate that iNaturalist asks for.
        terms_accepted: Whether whoever runs this accepts ``CLAUSE``.
        endpoint: The address of the service.

    Raises:
        UsageError: The clause is not accepted.
    """

    name = "inaturalist"

    def __init__(
        self, client: "HttpClient", *, terms_accepted: bool, endpoint: str = ENDPOINT
    ) -> None:
        if not terms_accepted:
            raise UsageError(
                f"{SITE}'s terms of use (https://www.inaturalist.org/pages/terms) say: “{CLAUSE}” "
                "Its photos keep their owners' licences besides. If you accept that, add "
                f"--accept-terms {self.name}, or set SIS_ACCEPT_TERMS={self.name}"
            )
        self._inaturalist = INaturalistClient(client, endpoint=endpoint)

    def search(self, query: Query) -> INaturalistSearch:
        """Find photos, lazily; see ``Source.search``.

        The query's text names a taxon; observations of it and of what is below it are looked
        through, if they are of research grade, and those of their photos taken that have one of
        the licences. At most 10,000 photos are found. A country of several parts takes a search
        for each, one after the other.

        Raises:
            UsageError: The query asks for what iNaturalist cannot answer; once photos are asked
                for, also if no taxon or several have that name.
            SourceError: iNaturalist refused.
            TransientError: iNaturalist was out of service, or sent no readable answer.
            NetworkError: iNaturalist could not be reached.
        """
        return INaturalistSearch(self._inaturalist.results, query, attempts=self._inaturalist.sent)


def _last_id(rows: Sequence[Observation]) -> int:
    last = rows[-1].get("id")
    if not isinstance(last, int):
        raise SourceError(f"{SITE} sent an observation without an id")
    return last
