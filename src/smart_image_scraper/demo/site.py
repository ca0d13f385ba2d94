"""Demo: the imitation of Flickr as an HTTP server on loopback."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from aiohttp import web

from smart_image_scraper.demo.catalogue import Catalogue
from smart_image_scraper.demo.changes import Changes
from smart_image_scraper.demo.faults import Fault, Faults, Part
from smart_image_scraper.demo.image_replies import image_reply, placeholder_gif
from smart_image_scraper.demo.matching import meets_license
from smart_image_scraper.demo.misfortune import Misfortune, Strike, Throttle
from smart_image_scraper.demo.pictures import Missing, Picture
from smart_image_scraper.demo.record import MadePhoto
from smart_image_scraper.demo.replies import refusal_reply, wire_of
from smart_image_scraper.demo.rest import check_call
from smart_image_scraper.demo.spoiling import PLACEHOLDER_PATH, spoil

DEMO_KEY = "demo-key"
_HOST = "127.0.0.1"
_REST_PATH = "/services/rest/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A request that came.

    Attributes:
        part: Which host it was for.
        name: The API method, or the last part of an image's path.
        arguments: The query string's.
        headers: The request's.
        fault: What struck the answer, if anything did.
        at_s: When it came, in seconds on the event loop's clock.
    """

    part: Part
    name: str
    arguments: dict[str, str]
    headers: dict[str, str]
    fault: Fault | None
    at_s: float


class FlickrSite:
    """An imitation of Flickr, on two ports of 127.0.0.1 while its context is entered.

    The API and the images have an address each. It serves the methods that
    :mod:`~smart_image_scraper.demo.rest` lists and the photos' files, with the quirks of searches
    that :mod:`~smart_image_scraper.demo.paging` lists. What its photos' owners change while it runs
    is a matter of this site; the catalogue stays as it is.

    Args:
        catalogue: What it holds.
        faults: How often what goes wrong.
        api_keys: The keys it accepts.
        latency_s: How long every answer is held back.
        port: Where the API listens; 0 for a free one. The images always take a free one.
        image_rate_per_s: What comes faster than so many images per second is answered by a 429;
            ``None`` for no such limit.
        image_retry_after_s: What these say in ``Retry-After``; ``None`` for no such header.

    Attributes:
        served: Every request so far, in the order in which they came.
        busiest: The most requests that were open at the same time, of each part.
        changes: What has become of the catalogue's photos at this site.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        faults: Faults | None = None,
        api_keys: Collection[str] = (DEMO_KEY,),
        latency_s: float = 0,
        port: int = 0,
        image_rate_per_s: float | None = None,
        image_retry_after_s: int | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.served: list[Served] = []
        self.busiest: Counter[Part] = Counter()
        self._faults = faults or Faults()
        self._misfortune = Misfortune(self._faults)
        self._api_keys = frozenset(api_keys)
        self._latency_s = latency_s
        self._port = port
        self._image_port = 0
        self._throttle: Throttle | None = None
        self.throttle_images(image_rate_per_s, retry_after_s=image_retry_after_s)
        self._open: Counter[Part] = Counter()
        self.changes = Changes()
        self._vanished: set[str] = set()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get(_REST_PATH, self._api)
        app.router.add_get(PLACEHOLDER_PATH, self._placeholder)
        app.router.add_get("/{server}/{name}", self._image)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        for port in (self._port, 0):
            await web.TCPSite(self._runner, _HOST, port).start()
        self._port, self._image_port = (address[1] for address in self._runner.addresses)
        return self

    async def __aexit__(self, *raised: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def address(self) -> str:
        """Host and port of the API, as in ``127.0.0.1:40123``."""
        return f"{_HOST}:{self._port}"

    @property
    def image_address(self) -> str:
        """Host and port of the images: clients keep separate rates for the two."""
        return f"{_HOST}:{self._image_port}"

    @property
    def addresses(self) -> tuple[str, str]:
        """Every host and port that a client needs."""
        return self.address, self.image_address

    @property
    def endpoint(self) -> str:
        """The address of the REST API."""
        return f"http://{self.address}{_REST_PATH}"

    def calls(self, method: str = "flickr.photos.search") -> int:
        """Return how often an API method was called, refused calls included."""
        return sum(one.part is Part.API and one.name == method for one in self.served)

    def fetches(self, photo_id: str | None = None) -> int:
        """Return how often an image was asked for; with an id, those of one photo."""
        images = (one.name for one in self.served if one.part is Part.IMAGES)
        return sum(photo_id is None or name.startswith(f"{photo_id}_") for name in images)

    def strike(
        self, part: Part, fault: Fault | None, *, times: int = 1, retry_after_s: int | None = None
    ) -> None:
        """Let a fault strike the next answers of a part, after those already scripted.

        Args:
            part: Which answers.
            fault: What happens to them; ``None`` for nothing at all.
            times: How many answers.
            retry_after_s: What a 429 or 503 says in ``Retry-After``.
        """
        self._misfortune.script(part, fault, times=times, retry_after_s=retry_after_s)

    def burst(self, part: Part, *, seconds: float, retry_after_s: int | None = None) -> None:
        """Answer all that a part is asked for by a 429, from now on and for some seconds.

        Args:
            part: Which answers.
            seconds: For how long; what is scripted waits until then.
            retry_after_s: What the 429 says in ``Retry-After``.
        """
        self._misfortune.burst(part, seconds=seconds, retry_after_s=retry_after_s)

    def throttle_images(
        self, rate_per_s: float | None, *, retry_after_s: int | None = None
    ) -> None:
        """Limit the rate of images from now on, as ``image_rate_per_s`` does from the start."""
        self._throttle = (
            None if rate_per_s is None else Throttle(rate_per_s, retry_after_s=retry_after_s)
        )

    def vanish(self, photo_id: str) -> None:
        """Lose the files of a photo that searches still find."""
        self._vanished.add(photo_id)

    def remove(self, photo_id: str) -> None:
        """Let the owner delete a photo: no search, no call and no file knows it any more."""
        self.changes.remove(self._photo(photo_id).id)

    def make_private(self, photo_id: str) -> None:
        """Let the owner hide a photo: as deleted, but for methods that say "permission denied"."""
        self.changes.make_private(self._photo(photo_id).id)

    def relicense(self, photo_id: str, license_id: int, *, at: int | None = None) -> None:
        """Let the owner give a photo another licence, which searches and calls then tell.

        Args:
            photo_id: Which photo.
            license_id: Flickr's id, 0..16.
            at: When, in Unix time; now without it.
        """
        self.changes.relicense(self._photo(photo_id), license_id, at=at)

    def close_account(self, nsid: str) -> None:
        """Let a member leave: an owner's photos go, too; a commenter's comments stay."""
        self.changes.close_account(nsid)

    def find(self, **arguments: str) -> tuple[MadePhoto, ...]:
        """Return what a search would find now, as ``Catalogue.find`` does for what was at first."""
        license_ids = arguments.pop("license", "")
        public = self.changes.public(self.catalogue.find(**arguments))
        return tuple(photo for photo in public if meets_license(photo, license_ids))

    def _photo(self, photo_id: str) -> MadePhoto:
        try:
            return self.catalogue.index.by_id[photo_id]
        except KeyError:
            raise ValueError(f"the catalogue has no photo {photo_id!r}") from None

    async def _api(self, request: web.Request) -> web.StreamResponse:
        arguments = dict(request.query)
        wire = wire_of(arguments)
        answers = self.catalogue.answers
        refusal = check_call(arguments, api_keys=self._api_keys, methods=answers.methods)
        if refusal is None:
            body = answers.answer(arguments, address=self.image_address, changes=self.changes)
        else:
            body = refusal_reply(refusal, wire=wire).encode()
        # The real API says so about its replies; the rule is about pages, not about photos.
        headers = {"X-Robots-Tag": "noindex"}
        reply = web.Response(
            body=body, content_type=wire.content_type, charset="utf-8", headers=headers
        )
        method = arguments.get("method", "unknown")
        return await self._send(reply, request=request, part=Part.API, name=method)

    async def _image(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        # "_d" before the ending asks for a file to save rather than to show.
        plain = name.replace("_d.", ".")
        picture: Picture | Missing = Missing.UNKNOWN
        if not self._has_vanished(name.partition("_")[0]):
            picture = await asyncio.to_thread(self.catalogue.pictures.picture, plain)
        reply = image_reply(picture)
        if plain != name:
            reply.headers["Content-Disposition"] = f"attachment; filename={plain}"
        return await self._send(reply, request=request, part=Part.IMAGES, name=name)

    async def _placeholder(self, request: web.Request) -> web.StreamResponse:
        reply = web.Response(body=placeholder_gif(), content_type="image/gif")
        return await self._send(reply, request=request, part=Part.IMAGES, name="placeholder")

    async def _send(
        self, reply: web.Response, *, request: web.Request, part: Part, name: str
    ) -> web.StreamResponse:
        strike = self._next_strike(part)
        served = Served(
            part=part,
            name=name,
            arguments=dict(request.query),
            headers=dict(request.headers),
            fault=strike.fault if strike else None,
            at_s=asyncio.get_running_loop().time(),
        )
        self.served.append(served)
        self._open[part] += 1
        self.busiest[part] = max(self.busiest[part], self._open[part])
        try:
            await asyncio.sleep(self._latency_s)
            if strike is None:
                return reply
            wire = wire_of(served.arguments)
            return await spoil(reply, strike, request=request, wire=wire)
        finally:
            self._open[part] -= 1

    def _next_strike(self, part: Part) -> Strike | None:
        throttle = self._throttle if part is Part.IMAGES else None
        refused = throttle.next() if throttle else None
        return refused or self._misfortune.next(part)

    def _has_vanished(self, photo_id: str) -> bool:
        photo = self.catalogue.index.by_id.get(photo_id)
        if photo_id in self._vanished or (photo and not self.changes.is_public(photo)):
            return True
        digest = hashlib.sha256(f"{self._faults.seed} {photo_id}".encode()).digest()
        return int.from_bytes(digest[:4], "big") / 2**32 < self._faults.vanished
