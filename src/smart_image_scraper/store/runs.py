"""Store: the record of a run, which is one query at one source however often it is executed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, cast

from pymongo import ReturnDocument
from pymongo.collection import Collection

from smart_image_scraper.store.forms import Document, write_moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A query at a source, and what its latest execution came to.

    Attributes:
        id: A digest of the whole query, as in the photos' search hits.
        source: The source's name.
        term: The words or tag by which people know the query.
        params: The query's conditions, as JSON values.
        started_at: When the latest execution began, in UTC.
        finished_at: When it ended, in UTC; ``None`` while it runs, or if it was broken off.
        executions: How often the query was begun, this one included.
        found: Photos that the source returned in the latest execution.
        new: Of these, the ones that were not in the store.
        known: The ones that were.
        api_calls: Requests that the latest execution took.
        available: How many photos the source says there are; ``None`` if it does not say.
    """

    id: str
    source: str
    term: str
    params: Mapping[str, Any]
    started_at: datetime
    finished_at: datetime | None = None
    executions: int = 1
    found: int = 0
    new: int = 0
    known: int = 0
    api_calls: int = 0
    available: int | None = None


def begin_run(runs: Collection[Document], run: Run) -> Run:
    """Note that a run begins, and return it as it is noted; see ``Store.start_run``."""
    begun: Document | None = runs.find_one_and_update(
        {"_id": run.id},
        {**_facts(replace(run, finished_at=None)), "$inc": {"executions": 1}},
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    return from_run_document(cast("Document", begun))  # an upsert always leaves one


def save_run(runs: Collection[Document], run: Run) -> None:
    """Note what became of a run; see ``Store.save_run``."""
    update = {**_facts(run), "$setOnInsert": {"executions": run.executions}}
    runs.update_one({"_id": run.id}, update, upsert=True)


def from_run_document(document: Document) -> Run:
    """Read a run from its document."""
    facts = {name: value for name, value in document.items() if name != "_id"}
    return Run(id=document["_id"], **facts)


def _facts(run: Run) -> dict[str, Document]:
    """Return the update that writes everything but how often the run was begun."""
    values = {part.name: getattr(run, part.name) for part in fields(run)}
    del values["id"], values["executions"]
    values["params"] = dict(run.params)
    values["started_at"] = write_moment(run.started_at)
    values["finished_at"] = run.finished_at and write_moment(run.finished_at)
    unknown = {name: True for name, value in values.items() if value is None}
    known = {name: value for name, value in values.items() if value is not None}
    return {"$set": known} | ({"$unset": unknown} if unknown else {})
