"""Search: names as a file of terms, as ``--terms-file`` takes it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from smart_image_scraper.search.names.item import Item
from smart_image_scraper.search.names.spelling import key_of

LICENSE = "CC0-1.0"


def terms_of(item: Item) -> Mapping[str, Sequence[str]]:
    """Return the names by language, each once: a name of several languages in the first of them.

    To search for it again, as a word of another language, would find the same.
    """
    seen: set[str] = set()
    terms: dict[str, list[str]] = {}
    for language, names in item.names.items():
        fresh = {key_of(name): name for name in names if key_of(name) not in seen}
        seen.update(fresh)
        if fresh:
            terms[language] = list(fresh.values())
    return terms


def terms_text(item: Item, *, retrieved_at: datetime) -> str:
    """Return the text of a file of terms: what they are of, and one a line.

    Args:
        item: Has the names.
        retrieved_at: When Wikidata was asked.
    """
    return "".join(f"{line}\n" for line in _lines(item, retrieved_at=retrieved_at))


def _lines(item: Item, *, retrieved_at: datetime) -> Iterator[str]:
    yield f"# Names of {_described(item)}"
    yield f"# from Wikidata, {item.address}, licence {LICENSE}"
    yield f"# retrieved {retrieved_at:%Y-%m-%d %H:%M} UTC"
    if item.scientific_name:
        yield item.scientific_name
    for language, names in terms_of(item).items():
        yield from (f"[{language}] {name}" for name in names)


def _described(item: Item) -> str:
    told = " ".join(", ".join(filter(None, (item.label, item.description))).split())
    return f"{item.id} ({told})" if told else item.id
