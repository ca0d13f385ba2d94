"""Export: what was searched for, when, and how complete that is, beside what was found."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from smart_image_scraper.export.coordinates import Precision, told_box, told_term
from smart_image_scraper.export.file import written_whole
from smart_image_scraper.export.json_lines import as_json_value
from smart_image_scraper.photo import Filter
from smart_image_scraper.store import Run, Store

FILE = "runs.json"
SUFFIX = f".{FILE}"


def runs_of(store: Store, where: Filter, *, precision: Precision) -> list[Run]:
    """Return what was searched for: also what found nothing, or nothing that is exported.

    Args:
        store: Where the photos are.
        where: Which are meant.
        precision: How exactly to tell the boxes that were searched.
    """
    return [
        _told(run, precision)
        for run in store.runs.all()
        if (not where.terms or run.term in where.terms) and (not where.runs or run.id in where.runs)
    ]


def _told(run: Run, precision: Precision) -> Run:
    params = dict(run.params)
    if "bbox" in params:
        params["bbox"] = told_box(params["bbox"], precision)
    return replace(run, term=told_term(run.term, precision), params=params)


def run_as_json(run: Run) -> dict[str, Any]:
    """Return a run and its account as JSON values."""
    account = {**as_json_value(run.account), "missing": run.account.missing}
    return {
        "id": run.id,
        "source": run.source,
        "term": run.term,
        "language": run.language,
        "params": dict(run.params),
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at and run.finished_at.isoformat(),
        "executions": run.executions,
        "found": run.found,
        "new": run.new,
        "known": run.known,
        "erased": run.erased,
        "account": account,
    }


def write_runs(runs: Sequence[Run], *, to: Path) -> Path:
    """Write the accounts of runs into a file.

    Raises:
        UsageError: The folder cannot be written to.
        WorkspaceError: Writing failed, as on a full disk.
    """
    with written_whole(to, private=False) as file:
        json.dump([run_as_json(run) for run in runs], file, ensure_ascii=False, indent=1)
        file.write("\n")
    return to
