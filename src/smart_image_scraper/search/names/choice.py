"""Search: which of several things a word means, if that is clear."""

from collections.abc import Sequence
from dataclasses import dataclass

from smart_image_scraper.search.names.item import Item

_FEW_SITES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A thing that a word may mean.

    Attributes:
        item: What Wikidata tells of it.
        is_exact: Whether it is called just so, in some language; else nearly so.
    """

    item: Item
    is_exact: bool


def clear_one(candidates: Sequence[Candidate]) -> Item | None:
    """Return the thing that is meant; ``None`` where that is not clear.

    It is called just so. If others are, it is what lives, should any of them, and known to twice as
    many Wikipedias as the next one, and to twenty at least.
    """
    exact = [candidate.item for candidate in candidates if candidate.is_exact]
    living = [item for item in exact if item.is_living]
    if not exact:
        return None
    leader = max(living or exact, key=lambda item: item.sites)
    others = [item.sites for item in exact if item is not leader]
    if others and leader.sites < 2 * max(_FEW_SITES, *others):
        return None
    return leader
