"""What came of the stages: a sentence or a JSON object for each, and the exit code."""

import json
import math
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from smart_image_scraper.cli.exit_codes import SOME_PHOTOS_FAILED
from smart_image_scraper.cli.session import tell
from smart_image_scraper.photo import DETAILS

if TYPE_CHECKING:
    from smart_image_scraper.pipeline import (
        CompareSummary,
        DetailsSummary,
        DownloadSummary,
        DuplicatesSummary,
        EmbedSummary,
        ForgetSummary,
        GeocodeSummary,
        ImportSummary,
        InspectSummary,
        LiftSummary,
        PurgeSummary,
        RefreshPlan,
        RefreshSummary,
        ScoreSummary,
        SearchSummary,
    )
    from smart_image_scraper.pipeline.google_vision import VisionSummary
    from smart_image_scraper.pipeline.train import TrainSummary

# The ids of what a search found are for the next stage, and too many to read.
_NOT_SHOWN = MappingProxyType({"search": frozenset({"photos"})})
_FAILED_STAGE = MappingProxyType({"import": "download", "embed": "score", "label": "score"})


class Report:
    """Writes what came of each stage as soon as it is known.

    Args:
        as_json: Whether to write JSON, one object a line.
    """

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._failed: list[str] = []

    def add(self, summary: Any) -> None:
        """Write a stage's line."""
        click.echo(_as_json(summary) if self._as_json else line(summary))
        if getattr(summary, "failed", None):
            self._failed.append(_FAILED_STAGE.get(summary.stage, summary.stage))

    def end(self) -> None:
        """Leave with exit code 3 if photos failed, and say which command lists them."""
        for stage in dict.fromkeys(self._failed):
            tell(f"some photos failed; `sis list --failed {stage}` shows them")
        if self._failed:
            sys.exit(SOME_PHOTOS_FAILED)


def line(summary: Any) -> str:
    """Say what came of a stage."""
    return f"{_name(summary)}: {_LINES[summary.stage](summary)}"


def _name(summary: Any) -> str:
    return f"search {summary.term!r}" if summary.stage == "search" else str(summary.stage)


def _as_json(summary: Any) -> str:
    from smart_image_scraper.export.json_lines import as_json_value

    hidden = _NOT_SHOWN.get(summary.stage, frozenset())
    shown = as_json_value(summary)
    values = {name: value for name, value in shown.items() if name not in hidden}
    return json.dumps({"stage": summary.stage} | values, ensure_ascii=False)


def _search(summary: "SearchSummary") -> str:
    account = summary.account
    available = "" if account.available is None else f" of about {account.available:,}"
    found = f"found {summary.found:,}{available} ({_new_and_known(summary)})"
    if account.windows:
        found += f" in {account.windows:,} windows and {account.attempts:,} calls"
    if account.saturated:
        count = len(account.saturated)
        windows = "1 window holds" if count == 1 else f"{count:,} windows hold"
        found += (
            f"; {windows} more than Flickr shows, about {account.missing:,} photos "
            f"(`sis status {summary.run}`)"
        )
    return found


def _new_and_known(summary: "SearchSummary | ImportSummary") -> str:
    parts = [f"{summary.new:,} new", f"{summary.known:,} already known"]
    if summary.erased:
        parts.append(f"{summary.erased:,} erased before and left out")
    return ", ".join(parts)


def _download(summary: "DownloadSummary") -> str:
    megabytes = summary.bytes / 1_000_000
    before = f"; {summary.left:,} had failed for good before (--again)" if summary.left else ""
    return f"{summary.downloaded:,} files, {megabytes:,.1f} MB{_failures(summary.failed)}{before}"


def _import(summary: "ImportSummary") -> str:
    parts = _new_and_known(summary)
    return (
        f"{summary.photos:,} photos ({parts}), {summary.files:,} files{_failures(summary.failed)}"
    )


def _inspect(summary: "InspectSummary") -> str:
    by = f" by {' and '.join(summary.readers)}" if summary.readers else ""
    return (
        f"{summary.inspected:,} files, {summary.tags:,} tags read{by}, metadata taken out of "
        f"{summary.stripped:,}{_failures(summary.failed)}"
    )


def _geocode(summary: "GeocodeSummary") -> str:
    nowhere = f", {summary.nowhere:,} at sea or nowhere" if summary.nowhere else ""
    return f"{summary.geocoded:,} photos in {len(summary.countries):,} countries{nowhere}"


def _compare(summary: "CompareSummary") -> str:
    pairs = ", ".join(f"{pair} {count:,}" for pair, count in summary.pairs.items())
    unnamed = f"; {summary.unnamed:,} stated by a name that nobody knows" if summary.unnamed else ""
    return (
        f"{summary.photos:,} photos with a country of ours and of Flickr's, {summary.other:,} of "
        f"them with another{f' ({pairs})' if pairs else ''}{unnamed}"
    )


def _details(summary: "DetailsSummary") -> str:
    found = ", ".join(f"{count:,} {name}" for name, count in summary.found.items())
    return f"{summary.photos:,} photos{f', {found}' if found else ''}{_failures(summary.failed)}"


def _duplicates(summary: "DuplicatesSummary") -> str:
    groups = ", ".join(f"{count:,} {kind}" for kind, count in summary.groups.items())
    return (
        f"{summary.photos:,} photos compared; groups: {groups}; "
        f"{summary.not_best:,} photos have a better one"
    )


def _forget(summary: "ForgetSummary") -> str:
    parts = [_erased(summary)]
    if summary.remarks:
        parts.append(f"comments or notes of theirs on {summary.remarks:,} photos of others")
    if summary.runs:
        parts.append(f"{summary.runs:,} runs that named them")
    if summary.owners:
        parts.append(f"{summary.owners:,} owners blocked")
    if summary.not_searched:
        parts.append(
            f"whether {summary.not_searched:,} photos are theirs, or hold words of theirs, cannot "
            "be told: they were encrypted elsewhere (`sis keys rotate`, with that key in the "
            "ring, makes them searchable)"
        )
    return "; ".join(parts)


def _purge(summary: "PurgeSummary") -> str:
    return _erased(summary)


def _erased(summary: "ForgetSummary | PurgeSummary") -> str:
    would = "would be " if summary.is_rehearsal else ""
    return f"{summary.photos:,} photos and {summary.files:,} files {would}erased"


def _plan(summary: "RefreshPlan") -> str:
    return (
        f"{summary.photos:,} photos are due; that takes {summary.calls:,} calls, and one more for "
        f"each whose licence has changed, in {_time(summary.hours)}"
    )


def _time(hours: float) -> str:
    return f"{hours:,.1f} hours" if hours >= 1 else f"{math.ceil(hours * 60):,} minutes"


def _refresh(summary: "RefreshSummary") -> str:
    gone = ", ".join(f"{count:,} {reason}" for reason, count in sorted(summary.gone.items()))
    parts = [
        f"{summary.checked:,} photos checked",
        f"{summary.relicensed:,} under another licence",
        f"{summary.changed:,} otherwise changed",
        f"{sum(summary.gone.values()):,} gone{f' ({gone})' if gone else ''}",
    ]
    if summary.returned:
        parts.append(f"{summary.returned:,} there again")
    return f"{', '.join(parts)}{_failures(summary.failed)}"


def _lift(summary: "LiftSummary") -> str:
    return f"{summary.lifted:,} blocks lifted; {summary.not_blocked:,} were not blocked"


def _embed(summary: "EmbedSummary") -> str:
    return (
        f"{summary.embedded:,} photos by {summary.model}, {summary.known:,} known"
        f"{_failures(summary.failed)}{_left(summary)}"
    )


def _score(summary: "ScoreSummary") -> str:
    if not summary.embedded and not any(summary.scored.values()) and not summary.failed:
        return f"nothing new for {', '.join(summary.scored)} by {summary.model}{_left(summary)}"
    counts = ", ".join(f"{count:,} for {word}" for word, count in summary.scored.items())
    return f"{counts} by {summary.model}{_failures(summary.failed)}{_left(summary)}"


def _left(summary: "EmbedSummary | ScoreSummary") -> str:
    return f"; {summary.left:,} had failed for good before (--again)" if summary.left else ""


def _label(summary: "VisionSummary") -> str:
    if not summary.labelled and not summary.scored and not summary.failed:
        return f"nothing new by {summary.model}"
    return (
        f"{summary.labelled:,} photos by {summary.model}, {summary.scored:,} scored"
        f"{_failures(summary.failed)}"
    )


def _train(summary: "TrainSummary") -> str:
    concepts = ", ".join(
        f"{each.concept} (ROC AUC {each.evaluation.roc_auc:.3f} on unseen photos)"
        if each.evaluation
        else f"{each.concept} (too few photos to measure it)"
        for each in summary.concepts
    )
    return f"{summary.model} knows {concepts}"


def _failures(failed: Mapping[str, int]) -> str:
    if not failed:
        return ", none failed"
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in sorted(failed.items()))
    return f", {sum(failed.values()):,} failed ({reasons})"


_LINES: Mapping[str, Callable[[Any], str]] = MappingProxyType(
    {
        "search": _search,
        "download": _download,
        "import": _import,
        "inspect": _inspect,
        "geocode": _geocode,
        "duplicates": _duplicates,
        "forget": _forget,
        "purge": _purge,
        "lift": _lift,
        "refresh": _refresh,
        "refresh-plan": _plan,
        "compare": _compare,
        **dict.fromkeys(DETAILS, _details),
        "embed": _embed,
        "score": _score,
        "train": _train,
        "label": _label,
    }
)
