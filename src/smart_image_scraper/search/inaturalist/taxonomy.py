"""Search: the taxon of an observation as a title, as tags, and as tags for machines.

The latter are those that iNaturalist and others write at Flickr: ``taxonomy:binomial=Ara macao``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from smart_image_scraper.search.values import mapping, sequence, text, whole_number

_BELOW_SPECIES = frozenset({"subspecies", "variety", "form"})
_RANKS = frozenset({"kingdom", "phylum", "class", "order", "family", "genus"})
_BINOMIAL = 2


def title_of(observation: Mapping[str, Any]) -> str | None:
    """Return what the photo shows, in words: ``Scarlet Macaw (Ara macao)``; photos have no title.

    It is what the observation was identified as, or else what its observer takes it for.
    """
    name, common = _names(observation)
    if name and common:
        return f"{common} ({name})"
    return name or common or text(observation.get("species_guess"))


def tags_of(observation: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tags, which are the taxon's names and the observer's, and those for machines."""
    given = sequence(observation.get("tags"))
    texts = [text(tag.get("tag") if isinstance(tag, dict) else tag) for tag in given]
    tags = dict.fromkeys(tag for tag in (*_names(observation), *texts) if tag)
    return tuple(tags), tuple(_machine_tags(observation))


def _names(observation: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the taxon's scientific and its common name."""
    taxon = mapping(observation.get("taxon"))
    return text(taxon.get("name")), text(taxon.get("preferred_common_name"))


def _machine_tags(observation: Mapping[str, Any]) -> Iterator[str]:
    taxon = mapping(observation.get("taxon"))
    name, common = _names(observation)
    words = (name or "").split()
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
    if common:
        yield f"taxonomy:common={common}"
    ids = {"taxon": taxon.get("id"), "observation": observation.get("id")}
    for what, number in ids.items():
        if whole_number(number) is not None:
            yield f"inaturalist:{what}={number}"
    if grade := text(observation.get("quality_grade")):
        yield f"inaturalist:grade={grade}"
