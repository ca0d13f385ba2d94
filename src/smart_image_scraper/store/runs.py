"""Store: the record of a run, which is one query at one source however often it is executed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Self, cast

from pymongo import ReturnDocument
from pymongo.database import Database

from smart_image_scraper.photo import (
    BoundingBox,
    License,
    SaturatedWindow,
    SearchAccount,
    Token,
)
from smart_image_scraper.store.documents import read_token, write_token
from smart_image_scraper.store.forms import Document, known, write_moment
from smart_image_scraper.store.translation import translated
from smart_image_scraper.store.writing import Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A query at a source, and what its latest execution came to.

    Attributes:
        id: A digest of the whole query, as in the photos' search hits.
        source: The source's name.
        term: The words or tag by which people know the query.
        language: The language of the term, a BCP 47 tag such as ``ja``, where its user said it.
        params: The query's conditions, as JSON values.
        started_at: When the latest execution began, in UTC.
        finished_at: When it ended, in UTC; ``None`` while it runs, or if it was broken off.
        executions: How often the query was begun, this one included.
        found: Photos that the source returned in the latest execution, and in those that were
            broken off before it and that it went on with.
        new: Of these, the ones that were not in the store. Those of a page whose run was killed
            while it was stored count as known.
        known: The ones that were.
        account: What the search has cost and brought.
        cursor: Where a search that was broken off goes on, as its source writes it.
        reply: The sealed answer to the call that is next, if it has come and is not stored yet.
    """

    id: str
    source: str
    term: str
    language: str | None = None
    params: Mapping[str, Any]
    started_at: datetime
    finished_at: datetime | None = None
    executions: int = 1
    found: int = 0
    new: int = 0
    known: int = 0
    account: SearchAccount = field(default_factory=SearchAccount)
    cursor: Mapping[str, Any] | None = None
    reply: Token | None = None

    @property
    def erased(self) -> int:
        """How many of the photos found had been erased on request, and were not stored again."""
        return self.found - self.new - self.known

    def with_more(self, found: int, *, counts: Counts) -> Self:
        """Return the run after more photos were found and put, and what came of the put."""
        return replace(
            self,
            found=self.found + found,
            new=self.new + counts.new,
            known=self.known + counts.known,
        )


class Runs:
    """The records of runs. Every method raises ``StoreError`` if the database does not answer."""

    def __init__(self, database: Database[Document]) -> None:
        self._runs = database["runs"]

    def start(self, run: Run) -> Run:
        """Note that a query begins, for the first time or once more.

        Args:
            run: The run as it begins. Its ``executions`` are ignored: the store counts them.

        Returns:
            The run, with how often it was begun by now.
        """
        begun: Document | None
        with translated(f"note run {run.id}"):
            begun = self._runs.find_one_and_update(
                {"_id": run.id},
                {**_facts(replace(run, finished_at=None)), "$inc": {"executions": 1}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        return _from_document(cast("Document", begun))  # an upsert always leaves one

    def save(self, run: Run) -> None:
        """Note what became of a run. Its ``executions`` are ignored: the store counts them."""
        update = {**_facts(run), "$setOnInsert": {"executions": run.executions}}
        with translated(f"note run {run.id}"):
            self._runs.update_one({"_id": run.id}, update, upsert=True)

    def all(self) -> Iterator[Run]:
        """Read all runs, the latest begun first."""
        with translated("read runs"):
            documents = list(self._runs.find(sort=[("started_at", -1), ("_id", 1)]))
        return map(_from_document, documents)

    def get(self, run_id: str) -> Run | None:
        """Read the run with an id; ``None`` if there is none."""
        with translated(f"read run {run_id}"):
            document = self._runs.find_one({"_id": run_id})
        return None if document is None else _from_document(document)

    def forget_replies(self) -> None:
        """Drop the answers that have come and are not stored yet: their calls are made again."""
        with translated("write runs"):
            self._runs.update_many({}, {"$unset": {"reply": True}})


def _from_document(document: Document) -> Run:
    """Read a run from its document."""
    facts = {name: value for name, value in document.items() if name != "_id"}
    reply = document.get("reply")
    special = {"account": _read_account(document["account"]), "reply": reply and read_token(reply)}
    return Run(id=document["_id"], **facts | special)


def _facts(run: Run) -> dict[str, Document]:
    """Return the update that writes everything but how often the run was begun."""
    values = {part.name: getattr(run, part.name) for part in fields(run)}
    del values["id"], values["executions"]
    values["params"] = dict(run.params)
    values["cursor"] = None if run.cursor is None else dict(run.cursor)
    values["reply"] = run.reply and write_token(run.reply)
    values["account"] = _write_account(run.account)
    values["started_at"] = write_moment(run.started_at)
    values["finished_at"] = run.finished_at and write_moment(run.finished_at)
    unknown = {name: True for name, value in values.items() if value is None}
    given = {name: value for name, value in values.items() if value is not None}
    return {"$set": given} | ({"$unset": unknown} if unknown else {})


def _write_account(account: SearchAccount) -> Document:
    return known(account) | {"saturated": [_write_window(each) for each in account.saturated]}


def _read_account(document: Document) -> SearchAccount:
    windows = tuple(_read_window(each) for each in document["saturated"])
    return SearchAccount(**document | {"saturated": windows})


def _write_window(window: SaturatedWindow) -> Document:
    license_, box = window.license, window.box
    special = {"license": license_ and license_.word, "box": box and str(box)}
    return known(window) | {name: value for name, value in special.items() if value is not None}


def _read_window(document: Document) -> SaturatedWindow:
    license_, box = document.get("license"), document.get("box")
    special = {"license": license_ and License(license_), "box": box and BoundingBox.parse(box)}
    return SaturatedWindow(**document | special)
