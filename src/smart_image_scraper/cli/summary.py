"""Summaries as sentences."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smart_image_scraper.pipeline import DownloadSummary, ImportSummary, SearchSummary


def search_line(summary: "SearchSummary") -> str:
    """Say what came of a search."""
    parts = [f"{summary.new:,} new", f"{summary.known:,} already known"]
    if summary.erased:
        parts.append(f"{summary.erased:,} erased before and left out")
    available = "" if summary.available is None else f" of about {summary.available:,}"
    return f"search {summary.term!r}: found {summary.found:,}{available} ({', '.join(parts)})"


def download_line(summary: "DownloadSummary") -> str:
    """Say what came of a download."""
    megabytes = summary.bytes / 1_000_000
    before = f"; {summary.left:,} had failed for good before (--again)" if summary.left else ""
    return (
        f"download: {summary.downloaded:,} files, {megabytes:,.1f} MB"
        f"{failures(summary.failed)}{before}"
    )


def import_line(summary: "ImportSummary") -> str:
    """Say what came of an import."""
    return (
        f"import: {summary.photos:,} photos ({summary.new:,} new, {summary.known:,} already "
        f"known), {summary.files:,} files{failures(summary.failed)}"
    )


def failures(failed: Mapping[str, int]) -> str:
    """Say how many photos failed, and why."""
    if not failed:
        return ", none failed"
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in sorted(failed.items()))
    return f", {sum(failed.values()):,} failed ({reasons})"
