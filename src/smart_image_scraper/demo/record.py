"""Demo: what the imitation of Flickr knows of one made photo and of the member who owns it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class Scene(StrEnum):
    """What a made photo really shows, whatever its owner wrote."""

    MONKEY = "monkey"
    CAGED_MONKEY = "caged-monkey"
    PARROT = "parrot"
    CAGED_PARROT = "caged-parrot"
    FOREST = "forest"
    BEACH = "beach"
    MOUNTAIN = "mountain"
    CITY = "city"
    FLOWER = "flower"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who owns made photos or writes about them.

    The texts occur nowhere else, so that a byte search finds leaks.

    Attributes:
        nsid: The account's id.
        name: The display name, in any script.
        alias: The name in addresses; empty for some.
        real_name: Empty for some.
        opted_out: Whether the photos' files say ``X-Robots-Tag: noai, noimageai``.
        home: Where they say that they live; empty for some.
        about: What they say about themselves; empty for some.
        is_deleted: Whether the account is no more; its name is then one that Flickr made up.
    """

    nsid: str
    name: str
    alias: str
    real_name: str
    opted_out: bool
    home: str = ""
    about: str = ""
    is_deleted: bool = False

    @property
    def texts(self) -> frozenset[str]:
        """All that tells who it is: no data set shows any of it unless it is asked to."""
        texts = {self.nsid, self.name, self.alias, self.real_name, self.home, self.about}
        return frozenset(texts - {""})

    @property
    def path(self) -> str:
        """What stands for the member in the addresses of pages."""
        return self.alias or self.nsid


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeKind:
    """One of Flickr's sizes (https://www.flickr.com/services/api/misc.urls.html).

    Attributes:
        extra: What an extra calls it, the X of ``url_X``.
        suffix: What a file's name ends in.
        label: What ``getSizes`` calls it.
        edge: The longer edge in pixels; ``None`` for the original.
        square: Whether it is cut to a square.
        own_secret: Whether its address cannot be built from that of another size.
    """

    extra: str
    suffix: str
    label: str
    edge: int | None
    square: bool = False
    own_secret: bool = False


ORIGINAL = SizeKind(extra="o", suffix="o", label="Original", edge=None, own_secret=True)
"""The file as its owner uploaded it."""

SIZE_KINDS = (
    SizeKind(extra="sq", suffix="s", label="Square", edge=75, square=True),
    SizeKind(extra="t", suffix="t", label="Thumbnail", edge=100),
    SizeKind(extra="s", suffix="m", label="Small", edge=240),
    SizeKind(extra="q", suffix="q", label="Large Square", edge=150, square=True),
    SizeKind(extra="n", suffix="n", label="Small 320", edge=320),
    SizeKind(extra="w", suffix="w", label="Small 400", edge=400),
    SizeKind(extra="m", suffix="", label="Medium", edge=500),
    SizeKind(extra="z", suffix="z", label="Medium 640", edge=640),
    SizeKind(extra="c", suffix="c", label="Medium 800", edge=800),
    SizeKind(extra="l", suffix="b", label="Large", edge=1024),
    SizeKind(extra="h", suffix="h", label="Large 1600", edge=1600, own_secret=True),
    SizeKind(extra="k", suffix="k", label="Large 2048", edge=2048, own_secret=True),
    SizeKind(extra="3k", suffix="3k", label="X-Large 3K", edge=3072, own_secret=True),
    ORIGINAL,
)
"""The sizes that made photos come in."""


class OfferedSize(NamedTuple):
    """A size that one photo is offered in.

    Attributes:
        kind: Which one.
        path: The file's path at the image host, beginning with a slash.
        width: In pixels.
        height: In pixels.
    """

    kind: SizeKind
    path: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePhoto:
    """A made photo, in the words and number codes of Flickr's API.

    Attributes:
        id: Digits.
        server: Digits, the first part of the path at the image host.
        title: As the owner typed it; may be empty, hold entities, emoji, any script.
        description: Likewise; may have several lines and HTML links.
        tags: Normalised: lower case, no spaces; machine tags as ``namespace:name=value``.
        raw_tags: As the owner typed them; a tag that is not among them was typed as it is.
        license: Flickr's licence id, 0..16.
        safety: 0 safe, 1 moderate, 2 restricted.
        content_type: 0 photo, 1 screenshot, 2 other, 3 virtual photography.
        media: ``photo`` or ``video``.
        uploaded: Unix time.
        changed: Unix time.
        taken: ``YYYY-MM-DD HH:MM:SS``, local; may be all zeros.
        granularity: 0 second, 4 month, 6 year, 8 circa.
        taken_unknown: Whether ``taken`` is just the upload date.
        latitude: Degrees; 0 without a geotag.
        longitude: Degrees; 0 without a geotag.
        accuracy: 1..16; 0 without a geotag, and for a few whose coordinates are worthless.
        context: 0 not said, 1 indoors, 2 outdoors.
        width: Of the original, in pixels.
        height: Of the original, in pixels.
        original_format: ``jpg`` or ``png``.
        original_offered: Whether the owner lets others download the original.
        scene: What is drawn. The words lie about it for some 7 %.
    """

    id: str
    server: str
    owner: Member
    title: str
    description: str
    tags: tuple[str, ...]
    license: int
    safety: int
    content_type: int
    media: str
    uploaded: int
    changed: int
    taken: str
    granularity: int
    taken_unknown: bool
    latitude: float
    longitude: float
    accuracy: int
    context: int
    woe_id: str
    views: int
    comments: int
    favorites: int
    width: int
    height: int
    original_format: str
    original_offered: bool
    scene: Scene
    raw_tags: tuple[str, ...] = ()

    @property
    def is_geotagged(self) -> bool:
        """Whether a geo query can find it; that its coordinates make sense is not said."""
        return bool(self.accuracy or self.latitude or self.longitude)

    @property
    def machine_tags(self) -> tuple[str, ...]:
        """Those of the tags that are machine tags."""
        return tuple(tag for tag in self.tags if ":" in tag and "=" in tag)

    @property
    def page(self) -> str:
        """The address of the photo's page."""
        return f"https://www.flickr.com/photos/{self.owner.path}/{self.id}/"

    def share(self, of: str) -> float:
        """Return a number in 0..1 that is as good as drawn by lot, and always the same.

        Args:
            of: What is drawn; other words draw other numbers.
        """
        digest = hashlib.blake2b(f"{of} {self.id}".encode(), digest_size=4).digest()
        return int.from_bytes(digest) / 2**32

    def secret(self, kind: SizeKind | None = None) -> str:
        """Return the secret in the addresses of a size; without one, that of the shared sizes."""
        own = kind.suffix if kind is not None and kind.own_secret else ""
        return hashlib.sha256(f"{self.id}/{own}".encode()).hexdigest()[:10]

    def sizes(self) -> Iterator[OfferedSize]:
        """Yield the sizes that exist and are offered, in the order of ``SIZE_KINDS``."""
        shared = self.secret()
        for kind, width, height in _dimensions(self.width, self.height):
            ending = "jpg"
            if kind is ORIGINAL:
                if not self.original_offered:
                    continue
                ending = self.original_format
            secret = self.secret(kind) if kind.own_secret else shared
            suffix = f"_{kind.suffix}" if kind.suffix else ""
            path = f"/{self.server}/{self.id}_{secret}{suffix}.{ending}"
            yield OfferedSize(kind, path, width, height)


@lru_cache(maxsize=256)
def _dimensions(width: int, height: int) -> tuple[tuple[SizeKind, int, int], ...]:
    """Return the sizes that an original of some pixels comes in, with theirs."""
    longest = max(width, height)
    dimensions = []
    for kind in SIZE_KINDS:
        if kind.edge is None:
            dimensions.append((kind, width, height))
        elif kind.square:
            dimensions.append((kind, kind.edge, kind.edge))
        elif kind.edge <= longest:
            scale = kind.edge / longest
            dimensions.append((kind, round(width * scale), round(height * scale)))
    return tuple(dimensions)
