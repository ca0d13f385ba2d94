"""Which taxon a term names, of what the imitation and recorded answers say."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.demo.inaturalist_taxa import BY_ID, row_of, suggest
from smart_image_scraper.errors import SourceError, UsageError
from smart_image_scraper.search.inaturalist.taxa import taxon_id

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
RECORDED = Path(__file__).parents[3] / ".." / "shared" / "fixtures" / "sources" / "inaturalist"


async def answer(path: str, arguments: Mapping[str, str]) -> Sequence[dict[str, Any]]:
    """Answer as iNaturalist does."""
    if path == "taxa/autocomplete":
        text = arguments["q"]
        return [row_of(taxon, asked=text) for taxon in suggest(text, most=30)]
    taxon = BY_ID.get(int(path.removeprefix("taxa/")))
    return [row_of(taxon)] if taxon else []


@pytest.mark.parametrize(
    ("term", "number"),
    [
        ("Macaca fascicularis", 111),
        ("  macaca FASCICULARIS ", 111),
        ("scarlet macaw", 211),
        ("カニクイザル", 111),
        ("Katala", 221),
        ("rose-de-chine", 411),
        ("Rosé de Chine", 411),
        ("long tailed macaque", 111),
        ("taxon:110", 110),
    ],
)
async def test_a_taxon_is_found_by_any_of_its_names_or_its_id(term: str, number: int) -> None:
    assert await taxon_id(term, fetch=answer) == number


async def test_of_taxa_of_one_name_the_one_that_holds_the_others_is_meant() -> None:
    assert await taxon_id("Crab-eating Macaque", fetch=answer) == 111


async def test_an_ambiguous_name_lists_the_taxa_with_rank_common_name_and_id() -> None:
    with pytest.raises(UsageError) as caught:
        await taxon_id("Morus", fetch=answer)

    assert str(caught.value) == (
        "iNaturalist knows 2 taxa that are called 'Morus'; say which one you mean by its id, as in "
        "taxon:300: Morus (genus, Gannets, of Aves; taxon:300), "
        "Morus (genus, Mulberries, of Plantae; taxon:400)"
    )


async def test_an_unknown_name_tells_what_is_near_to_it() -> None:
    with pytest.raises(
        UsageError,
        match=r"no taxon that is called 'maca'; near to it are: Macaca \(genus, Macaques, of "
        r"Mammalia; taxon:110\), Macaca fascicularis \(",
    ):
        await taxon_id("maca", fetch=answer)


async def test_a_name_that_nothing_is_near_to_says_what_to_do() -> None:
    with pytest.raises(UsageError, match="'zzz'; check how it is written, or give its scientific"):
        await taxon_id("zzz", fetch=answer)


async def test_an_unknown_id_is_told() -> None:
    with pytest.raises(UsageError, match="knows no taxon with the id 12345"):
        await taxon_id("taxon:12345", fetch=answer)


async def test_a_taxon_that_is_out_of_use_names_those_in_its_stead() -> None:
    with pytest.raises(UsageError, match=r"taxon:900\) is no longer in use .*; use taxon:111"):
        await taxon_id("taxon:900", fetch=answer)


async def test_an_answer_about_another_taxon_is_not_believed() -> None:
    async def wrong(_path: str, _arguments: Mapping[str, str]) -> Sequence[dict[str, Any]]:
        return [row_of(BY_ID[211])]

    with pytest.raises(SourceError, match="another taxon than 111"):
        await taxon_id("taxon:111", fetch=wrong)


@given(
    name=st.sampled_from(("id", "name", "ancestor_ids", "names", "rank", "matched_term")),
    told=ANY_JSON,
)
async def test_any_value_of_a_taxon_leaves_the_others_to_be_found(name: str, told: Any) -> None:
    async def odd(_path: str, arguments: Mapping[str, str]) -> Sequence[dict[str, Any]]:
        rows = await answer("taxa/autocomplete", arguments)
        return [{**rows[0], name: told}, *rows]

    try:
        number = await taxon_id("Macaca fascicularis", fetch=odd)
    except UsageError as error:
        assert "taxa that are called" in str(error)  # noqa: PT017 — either is right
        return

    assert number == 111


@given(told=ANY_JSON)
async def test_a_taxon_out_of_use_is_told_whatever_stands_in_its_stead(told: Any) -> None:
    async def odd(path: str, arguments: Mapping[str, str]) -> Sequence[dict[str, Any]]:
        rows = await answer(path, arguments)
        return [{**row, "current_synonymous_taxon_ids": told} for row in rows]

    with pytest.raises(UsageError, match=r"taxon:900\) is no longer in use"):
        await taxon_id("taxon:900", fetch=odd)


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded answers are not here")
@pytest.mark.parametrize(
    ("name", "term", "number"),
    [
        ("v1_get_taxa_with_all_names", "Corvus brachyrhynchos", 8021),
        ("v1_get_taxa_with_all_names", "corneille d\N{RIGHT SINGLE QUOTATION MARK}Amérique", 8021),
        ("v1_get_taxa_with_all_names", "Florida crow", 721975),
        ("v1_get_taxa_autocomplete", "vespidae", 52747),
        ("v1_get_taxa", "Sésie vespiforme", 362871),
        ("v1_get_taxa_by_id", "taxon:70118", 70118),
    ],
)
async def test_recorded_answers_name_their_taxa(name: str, term: str, number: int) -> None:
    results = json.loads((RECORDED / f"{name}.json").read_text())["results"]

    async def recorded(_path: str, _arguments: Mapping[str, str]) -> Sequence[dict[str, Any]]:
        return results

    assert await taxon_id(term, fetch=recorded) == number
