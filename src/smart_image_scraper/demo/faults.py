"""Demo: what goes wrong at the real Flickr, and how often."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Self


class Part(StrEnum):
    """The two hosts of Flickr, which share one address here."""

    API = "api"
    IMAGES = "images"


class Fault(StrEnum):
    """One thing that goes wrong with one reply.

    The numbers are HTTP statuses with a proxy's HTML page. ``truncated`` ends the connection in
    the middle of a body; ``cut`` is a whole reply with half a body in it. The codes come with HTTP
    200. ``json-for-xml`` is code 201 in JSON, with a comma too many, whatever was asked for.
    ``html`` is a page with status 200, and ``mislabelled`` the right body under another media type.
    ``text``, ``trailing`` and ``placeholder`` are for images: a text that calls itself a JPEG,
    bytes after the image's end, a redirect to the picture that says that there is none.
    """

    FORBIDDEN = "403"
    NOT_FOUND = "404"
    TOO_MANY = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    GATEWAY_TIMEOUT = "504"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    CUT = "cut"
    SLOW = "slow"
    RESET = "reset"
    CODE_0 = "code-0"
    CODE_10 = "code-10"
    CODE_105 = "code-105"
    CODE_201 = "code-201"
    JSON_FOR_XML = "json-for-xml"
    HTML = "html"
    MISLABELLED = "mislabelled"
    TEXT = "text"
    TRAILING = "trailing"
    PLACEHOLDER = "placeholder"


_OF_BOTH = {
    Fault.TOO_MANY: 3,
    Fault.SERVER_ERROR: 2,
    Fault.BAD_GATEWAY: 1,
    Fault.UNAVAILABLE: 1,
    Fault.GATEWAY_TIMEOUT: 1,
    Fault.EMPTY: 1,
    Fault.TRUNCATED: 1,
    Fault.CUT: 1,
    Fault.SLOW: 1,
    Fault.RESET: 1,
    Fault.HTML: 1,
    Fault.MISLABELLED: 1,
}
_OF_API = {
    Fault.CODE_0: 1,
    Fault.CODE_10: 1,
    Fault.CODE_105: 1,
    Fault.CODE_201: 1,
    Fault.JSON_FOR_XML: 1,
}
_OF_IMAGES = {Fault.TEXT: 1, Fault.TRAILING: 1, Fault.PLACEHOLDER: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How often what goes wrong.

    Attributes:
        api: The probability of each fault of a reply of the API, 0..1; at most 1 together.
        images: Likewise for the files of photos.
        burst: How many replies in a row a fault strikes, once it does.
        burst_s: For how many seconds every reply of a part is a 429, once one is: as a throttle
            does, which knows of time and not of replies.
        retry_after_s: What a 429 or 503 says in ``Retry-After``; ``None`` for no such header.
        retry_after_share: The share of these replies that say it, 0..1.
        slow_s: How long a slow reply takes.
        vanished: The share of photos that searches still find and whose files are gone.
        seed: Of the probabilities.

    Raises:
        ValueError: The probabilities of one part are more than 1 together.
    """

    api: Mapping[Fault, float] = field(default_factory=lambda: MappingProxyType({}))
    images: Mapping[Fault, float] = field(default_factory=lambda: MappingProxyType({}))
    burst: int = 1
    burst_s: float = 0
    retry_after_s: int | None = None
    retry_after_share: float = 1
    slow_s: float = 5
    vanished: float = 0
    seed: int = 1

    def __post_init__(self) -> None:
        for part in Part:
            # Shares of a whole may add up to a little more than it.
            if sum(self.of(part).values()) > 1 + 1e-9:
                raise ValueError(f"the probabilities of {part.value} faults are over 1 together")

    @classmethod
    def full_mix(cls, *, seed: int = 1, share: float = 0.1, burst_s: float = 0.3) -> Self:
        """Let everything go wrong that can, at both hosts.

        A slow body takes half a second, so that tests end; half of the 429s and 503s say to come
        back after one second, the others say nothing; one photo in fifty has lost its files.

        Args:
            seed: Of what happens when.
            share: The probability that anything strikes a reply, 0..1; 429s strike more often.
            burst_s: For how many seconds a 429 strikes all that come.
        """
        return cls(
            api=_mixed(_OF_BOTH | _OF_API, share=share),
            images=_mixed(_OF_BOTH | _OF_IMAGES, share=share),
            burst_s=burst_s,
            retry_after_s=1,
            retry_after_share=0.5,
            slow_s=0.5,
            vanished=0.02,
            seed=seed,
        )

    def of(self, part: Part) -> Mapping[Fault, float]:
        """Return the probabilities of one part."""
        return self.api if part is Part.API else self.images


def _mixed(weights: Mapping[Fault, int], *, share: float) -> Mapping[Fault, float]:
    every = sum(weights.values())
    return MappingProxyType({fault: share * weight / every for fault, weight in weights.items()})
