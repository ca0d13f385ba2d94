"""What searches have cost and brought, for people."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from smart_image_scraper.cli.wording import counted

if TYPE_CHECKING:
    from smart_image_scraper.store import Run


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


def _state(run: "Run") -> str:
    if run.finished_at is not None:
        return f"finished {run.finished_at:%Y-%m-%d %H:%M:%S} UTC"
    if run.cursor is None:
        return "not finished"
    return "not finished; the same command goes on where it was"
