"""The command that tells what a thing is called in many languages."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smart_image_scraper.cli.options import with_json
from smart_image_scraper.cli.running import run_async
from smart_image_scraper.cli.session import Session, say, session, tell
from smart_image_scraper.cli.wording import counted, in_one_line
from smart_image_scraper.errors import UsageError

if TYPE_CHECKING:
    from smart_image_scraper.search.names import Candidate, Item

LANGUAGE_CODES = "en,it,es,ja,fr,de,zh,ar,ru,pt,ko"
_ALL = "all"
_SITES = {"gbif": "GBIF", "inaturalist": "iNaturalist", "iucn": "IUCN"}


class Languages(click.ParamType[tuple[str, ...]]):
    """Codes of languages, as Wikidata writes them; none at all for all languages."""

    name = "codes"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Read the codes, or end with what is wrong with them."""
        from smart_image_scraper.search.names import is_language

        codes = tuple(dict.fromkeys(str(value).lower().replace(",", " ").split()))
        if codes == (_ALL,):
            return ()
        for code in codes:
            if not is_language(code) or code == _ALL:
                self.fail(
                    f"{code!r} is no code of a language; write codes as in en,ja,zh", param, ctx
                )
        if not codes:
            self.fail(f"name languages, as in en,ja,zh, or {_ALL}", param, ctx)
        return codes


@click.command()
@click.argument("term", required=False)
@click.option("--item", "number", help="The item of Wikidata that is meant, such as Q140.")
@click.option(
    "--language",
    "codes",
    type=Languages(),
    default=LANGUAGE_CODES,
    show_default=True,
    help="The languages wanted, by their codes; or all.",
)
@click.option(
    "--to", type=click.Path(path_type=Path), help="Write the names into this file of terms."
)
@click.option("--replace", is_flag=True, help="Replace the file that is there.")
@with_json
def names(
    *,
    term: str | None,
    number: str | None,
    codes: tuple[str, ...],
    to: Path | None,
    replace: bool,
    as_json: bool,
) -> None:
    """Tell what a TERM is called in many languages, as Wikidata knows it.

    A TERM is the name of a species, an animal or anything else, in any language. If it may mean
    several things, these are listed, and nothing is taken for granted: say which by --item. The
    file that --to writes is what `sis scrape --terms-file` reads.

    \b
    Example:
      sis names "long-tailed macaque" --language en,ms,id,tl,ja --to terms.txt
      sis scrape --terms-file terms.txt
      sis names --item Q140 --language all --json
    """
    if (number is None) == (not (term and term.strip())):
        raise click.UsageError("give the name of one thing, or its item of Wikidata by --item")
    if to is not None:
        _check_place(to, replace=replace)
    with session(source="wikidata") as opened:
        found = run_async(_find(opened, term, number=number, languages=codes or None))
    item = _chosen(found, term=str(term), as_json=as_json)
    others = [candidate.item for candidate in found if candidate.item is not item]
    now = datetime.now(UTC)
    if as_json:
        say(json.dumps(_as_json(item, others=others, now=now), ensure_ascii=False))
    else:
        _show(item, others=others)
    _tell_of_gaps(item, codes=codes)
    if to is not None:
        _write(item, to=to, now=now)


def _check_place(to: Path, *, replace: bool) -> None:
    if not to.parent.is_dir():
        raise UsageError(f"{to}: there is no folder {to.parent}; make it first")
    if to.exists() and not replace:
        raise UsageError(f"{to} is there already; name another file, or add --replace")


async def _find(
    opened: Session, term: str | None, *, number: str | None, languages: Sequence[str] | None
) -> "Sequence[Candidate]":
    """Return what a term may mean, or the one item with a number."""
    from smart_image_scraper.cli.network import http_client, wikidata
    from smart_image_scraper.search.names import Candidate

    async with http_client(opened) as client:
        asked = wikidata(opened.settings, client=client)
        if number is None:
            return await asked.find(str(term), languages=languages)
        number = number.strip().upper()
        item = await asked.item(number, languages=languages)
    if item.id != number:
        tell(f"{number} was merged into {item.id}")
    return [Candidate(item=item, is_exact=True)]


def _chosen(found: "Sequence[Candidate]", *, term: str, as_json: bool) -> "Item":
    """Return what is meant; where that is not clear, list what may be, and end.

    Raises:
        UsageError: It is not clear, or nothing was found.
    """
    from smart_image_scraper.search.names import clear_one

    if not found:
        raise UsageError(
            f"Wikidata knows nothing that is called {term!r}; check how it is written, or give "
            "another name of it"
        )
    if (chosen := clear_one(found)) is not None:
        return chosen
    items = [candidate.item for candidate in found]
    if as_json:
        told = {"stage": "names", "candidates": [_brief(item) for item in items]}
        say(json.dumps(told, ensure_ascii=False))
    else:
        for item in items:
            say(_line(item))
    raise UsageError(
        f"it is not clear which of these {term!r} means; name one by its id, as in "
        f"`sis names --item {items[0].id}`"
    )


def _show(item: "Item", *, others: "Sequence[Item]") -> None:
    for line in _lines(item):
        say(line)
    for other in others:
        tell(f"not taken: {_line(other)}")


def _lines(item: "Item") -> Iterator[str]:
    yield _line(item)
    yield f"address: {item.address}"
    if item.status is not None:
        yield f"IUCN status: {item.status}"
    yield from (f"{_SITES[site]} id: {in_one_line(number)}" for site, number in item.ids.items())
    for language, known in item.names.items():
        if known:
            yield f"{language}: {', '.join(known)}"


def _line(item: "Item") -> str:
    told = (item.label, item.description, item.scientific_name)
    return "\t".join((item.id, *(in_one_line(each or "-") for each in told)))


def _brief(item: "Item") -> dict[str, Any]:
    return {
        "item": item.id,
        "label": item.label,
        "description": item.description,
        "scientific_name": item.scientific_name,
    }


def _as_json(item: "Item", *, others: "Sequence[Item]", now: datetime) -> dict[str, Any]:
    from smart_image_scraper.search.names.terms import LICENSE

    return {
        "stage": "names",
        **_brief(item),
        "address": item.address,
        "license": LICENSE,
        "retrieved_at": now.isoformat(timespec="seconds"),
        "iucn_status": item.status,
        "ids": {site: item.ids.get(site) for site in _SITES},
        "names": {language: list(known) for language, known in item.names.items()},
        "not_taken": [_brief(other) for other in others],
    }


def _tell_of_gaps(item: "Item", *, codes: tuple[str, ...]) -> None:
    from smart_image_scraper.search.names import with_forms

    gaps = [code for code in codes if not any(item.names[form] for form in with_forms([code]))]
    if gaps:
        what = "other name" if item.scientific_name else "name"
        tell(f"Wikidata has no {what} of {item.id} in: {', '.join(gaps)}")


def _write(item: "Item", *, to: Path, now: datetime) -> None:
    from smart_image_scraper.export.file import written_whole
    from smart_image_scraper.search.names import terms_of, terms_text

    terms = terms_of(item)
    count = sum(map(len, terms.values())) + bool(item.scientific_name)
    if not count:
        raise UsageError(f"{to} is not written: there is no name of {item.id} to write")
    with written_whole(to, private=False) as file:
        file.write(terms_text(item, retrieved_at=now))
    tell(f"{to}: {counted(count, 'term')} for --terms-file, in {counted(len(terms), 'language')}")
