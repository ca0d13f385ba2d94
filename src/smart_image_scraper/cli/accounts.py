"""What searches have cost and brought: shown, and kept beside what is exported."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smart_image_scraper.cli.wording import counted

if TYPE_CHECKING:
    from smart_image_scraper.store import Run

SUFFIX = ".runs.json"


def run_as_json(run: "Run") -> dict[str, Any]:
    """Return a run and its account as JSON values."""
    from smart_image_scraper.export.json_lines import as_json_value

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


def account_lines(run: "Run") -> Iterator[str]:
    """Write a run's account for a person."""
    account = run.account
    language = f" [{run.language}]" if run.language else ""
    yield f"run {run.id}: {run.source} {run.term!r}{language}, {_state(run)}"
    yield f"asked for: {json.dumps(dict(run.params), ensure_ascii=False)}"
    begun = counted(run.executions, "time")
    yield f"begun {begun}, the last time {run.started_at:%Y-%m-%d %H:%M:%S} UTC"
    available = "unknown" if account.available is None else f"about {account.available:,}"
    yield f"available: {available}"
    yield (
        f"photos: {run.found:,} ({run.new:,} new, {run.known:,} already known, "
        f"{run.erased:,} erased before and left out)"
    )
    counts = asdict(account)
    for name in ("calls", "attempts", "rows", "repeated", "videos", "outside", "unreadable"):
        yield f"{name}: {counts[name]:,}"
    if account.windows:
        yield f"windows read to their end: {account.windows:,}"
        yield f"windows that hold more than {run.source} shows: {len(account.saturated):,}"
    for window in account.saturated:
        yield f"  {window}: about {window.available:,}, of which {window.found:,} were shown"
    if account.saturated:
        yield f"missing: about {account.missing:,}"


def write_runs(runs: Sequence["Run"], *, beside: Path) -> Path:
    """Write the accounts of runs into a file beside an exported one.

    Raises:
        UsageError: The folder cannot be written to.
        WorkspaceError: Writing failed, as on a full disk.
    """
    from smart_image_scraper.export.exporter import written_whole

    to = beside.with_name(f"{beside.name}{SUFFIX}")
    with written_whole(to, private=False) as file:
        json.dump([run_as_json(run) for run in runs], file, ensure_ascii=False, indent=1)
        file.write("\n")
    return to


def _state(run: "Run") -> str:
    if run.finished_at is not None:
        return f"finished {run.finished_at:%Y-%m-%d %H:%M:%S} UTC"
    if run.cursor is None:
        return "not finished"
    return "not finished; the same command goes on where it was"
