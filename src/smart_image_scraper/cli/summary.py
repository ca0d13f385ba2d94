"""What came of the stages: a sentence or a JSON object for each, and the exit code."""

import json
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from smart_image_scraper.cli.exit_codes import SOME_PHOTOS_FAILED
from smart_image_scraper.cli.session import say, tell
from smart_image_scraper.cli.wording import counted, duration
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
        say(_as_json(summary) if self._as_json else line(summary))
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
    if summary.stage == "search":
        return f"search {summary.term!r}"
    return "refresh" if summary.stage == "refresh-plan" else str(summary.stage)


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
    if not account.windows and account.outside:
        found += f", {account.outside:,} left out that are not what was asked for, or do not tell"
    if account.windows:
        windows = counted(account.windows, "window")
        found += f" in {windows} and {counted(account.attempts, 'call')}"
    if account.saturated:
        count = len(account.saturated)
        hold = counted(count, "window holds", plural="windows hold")
        found += (
            f"; {hold} more than Flickr shows, about {counted(account.missing, 'photo')} "
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
    files = counted(summary.downloaded, "file")
    return f"{files}, {megabytes:,.1f} MB{_failures(summary.failed)}{before}"


def _import(summary: "ImportSummary") -> str:
    photos, files = counted(summary.photos, "photo"), counted(summary.files, "file")
    return f"{photos} ({_new_and_known(summary)}), {files}{_failures(summary.failed)}"


def _inspect(summary: "InspectSummary") -> str:
    by = f" by {' and '.join(summary.readers)}" if summary.readers else ""
    return (
        f"{counted(summary.inspected, 'file')}, {counted(summary.tags, 'tag')} read{by}, metadata "
        f"taken out of {summary.stripped:,}{_failures(summary.failed)}"
    )


def _geocode(summary: "GeocodeSummary") -> str:
    nowhere = f", {summary.nowhere:,} at sea or nowhere" if summary.nowhere else ""
    countries = counted(len(summary.countries), "country", plural="countries")
    return f"{counted(summary.geocoded, 'photo')} in {countries}{nowhere}"


def _compare(summary: "CompareSummary") -> str:
    pairs = ", ".join(f"{pair} {count:,}" for pair, count in summary.pairs.items())
    unnamed = f"; {summary.unnamed:,} stated by a name that nobody knows" if summary.unnamed else ""
    return (
        f"{counted(summary.photos, 'photo')} with a country of ours and of Flickr's, "
        f"{summary.other:,} of them with another{f' ({pairs})' if pairs else ''}{unnamed}"
    )


def _details(summary: "DetailsSummary") -> str:
    # They come by their plural: places, notes, tags, comments.
    found = ", ".join(counted(count, name[:-1]) for name, count in summary.found.items())
    photos = counted(summary.photos, "photo")
    told = f"{photos}{f', {found}' if found else ''}{_failures(summary.failed)}"
    return f"{told}{_elsewhere(summary)}"


def _duplicates(summary: "DuplicatesSummary") -> str:
    groups = ", ".join(f"{count:,} {kind}" for kind, count in summary.groups.items())
    return (
        f"{counted(summary.photos, 'photo')} compared; groups: {groups}; "
        f"{counted(summary.not_best, 'photo has', plural='photos have')} a better one"
    )


def _forget(summary: "ForgetSummary") -> str:
    would = _would(summary)
    parts = [_erased(summary)]
    if summary.erased_before:
        parts.append(f"{counted(summary.erased_before, 'photo')} had been erased before")
    if summary.remarks:
        photos = counted(summary.remarks, "photo")
        parts.append(f"comments or notes of theirs {would}erased on {photos} of others")
    if summary.runs:
        parts.append(f"{counted(summary.runs, 'run')} naming them {would}erased")
    if summary.owners:
        parts.append(f"{counted(summary.owners, 'owner')} {would}blocked")
    if summary.not_searched:
        theirs = counted(
            summary.not_searched, "photo is theirs, or holds", plural="photos are theirs, or hold"
        )
        parts.append(
            f"whether {theirs} words of theirs, cannot be told: encrypted elsewhere (`sis keys "
            "rotate`, with that key in the ring, makes such photos searchable)"
        )
    return "; ".join(parts)


def _purge(summary: "PurgeSummary") -> str:
    return _erased(summary)


def _erased(summary: "ForgetSummary | PurgeSummary") -> str:
    photos, files = counted(summary.photos, "photo"), counted(summary.files, "file")
    return f"{photos} and {files} {_would(summary)}erased"


def _would(summary: "ForgetSummary | PurgeSummary") -> str:
    return "would be " if summary.dry_run else ""


def _plan(summary: "RefreshPlan") -> str:
    return (
        f"{counted(summary.photos, 'photo is', plural='photos are')} due; that takes "
        f"{counted(summary.calls, 'call')}, and one more for each whose licence has changed, in "
        f"{duration(summary.hours)}{_elsewhere(summary)}"
    )


def _refresh(summary: "RefreshSummary") -> str:
    gone = ", ".join(f"{count:,} {reason}" for reason, count in sorted(summary.gone.items()))
    parts = [
        f"{counted(summary.checked, 'photo')} checked",
        f"{summary.relicensed:,} under another licence",
        f"{summary.changed:,} otherwise changed",
        f"{sum(summary.gone.values()):,} gone{f' ({gone})' if gone else ''}",
    ]
    if summary.returned:
        parts.append(f"{summary.returned:,} there again")
    return f"{', '.join(parts)}{_failures(summary.failed)}{_elsewhere(summary)}"


def _elsewhere(summary: "DetailsSummary | RefreshPlan | RefreshSummary") -> str:
    photos = counted(summary.elsewhere, "photo")
    return f"; {photos} of other sites than Flickr not asked about" if summary.elsewhere else ""


def _lift(summary: "LiftSummary") -> str:
    not_blocked = counted(summary.not_blocked, "was", plural="were")
    return f"{counted(summary.lifted, 'block')} lifted; {not_blocked} not blocked"


def _embed(summary: "EmbedSummary") -> str:
    return (
        f"{counted(summary.embedded, 'photo')} by {summary.model}, {summary.known:,} known"
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
        f"{counted(summary.labelled, 'photo')} by {summary.model}, {summary.scored:,} scored"
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
