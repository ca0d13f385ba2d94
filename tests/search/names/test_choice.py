"""Which of several things a word means."""

from smart_image_scraper.search.names import Candidate, clear_one
from smart_image_scraper.search.names.item import read_item


def candidate(
    number: str, *, sites: int, is_living: bool = False, is_exact: bool = True
) -> Candidate:
    kind = {"mainsnak": {"datavalue": {"value": {"id": "Q16521" if is_living else "Q5"}}}}
    links = {f"site{at}": {} for at in range(sites)}
    entity = {"id": number, "claims": {"P31": [kind]}, "sitelinks": links}
    return Candidate(item=read_item(entity, languages=()), is_exact=is_exact)


def chosen(*candidates: Candidate) -> str | None:
    item = clear_one(candidates)
    return item and item.id


def test_the_only_thing_that_is_called_so_is_meant() -> None:
    assert chosen(candidate("Q1", sites=0), candidate("Q2", sites=300, is_exact=False)) == "Q1"


def test_what_is_called_nearly_so_is_never_taken() -> None:
    assert chosen(candidate("Q1", sites=300, is_exact=False)) is None
    assert chosen() is None


def test_what_lives_is_meant_if_it_is_much_better_known_than_other_things() -> None:
    monkey = candidate("Q1", sites=140, is_living=True)

    assert chosen(candidate("Q2", sites=70), monkey) == "Q1"
    assert chosen(candidate("Q2", sites=71), monkey) is None


def test_a_thing_is_never_meant_where_something_living_is_called_so() -> None:
    assert chosen(candidate("Q1", sites=200), candidate("Q2", sites=5, is_living=True)) is None


def test_of_things_the_one_that_is_twice_as_well_known_is_meant() -> None:
    assert chosen(candidate("Q1", sites=45), candidate("Q2", sites=22)) == "Q1"
    assert chosen(candidate("Q1", sites=45), candidate("Q2", sites=23)) is None


def test_of_what_is_hardly_known_nothing_leads() -> None:
    assert chosen(candidate("Q1", sites=19), candidate("Q2", sites=1)) is None
    assert chosen(candidate("Q1", sites=20), candidate("Q2", sites=1)) == "Q1"


def test_two_living_things_of_one_name_are_not_told_apart() -> None:
    pair = [candidate(f"Q{at}", sites=60 + at, is_living=True) for at in range(1, 3)]

    assert chosen(*pair) is None
