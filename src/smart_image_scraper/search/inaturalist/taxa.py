"""Search: which taxon a search term names.

https://api.inaturalist.org/v1/docs/#!/Taxa/get_taxa_autocomplete
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any
from unicodedata import normalize

from smart_image_scraper.errors import SourceError, UsageError
from smart_image_scraper.photo.words import words_of
from smart_image_scraper.search.inaturalist.terms import SITE
from smart_image_scraper.search.values import mappings, sequence, whole_number

Taxon = Mapping[str, Any]

Fetch = Callable[[str, Mapping[str, str]], Awaitable[Sequence[Taxon]]]
"""Takes a method's path and its arguments, returns the results."""

_BY_ID = re.compile(r"taxon:([1-9][0-9]{0,11})")
_MOST_NAMED = 10


async def taxon_id(term: str, *, fetch: Fetch) -> int:
    """Return the id of the taxon that a term names, by one call.

    A scientific name counts before a common one, in whatever language. Several taxa can have a
    name: if one of them holds all the others, as a genus its subgenus, it is meant.

    Args:
        term: A name, in any case, with or without its marks and hyphens, or ``taxon:43542``.
        fetch: Asks iNaturalist.

    Raises:
        UsageError: No taxon has the name, or several have.
    """
    term = term.strip()
    if by_id := _BY_ID.fullmatch(term):
        return await _checked(by_id[1], fetch=fetch)
    # Of all its searches, this one has those first that are called so exactly.
    arguments = {"q": term, "all_names": "true", "per_page": "30", "locale": "en"}
    found = await fetch("taxa/autocomplete", arguments)
    taxa = [taxon for taxon in found if whole_number(taxon.get("id"))]
    named = _named(term, taxa)
    if not named:
        raise UsageError(f"{SITE} knows no taxon that is called {term!r}{_suggested(taxa)}")
    chosen = _that_holds_all(named)
    if chosen is None:
        raise UsageError(
            f"{SITE} knows {len(named)} taxa that are called {term!r}; say which one you mean by "
            f"its id, as in taxon:{named[0]['id']}: {_listed(named)}"
        )
    return int(chosen["id"])


async def _checked(number: str, *, fetch: Fetch) -> int:
    taxa = await fetch(f"taxa/{number}", {"locale": "en"})
    if not taxa:
        raise UsageError(f"{SITE} knows no taxon with the id {number}")
    taxon = taxa[0]
    if str(taxon.get("id")) != number:
        raise SourceError(f"{SITE} tells of another taxon than {number}, which was asked for")
    if taxon.get("is_active") is False:
        heirs = sequence(taxon.get("current_synonymous_taxon_ids"))
        instead = f"; use {', '.join(f'taxon:{heir}' for heir in heirs)}" if heirs else ""
        raise UsageError(f"{_described(taxon)} is no longer in use at {SITE}{instead}")
    return int(number)


def _that_holds_all(taxa: Sequence[Taxon]) -> Taxon | None:
    lineages = [[taxon["id"], *sequence(taxon.get("ancestor_ids"))] for taxon in taxa]
    for taxon in taxa:
        if all(taxon["id"] in lineage for lineage in lineages):
            return taxon
    return None


def _named(term: str, taxa: Sequence[Taxon]) -> Sequence[Taxon]:
    """Return the taxa that are called so: by the very name, or else but for marks and hyphens."""
    ways: Sequence[tuple[Callable[[str], object], Callable[[Taxon], Iterator[str]]]] = (
        (_folded, _scientific_name),
        (_folded, _names),
        (words_of, _scientific_name),
        (words_of, _names),
    )
    for form, names in ways:
        wanted = form(term)
        if found := [taxon for taxon in taxa if wanted in map(form, names(taxon))]:
            return found
    return ()


def _scientific_name(taxon: Taxon) -> Iterator[str]:
    yield str(taxon.get("name") or "")


def _names(taxon: Taxon) -> Iterator[str]:
    told = (taxon.get("preferred_common_name"), taxon.get("matched_term"))
    yield from (str(name) for name in told if name)
    for name in mappings(taxon.get("names")):
        if name.get("is_valid", True):
            yield str(name.get("name") or "")


def _suggested(taxa: Sequence[Taxon]) -> str:
    if not taxa:
        return "; check how it is written, or give its scientific name"
    return f"; near to it are: {_listed(taxa)}"


def _listed(taxa: Sequence[Taxon]) -> str:
    more = f", and {len(taxa) - _MOST_NAMED} more" if len(taxa) > _MOST_NAMED else ""
    return ", ".join(map(_described, taxa[:_MOST_NAMED])) + more


def _described(taxon: Taxon) -> str:
    kind = taxon.get("iconic_taxon_name")
    parts = (taxon.get("rank"), taxon.get("preferred_common_name"), kind and f"of {kind}")
    known = ", ".join(str(part) for part in parts if part)
    return f"{taxon.get('name')} ({known}; taxon:{taxon.get('id')})"


def _folded(name: str) -> str:
    return " ".join(normalize("NFC", name).casefold().split())
