"""How scores are spread, drawn in characters."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from smart_image_scraper.cli.session import Session, say
from smart_image_scraper.cli.wording import counted

if TYPE_CHECKING:
    from smart_image_scraper.pipeline import ScoreSummary

_BINS = 20
_BAR_WIDTH = 50


def show_histograms(opened: Session, done: "ScoreSummary", *, as_json: bool) -> None:
    """Show how the scores of the concepts that were scored are spread."""
    from smart_image_scraper import pipeline

    for scoring in opened.store.scores.scorings():
        if scoring.model == done.model and scoring.concept in done.scored:
            counts = pipeline.histogram(opened.store, scoring, bins=_BINS)
            if as_json:
                say(json.dumps({"histogram": scoring.concept, "counts": counts}))
            else:
                say(f"{scoring.concept}: {counted(sum(counts), 'photo')}")
                say("\n".join(_bars(counts)))


def _bars(counts: Sequence[int]) -> list[str]:
    most = max(*counts, 1)
    return [
        f"  {part / len(counts):4.2f}-{(part + 1) / len(counts):4.2f} "
        f"{'█' * round(_BAR_WIDTH * count / most):{_BAR_WIDTH}} {count:,}"
        for part, count in enumerate(counts)
    ]
