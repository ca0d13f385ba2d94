"""Search: the taxon of an observation as a title, as tags, and as tags for machines.

The latter are those that iNaturalist and others write at Flickr: ``taxonomy:binomial=Ara macao``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_BELOW_SPECIES = frozenset({"subspecies", "variety", "form"})
_RANKS = frozenset({"kingdom", "phylum", "class", "order", "family", "genus"})
_BINOMIAL = 2


def title_of(observation: Mapping[str, Any]) -> str | None:
    """Return what the photo shows, in words: ``Scarlet Macaw (Ara macao)``; photos have no title.

    It is what the observation was identified as, or else what its observer takes it for.
    """
    taxon = observation.get("taxon") or {}
    name, common = taxon.get("name"), taxon.get("preferred_common_name")
    if name and common:
        return f"{common} ({name})"
    return name or common or observation.get("species_guess") or None


def tags_of(observation: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tags, which are the taxon's names and the observer's, and those for machines."""
    taxon = observation.get("taxon") or {}
    names = (taxon.get("name"), taxon.get("preferred_common_name"))
    given = observation.get("tags") or ()
    texts = [str(tag.get("tag", "")) if isinstance(tag, dict) else str(tag) for tag in given]
    tags = dict.fromkeys(tag for tag in (*names, *texts) if tag)
    return tuple(tags), tuple(_machine_tags(observation, taxon=taxon))


def _machine_tags(observation: Mapping[str, Any], *, taxon: Mapping[str, Any]) -> Iterator[str]:
    name = str(taxon.get("name") or "")
    words = name.split()
    rank = str(taxon.get("rank")) if words else ""
    if rank in _RANKS:
        yield f"taxonomy:{rank}={name}"
    # Not of hybrids, whose names have a sign between the two.
    if rank == "species" or rank in _BELOW_SPECIES:
        yield f"taxonomy:genus={words[0]}"
    if rank == "species" and len(words) == _BINOMIAL:
        yield f"taxonomy:species={words[1]}"
        yield f"taxonomy:binomial={name}"
    if rank in _BELOW_SPECIES and len(words) > _BINOMIAL:
        yield f"taxonomy:binomial={' '.join(words[:_BINOMIAL])}"
        yield f"taxonomy:trinomial={name}"
    if common := taxon.get("preferred_common_name"):
        yield f"taxonomy:common={common}"
    ids = {"taxon": taxon.get("id"), "observation": observation.get("id")}
    for what, number in ids.items():
        if number is not None:
            yield f"inaturalist:{what}={number}"
    if grade := observation.get("quality_grade"):
        yield f"inaturalist:grade={grade}"
